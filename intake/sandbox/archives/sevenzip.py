"""Take the members out of a 7z archive.

The worker of py7zr is driven here directly. Its public way turns names into paths of the working
directory and asks the system for that directory; here a name is only text.
"""

import io
import lzma
import zlib

import py7zr
from Cryptodome.Cipher import AES
from py7zr.exceptions import (
    ArchiveError,
    CrcError,
    PasswordRequired,
    UnsupportedCompressionMethodError,
)
from py7zr.io import MemIO, Py7zIO, WriterFactory

from .members import PARSER_ERRORS, Container, Gathering, NotOpened, held, locked, unreadable

PIECE_BYTES = 1024 * 1024
BROKEN = (*PARSER_ERRORS, ArchiveError, lzma.LZMAError, zlib.error, EOFError)


def load_seven() -> None:
    """Load the decryption, and have the library unpack in small pieces.

    It would ask the system for the free memory, which the jail refuses, and then take up to 128 MB
    at once, which is more than a limit should be checked after.
    """
    AES.new(bytes(32), AES.MODE_CBC, bytes(16)).decrypt(bytes(16))
    vars(py7zr.py7zr)["get_memory_limit"] = lambda: PIECE_BYTES


def open_seven(container: Container, gathering: Gathering) -> None:
    """Add every regular member; raises NotOpened. The listing is checked before anything else."""
    wanted: tuple[str | None, ...] = container.passwords or (None,)
    for password in wanted:
        try:
            _open_with(container.content, password, gathering)
        except NotOpened as end:
            # Under a wrong password the archive only looks broken.
            if end.state != "locked" and not (password and end.state == "unreadable"):
                raise
            if password is None:
                raise
        else:
            return
    if not _needs_password(container.content):
        raise unreadable("archive_damaged")
    raise locked("wrong_password")


def _open_with(content: bytes, password: str | None, gathering: Gathering) -> None:
    try:
        with py7zr.SevenZipFile(io.BytesIO(content), password=password) as archive:
            if archive.password_protected and password is None:
                raise locked("password_needed")
            _extract(archive, gathering, len(content))
    except PasswordRequired:
        raise locked("password_needed") from None
    except UnsupportedCompressionMethodError:
        raise held("unsupported_method") from None
    except CrcError:
        raise unreadable("archive_damaged") from None
    except BROKEN:
        raise unreadable("archive_damaged") from None


def _extract(archive: py7zr.SevenZipFile, gathering: Gathering, packed_size: int) -> None:
    """Unpack member by member into memory that refuses to grow over a limit.

    Members share one stream, so only the whole has a ratio.
    """
    members = [member for member in archive.files if not member.is_directory]
    sizes = [member.uncompressed for member in members]
    gathering.expect(sizes)
    total = sum(sizes)
    limits = gathering.limits
    if total > limits.min_ratio_bytes and total > limits.max_ratio * packed_size:
        raise held("ratio_too_high")
    memory = _Memory(gathering)
    for member in members:
        archive.worker.register_filelike(member.id, MemIO(str(member.id), memory))
    archive.worker.extract(archive.fp, None, parallel=False)
    for member in members:
        content = memory.taken.get(str(member.id))
        defects = ("symlink",) if member.is_symlink or member.is_junction else ()
        gathering.add(
            member.filename, b"" if content is None else content.joined(), defects=defects
        )


def _needs_password(content: bytes) -> bool:
    try:
        with py7zr.SevenZipFile(io.BytesIO(content)) as archive:
            return bool(archive.password_protected)
    except PasswordRequired:
        return True
    except BROKEN:
        return False


class _Member(Py7zIO):
    """Keep what is written, until it is more than allowed."""

    def __init__(self, memory: "_Memory") -> None:
        self._memory = memory
        self._pieces: list[bytes] = []
        self._size = 0

    def joined(self) -> bytes:
        """Return the whole content."""
        return b"".join(self._pieces)

    def write(self, s: bytes | bytearray) -> int:
        """Take one piece; raises NotOpened over a limit."""
        self._size += len(s)
        self._memory.count(len(s), self._size)
        self._pieces.append(bytes(s))
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Return nothing: the archive only writes."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stay where it is."""
        return 0

    def flush(self) -> None:
        """Do nothing."""

    def size(self) -> int:
        """Return how much was written."""
        return self._size


class _Memory(WriterFactory):
    """Make the members' memory and count them all together."""

    def __init__(self, gathering: Gathering) -> None:
        self.taken: dict[str, _Member] = {}
        self._limits = gathering.limits
        self._total = gathering.total_bytes

    def create(self, filename: str) -> Py7zIO:
        """Return the memory for one member."""
        self.taken[filename] = _Member(self)
        return self.taken[filename]

    def count(self, more: int, size: int) -> None:
        """Refuse what is over a limit; raises NotOpened."""
        self._total += more
        limits = self._limits
        if size > limits.max_member_bytes or self._total > limits.max_total_bytes:
            raise held("too_large_unpacked")
