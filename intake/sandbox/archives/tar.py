"""Take files out of what gzip, bzip2 and xz compress, and out of tar archives."""

import io
import re
import tarfile
from collections.abc import Iterator
from itertools import chain

from ..protocol.text import decode
from .inflate import BROKEN, GZIP, Stream
from .members import Container, Gathering, held, unreadable

TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
READ_BYTES = 1024 * 1024
COMPRESSED_ENDING = re.compile(r"\.(?:gz|bz2|xz|lzma)$", re.IGNORECASE)
SHORT_TAR_ENDING = re.compile(r"\.t(?:gz|bz2?|xz)$", re.IGNORECASE)
GZIP_NAME_FLAG, GZIP_EXTRA_FLAG, GZIP_HEAD_BYTES = 8, 4, 10


def is_tar(head: bytes) -> bool:
    """Say whether `head` begins a tar archive."""
    return head[TAR_MAGIC_AT : TAR_MAGIC_AT + len(TAR_MAGIC)] == TAR_MAGIC


def is_padding(rest: memoryview) -> bool:
    """Say whether only zeros follow."""
    return bytes(rest).count(0) == len(rest)


def open_compressed(container: Container, gathering: Gathering, kind: str) -> None:
    """Add the one file of a `gzip`, `bzip2` or `xz`, or the members of the tar inside it.

    Raises NotOpened.
    """
    parts = _parts(container.content, kind)
    first = next(parts, b"")
    is_archive = is_tar(first[:512])
    content = gathering.read(chain([first], parts), len(container.content), is_whole=is_archive)
    if is_archive:
        _open_members(content, gathering)
        return
    name = _name_in_gzip(container.content) if kind == "gzip" else ""
    ending = COMPRESSED_ENDING.sub("", SHORT_TAR_ENDING.sub(".tar", container.claimed_name))
    gathering.add(name or ending, content, unnamed="content")


def open_tar(container: Container, gathering: Gathering) -> None:
    """Add the regular members of a tar archive; links and devices are flags. Raises NotOpened."""
    _open_members(container.content, gathering)


def _parts(content: bytes, kind: str) -> Iterator[bytes]:
    """Yield the content of all streams; several may follow each other, then only zeros."""
    rest = memoryview(content)
    is_first = True
    while rest and (is_first or not is_padding(rest)):
        stream = Stream(rest)
        try:
            yield from stream.inflate(GZIP) if kind == "gzip" else stream.unpack(kind)
        except BROKEN:
            raise (unreadable("archive_damaged") if is_first else held("data_after_end")) from None
        if not stream.is_complete:
            raise unreadable("archive_damaged")
        rest = rest[stream.consumed :]
        is_first = False
    if is_first:
        raise unreadable("archive_damaged")


def _open_members(content: bytes, gathering: Gathering) -> None:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            count = 0
            for member in archive:
                count += 1
                gathering.expect_count(0 if count <= gathering.limits.max_members else count)
                _add_member(archive, member, gathering)
    except (tarfile.TarError, *BROKEN, LookupError, TypeError, RecursionError):
        raise unreadable("archive_damaged") from None
    # The library ends in silence at a header that it cannot read, whatever follows.
    if not is_padding(memoryview(content)[archive.offset :]):
        raise held("data_after_end") if count else unreadable("archive_damaged")


def _add_member(archive: tarfile.TarFile, member: tarfile.TarInfo, gathering: Gathering) -> None:
    if member.isdir():
        return
    if member.issparse():
        raise held("sparse_member")
    if not member.isreg():
        is_link = member.islnk() or member.issym()
        gathering.flags.add("links_left_out" if is_link else "devices_left_out")
        return
    gathering.expect([member.size])
    reader = archive.extractfile(member)
    if reader is None:
        raise unreadable("archive_damaged")
    content = gathering.read(iter(lambda: reader.read(READ_BYTES), b""))
    if len(content) != member.size:
        raise unreadable("archive_damaged")
    gathering.add(member.name, content)


def _name_in_gzip(content: bytes) -> str:
    """Return the name of the file that was compressed, where the header has it (RFC 1952 §2.3)."""
    flags = content[3] if len(content) > GZIP_HEAD_BYTES else 0
    if not flags & GZIP_NAME_FLAG:
        return ""
    start = GZIP_HEAD_BYTES
    if flags & GZIP_EXTRA_FLAG:
        start += 2 + int.from_bytes(content[start : start + 2], "little")
    end = content.find(b"\0", start, start + 1024)
    return decode(content[start:end], "utf-8") if end > 0 else ""
