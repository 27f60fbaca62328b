"""Find the pictures that are pasted into HTML as `data:` addresses (RFC 2397).

A mail program shows them in the text. Drawings (SVG) are left out: programs paste emblems so, and
none is ever shown.
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
# What ends a value, by what stands before it.
ENDS = {b'"': b'"', b"'": b"'", b"(": b")"}
BARE_END = re.compile(rb"[\s>]")
BLANKS = re.compile(rb"\s+")


def has_pictures(content: bytes) -> bool:
    """Say whether at least one picture is pasted into a text."""
    return START.search(content) is not None


def pasted_pictures(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the claimed type and the bytes of each picture in order, empty ones too.

    The caller stops after some: each may be searched for its end through all of the content.

    b'<img src="data:image/png;base64,iVBORw0K">' -> ("image/png", b"\\x89PNG\\r\\n")
    """
    for match in START.finditer(content):
        before = content[max(match.start() - 1, 0) : match.start()]
        value = content[match.end() : _end(content, match.end(), ENDS.get(before, b""))]
        is_base64 = match[2].lower().endswith(b";base64")
        yield f"image/{match[1].decode('ascii').lower()}", _decoded(value, is_base64=is_base64)


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
