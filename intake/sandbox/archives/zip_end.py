"""Find the directory of a ZIP (APPNOTE 6.3.10 §4.3.14 to §4.3.16).

Programs search the last bytes for the end record, some from the front and some from the back, and
some believe a comment that holds another one. So there must be exactly one end record that reaches
to the last byte; zeros and line ends behind it are what mail programs and disks add.
"""

import struct
from dataclasses import dataclass

END, END64, LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
END_FIELDS = struct.Struct("<4s4H2LH")
LOCATOR64_FIELDS = struct.Struct("<4sLQL")
END64_FIELDS = struct.Struct("<4sQ2H2L4Q")
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF
MAX_COMMENT_BYTES = 65535
PADDING = b"\0\r\n"


class Disagreement(Exception):
    """Two places of the archive, or two readers of it, would say different things."""


@dataclass(frozen=True)
class End:
    """Hold where the directory is and how many entries it has."""

    at: int
    size: int
    offset: int
    count: int


def has_end(content: bytes) -> bool:
    """Say whether programs that only look at the last bytes would take this for an archive."""
    first = max(0, len(content) - END_FIELDS.size - MAX_COMMENT_BYTES)
    at = content.rfind(END, first)
    if at < 0 or at + END_FIELDS.size > len(content):
        return False
    comment_bytes = int.from_bytes(content[at + 20 : at + 22], "little")
    return at + END_FIELDS.size + comment_bytes <= len(content)


def read_end(content: bytes) -> End:
    """Find the one end record; its comment must hold no other, with nothing but padding behind it.

    Raises Disagreement, and struct.error where a record is cut short.
    """
    first = max(0, len(content) - END_FIELDS.size - MAX_COMMENT_BYTES)
    at = content.rfind(END, first)
    if at < 0:
        raise Disagreement("no_end")
    ends_here = []
    position = content.find(END, first)
    while position >= 0:
        if _reaches_the_end(content, position):
            ends_here.append(position)
        position = content.find(END, position + 1)
    if ends_here != [at]:
        raise Disagreement("end_not_clear")
    fields = END_FIELDS.unpack_from(content, at)
    _, disk, start_disk, count_here, count, size, offset, _ = fields
    end = End(at, size, offset, count)
    locator_at = at - LOCATOR64_FIELDS.size
    if locator_at >= 0 and content[locator_at : locator_at + 4] == LOCATOR64:
        return _read_end64(content, locator_at, end)
    is_full = FULL16 in (disk, start_disk, count_here, count) or FULL32 in (size, offset)
    if is_full or disk or start_disk or count_here != count:
        raise Disagreement("end_is_full")
    return end


def _reaches_the_end(content: bytes, at: int) -> bool:
    """Say whether a record with its comment ends the file, but for padding."""
    comment_bytes = int.from_bytes(content[at + 20 : at + 22], "little")
    end = at + END_FIELDS.size + comment_bytes
    return end <= len(content) and not content[end:].strip(PADDING)


def _read_end64(content: bytes, locator_at: int, short: End) -> End:
    """Read the larger end record, which must lie right before its locator and agree."""
    _, disk, at, disks = LOCATOR64_FIELDS.unpack_from(content, locator_at)
    fields = END64_FIELDS.unpack_from(content, at)
    magic, record_bytes, _, _, own_disk, start_disk, count_here, count, size, offset = fields
    if magic != END64 or at + 12 + record_bytes != locator_at or disk or disks > 1:
        raise Disagreement("zip64")
    if own_disk or start_disk or count_here != count:
        raise Disagreement("zip64")
    pairs = [(short.count, count, FULL16), (short.size, size, FULL32)]
    pairs.append((short.offset, offset, FULL32))
    if any(small not in (full, large) for small, large, full in pairs):
        raise Disagreement("zip64")
    return End(at, size, offset, count)
