"""Hold which pictures are found in HTML."""

import base64
from itertools import islice

import pytest

from intake.sandbox.html.pasted_pictures import (
    has_files,
    has_pictures,
    linked_files,
    pasted_pictures,
    sizes_of_pasted,
)
from tests.support.growth.measure import is_linear

PNG = b"\x89PNG\r\n\x1a\n??>>"
PASTED = base64.b64encode(PNG)


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (b'<img src="data:image/png;base64,%b">', [("image/png", PNG)]),
        (b"<img src='DATA:image/PNG;base64,%b'>", [("image/png", PNG)]),
        (b"<img src=data:image/jpeg;base64,%b width=3>", [("image/jpeg", PNG)]),
        (b'<p style="background:url(data:image/gif;base64,%b)">', [("image/gif", PNG)]),
        (b'<img src="data:image/png;charset=x;base64,\r\n %b\r\n">', [("image/png", PNG)]),
        (b'<img src="data:image/png;base64,%b', [("image/png", PNG)]),
        (b'<img src="data:image/svg+xml;base64,%b">', []),
        (b'<img src="data:text/html;base64,%b">', []),
        (b'<img src="cid:%b">', []),
    ],
)
def test_a_pasted_picture_is_found(markup: bytes, found: list[tuple[str, bytes]]) -> None:
    content = markup % PASTED

    assert list(pasted_pictures(content)) == found
    assert has_pictures(content) == bool(found)


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (b"image/png;base64,%69VBORw0K", b"\x89PNG\r\n"),
        (b"image/png;base64,iVBORw0", b"\x89PNG\r"),
        (b"image/png;base64,i", b""),
        (b"image/png;base64,", b""),
        (b"image/png,%89PNG", b"\x89PNG"),
    ],
)
def test_a_value_is_decoded_as_a_browser_does(value: bytes, content: bytes) -> None:
    assert [found for _, found in pasted_pictures(b'"data:%b"' % value)] == [content]


def test_different_pictures_are_measured_once_each() -> None:
    other = base64.b64encode(PNG + b"more")
    page = b'<img src="data:image/png;base64,%b"><img src="data:image/png;base64,%b">'

    assert sizes_of_pasted([page % (PASTED, other), page % (PASTED, b"")], 9) == (12, 16)


def test_many_empty_pictures_are_not_all_looked_for() -> None:
    empty = b'"data:image/png;base64,"' * 100

    assert sizes_of_pasted([empty + b'"data:image/png;base64,%b"' % PASTED], 100) == ()


@pytest.mark.parametrize(
    ("markup", "kinds"),
    [
        (b'<a href="data:application/pdf;base64,%b">x</a>', ["application/pdf"]),
        (b"<a href='DATA:application/PDF;base64,%b'>x</a>", ["application/pdf"]),
        (b"<a href = data:application/pdf;name=a.pdf;base64,%b>x</a>", ["application/pdf"]),
        (b'<a href="data:image/svg+xml;base64,%b">x</a>', ["image/svg+xml"]),
        (b'<a href="data:text/html;base64,%b">x</a>', ["text/html"]),
        (b'<a href="data:;base64,%b">x</a>', ["text/plain"]),
        (b'<object data="data:application/pdf;base64,%b">', ["application/pdf"]),
        (b'<iframe width=3 src="data:text/html;base64,%b">', ["text/html"]),
        (b'<embed src="data:application/pdf;base64,%b">', ["application/pdf"]),
        (b'<area href="data:application/zip;base64,%b">', ["application/zip"]),
        (b'<a href="data:image/png;base64,%b">x</a>', []),  # found as a picture
        (b'<link rel=stylesheet href="data:text/css;base64,%b">', []),
        (b'<img src="data:image/svg+xml;base64,%b">', []),
        (b'<a title="data:application/pdf;base64,%b">x</a>', []),
        (b'<a data-href="data:application/pdf;base64,%b">x</a>', []),
    ],
)
def test_a_file_behind_a_link_is_found(markup: bytes, kinds: list[str]) -> None:
    content = markup % PASTED

    assert list(linked_files(content)) == [(kind, PNG) for kind in kinds]
    assert has_files(content) or not kinds


@pytest.mark.parametrize(
    "piece", [b"<iframe ", b"href=", b'href="data:a/b;', b"href=data:a/b,", b" src"]
)
def test_links_take_no_quadratic_time(piece: bytes) -> None:
    def found(text: str) -> list[object]:
        return list(islice(linked_files(text.encode()), 10))

    assert is_linear(found, lambda size: piece.decode() * (size // len(piece)), 100_000)
