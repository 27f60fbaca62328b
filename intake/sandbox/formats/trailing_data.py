"""Find where a picture ends, and what stands behind its end.

Telephones often put films and second pictures behind a photo; archives, programs and documents do
not belong there.
"""

import re
from collections.abc import Callable

MAX_SEGMENTS = 200_000
# Bytes that make the rest a file of its own to some reader, wherever they stand in it.
OTHER_KINDS = re.compile(
    rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    rb"|\x7fELF|MSCF\x00\x00\x00\x00|\x4c\x00\x00\x00\x01\x14\x02\x00|\{\\rt"
    rb"|<\?php|<(?:html|script|svg|hta:)|powershell",
    re.IGNORECASE,
)
PROGRAM = re.compile(rb"\s*(?:MZ|#!)")
FILM_OR_PICTURE = re.compile(rb"....ftyp|\xff\xd8\xff|.{0,64}(?:MotionPhoto|SEFH|SEFT)", re.DOTALL)
# Markers without a length (ITU-T T.81 table B.1): TEM, RSTn, SOI, EOI.
BARE = frozenset({0x01, *range(0xD0, 0xDA)})
EOI, SOS = 0xD9, 0xDA
SCAN_END = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")


def find_after_end(content: bytes, media_type: str) -> set[str]:
    """Return `data_after_end`, and `data_of_another_type` when that data is a file by itself.

    For a format without an end of its own nothing is returned.
    """
    find_end = ENDS.get(media_type)
    end = find_end(content) if find_end else None
    if end is None:
        return set()
    rest = content[end:]
    if not rest.strip(b"\0\r\n \t\xff"):
        return set()
    if OTHER_KINDS.search(rest) or PROGRAM.match(rest):
        # A film's own bytes may hold anything, so only its beginning counts.
        is_film = FILM_OR_PICTURE.match(rest[:256]) is not None
        if not is_film or b"PK\x05\x06" in rest[-66_000:]:
            return {"data_after_end", "data_of_another_type"}
    return {"data_after_end"}


def end_of_jpeg(content: bytes) -> int | None:
    """Return where the first picture ends, or None when its segments lead nowhere."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        if content[at : at + 1] != b"\xff":
            return None
        marker = content[at + 1] if at + 1 < len(content) else 0
        at += 2
        if marker == EOI:
            return at
        if marker == 0xFF:
            at -= 1  # any number of fill bytes may come before a marker
            continue
        if marker in BARE:
            continue
        at += int.from_bytes(content[at : at + 2], "big")
        if marker == SOS:
            match = SCAN_END.search(content, at)
            if match is None:
                return None
            at = match.start()
    return None


def end_of_png(content: bytes) -> int | None:
    """Return where the chunk IEND ends (PNG, 3rd edition §5.3)."""
    at = 8
    for _ in range(MAX_SEGMENTS):
        if at + 8 > len(content):
            return None
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        at += 12 + size
        if kind == b"IEND":
            return at
    return None


def end_of_gif(content: bytes) -> int | None:
    """Return where the trailer stands (GIF89a §27)."""
    at = 13 + _colours(content, 10)
    for _ in range(MAX_SEGMENTS):
        kind = content[at : at + 1]
        if kind == b";":
            return at + 1
        if kind == b"!":
            at = _blocks_end(content, at + 2)
        elif kind == b",":
            at = _blocks_end(content, at + 10 + _colours(content, at + 9) + 1)
        else:
            return None
    return None


def end_of_riff(content: bytes) -> int | None:
    """Return where the one chunk of a WebP file ends."""
    size = int.from_bytes(content[4:8], "little")
    return 8 + size + size % 2


def end_of_boxes(content: bytes) -> int | None:
    """Return where the boxes of a HEIC, AVIF or JP2 file end (ISO/IEC 14496-12 §4.2).

    A broken box counts as data behind the end.
    """
    at = 0
    for _ in range(MAX_SEGMENTS):
        size = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0 and len(kind) == 4 and at:
            return len(content)
        if size < 8 or at + size > len(content) or not kind.strip().isalnum():
            return at or None
        at += size
        if at == len(content):
            return at
    return None


def end_of_bitmap(content: bytes) -> int | None:
    """Return where a BMP says that it ends; many programs write no size."""
    size = int.from_bytes(content[2:6], "little")
    return size if size > 54 else None


def _colours(content: bytes, at: int) -> int:
    """Return how many bytes the colour table takes that the flags at `at` announce."""
    flags = content[at] if at < len(content) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(content: bytes, at: int) -> int:
    """Return where a run of data blocks ends."""
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


ENDS: dict[str, Callable[[bytes], int | None]] = {
    "image/jpeg": end_of_jpeg,
    "image/png": end_of_png,
    "image/gif": end_of_gif,
    "image/webp": end_of_riff,
    "image/heic": end_of_boxes,
    "image/avif": end_of_boxes,
    "image/jp2": end_of_boxes,
    "image/bmp": end_of_bitmap,
}
