"""Make workbooks that are encrypted as Excel encrypts them, with its standard password or another.

The ways are [MS-OFFCRYPTO] §2.3.6 (RC4), §2.3.7 (XOR) and §2.3.4 (an encrypted package).
"""

import hashlib
import io
import struct
from collections.abc import Callable

from Cryptodome.Cipher import ARC4
from msoffcrypto.format.ooxml import OOXMLFile

from tests.samples.files import compound

STANDARD = "VelvetSweatshop"
BOF, EOF, FILEPASS, BOUNDSHEET, LABEL = 0x0809, 0x000A, 0x002F, 0x0085, 0x0204
MIN_PACKAGE_BYTES = 4096
# Cells of numbers that do not pack well.
CELLS = "".join(f"<c><v>{number**5 % 1_000_003}</v></c>" for number in range(2000))
SALT, BLOCK = bytes(range(16)), 1024
# The key, the verifier and the sixteen bytes that come of the standard password (§2.3.7.1 to 3).
XOR_KEY, XOR_VERIFIER = 0xB359, 0x9A0A
XOR_BYTES = bytes.fromhex("876b9ae21ee305621e699660986e9404")
# Gets the body of a record and where it stands.
Disguise = Callable[[bytes, int], bytes]


def package(content: bytes, password: str = STANDARD) -> bytes:
    """Return an OOXML file in an encrypted package.

    It has to be of 4,096 bytes or more: of smaller ones the library makes a damaged file.
    """
    assert len(content) >= MIN_PACKAGE_BYTES
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()


def rc4_workbook(text: str, *, password: str = STANDARD, kind: int = 0) -> bytes:
    """Return an XLS under RC4 with one cell; `kind` 1 makes its sheet one of macros."""
    verifier = bytes(range(16, 32))
    cipher = ARC4.new(_rc4_key(password, 0))
    info = SALT + cipher.encrypt(verifier) + cipher.encrypt(hashlib.md5(verifier).digest())
    filepass = struct.pack("<HHH", 1, 1, 1) + info
    plain = _records(text, kind, filepass)
    size = sum(len(head) + len(body) for _, head, body in plain)
    stream = b"".join(
        ARC4.new(_rc4_key(password, number)).encrypt(bytes(BLOCK))
        for number in range(size // BLOCK + 1)
    )

    def disguise(body: bytes, at: int) -> bytes:
        return bytes(a ^ b for a, b in zip(body, stream[at:], strict=False))

    return _workbook(plain, disguise)


def xor_workbook(text: str, *, kind: int = 0) -> bytes:
    """Return an XLS that is obfuscated with the standard password, as before RC4."""
    plain = _records(text, kind, struct.pack("<HHH", 0, XOR_KEY, XOR_VERIFIER))

    def disguise(body: bytes, at: int) -> bytes:
        return bytes(
            (byte << 5 | byte >> 3) & 0xFF ^ XOR_BYTES[(at + len(body) + number) % 16]
            for number, byte in enumerate(body)
        )

    return _workbook(plain, disguise)


def _workbook(records: list[tuple[int, bytes, bytes]], disguise: Disguise) -> bytes:
    """Return the file; bodies but those that stay plain (§2.2.10 of [MS-XLS]) are disguised."""
    written = b""
    for kind, head, body in records:
        at = len(written) + len(head)
        if kind == BOUNDSHEET:
            disguised = body[:4] + disguise(body, at)[4:]
        else:
            disguised = body if kind in (BOF, FILEPASS) else disguise(body, at)
        written += head + disguised
    return compound.write({"Workbook": written})


def _records(text: str, kind: int, filepass: bytes) -> list[tuple[int, bytes, bytes]]:
    name = b"A"
    sheet_at = 20 + 4 + len(filepass) + 4 + 8 + len(name) + 4
    words = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    bodies = [
        (BOF, struct.pack("<HHHHLL", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)),
        (FILEPASS, filepass),
        (BOUNDSHEET, struct.pack("<LBBBB", sheet_at, 0, kind, len(name), 0) + name),
        (EOF, b""),
        (BOF, struct.pack("<HHHHLL", 0x0600, 0x0040 if kind else 0x0010, 0x0DBB, 0x07CC, 0, 6)),
        (LABEL, struct.pack("<HHH", 0, 0, 15) + words),
        (EOF, b""),
    ]
    return [(number, struct.pack("<HH", number, len(body)), body) for number, body in bodies]


def _rc4_key(password: str, block: int) -> bytes:
    first = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    second = hashlib.md5((first + SALT) * 16).digest()[:5]
    return hashlib.md5(second + struct.pack("<L", block)).digest()
