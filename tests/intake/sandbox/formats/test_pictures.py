"""Hold what is found in pictures: limits, ends, places and whether they can be read."""

import io

import pytest
from PIL import Image

from intake.sandbox.formats import legibility, pictures
from intake.sandbox.formats.inspect_format import load_inspector
from intake.sandbox.formats.pictures import inspect_picture
from intake.sandbox.formats.trailing_data import find_after_end
from tests.intake.sandbox import samples
from tests.samples.files import benign, picture_bombs

JPEG = "image/jpeg"
KINDS = ["JPEG", "PNG", "GIF", "WEBP", "HEIF"]


@pytest.fixture(autouse=True, scope="module")
def _decoders() -> None:
    pictures.load_decoders()


def media_type(kind: str) -> str:
    return "image/heic" if kind == "HEIF" else f"image/{kind.lower()}"


@pytest.mark.parametrize("kind", KINDS)
def test_end_of_each_kind_is_found(kind: str) -> None:
    content = benign.picture(kind)

    assert find_after_end(content, media_type(kind)) == set()
    assert find_after_end(content + b"left over", media_type(kind)) == {"data_after_end"}
    assert find_after_end(content + samples.archive(), media_type(kind)) == {
        "data_after_end",
        "data_of_another_type",
    }


@pytest.mark.parametrize(
    ("rest", "is_other"),
    [
        (b"\0\0\r\n", None),
        (benign.picture("JPEG"), False),
        (b"%PDF-1.4", True),
        (b"MZ" + bytes(99), True),
        (b"x" * 500 + b"<script>", True),
        (b"\0\0\0\x18ftypmp42" + samples.archive(), True),
        (b"#!/bin/sh", True),
    ],
)
def test_what_stands_behind_the_end_is_judged(rest: bytes, *, is_other: bool | None) -> None:
    found = find_after_end(benign.picture("JPEG") + rest, JPEG)

    assert ("data_after_end" in found) == (is_other is not None)
    assert ("data_of_another_type" in found) == bool(is_other)


@pytest.mark.parametrize(
    ("index", "rest", "named"),
    [
        (b"", b"\0\0\0\x18ftypmp42" + bytes(99), "advice_film_behind"),
        (b"MPF\0", benign.picture("JPEG"), "advice_pictures_behind"),
        (b"MPF\0", b"left over", "data_after_end"),
        (b"", b"SEFT and more", "data_after_end"),
    ],
)
def test_what_phones_save_behind_a_photo_is_named(index: bytes, rest: bytes, named: str) -> None:
    photo = benign.picture("JPEG")
    segment = b"\xff\xe2" + (2 + len(index)).to_bytes(2, "big") + index
    content = photo[:2] + segment + photo[2:]

    assert find_after_end(content + rest, JPEG) == {named}


def test_broken_pictures_have_no_end() -> None:
    for kind in KINDS:
        content = benign.picture(kind)
        for size in (0, 3, 12, len(content) // 2):
            assert "data_of_another_type" not in find_after_end(content[:size], media_type(kind))


def test_place_and_device_are_told() -> None:
    content = benign.picture("JPEG", exif=benign.camera_exif())

    assert inspect_picture(content, JPEG).findings == ("image_location", "image_metadata")


def test_pages_of_a_tiff_are_counted_and_limited() -> None:
    def pages(count: int) -> bytes:
        more = [Image.new("1", (600, 600))] * (count - 1)
        return benign.picture("TIFF", save_all=True, append_images=more)

    assert inspect_picture(pages(3), "image/tiff").page_count == 3
    too_many = inspect_picture(pages(201), "image/tiff")
    assert (too_many.state, too_many.reason) == ("held", "picture_with_too_many_frames")


@pytest.mark.parametrize("size", [(200_001, 10), (10, 200_001)])
def test_longest_side_is_limited(size: tuple[int, int]) -> None:
    target = io.BytesIO()
    Image.new("L", size).save(target, "PNG")

    assert inspect_picture(target.getvalue(), "image/png").reason == "picture_too_large"


@pytest.mark.parametrize(
    ("mode", "size", "reason"),
    [
        ("1", (9921, 14031), ""),  # a page at 1,200 dpi
        ("L", (14_200, 14_100), "picture_too_large"),
        ("RGB", (1080, 14_000), ""),  # a screenshot that was scrolled
        ("RGB", (10_100, 10_000), "picture_too_large"),
    ],
)
def test_pixels_are_limited_by_the_memory_they_take(
    mode: str, size: tuple[int, int], reason: str
) -> None:
    target = io.BytesIO()
    Image.new(mode, size).save(target, "PNG", compress_level=1)

    assert inspect_picture(target.getvalue(), "image/png").reason == reason


def test_photo_with_further_pictures_behind_it_is_one_picture() -> None:
    found = inspect_picture(benign.telephone_photo(), JPEG)

    assert (found.state, found.page_count) == ("clean", 1)


def test_moving_png_is_whole() -> None:
    found = inspect_picture(benign.moving_picture("PNG"), "image/png")

    assert (found.state, found.page_count) == ("clean", 3)


def test_damage_behind_the_frame_that_is_shown_costs_nothing() -> None:
    found = inspect_picture(benign.animation_cut_off(), "image/png")

    assert (found.state, found.page_count) == ("clean", 2)


def test_long_animation_is_shown() -> None:
    target = io.BytesIO()
    frames = [Image.new("L", (20, 20), number) for number in range(250)]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])

    assert inspect_picture(target.getvalue(), "image/gif").state == "clean"


def test_frames_of_a_large_animation_are_not_all_drawn_to_be_counted() -> None:
    found = inspect_picture(picture_bombs.gif_of_many_frames(), "image/gif")

    assert (found.state, found.page_count) == ("clean", 34)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (benign.picture("TIFF", mode="LAB"), "image/tiff"),
        (benign.picture("DIB"), "image/bmp"),
        (benign.picture("TIFF", mode="F"), "image/tiff"),
        (benign.twelve_bits(), "image/tiff"),
    ],
)
def test_rare_form_of_a_picture_is_read(content: bytes, media_type: str) -> None:
    found = inspect_picture(content, media_type)

    assert (found.state, "advice_dark" in found.findings) == ("clean", False)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_remarks_of_the_camera_cost_nothing(kind: str) -> None:
    content = benign.picture(kind, exif=b"Exif\0\0MM\0*\0\0")

    found = inspect_picture(content, media_type(kind))

    assert (found.state, found.findings) == ("clean", ("image_metadata",))


@pytest.mark.parametrize("kind", ["AVIF", "BMP"])
def test_further_kinds_are_judged(kind: str) -> None:
    media_type, content = f"image/{kind.lower()}", benign.picture(kind)

    assert inspect_picture(content, media_type).state == "clean"
    assert inspect_picture(content[:-200], media_type).state == "unreadable"
    assert find_after_end(content + samples.archive(), media_type) == {
        "data_after_end",
        "data_of_another_type",
    }


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG2000", "image/jp2"),
        ("ICO", "image/vnd.microsoft.icon"),
        ("PCX", "image/vnd.zbrush.pcx"),
        ("TGA", "image/x-tga"),
        ("PPM", "image/x-portable-anymap"),
    ],
)
def test_rare_kind_that_is_cut_or_too_large_is_no_picture(kind: str, media_type: str) -> None:
    content = benign.picture(kind)

    assert inspect_picture(content, media_type).state == "clean"
    cut = inspect_picture(content[: len(content) // 2], media_type)
    assert (cut.state, cut.reason) in (
        ("unreadable", "picture_cannot_be_read"),
        ("held", "type_not_allowed"),
    )


def test_targa_is_a_picture_by_its_closing_mark_alone() -> None:
    inspector = load_inspector()
    content = benign.picture("TGA", compression="tga_rle")
    cut_within = content[: len(content) // 2] + content[-26:]

    for claimed in ("image/x-tga", "image/targa", "application/octet-stream"):
        assert inspector.inspect(content, claimed, "a.tga").state == "clean"
    found = inspector.inspect(content[:-26], "image/x-tga", "a.tga")
    assert (found.state, found.reason) == ("held", "picture_without_mark")
    assert inspect_picture(cut_within, "image/x-tga").state == "unreadable"
    behind = inspector.inspect(content + samples.archive(), "image/x-tga", "a.tga")
    assert behind.state == "held"
    assert inspector.inspect(content, "application/pdf", "a.exe").state == "held"


def test_end_of_jpeg_2000_is_found() -> None:
    content = benign.picture("JPEG2000")

    assert find_after_end(content, "image/jp2") == set()
    assert "data_of_another_type" in find_after_end(content + samples.archive(), "image/jp2")


@pytest.mark.parametrize(
    ("mode", "size", "is_too_large"),
    [
        ("RGB", (4960, 7016), False),
        ("RGB", (7000, 7000), True),
        ("RGBA", (5000, 5500), False),
        ("RGBA", (4960, 7016), True),
        ("L", (7000, 7000), False),
        ("L", (8000, 7000), True),
    ],
)
def test_jpeg_2000_is_held_when_its_samples_take_too_much(
    mode: str, size: tuple[int, int], *, is_too_large: bool
) -> None:
    picture = Image.new(mode, size)
    picture.format = "JPEG2000"

    assert pictures.is_too_large(picture) is is_too_large


def test_netpbm_of_a_billion_pixels_is_held() -> None:
    found = inspect_picture(b"P6\n40000 40000\n255\n" + bytes(99), "image/x-portable-anymap")

    assert (found.state, found.reason) == ("held", "picture_too_large")


def test_later_frame_that_is_cut_off_is_found() -> None:
    more = [Image.effect_noise((600, 600), 90)] * 2
    content = benign.picture("TIFF", save_all=True, append_images=more, compression="tiff_lzw")

    assert inspect_picture(content[: len(content) * 2 // 3], "image/tiff").state == "unreadable"


def levels(**counts: int) -> list[int]:
    return [counts.get(f"at{level}", 0) for level in range(256)]


@pytest.mark.parametrize(
    ("size", "histogram", "codes"),
    [
        ((1000, 1400), levels(at250=100_000), ("advice_blank",)),
        ((1000, 1400), levels(at250=100_000, at20=50), ("advice_blank",)),
        ((1000, 1400), levels(at250=100_000, at20=500), ()),
        ((1000, 1400), levels(at20=90_000, at60=10_000), ("advice_dark",)),
        ((1000, 1400), levels(at20=80_000, at200=20_000), ()),
        ((400, 300), levels(at250=100_000, at20=5000), ("advice_small",)),
        ((400, 300), [], ("advice_small",)),
        ((1000, 1400), [0] * 256, ()),
    ],
)
def test_advice_follows_the_numbers(
    size: tuple[int, int], histogram: list[int], codes: tuple[str, ...]
) -> None:
    assert legibility.advise(*size, histogram) == codes


def test_advice_never_changes_the_state() -> None:
    target = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(target, "JPEG")

    found = inspect_picture(target.getvalue(), JPEG)

    assert (found.state, found.findings) == ("clean", ("advice_blank",))


def test_page_with_one_line_of_text_is_not_blank() -> None:
    assert inspect_picture(benign.picture("JPEG"), JPEG).findings == ()


@pytest.mark.parametrize(
    ("size", "turn", "found"),
    [
        ((70, 70), 1, {"image_tiny"}),
        ((150, 150), 1, {"image_small"}),
        ((300, 100), 1, {"image_small"}),
        ((105, 135), 1, set()),
        ((135, 105), 6, set()),
        ((200, 160), 1, set()),
        ((500, 150), 1, set()),
    ],
)
def test_a_logo_is_known_by_size_and_shape(
    size: tuple[int, int], turn: int, found: set[str]
) -> None:
    picture, exif = Image.new("RGB", size, "navy"), Image.Exif()
    exif[pictures.ORIENTATION] = turn
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)

    findings = inspect_picture(content.getvalue(), JPEG).findings

    assert {"image_tiny", "image_small"}.intersection(findings) == found
