"""Check whether what came is what was signed (RFC 5652 §5.4, §5.6; RFC 8551 §3.1.1, §3.5.3).

Nothing is said about who signed: no certificate is judged, and anybody can make one in any name.
Who may alter a mail can also sign it anew, or spoil the signature. So no answer holds or clears
anything; it tells a reader that a gateway or somebody changed the words of an honest sender.
"""

import hashlib
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ..protocol.signs import SIGNATURE_DIFFERS, SIGNATURE_FITS, SIGNATURE_NOT_CHECKED
from . import signers

MAX_SIGNATURE_BYTES = 256 * 1024
# Content inside a signature that is larger costs more to read again than any honest letter.
MAX_CONTENT_BYTES = 64 * 1024**2
# A key of more bits costs more than any honest one.
MAX_RSA_BITS, MIN_RSA_BITS = 8192, 1024
MAX_RSA_EXPONENT = 2**32
LONE_LINE_FEED = re.compile(rb"(?<!\r)\n")
# Begins a SET: attributes that somebody signed, set in place of a letter. No header begins so.
SET_START = b"1"
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
# From the worst to the best: the answer for several signers is the worst of theirs.
ORDER = (SIGNATURE_DIFFERS, SIGNATURE_NOT_CHECKED, SIGNATURE_FITS)


@dataclass
class _Signed:
    """Hold the forms of what was signed, and their digests once computed."""

    forms: tuple[bytes, ...]
    digests: dict[str, set[bytes]] = field(default_factory=dict)

    def has_digest(self, name: str, digest: bytes) -> bool:
        if name not in self.digests:
            self.digests[name] = {hashlib.new(name, form).digest() for form in self.forms}
        return digest in self.digests[name]


def check_detached(signature: bytes, entity: bytes) -> str:
    """Return SIGNATURE_FITS, SIGNATURE_DIFFERS or SIGNATURE_NOT_CHECKED; no bytes make it raise.

    `signature` is a SignedData in DER or BER; `entity` are the signed part's header and body as
    they came, without the line end before the boundary.
    """
    return _check(signature, _forms(entity))


def check_opaque(signature: bytes, content: bytes) -> str:
    """Return the same of a signature that stood around its content (RFC 8551 §3.5.2).

    `signature` is what `opaque.without_content` left of it, `content` what was inside: these octets
    were signed, and no server gives them other line ends (RFC 5652 §5.4).
    """
    if len(content) > MAX_CONTENT_BYTES:
        return SIGNATURE_NOT_CHECKED
    return _check(signature, (content,))


def _check(signature: bytes, forms: tuple[bytes, ...]) -> str:
    if len(signature) > MAX_SIGNATURE_BYTES:
        return SIGNATURE_NOT_CHECKED
    try:
        data = signers.read_signed_data(signature)
        signed = _Signed(forms)
        answers = {_check_signer(data, number, signed) for number in range(len(data.infos))}
    except Exception:  # noqa: BLE001 the parser of strangers' bytes raises what it likes
        return SIGNATURE_NOT_CHECKED
    return next(answer for answer in ORDER if answer in answers)


def _forms(entity: bytes) -> tuple[bytes, ...]:
    """Return what may have been signed: with the line ends of mail, and as it came.

    Line ends are CRLF when mail is signed, and a server may have stored LF alone.
    """
    canonical = LONE_LINE_FEED.sub(b"\r\n", entity)
    return (canonical,) if canonical == entity else (canonical, entity)


def _check_signer(data: signers.SignedData, number: int, signed: _Signed) -> str:
    try:
        signer = signers.read_signer(data, data.infos[number])
        key = _load_key(signer)
    except Exception:  # noqa: BLE001 the parser of strangers' bytes raises what it likes
        return SIGNATURE_NOT_CHECKED
    if signer.message_digest is None:
        if signed.forms[0].startswith(SET_START):
            return SIGNATURE_NOT_CHECKED
        over = signed.forms
    elif not signed.has_digest(signer.digest, signer.message_digest):
        return SIGNATURE_DIFFERS
    else:
        over = signer.attributes
    return SIGNATURE_FITS if any(_fits(signer, key, each) for each in over) else SIGNATURE_DIFFERS


def _load_key(signer: signers.Signer) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    """Return the signer's key; raises NotReadable for one of another kind, too small or large."""
    key = load_der_public_key(signer.public_key)
    if signer.kind == signers.ECDSA and isinstance(key, ec.EllipticCurvePublicKey):
        return key
    if signer.kind == signers.ECDSA or not isinstance(key, rsa.RSAPublicKey):
        raise signers.NotReadable
    is_usual = MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS
    if not is_usual or key.public_numbers().e > MAX_RSA_EXPONENT:
        raise signers.NotReadable
    return key


def _fits(
    signer: signers.Signer, key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, content: bytes
) -> bool:
    digest = HASHES[signer.signed_with]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signer.signature, content, ec.ECDSA(digest))
        elif signer.kind == signers.PSS:
            scheme = padding.PSS(padding.MGF1(digest), signer.salt_bytes)
            key.verify(signer.signature, content, scheme, digest)
        else:
            key.verify(signer.signature, content, padding.PKCS1v15(), digest)
    except InvalidSignature:
        return False
    return True
