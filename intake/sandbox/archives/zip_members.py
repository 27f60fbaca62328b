"""Take the members out of a ZIP: each is checked first and counted while it is unpacked.

`zipfile` is used for the old encryption alone, and never its `Path` (threat B13). The
newer encryption of WinZip (AE-1 and AE-2) is undone here.
"""

import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .inflate import BROKEN, RAW_DEFLATE, Stream
from .members import Container, Gathering, held, locked, unreadable
from .zip_directory import STRONG, TooMany, ZipEntry, read_directory
from .zip_end import Disagreement

STORED, DEFLATED, BZIP2, AES = 0, 8, 12, 99
METHODS = frozenset({STORED, DEFLATED, BZIP2})
PACKED_CHUNK_BYTES = 1024 * 1024
# The old encryption is undone byte by byte in Python, about ten seconds for this much.
MAX_OLD_ENCRYPTED_BYTES = 24 * 1024**2
# WinZip AE-1 and AE-2: salt | two bytes to check the password | encrypted | ten bytes of HMAC-SHA1
AES_ROUNDS = 1000
AES_CHECK_BYTES, AES_CODE_BYTES, AES_BLOCK_BYTES = 2, 10, 16
AES_KEY_BYTES = {1: 16, 2: 24, 3: 32}
AES_BLOCKS_AT_ONCE = 65536


class WrongPassword(Exception):
    """The password does not open this member."""


def open_zip(container: Container, gathering: Gathering) -> None:
    """Add every member that is not a folder; raises NotOpened."""
    for entry, content in read_members(container, gathering):
        defects = ("symlink",) if entry.is_link else ()
        gathering.add(entry.name, content, defects=defects)


def read_members(container: Container, gathering: Gathering) -> Iterator[tuple[ZipEntry, bytes]]:
    """Yield each member with its content, after all of them were checked; raises NotOpened."""
    entries = list_members(container, gathering)
    for entry in entries:
        if entry.is_encrypted:
            yield entry, _read_encrypted(container, gathering, entry)
        else:
            packed = packed_bytes(container.content, entry)
            yield entry, _checked(gathering, entry, packed, entry.method)


def list_members(container: Container, gathering: Gathering) -> list[ZipEntry]:
    """Return the members without folders, when both directories agree and all limits hold."""
    try:
        entries = read_directory(container.content, gathering.limits.max_members)
    except TooMany:
        raise held("too_many_members") from None
    except Disagreement:
        raise held("zip_disagrees") from None
    if any(entry.is_folder and entry.size for entry in entries):
        raise held("zip_disagrees")
    members = [entry for entry in entries if not entry.is_folder]
    gathering.expect([entry.size for entry in members], [entry.packed_size for entry in members])
    for entry in members:
        method = _real_method(entry)
        if method == STORED and not entry.is_encrypted and entry.size != entry.packed_size:
            raise held("zip_disagrees")
        if entry.flags & STRONG and entry.is_encrypted:
            raise locked("encryption_not_supported")
        if method not in METHODS:
            raise held("unsupported_method")
    encrypted = [entry for entry in members if entry.is_encrypted]
    if encrypted and not container.passwords:
        raise locked("password_needed")
    old = sum(entry.packed_size for entry in encrypted if entry.method != AES)
    if old > MAX_OLD_ENCRYPTED_BYTES:
        raise held("too_large_to_decrypt")
    return members


def packed_bytes(content: bytes, entry: ZipEntry) -> memoryview:
    """Return the member's bytes as they lie in the archive."""
    return memoryview(content)[entry.start : entry.start + entry.packed_size]


def _real_method(entry: ZipEntry) -> int:
    """Return the method of compression; under AES it stands in the extra field."""
    if entry.method == AES and len(entry.aes) == 7:
        return int.from_bytes(entry.aes[5:7], "little")
    return entry.method


def _checked(
    gathering: Gathering, entry: ZipEntry, packed: memoryview, method: int, *, has_crc: bool = True
) -> bytes:
    """Return the content; size and checksum must be as declared, and no byte left over."""
    stream = Stream(packed)
    try:
        content = gathering.read(_chunks(stream, method), entry.packed_size)
    except BROKEN:
        raise unreadable("zip_damaged") from None
    if method != STORED and (not stream.is_complete or stream.consumed != len(packed)):
        raise held("zip_disagrees") if stream.is_complete else unreadable("zip_damaged")
    if len(content) != entry.size:
        raise held("zip_disagrees")
    if has_crc and zlib.crc32(content) != entry.crc:
        raise unreadable("zip_damaged")
    return content


def _chunks(stream: Stream, method: int) -> Iterator[bytes]:
    if method == DEFLATED:
        return stream.inflate(RAW_DEFLATE)
    if method == BZIP2:
        return stream.unpack("bzip2")
    return iter([bytes(stream.content)])


def _read_encrypted(container: Container, gathering: Gathering, entry: ZipEntry) -> bytes:
    """Return the content under the first password that opens it; raises NotOpened if none does.

    A wrong password passes the quick check of the old encryption once in 256 times, and the
    content then comes out damaged. So damage means: try the next password.
    """
    for password in container.passwords:
        for encoded in _encodings(password):
            try:
                if entry.method == AES:
                    return _read_aes(container, gathering, entry, encoded)
                return _read_old(container, gathering, entry, encoded)
            except (WrongPassword, *BROKEN, RuntimeError, zipfile.BadZipFile):
                continue
    raise locked("wrong_password")


def _encodings(password: str) -> list[bytes]:
    """Return the password as today's packers encode it, and as Windows used to."""
    forms = [password.encode("utf-8", "replace"), password.encode("cp1252", "replace")]
    return list(dict.fromkeys(forms))


def _read_aes(
    container: Container, gathering: Gathering, entry: ZipEntry, password: bytes
) -> bytes:
    version = int.from_bytes(entry.aes[:2], "little")
    packed = packed_bytes(container.content, entry)
    plain = memoryview(decrypt_aes(packed, entry.aes, password))
    # The authentication code was right, so from here on a defect is the archive's.
    return _checked(gathering, entry, plain, _real_method(entry), has_crc=version == 1)


def _read_old(
    container: Container, gathering: Gathering, entry: ZipEntry, password: bytes
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(container.content)) as archive:
        infos = [info for info in archive.infolist() if info.header_offset < entry.start]
        info = max(infos, key=lambda one: one.header_offset)
        with archive.open(info, pwd=password) as member:
            content = gathering.read(iter(lambda: member.read(PACKED_CHUNK_BYTES), b""))
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise WrongPassword
    return content


def decrypt_aes(packed: memoryview, field: bytes, password: bytes) -> bytes:
    """Return the decrypted bytes, still compressed; raises WrongPassword.

    `field` is the extra field 0x9901: version, "AE", strength, method.
    """
    if len(field) != 7 or field[4] not in AES_KEY_BYTES:
        raise WrongPassword
    key_bytes = AES_KEY_BYTES[field[4]]
    salt_bytes = key_bytes // 2
    start, end = salt_bytes + AES_CHECK_BYTES, len(packed) - AES_CODE_BYTES
    if end < start:
        raise WrongPassword
    salt, check, code = packed[:salt_bytes], packed[salt_bytes:start], packed[end:]
    wanted = 2 * key_bytes + AES_CHECK_BYTES
    keys = hashlib.pbkdf2_hmac("sha1", password, bytes(salt), AES_ROUNDS, wanted)
    if keys[-AES_CHECK_BYTES:] != check:
        raise WrongPassword
    encrypted = packed[start:end]
    expected = hmac.digest(keys[key_bytes : 2 * key_bytes], encrypted, "sha1")[:AES_CODE_BYTES]
    if not hmac.compare_digest(expected, bytes(code)):
        raise WrongPassword
    return _xor_key_stream(encrypted, keys[:key_bytes])


def _xor_key_stream(encrypted: memoryview, key: bytes) -> bytes:
    """Undo counter mode with a counter that starts at one, least significant byte first.

    The library's own counter mode has the most significant byte first. So the blocks of counters
    are encrypted here, which needs the plain mode (ECB).
    """
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 counters only
    pieces = []
    for position in range(0, len(encrypted), AES_BLOCKS_AT_ONCE * AES_BLOCK_BYTES):
        piece = encrypted[position : position + AES_BLOCKS_AT_ONCE * AES_BLOCK_BYTES]
        first = position // AES_BLOCK_BYTES + 1
        blocks = range(first, first + -(-len(piece) // AES_BLOCK_BYTES))
        counters = b"".join(struct.pack("<QQ", number, 0) for number in blocks)
        stream = encryptor.update(counters)[: len(piece)]
        mixed = int.from_bytes(piece, "big") ^ int.from_bytes(stream, "big")
        pieces.append(mixed.to_bytes(len(piece), "big"))
    return b"".join(pieces)
