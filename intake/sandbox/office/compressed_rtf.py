"""Unpack the RTF body of an Outlook message (MS-OXRTFCP).

The packing repeats up to 17 bytes of the last 4096 that were written, which start out filled with
words that every RTF file has.
"""

import struct

HEADER = struct.Struct("<LL4sL")
PACKED, PLAIN = b"LZFu", b"MELA"
BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
WINDOW_BYTES = 4096
MAX_RTF_BYTES = 8 * 1024 * 1024


def unpack_rtf(content: bytes) -> bytes:
    """Return the RTF, cut where the content or the limit ends; raises ValueError for none at all.

    b"\\x10\\0\\0\\0\\x04\\0\\0\\0MELA\\0\\0\\0\\0{\\\\rt" -> b"{\\\\rt"
    """
    if len(content) < HEADER.size:
        raise ValueError("no header")
    _, size, kind, _ = HEADER.unpack_from(content)
    packed = content[HEADER.size :]
    if kind == PLAIN:
        return packed[: min(size, MAX_RTF_BYTES)]
    if kind != PACKED:
        raise ValueError("no known packing")
    return _unpacked(packed, min(size, MAX_RTF_BYTES))


def _unpacked(packed: bytes, size: int) -> bytes:
    written = bytearray(BEFORE)
    end, position = len(BEFORE) + size, 0
    while position < len(packed) and len(written) < end:
        flags = packed[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                written += packed[position : position + 1]
                position += 1
                continue
            pair = packed[position : position + 2]
            position += 2
            if len(pair) < 2 or not _repeat(written, pair[0] << 4 | pair[1] >> 4, pair[1] & 15):
                return bytes(written[len(BEFORE) : end])
    return bytes(written[len(BEFORE) : end])


def _repeat(written: bytearray, offset: int, length: int) -> bool:
    """Write again what stands at a place of the window; False at the mark of the end."""
    place = len(written) % WINDOW_BYTES
    if offset == place:
        return False
    back = (place - offset) % WINDOW_BYTES
    start = len(written) - back
    if start < 0:
        # A place that nothing was written to yet holds spaces.
        written += b" " * (length + 2)
        return True
    for at in range(start, start + length + 2):
        # One at a time: the copy may run into what it writes.
        written.append(written[at])
    return True
