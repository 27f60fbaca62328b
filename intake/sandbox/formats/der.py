"""Read values in DER and BER (X.690), as far as signed and encrypted mail needs it.

Mail programs write while they read, so a length may be left open and a string may be a sequence of
strings. Strict readers refuse that; this one does not.

    30 03 02 01 05 -> Value(tag=0x30, …) holding Value(tag=2, content 05)
"""

from collections.abc import Iterator
from dataclasses import dataclass

CONSTRUCTED, NUMBER_MASK, LONG_NUMBER = 0x20, 0x1F, 0x1F
SEQUENCE, OCTET_STRING, OBJECT_IDENTIFIER = 0x30, 0x04, 0x06
MAX_DEPTH = 16
MAX_VALUES = 200_000


class NotDer(Exception):
    """The bytes are not laid out as agreed."""


@dataclass(frozen=True)
class DerValue:
    """Hold where one value lies: content from `start` to `stop`, the next value at `end`."""

    tag: int
    start: int
    stop: int
    end: int


def read_value(content: memoryview, at: int, stop: int, depth: int = 0) -> DerValue:
    """Return the value at `at`, which may not reach beyond `stop`; raises NotDer."""
    if depth > MAX_DEPTH or at + 2 > stop:
        raise NotDer
    tag, first = content[at], content[at + 1]
    if tag & NUMBER_MASK == LONG_NUMBER:
        raise NotDer
    start = at + 2
    if first == 0x80:
        return _read_open(content, tag, start, stop, depth)
    size = first
    if first > 0x80:
        count = first & 0x7F
        if count > 8 or start + count > stop:
            raise NotDer
        size = int.from_bytes(content[start : start + count], "big")
        start += count
    if start + size > stop:
        raise NotDer
    return DerValue(tag, start, start + size, start + size)


def _read_open(content: memoryview, tag: int, start: int, stop: int, depth: int) -> DerValue:
    """Find the end mark of a value whose length was left open."""
    if not tag & CONSTRUCTED:
        raise NotDer
    position = start
    while bytes(content[position : position + 2]) != b"\0\0":
        position = read_value(content, position, stop, depth + 1).end
        if position >= stop:
            raise NotDer
    return DerValue(tag, start, position, position + 2)


def inner_values(content: memoryview, value: DerValue) -> Iterator[DerValue]:
    """Yield the values in a constructed one; raises NotDer."""
    position, count = value.start, 0
    while position < value.stop:
        inner = read_value(content, position, value.stop)
        yield inner
        position, count = inner.end, count + 1
        if count > MAX_VALUES:
            raise NotDer


def written(tag: int, content: bytes) -> bytes:
    """Return a value with its length before it, in DER.

    >>> written(SEQUENCE, bytes(200))[:3].hex()
    '3081c8'
    """
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def octets(content: memoryview, value: DerValue, depth: int = 0) -> bytes:
    """Return the bytes of an octet string, joined where it comes in pieces; raises NotDer."""
    if depth > MAX_DEPTH:
        raise NotDer
    if not value.tag & CONSTRUCTED:
        return bytes(content[value.start : value.stop])
    pieces = [octets(content, inner, depth + 1) for inner in inner_values(content, value)]
    return b"".join(pieces)
