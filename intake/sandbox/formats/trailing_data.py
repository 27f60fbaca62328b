"""Find where a picture ends, and what stands behind its end.

Telephones often put films and second pictures behind a photo, and records of their own; archives,
programs and documents do not belong there. Only what is explained wholly counts as a phone's: a
directory of records names each of its bytes, and a film or a picture ends where it says.
"""

import re
from collections.abc import Callable, Iterator

MAX_SEGMENTS = 200_000
# Bytes that make the rest a file of its own to some reader, wherever they stand in it.
OTHER_KINDS = re.compile(
    rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    rb"|\x7fELF|MSCF\x00\x00\x00\x00|\x4c\x00\x00\x00\x01\x14\x02\x00|\{\\rt"
    rb"|MZ\x90\x00|MZP\x00|<\?php|<(?:html|script|svg|hta:)|powershell",
    re.IGNORECASE,
)
PROGRAM = re.compile(rb"\s*(?:MZ|#!)")
# The end of an archive, which programs look for from the end of a file.
END_OF_ARCHIVE, MAX_ARCHIVE_END_BYTES = b"PK\x05\x06", 66_000
# What phones save behind a photo: a film, further pictures that its index names (CIPA DC-007), or
# the records of the maker.
FILM, SIZE_BYTES, PICTURE = b"ftyp", 4, b"\xff\xd8\xff"
PICTURE_INDEXES = (b"MPF\0", b"GContainer", b"hdrgm:")
BLANK = re.compile(rb"(?:[\0\r\n \t]|\xff(?!\xd8))*+")
BLANKS = b"\0\r\n \t\xff"
# A line that some phones write behind a film: "v2_f35 0:0 LIVE_1234567".
MARK_BEHIND_FILM = re.compile(rb"[\w .:-]{0,80}LIVE_[0-9]{1,12}[ \0]*\Z")
MAX_PIECES = 100
# A directory: its mark, a version and a count, then for each record its kind, how far before the
# directory it begins, and its size; then the directory's own size and a mark. A record has its kind
# and the length of its name before its name. All numbers have their smallest byte first.
DIRECTORY, DIRECTORY_END, DIRECTORY_BYTES, ENTRY_BYTES, RECORD_BYTES = b"SEFH", b"SEFT", 12, 12, 8
NAME_OF_RECORD = re.compile(rb"[\w -]{1,64}")
TGA_MARK = b"TRUEVISION-XFILE.\0"
# Markers without a length (ITU-T T.81 table B.1): TEM, RSTn, SOI, EOI.
BARE = frozenset({0x01, *range(0xD0, 0xDA)})
EOI, SOS = 0xD9, 0xDA
SCAN_END = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")


def find_after_end(content: bytes, media_type: str) -> set[str]:
    """Return `data_after_end`, and `data_of_another_type` when that data is a file by itself.

    What phones are known to save there is named instead: `advice_film_behind`,
    `advice_pictures_behind` or `advice_records_behind`.

    For a format without an end of its own nothing is returned.
    """
    find_end = ENDS.get(media_type)
    end = find_end(content) if find_end else None
    if end is None:
        return set()
    rest = content[end:]
    if not rest.strip(BLANKS):
        return set()
    records, others = _records_in(rest)
    left = _behind_pieces(others)
    is_archive = END_OF_ARCHIVE in rest[-MAX_ARCHIVE_END_BYTES:]
    pieces = (left, *map(_behind_pieces, records))
    if is_archive or any(OTHER_KINDS.search(each) or PROGRAM.match(each) for each in pieces):
        return {"data_after_end", "data_of_another_type"}
    if left:
        return {"data_after_end"}
    found = {"advice_records_behind"} if records else set()
    return found | {_name_of(content[:end], others)} if others.strip(BLANKS) else found


def _name_of(photo: bytes, rest: bytes) -> str:
    """Return the advice for films and pictures behind a photo; of these its index must tell."""
    _, is_film = _next_piece(rest, 0)
    if is_film:
        return "advice_film_behind"
    is_told = any(each in photo for each in PICTURE_INDEXES)
    return "advice_pictures_behind" if is_told else "data_after_end"


def _behind_pieces(rest: bytes) -> bytes:
    """Return what stands behind the whole films and pictures with which some bytes begin."""
    at = 0
    for _ in range(MAX_PIECES):
        at, is_film = _next_piece(rest, at)
        is_picture = rest.startswith(PICTURE, at)
        end = end_of_boxes(rest, at) if is_film else end_of_jpeg(rest, at) if is_picture else None
        if end is None:
            break
        at = end
        if is_film and MARK_BEHIND_FILM.match(rest, at):
            return b""
    return rest[at:].strip(BLANKS)


def _next_piece(rest: bytes, at: int) -> tuple[int, bool]:
    """Return where the next piece begins behind blank bytes, and whether it is a film.

    The size of a film's first box begins with zeros, which are not blank.
    """
    blank = BLANK.match(rest, at)
    begin = blank.end() if blank is not None else at
    film = rest.find(FILM, begin, begin + SIZE_BYTES + len(FILM)) - SIZE_BYTES
    return (film, True) if film >= at else (begin, False)


def _records_in(rest: bytes) -> tuple[list[bytes], bytes]:
    """Return what a phone's records hold, and the bytes that are in none of them.

    A directory that names bytes which are not there, or the same ones twice, is none.
    """
    whole, rest = rest, rest.rstrip(b"\0")
    start = len(rest) - 8 - _number(rest, len(rest) - 8)
    count = _number(rest, start + 8)
    is_whole = len(rest) - 8 - start == DIRECTORY_BYTES + ENTRY_BYTES * count
    is_there = rest.endswith(DIRECTORY_END) and start >= 0 and rest.startswith(DIRECTORY, start)
    if not (is_there and is_whole and count):
        return [], whole
    found, others, at = [], b"", 0
    for begin, kind, size in sorted(_entries(rest, start, count)):
        named = begin + RECORD_BYTES + _number(rest, begin + 4)
        name = rest[begin + RECORD_BYTES : named]
        is_one = at <= begin and named <= begin + size <= start and _number(rest, begin) == kind
        if not (is_one and NAME_OF_RECORD.fullmatch(name)):
            return [], whole
        others += rest[at:begin]
        found.append(rest[named : begin + size])
        at = begin + size
    return found, others + rest[at:start]


def _entries(rest: bytes, start: int, count: int) -> Iterator[tuple[int, int, int]]:
    """Yield where each record of a directory begins, its kind and its size."""
    for number in range(count):
        at = start + DIRECTORY_BYTES + ENTRY_BYTES * number
        yield start - _number(rest, at + 4), _number(rest, at), _number(rest, at + 8)


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "little") if at >= 0 else 0


def end_of_jpeg(content: bytes, start: int = 0) -> int | None:
    """Return where the picture ends that begins at `start`, None when its segments lead nowhere."""
    at = start + 2
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


def end_of_boxes(content: bytes, start: int = 0) -> int | None:
    """Return where the boxes from `start` on of a HEIC, AVIF or JP2 file, or a film, end.

    A broken box counts as data behind the end (ISO/IEC 14496-12 §4.2).
    """
    at = start
    for _ in range(MAX_SEGMENTS):
        size = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0 and len(kind) == 4 and at > start:
            return len(content)
        if size < 8 or at + size > len(content) or not kind.strip().isalnum():
            return at if at > start else None
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


def end_of_tga(content: bytes) -> int | None:
    """Return where the closing mark ends (Truevision TGA 2.0, footer)."""
    at = content.find(TGA_MARK)
    return at + len(TGA_MARK) if at >= 0 else None


ENDS: dict[str, Callable[[bytes], int | None]] = {
    "image/jpeg": end_of_jpeg,
    "image/png": end_of_png,
    "image/gif": end_of_gif,
    "image/webp": end_of_riff,
    "image/heic": end_of_boxes,
    "image/avif": end_of_boxes,
    "image/jp2": end_of_boxes,
    "image/bmp": end_of_bitmap,
    "image/x-tga": end_of_tga,
}
