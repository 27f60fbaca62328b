"""Make ZIP archives byte by byte, so that each field can lie."""

import hashlib
import hmac
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

STORED, DEFLATED, AES = 0, 8, 99


@dataclass(frozen=True)
class Member:
    """One member; the archive says the truth of a field that is None, else the given value."""

    name: bytes
    content: bytes
    method: int = DEFLATED
    flags: int = 0
    password: bytes | None = None
    aes_password: bytes | None = None
    local_name: bytes | None = None
    local_flags: int | None = None
    local_size: int | None = None
    told_size: int | None = None
    told_offset: int | None = None
    attributes: int = 0
    extra: bytes = b""
    gap: bytes = b""


def zip_of(
    members: Sequence[Member],
    *,
    before: bytes = b"",
    comment: bytes = b"",
    told_count: int | None = None,
    offset_shift: int = 0,
) -> bytes:
    """Return an archive of the members, with their lies and those of the arguments."""
    body, directory = before, b""
    for asked in members:
        packed, member = _packed(asked)
        offset = len(body) - len(before) + offset_shift
        offset = member.told_offset if member.told_offset is not None else offset
        body += _local(member, packed) + packed + member.gap
        directory += _central(member, packed, offset)
    count = told_count if told_count is not None else len(members)
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory),
        len(body) - len(before) + offset_shift, len(comment),
    )  # fmt: skip
    return body + directory + end + comment


def plain_zip(files: dict[str, bytes], *, method: int = DEFLATED) -> bytes:
    """Return an ordinary archive."""
    return zip_of([Member(name.encode(), content, method) for name, content in files.items()])


def _packed(member: Member) -> tuple[bytes, Member]:
    content = member.content
    if member.method == DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        content = packer.compress(content) + packer.flush()
    if member.password is not None:
        check = zlib.crc32(member.content) >> 24
        content = old_encrypted(os.urandom(11) + bytes([check]) + content, member.password)
        return content, replace(member, flags=member.flags | 1)
    if member.aes_password is not None:
        extra = struct.pack("<HHH2sBH", 0x9901, 7, 1, b"AE", 3, member.method)
        content = aes_encrypted(content, member.aes_password)
        flags = member.flags | 1
        return content, replace(member, flags=flags, method=AES, extra=extra)
    return content, member


def _local(member: Member, packed: bytes) -> bytes:
    name = member.local_name if member.local_name is not None else member.name
    flags = member.local_flags if member.local_flags is not None else member.flags
    size = member.local_size if member.local_size is not None else len(member.content)
    head = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, flags, member.method, 0, 33,
        zlib.crc32(member.content), len(packed), size, len(name), len(member.extra),
    )  # fmt: skip
    return head + name + member.extra


def _central(member: Member, packed: bytes, offset: int) -> bytes:
    size = member.told_size if member.told_size is not None else len(member.content)
    head = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, member.flags, member.method, 0, 33,
        zlib.crc32(member.content), len(packed), size, len(member.name), len(member.extra), 0, 0, 0,
        member.attributes, offset,
    )  # fmt: skip
    return head + member.name + member.extra


def old_encrypted(content: bytes, password: bytes) -> bytes:
    """Return `content` under the encryption of PKZIP 2 (APPNOTE §6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = _crc_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc_step(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    encrypted = bytearray()
    for byte in content:
        mixed = keys[2] | 2
        encrypted.append(byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF))
        update(byte)
    return bytes(encrypted)


def _crc_step(crc: int, byte: int) -> int:
    """Return the checksum's next state; the library complements before and after."""
    return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def aes_encrypted(content: bytes, password: bytes) -> bytes:
    """Return `content` under WinZip's encryption of 256 bits."""
    salt = os.urandom(16)
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    encryptor = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()
    encrypted = b""
    for number in range(-(-len(content) // 16)):
        piece = content[16 * number : 16 * number + 16]
        stream = encryptor.update(struct.pack("<QQ", number + 1, 0))
        encrypted += bytes(one ^ other for one, other in zip(piece, stream, strict=False))
    code = hmac.digest(keys[32:64], encrypted, "sha1")[:10]
    return salt + keys[64:] + encrypted + code
