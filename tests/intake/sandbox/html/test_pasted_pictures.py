"""Hold which pictures are found in HTML."""

import base64

import pytest

from intake.sandbox.html.pasted_pictures import has_pictures, pasted_pictures, sizes_of_pasted

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
