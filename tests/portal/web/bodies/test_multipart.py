"""Check multipart forms as a stream: parts in their order, limits, and bodies that are no form."""

import io

import pytest
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from portal.web.multipart import (
    MAX_BUFFERED_BYTES,
    MAX_FIELDS,
    MAX_FILES,
    MAX_TEXT_BYTES,
    FilePart,
    TextPart,
    media_type,
    read_parts,
)


def field(name: str, value: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


def file(name: str, content: bytes, claimed_type: str = "application/pdf") -> bytes:
    head = (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {claimed_type}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


def read(body: bytes) -> list[tuple[str, bytes]]:
    """Read a form to its end: name and content of each part."""
    found = []
    for part in read_parts(io.BytesIO(body), "b"):
        if isinstance(part, TextPart):
            found.append((part.name, part.value.encode()))
        else:
            found.append((part.claimed_name, b"".join(part.content)))
    return found


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 400_001])
@pytest.mark.parametrize("filling", [b"x", b"\r\n", b"\r\n--", b"x--b"])
def test_a_file_comes_as_it_was_sent(size: int, filling: bytes) -> None:
    content = (filling * size)[:size]

    found = read(field("note", b"typed") + file("a.pdf", content) + b"--b--\r\n")

    assert found == [("note", b"typed"), ("a.pdf", content)]


def test_a_file_that_nobody_reads_is_passed_by() -> None:
    body = file("a.pdf", b"x" * 200_000) + field("act", b"add") + b"--b--\r\n"

    names = [part.name for part in read_parts(io.BytesIO(body), "b")]

    assert names == ["file", "act"]


def test_no_more_is_read_than_was_asked_for() -> None:
    body = io.BytesIO(file("a.pdf", b"x" * 5_000_000) + b"--b--\r\n")

    part = next(read_parts(body, "b"))

    assert isinstance(part, FilePart)
    next(part.content)
    assert body.tell() <= MAX_BUFFERED_BYTES


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing of the kind",
        file("a.pdf", b"cut off")[:-4],
        field("a", b"no end"),
        b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Disposition: form-data; name=\xff\r\n\r\nx\r\n--b--\r\n",
    ],
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"".join(field(str(each), b"x") for each in range(MAX_FIELDS + 1)),
        b"".join(file(str(each), b"") for each in range(MAX_FILES + 1)),
        field("note", b"x" * (MAX_TEXT_BYTES + 1)),
        field("one", b"x" * MAX_TEXT_BYTES) + field("two", b"x"),
        b"--b\r\n" + b"X-Long: " + b"x" * 2 * MAX_BUFFERED_BYTES,
        b"p" * 2 * MAX_BUFFERED_BYTES,
    ],
)
def test_what_is_too_much_is_refused(body: bytes) -> None:
    with pytest.raises(RequestEntityTooLarge):
        read(body + b"--b--\r\n")


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("application/pdf", "application/pdf"),
        (" Text/Plain; charset=utf-8", "text/plain"),
        ("", ""),
        ("pdf", ""),
        ("a\x00b/c", ""),
        ("text/\u00e5", ""),
        ("x" * 200 + "/y", ""),
    ],
)
def test_a_media_type_has_its_shape(claimed: str, shown: str) -> None:
    assert media_type(claimed) == shown
