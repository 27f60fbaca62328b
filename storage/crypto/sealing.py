"""Seal columns: names, addresses and free text, readable only with their data key.

A sealed value is bound to its place (table, column, row), so that a value that was moved to another
row does not open there.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.crypto.keys import NONCE_BYTES, DataKey
from storage.errors import KeyUnavailable

PURPOSE = "sealed-columns"


def seal(key: DataKey, place: str, text: str) -> bytes:
    """Encrypt text for one place, such as `documents.name:ID`."""
    # Lone surrogates reach us from hostile headers; UTF-8 has no form for them.
    return seal_bytes(key, place, text.encode("utf-8", "replace"))


def unseal(key: DataKey, place: str, sealed: bytes | None) -> str:
    """Decrypt what `seal` made; None and empty give an empty text. Raises KeyUnavailable."""
    return unseal_bytes(key, place, sealed).decode("utf-8") if sealed else ""


def seal_bytes(key: DataKey, place: str, content: bytes) -> bytes:
    """Encrypt bytes for one place: nonce, then AES-256-GCM ciphertext with its tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key.derive(PURPOSE)).encrypt(nonce, content, place.encode())


def unseal_bytes(key: DataKey, place: str, sealed: bytes) -> bytes:
    """Decrypt bytes. Raises KeyUnavailable for another key, another place or damage."""
    try:
        return AESGCM(key.derive(PURPOSE)).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()
        )
    except (InvalidTag, ValueError) as error:
        # AESGCM raises ValueError for a nonce that is too short.
        raise KeyUnavailable("the value does not open here") from error
