"""Make old Office files: compound files of storages and streams (MS-CFB), version 3.

write({"a": b"x", "folder": {"b": b"y"}}) -> bytes with the stream "a" and the stream "folder/b"
"""

import struct
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Tree = dict[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    child: int = FREE
    right: int = FREE
    start: int = END


@dataclass
class _File:
    entries: list[_Entry] = field(default_factory=list)
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    mini: bytes = b""
    mini_fat: list[int] = field(default_factory=list)

    def add(self, name: str, content: "bytes | Tree") -> int:
        """Add a stream or a storage with what is in it; return its number."""
        number = len(self.entries)
        if isinstance(content, bytes):
            self.entries.append(_Entry(name, STREAM, content))
            return number
        entry = _Entry(name, STORAGE if number else ROOT)
        self.entries.append(entry)
        previous = FREE
        for inner in sorted(content, key=lambda text: (len(text), text.upper())):
            added = self.add(inner, content[inner])
            if previous == FREE:
                entry.child = added
            else:
                self.entries[previous].right = added
            previous = added
        return number

    def place(self, content: bytes) -> int:
        """Add the sectors of one chain; return the first."""
        pieces = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
        first = len(self.sectors)
        for number, piece in enumerate(pieces):
            self.sectors.append(piece.ljust(SECTOR, b"\0"))
            self.fat.append(first + number + 1 if number + 1 < len(pieces) else END)
        return first if pieces else END

    def place_mini(self, content: bytes) -> int:
        """Add one small stream to the stream that holds them all; return its first sector."""
        count = -(-len(content) // MINI)
        first = len(self.mini_fat)
        self.mini += content.ljust(count * MINI, b"\0")
        self.mini_fat += [*range(first + 1, first + count), END] if count else []
        return first if count else END


def write(tree: Tree) -> bytes:
    """Return a compound file with the streams and storages of `tree`."""
    file = _File()
    file.add("Root Entry", tree)
    for entry in file.entries:
        if entry.kind == STREAM:
            is_small = len(entry.content) < CUTOFF
            entry.start = (file.place_mini if is_small else file.place)(entry.content)
    file.entries[0].content = file.mini
    file.entries[0].start = file.place(file.mini)
    mini_fat = _numbers(file.mini_fat)
    mini_fat_at, mini_count = file.place(mini_fat), len(mini_fat) // SECTOR
    directory_at = file.place(b"".join(map(_entry, file.entries)))
    fat_at = len(file.sectors)
    fat_count = 1
    while (len(file.fat) + fat_count) * 4 > fat_count * SECTOR:
        fat_count += 1
    fat = _numbers([*file.fat, *[FAT] * fat_count])
    places = list(range(fat_at, fat_at + fat_count))
    header = MAGIC + struct.pack("<16x5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack(
        "<9L", 0, fat_count, directory_at, 0, CUTOFF, mini_fat_at, mini_count, END, 0
    )
    header += struct.pack("<109L", *places, *[FREE] * (109 - fat_count))
    return header + b"".join(file.sectors) + fat


def _numbers(numbers: list[int]) -> bytes:
    content = struct.pack(f"<{len(numbers)}L", *numbers)
    return content + b"\xff" * (-len(content) % SECTOR)


def _entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBB3L", len(name), entry.kind, 1, FREE, entry.right, entry.child)
    place = struct.pack("<36xLQ", entry.start, len(entry.content))
    return name.ljust(64, b"\0") + links + place
