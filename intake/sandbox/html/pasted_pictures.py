"""Find the pictures and files that are written into HTML as `data:` addresses (RFC 2397).

A mail program shows pictures in the text. Drawings (SVG) are left out of these: programs paste
emblems so, and none is ever shown. A file behind a link, or shown in a frame, is one that a sender
wants to be opened, drawings too.
"""

import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from urllib.parse import unquote_to_bytes

START = re.compile(
    rb"data:image/(?!svg)([a-z0-9.+-]{1,40})((?:;[^,;\"'\s>]{0,100}){0,5}),", re.IGNORECASE
)
LINKED = re.compile(
    rb"(?:(?<![\w-])(?:href|data)|<(?:iframe|embed)(?=\s)[^<>]{0,400}?\ssrc)\s{0,9}=\s{0,9}[\"']?\s{0,9}"
    rb"(?P<value>data:([a-z]{1,20}/[a-z0-9.+-]{1,100})?((?:;[^,;\"'\s>]{0,100}){0,5}),)",
    re.IGNORECASE,
)
# What only a page needs; and pictures are found wherever they stand.
OF_A_PAGE = re.compile(
    r"text/(?:css|javascript)|font/|application/(?:javascript|(?:x-)?font)|image/(?!svg)"
)
# What ends a value, by what stands before it.
ENDS = {b'"': b'"', b"'": b"'", b"(": b")"}
BARE_END = re.compile(rb"[\s>]")
BLANKS = re.compile(rb"\s+")


def has_pictures(content: bytes) -> bool:
    """Say whether at least one picture is pasted into a text."""
    return START.search(content) is not None


def has_files(content: bytes) -> bool:
    """Say whether a picture or another file may be written into a text."""
    return has_pictures(content) or LINKED.search(content) is not None


def pasted_pictures(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the claimed type and the bytes of each picture in order, empty ones too.

    The caller stops after some: each may be searched for its end through all of the content.

    b'<img src="data:image/png;base64,iVBORw0K">' -> ("image/png", b"\\x89PNG\\r\\n")
    """
    for match in START.finditer(content):
        claimed_type = f"image/{match[1].decode('ascii').lower()}"
        yield claimed_type, _value(content, match.start(), match.end(), match[2])


def linked_files(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the claimed type and the bytes of each file behind a link or in a frame, in order.

    Pictures are not among them. The caller stops after some.

    b'<a href="data:application/pdf;base64,JVBERg">' -> ("application/pdf", b"%PDF")
    """
    for match in LINKED.finditer(content):
        claimed_type = (match[2] or b"text/plain").decode("ascii").lower()
        if OF_A_PAGE.match(claimed_type) is None:
            yield claimed_type, _value(content, match.start("value"), match.end(), match[3])


def _value(content: bytes, start: int, comma: int, parameters: bytes) -> bytes:
    """Return the decoded bytes of an address that begins at `start`, its data at `comma`."""
    before = content[max(start - 1, 0) : start]
    value = content[comma : _end(content, comma, ENDS.get(before, b""))]
    return _decoded(value, is_base64=parameters.lower().endswith(b";base64"))


def sizes_of_pasted(pages: Iterable[bytes], max_pictures: int) -> tuple[int, ...]:
    """Return the number of bytes of each different picture pasted into some pages, in order."""
    found = islice(chain.from_iterable(map(pasted_pictures, pages)), max_pictures)
    # The same picture may stand in both forms of a letter.
    different = {hashlib.sha256(each).digest(): len(each) for _, each in found if each}
    return tuple(different.values())


def _end(content: bytes, start: int, mark: bytes) -> int:
    if mark:
        end = content.find(mark, start)
    else:
        found = BARE_END.search(content, start)
        end = found.start() if found is not None else -1
    return end if end >= 0 else len(content)


def _decoded(value: bytes, *, is_base64: bool) -> bytes:
    plain = unquote_to_bytes(value) if b"%" in value else value
    if not is_base64:
        return plain
    letters = BLANKS.sub(b"", plain).rstrip(b"=")
    # A single letter at the end holds no whole byte.
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""
