"""Paper signing: the key of papers, its signatures, and the code that is printed.

Pure. The key is Ed25519 (RFC 8032); its seed is derived from the system's data key, so it
survives a change of the master key and is in no file.
"""

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intake.confirmations.content import digest_of

if TYPE_CHECKING:
    from storage.crypto.keys import DataKey

PURPOSE = "signed-papers"
# What is signed begins with its use, so that no signature can stand for another.
PAPER_CONTEXT, CODE_CONTEXT = b"avrr signed paper 1\n", b"avrr paper code 1\n"
CODE_SYMBOLS, GROUP = 20, 4


def signer_from(system: "DataKey") -> Ed25519PrivateKey:
    """Return the signing key that a system's data key gives."""
    return Ed25519PrivateKey.from_private_bytes(system.derive(PURPOSE))


def sign(signer: Ed25519PrivateKey, pdf_digest: str, content: bytes) -> str:
    """Return the signature of a PDF's SHA-256 (hex) and its content: 88 symbols of base64."""
    return base64.b64encode(signer.sign(_signed_bytes(pdf_digest, content))).decode()


def holds(signer: Ed25519PrivateKey, pdf_digest: str, content: bytes, signature: str) -> bool:
    """Tell whether a signature is ours, of this PDF and this content."""
    try:
        raw = base64.b64decode(signature, validate=True)
        signer.public_key().verify(raw, _signed_bytes(pdf_digest, content))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def check_code(signer: Ed25519PrivateKey, content: bytes) -> str:
    """Return the code that is printed on a paper: 100 bits that only this key can make.

    It stands for the content. The signature itself covers the PDF, so it cannot be printed in it.
    """
    signature = signer.sign(CODE_CONTEXT + bytes.fromhex(digest_of(content)))
    text = base64.b32encode(hashlib.sha256(signature).digest()).decode()[:CODE_SYMBOLS]
    return "-".join(text[at : at + GROUP] for at in range(0, CODE_SYMBOLS, GROUP))


def _signed_bytes(pdf_digest: str, content: bytes) -> bytes:
    return PAPER_CONTEXT + bytes.fromhex(pdf_digest) + bytes.fromhex(digest_of(content))
