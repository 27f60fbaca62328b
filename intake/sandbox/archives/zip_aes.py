"""Know the newer encryption of ZIP members (WinZip AE-1 and AE-2).

Runs inside the jail; imports cryptography and the standard library.

    salt | two bytes to check the password | encrypted | ten bytes of HMAC-SHA1
"""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROUNDS = 1000
CHECK_BYTES, CODE_BYTES, BLOCK_BYTES = 2, 10, 16
KEY_BYTES = {1: 16, 2: 24, 3: 32}
BLOCKS_AT_ONCE = 65536


class WrongPassword(Exception):
    """The password does not open this member."""


def decrypt_aes(packed: memoryview, field: bytes, password: bytes) -> bytes:
    """Return what was encrypted, still compressed; raise WrongPassword.

    `field` is the extra field 0x9901: version, "AE", strength, method.
    """
    if len(field) != 7 or field[4] not in KEY_BYTES:
        raise WrongPassword
    key_bytes = KEY_BYTES[field[4]]
    salt_bytes = key_bytes // 2
    start, end = salt_bytes + CHECK_BYTES, len(packed) - CODE_BYTES
    if end < start:
        raise WrongPassword
    salt, check, code = packed[:salt_bytes], packed[salt_bytes:start], packed[end:]
    wanted = 2 * key_bytes + CHECK_BYTES
    keys = hashlib.pbkdf2_hmac("sha1", password, bytes(salt), ROUNDS, wanted)
    if keys[-CHECK_BYTES:] != check:
        raise WrongPassword
    encrypted = packed[start:end]
    expected = hmac.digest(keys[key_bytes : 2 * key_bytes], encrypted, "sha1")[:CODE_BYTES]
    if not hmac.compare_digest(expected, bytes(code)):
        raise WrongPassword
    return _xor_key_stream(encrypted, keys[:key_bytes])


def _xor_key_stream(encrypted: memoryview, key: bytes) -> bytes:
    """Undo counter mode with a counter that starts at one, least significant byte first.

    The library's own counter mode counts the other way round, so blocks of counters are encrypted
    one by one, which is what the plain mode is for here.
    """
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 see above
    pieces = []
    for position in range(0, len(encrypted), BLOCKS_AT_ONCE * BLOCK_BYTES):
        piece = encrypted[position : position + BLOCKS_AT_ONCE * BLOCK_BYTES]
        first = position // BLOCK_BYTES + 1
        blocks = range(first, first + -(-len(piece) // BLOCK_BYTES))
        counters = b"".join(struct.pack("<QQ", number, 0) for number in blocks)
        stream = encryptor.update(counters)[: len(piece)]
        mixed = int.from_bytes(piece, "big") ^ int.from_bytes(stream, "big")
        pieces.append(mixed.to_bytes(len(piece), "big"))
    return b"".join(pieces)
