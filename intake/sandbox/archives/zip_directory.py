"""Read what a ZIP says about itself in two places, and refuse it unless both agree.

A program reads the directory at the end, the headers before each member, or both (APPNOTE 6.3.10).
Where these disagree, two programs see two archives (threat B13). So every byte must belong to
exactly one thing, and be described one way only.

    PK\\3\\4 a.txt … PK\\1\\2 a.txt … PK\\5\\6 -> [Entry(name=b"a.txt", …)]
"""

import struct
import zlib
from dataclasses import dataclass, replace

from ..protocol.charset_evidence import choose_codec
from ..protocol.decoding import is_utf8
from .zip_end import FULL32, Disagreement, End, read_end

LOCAL, CENTRAL, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
CENTRAL_FIELDS = struct.Struct("<4s6H3L5H2L")
LOCAL_FIELDS = struct.Struct("<4s5H3L2H")
ENCRYPTED, HAS_DESCRIPTOR, STRONG, UTF8, MASKED = 1, 8, 64, 2048, 8192
# The other flags tell how hard the packer tried; programs ignore them.
MEANINGFUL = ENCRYPTED | HAS_DESCRIPTOR | STRONG | UTF8 | MASKED
ZIP64_EXTRA, AES_EXTRA, UNICODE_PATH_EXTRA = 0x0001, 0x9901, 0x7075
DECISIVE = frozenset({ZIP64_EXTRA, AES_EXTRA, UNICODE_PATH_EXTRA})
UNIX = 3
UTF_8 = "utf-8"
LINK_MODE, MODE_MASK = 0o120000, 0o170000


class TooMany(Exception):
    """The archive declares more members than are allowed."""


@dataclass(frozen=True)
class ZipEntry:
    """Hold one member as both places describe it; `start` is where its packed bytes begin."""

    raw_name: bytes
    is_utf8: bool
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    start: int
    aes: bytes
    is_link: bool
    unicode_name: bytes = b""
    codec: str = "cp437"

    @property
    def is_encrypted(self) -> bool:
        """Say whether the member needs a password."""
        return bool(self.flags & ENCRYPTED)

    @property
    def is_folder(self) -> bool:
        """Say whether the member only names a folder."""
        return self.raw_name.endswith(b"/")

    @property
    def name(self) -> str:
        """Return the name as text to show.

        Many packers write UTF-8 without saying so; what is not UTF-8 is in the archive's `codec`.
        """
        name = self.unicode_name or self.raw_name
        return name.decode(UTF_8 if self.is_utf8 or is_utf8(name) else self.codec, "replace")


@dataclass(frozen=True)
class _Central:
    """Hold one entry of the directory and where its local header should be."""

    entry: ZipEntry
    offset: int


def read_directory(content: bytes, max_members: int) -> list[ZipEntry]:
    """Return the members in the order of the directory.

    Raises Disagreement, and TooMany before any entry is read.
    """
    try:
        end = read_end(content)
        if end.count > max_members:
            raise TooMany
        if end.offset + end.size != end.at:
            raise Disagreement("prepended")
        centrals = _read_centrals(content, end)
        return _with_codec(_compare(content, centrals, end.offset))
    except (struct.error, IndexError, OverflowError) as error:
        raise Disagreement("cut_short") from error


def _read_centrals(content: bytes, end: End) -> list[_Central]:
    position = end.offset
    centrals: list[_Central] = []
    while position < end.at:
        if len(centrals) == end.count:
            raise Disagreement("more_entries")
        central, position = _read_central(content, position)
        centrals.append(central)
    names = {_compared(central.entry.raw_name) for central in centrals}
    if position != end.at or len(centrals) != end.count:
        raise Disagreement("fewer_entries")
    if len(names) != len(centrals):
        raise Disagreement("duplicate_names")
    return centrals


def _read_central(content: bytes, position: int) -> tuple[_Central, int]:
    fields = CENTRAL_FIELDS.unpack_from(content, position)
    magic, made_by, _, flags, method, _, _, crc, packed, size = fields[:10]
    name_bytes, extra_bytes, comment_bytes, disk, _, attributes, offset = fields[10:]
    name_at = position + CENTRAL_FIELDS.size
    extra_at = name_at + name_bytes
    extra = read_extra(content[extra_at : extra_at + extra_bytes])
    name = content[name_at:extra_at]
    sizes = _widen([size, packed, offset], extra.get(ZIP64_EXTRA))
    if magic != CENTRAL or disk or len(name) != name_bytes or not name or b"\0" in name:
        raise Disagreement("entry")
    if _is_renamed(name, extra.get(UNICODE_PATH_EXTRA)):
        raise Disagreement("two_names")
    mode = (attributes >> 16) & MODE_MASK if made_by >> 8 == UNIX else 0
    entry = ZipEntry(
        raw_name=name,
        is_utf8=bool(flags & UTF8),
        flags=flags,
        method=method,
        crc=crc,
        packed_size=sizes[1],
        size=sizes[0],
        start=0,
        aes=extra.get(AES_EXTRA, b""),
        is_link=mode == LINK_MODE,
        unicode_name=_unicode_name(name, extra.get(UNICODE_PATH_EXTRA)),
    )
    return _Central(entry, sizes[2]), extra_at + extra_bytes + comment_bytes


def _compare(content: bytes, centrals: list[_Central], directory_at: int) -> list[ZipEntry]:
    """Check each local header, and that the members lie side by side from the first byte on."""
    if not centrals:
        if directory_at:
            raise Disagreement("overlap_or_gap")
        return []
    ordered = sorted(range(len(centrals)), key=lambda number: centrals[number].offset)
    nexts = [centrals[number].offset for number in ordered[1:]] + [directory_at]
    starts: dict[int, int] = {}
    position = 0
    for number, following in zip(ordered, nexts, strict=True):
        if centrals[number].offset != position:
            raise Disagreement("overlap_or_gap")
        starts[number] = _check_local(content, centrals[number], following)
        position = following
    return [replace(central.entry, start=starts[number]) for number, central in enumerate(centrals)]


def _check_local(content: bytes, central: _Central, following: int) -> int:
    """Return where the member's bytes begin; it must end exactly where the next thing starts."""
    entry = central.entry
    fields = LOCAL_FIELDS.unpack_from(content, central.offset)
    magic, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = fields
    name_at = central.offset + LOCAL_FIELDS.size
    extra_at = name_at + name_bytes
    start: int = extra_at + extra_bytes
    extra = read_extra(content[extra_at:start])
    if magic != LOCAL or content[name_at:extra_at] != entry.raw_name or method != entry.method:
        raise Disagreement("local_header")
    if (flags ^ entry.flags) & MEANINGFUL or extra.get(AES_EXTRA, b"") != entry.aes:
        raise Disagreement("local_header")
    if _is_renamed(entry.raw_name, extra.get(UNICODE_PATH_EXTRA)):
        raise Disagreement("two_names")
    wide_size, wide_packed = _widen([size, packed], extra.get(ZIP64_EXTRA))
    end = start + entry.packed_size
    said, known = (crc, wide_packed, wide_size), (entry.crc, entry.packed_size, entry.size)
    if flags & HAS_DESCRIPTOR:
        is_same = all(one in (0, other) for one, other in zip(said, known, strict=True))
        if not is_same or not _is_descriptor(content[end:following], known):
            raise Disagreement("descriptor")
    elif said != known or end != following:
        raise Disagreement("sizes")
    return start


def _is_descriptor(found: bytes, known: tuple[int, int, int]) -> bool:
    """Say whether the bytes are one of the four forms of the record behind a streamed member."""
    forms = []
    for layout in ("<3L", "<L2Q"):
        try:
            plain = struct.pack(layout, *known)
        except struct.error:
            continue
        forms += [plain, DESCRIPTOR + plain]
    return found in forms


def read_extra(extra: bytes) -> dict[int, bytes]:
    """Return the extra fields by number; raises Disagreement if a decisive one is there twice.

    Up to three zero bytes may stand at the end: Android's tools pad with them.
    """
    fields: dict[int, bytes] = {}
    position = 0
    while position + 4 <= len(extra):
        number, size = struct.unpack_from("<2H", extra, position)
        value = extra[position + 4 : position + 4 + size]
        if len(value) != size or (number in fields and number in DECISIVE):
            raise Disagreement("extra")
        fields[number] = value
        position += 4 + size
    if any(extra[position:]):
        raise Disagreement("extra")
    return fields


def _widen(values: list[int], extra: bytes | None) -> list[int]:
    """Replace values that do not fit 32 bits by those of the larger field, which must be there."""
    full = [number for number, value in enumerate(values) if value == FULL32]
    if not full:
        return values
    if extra is None or len(extra) < 8 * len(full):
        raise Disagreement("zip64")
    wide = struct.unpack_from(f"<{len(full)}Q", extra)
    widened = list(values)
    for number, value in zip(full, wide, strict=True):
        widened[number] = value
    return widened


def _is_renamed(name: bytes, extra: bytes | None) -> bool:
    """Say whether the field for names in Unicode gives the member another name.

    The field counts only while its checksum is that of the old name; a reader that knows the field
    then shows the new name. It is meant for names in old alphabets, so only an ASCII name must be
    the same in both places.
    """
    if extra is None or len(extra) < 5 or int.from_bytes(extra[1:5], "little") != zlib.crc32(name):
        return False
    return name.isascii() and extra[5:] != name


def _compared(name: bytes) -> bytes:
    return name.replace(b"\\", b"/").strip(b"/")


def _unicode_name(name: bytes, extra: bytes | None) -> bytes:
    """Return the name in UTF-8 that the field gives to a name in an old alphabet, or nothing."""
    if extra is None or int.from_bytes(extra[1:5], "little") != zlib.crc32(name):
        return b""
    return extra[5:] if is_utf8(extra[5:]) and b"\0" not in extra else b""


def _with_codec(entries: list[ZipEntry]) -> list[ZipEntry]:
    """Give all members the codec in which their names read best together.

    Each packer writes names in the code page of its own Windows, DOS or console, and says nowhere
    in which.
    """
    names = [entry.raw_name for entry in entries if not is_utf8(entry.raw_name)]
    if not names:
        return entries
    codec = choose_codec(b"\n".join(names))
    return [replace(entry, codec=codec) for entry in entries]
