"""Hold that only pages as agreed get out of the jail, and only pictures of the agreed form."""

import io
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from intake.sandbox.checks.pictures import check_picture, size_of
from intake.sandbox.checks.rendition import read_batch
from intake.sandbox.protocol.errors import OutputRefused
from intake.sandbox.render import pixels

Head = dict[str, Any]  # an answer as JSON brings it, to be spoilt in every place
FLAT = Image.new("RGB", (40, 30), (10, 120, 200))
NOISE = Image.effect_noise((40, 30), 90).convert("RGB")


def answered(
    image: bytes, words: object = ("Hej",), boxes: object = (1, 2, 9, 9)
) -> tuple[Head, list[bytes]]:
    """Return the honest answer of one page."""
    head: Head = {
        "pages": [{"width": 40, "height": 30, "dpi": 150, "advice": []}],
        "page_count": 1,
        "reason": "",
        "unseen": [],
    }
    readable = json.dumps({"text": "Hej\n", "words": words, "boxes": boxes}).encode()
    return head, [pixels.thumbnail(FLAT), image, readable]


@pytest.mark.parametrize("picture", [FLAT, NOISE])
def test_honest_answer_is_taken(picture: Image.Image) -> None:
    head, blobs = answered(pixels.encode(pixels.count(picture)))

    batch = read_batch(head, blobs, 25)

    page = batch.pages[0]
    assert (page.text, page.words, page.dpi) == ("Hej\n", ((1, 2, 9, 9, "Hej"),), 150)
    assert batch.thumbnail == blobs[0]


def test_pictures_survive_the_journey() -> None:
    decoded = Image.open(io.BytesIO(pixels.encode(pixels.count(FLAT)))).convert("RGB")

    assert decoded.tobytes() == FLAT.tobytes()


def test_grey_text_keeps_its_flat_tints() -> None:
    page = Image.new("RGB", (400, 400), (255, 255, 255))
    for level in range(0, 256, 3):
        page.putpixel((level, 0), (level, level, level))
    page.paste((250, 250, 250), (0, 200, 400, 300))

    encoded = pixels.encode(pixels.count(page))
    decoded = Image.open(io.BytesIO(encoded)).convert("RGB")

    assert encoded.startswith(b"\x89PNG")
    assert (decoded.getpixel((9, 99)), decoded.getpixel((9, 250))) == (
        (255, 255, 255),
        (250, 250, 250),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pages", None),
        ("pages", []),
        ("pages", [{}] * 26),
        ("pages", ["page"]),
        ("pages", [{"width": 41, "height": 30, "dpi": 150, "advice": []}]),
        ("pages", [{"width": 0, "height": 30, "dpi": 150, "advice": []}]),
        ("pages", [{"width": 40, "height": 30, "dpi": 150}]),
        ("pages", [{"width": 40, "height": 30, "dpi": 150, "advice": ["buy_now"]}]),
        ("pages", [{"width": True, "height": 30, "dpi": 150, "advice": []}]),
        ("pages", [{"width": 40, "height": 30, "dpi": 0}]),
        ("pages", [{"width": 10_001, "height": 30, "dpi": 150, "advice": []}]),
        ("pages", [{"width": 10_000, "height": 10_000, "dpi": 150, "advice": []}]),
        ("page_count", 0),
        ("page_count", -1),
        ("page_count", "1"),
        ("reason", None),
        ("reason", "Not A Code"),
        ("reason", "x" * 65),
        ("unseen", None),
        ("unseen", ["advice_dark"]),
        ("has_rows", True),
        ("has_rows", "yes"),
        ("has_rows", []),
        ("has_rows", None),
    ],
)
def test_spoilt_head_is_refused(name: str, value: object) -> None:
    head, blobs = answered(pixels.encode(pixels.count(FLAT)))
    head[name] = value

    with pytest.raises(OutputRefused):
        read_batch(head, blobs, 25)


@pytest.mark.parametrize(
    ("words", "boxes"),
    [
        (None, []),
        (["a"], None),
        ([], [1, 2, 9, 9]),
        (["a"], [1, 2, 9]),
        (["a"], [1, 2, 9, 9, 9]),
        (["a", "b"], [1, 2, 9, 9]),
        ([""], [1, 2, 9, 9]),
        (["a", ""], [1, 2, 9, 9] * 2),
        ([1], [1, 2, 9, 9]),
        (["a b\n"], [1, 2, 9, 9]),
        (["a\u202eb"], [1, 2, 9, 9]),
        (["x" * 101], [1, 2, 9, 9]),
        (["a"], [1, 2, 41, 9]),
        (["a"], [1, 2, 9, 31]),
        (["a"], [-1, 2, 9, 9]),
        (["a"], [1, -2, 9, 9]),
        (["a"], [9, 2, 1, 9]),
        (["a"], [1, 9, 9, 9]),
        (["a"], [1.5, 2, 9, 9]),
        (["a"], [True, 2, 9, 9]),
        (["a"], ["1", 2, 9, 9]),
        (["a"] * 5001, [1, 2, 9, 9] * 5001),
    ],
)
def test_spoilt_words_are_refused(words: object, boxes: object) -> None:
    head, blobs = answered(pixels.encode(pixels.count(FLAT)), words, boxes)

    with pytest.raises(OutputRefused):
        read_batch(head, blobs, 25)


def test_a_page_without_words_is_taken() -> None:
    head, blobs = answered(pixels.encode(pixels.count(FLAT)), [], [])

    assert read_batch(head, blobs, 25).pages[0].words == ()


@pytest.mark.parametrize(
    "readable", [b"", b"[]", b'{"text":"a\\u0000b","words":[],"boxes":[]}', b"[" * 9999]
)
def test_spoilt_text_is_refused(readable: bytes) -> None:
    head, blobs = answered(pixels.encode(pixels.count(FLAT)))

    with pytest.raises(OutputRefused):
        read_batch(head, [*blobs[:2], readable], 25)


def test_thumbnail_that_is_too_large_is_refused() -> None:
    head, blobs = answered(pixels.encode(pixels.count(FLAT)))

    with pytest.raises(OutputRefused):
        read_batch(head, [pixels.encode(pixels.count(FLAT.resize((300, 20)))), *blobs[1:]], 25)


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + check


def saved(kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    NOISE.save(target, kind, **options)
    return target.getvalue()


PNG, JPEG = pixels.encode(pixels.count(FLAT)), pixels.encode(pixels.count(NOISE))
DATA = PNG.index(b"IDAT") - 4
REWRITTEN: list[tuple[str, Callable[[], bytes]]] = [
    ("nothing", lambda: b""),
    ("no picture", lambda: b"<svg/>"),
    ("GIF", lambda: saved("GIF")),
    ("PNG of another form", lambda: saved("PNG")),
    ("PNG with a comment", lambda: PNG[:DATA] + chunk(b"tEXt", b"a\0b") + PNG[DATA:]),
    ("PNG with bytes behind it", lambda: PNG + b"PK\x05\x06" + b"\0" * 18),
    ("PNG cut off", lambda: PNG[:-6]),
    ("PNG of a wrong sum", lambda: PNG[:-20] + b"\0\0\0\0" + PNG[-16:]),
    (
        "PNG of too many pixels",
        lambda: PNG[:DATA] + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b""),
    ),
    (
        "PNG of too few pixels",
        lambda: PNG[:DATA] + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b""),
    ),
    ("PNG that is no deflate", lambda: PNG[:DATA] + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")),
    ("JPEG with Exif", lambda: saved("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")),
    ("JPEG with a comment", lambda: saved("JPEG", comment="x")),
    ("progressive JPEG", lambda: saved("JPEG", progressive=True)),
    ("JPEG with bytes behind it", lambda: JPEG + b"<script>"),
    ("JPEG behind a JPEG", lambda: JPEG + JPEG),
    ("JPEG cut off", lambda: JPEG[:-2]),
    ("JPEG of its head only", lambda: JPEG[:30]),
]


@pytest.mark.parametrize("make", [make for _, make in REWRITTEN], ids=[n for n, _ in REWRITTEN])
def test_picture_of_another_form_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(OutputRefused):
        check_picture(make(), 40, 30)


def test_size_is_read_from_both_kinds() -> None:
    assert size_of(PNG) == size_of(JPEG) == (40, 30)
