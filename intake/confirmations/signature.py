"""Sign papers, check signatures, and make the code that is printed on a paper.

The key is Ed25519 (RFC 8032). Its seed is derived from the system's data key, so it stays the same
when the master key changes, and is in no file.
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
# Signed bytes begin with their purpose, so that no signature can be used for another one.
PAPER_CONTEXT, CODE_CONTEXT = b"avrr signed paper 1\n", b"avrr paper code 1\n"
CODE_SYMBOLS, GROUP = 20, 4


def signer_from(system: "DataKey") -> Ed25519PrivateKey:
    """Return the signing key that is derived from the system's data key."""
    return Ed25519PrivateKey.from_private_bytes(system.derive(PURPOSE))


def sign_paper(signer: Ed25519PrivateKey, pdf_digest: str, content: bytes) -> str:
    """Return the signature of a PDF's SHA-256 (hex) and its content: 88 symbols of base64."""
    return base64.b64encode(signer.sign(_signed_bytes(pdf_digest, content))).decode()


def is_signature_valid(
    signer: Ed25519PrivateKey, pdf_digest: str, content: bytes, signature: str
) -> bool:
    """Tell whether a signature is ours, of this PDF's SHA-256 (hex) and this content."""
    try:
        raw = base64.b64decode(signature, validate=True)
        signer.public_key().verify(raw, _signed_bytes(pdf_digest, content))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def check_code(signer: Ed25519PrivateKey, content: bytes) -> str:
    """Return the code that is printed on a paper: 100 bits that only this key can make.

    The code covers the content. The signature covers the PDF, so it cannot be printed in it.
    """
    signature = signer.sign(CODE_CONTEXT + bytes.fromhex(digest_of(content)))
    text = base64.b32encode(hashlib.sha256(signature).digest()).decode()[:CODE_SYMBOLS]
    return "-".join(text[at : at + GROUP] for at in range(0, CODE_SYMBOLS, GROUP))


def _signed_bytes(pdf_digest: str, content: bytes) -> bytes:
    return PAPER_CONTEXT + bytes.fromhex(pdf_digest) + bytes.fromhex(digest_of(content))
