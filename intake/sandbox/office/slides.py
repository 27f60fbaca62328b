"""Know what the records of a binary presentation hold ([MS-PPT] §2.3 and §2.10).

Runs inside the jail; imports the standard library.
"""

import zlib
from collections.abc import Iterator

HEADER_BYTES = 8
CONTAINER = 0xF
OBJECT_STORAGE = 0x1011
LINKED_OBJECT, CONTROL = 0x0FCE, 0x0FEE
SOUND_OR_FILM = frozenset({0x1007, 0x100D})
MAX_RECORDS = 2_000_000
MAX_OBJECTS = 200
MAX_OBJECT_BYTES = 64 * 1024 * 1024


def read_slides(stream: bytes) -> Iterator[str | bytes]:
    """Yield codes of findings, and the compound files inside, unpacked."""
    at, objects = 0, 0
    for _ in range(MAX_RECORDS):
        if at + HEADER_BYTES > len(stream):
            return
        version = int.from_bytes(stream[at : at + 2], "little")
        kind = int.from_bytes(stream[at + 2 : at + 4], "little")
        size = int.from_bytes(stream[at + 4 : at + 8], "little")
        at += HEADER_BYTES
        if kind == LINKED_OBJECT:
            yield "office_external_link"
        elif kind == CONTROL:
            yield "office_activex"
        if version & 0xF == CONTAINER:
            continue  # what a container holds follows it
        if kind == OBJECT_STORAGE:
            objects += 1
            if objects > MAX_OBJECTS:
                yield "office_not_fully_read"
                return
            yield _unpacked(stream[at : at + size], is_packed=bool(version >> 4))
        at += size


def _unpacked(body: bytes, *, is_packed: bool) -> str | bytes:
    """Return the compound file in a record; the first four bytes of a packed one are its size."""
    if not is_packed:
        return body
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(body[4:], MAX_OBJECT_BYTES)
    except zlib.error:
        return "office_not_fully_read"
    return "office_not_fully_read" if unpacking.unconsumed_tail else content
