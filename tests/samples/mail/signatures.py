"""Make the signatures that mail programs add to a mail, under keys that were made for it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from tests.samples.mail.wire import base64_lines, mail, multipart, part

Kind = Literal["ecdsa", "rsa", "pss"]
Digest = Literal["sha224", "sha256", "sha384", "sha512"]
HASHES: dict[str, hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

PGP_SIGNATURE = (
    b"-----BEGIN PGP SIGNATURE-----\r\nComment: made by hand\r\n\r\n"
    b"iQEzBAEBCAAdFiEEx2bH7m0=\r\n=aB3d\r\n-----END PGP SIGNATURE-----\r\n"
)
PKCS7_SIGNATURE = "application/pkcs7-signature"


@dataclass(frozen=True)
class Signer:
    """Who signs, and how."""

    kind: Kind = "ecdsa"
    digest: Digest = "sha256"
    number: int = 1


def cms_signature(
    content: bytes,
    *signers: Signer,
    is_detached: bool = True,
    options: Sequence[pkcs7.PKCS7Options] = (),
    certificates: Sequence[x509.Certificate] = (),
) -> bytes:
    """Return a SignedData (RFC 5652 §5.1) in DER, with the content left out or inside."""
    used = [pkcs7.PKCS7Options.Binary, *options]
    used += [pkcs7.PKCS7Options.DetachedSignature] if is_detached else []
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    for each in signers or (Signer(),):
        (key, certificate), digest = key_of(each), HASHES[each.digest]
        pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
        builder = builder.add_signer(
            certificate, key, digest, rsa_padding=pss if each.kind == "pss" else None
        )
    for certificate in certificates:
        builder = builder.add_certificate(certificate)
    return builder.sign(serialization.Encoding.DER, used)


def signed_mail(
    entity: bytes,
    signature: bytes,
    *more: bytes,
    name: str = "signed",
    kind: str = PKCS7_SIGNATURE,
    headers: Sequence[bytes] = (),
) -> bytes:
    """Write a mail of a signed part, its signature and `more` (RFC 1847, RFC 8551 §3.5.3)."""
    file = "smime.p7s" if kind == PKCS7_SIGNATURE else "signature"
    fields = [
        f"Content-Type: {kind}; name={file}".encode(),
        f"Content-Disposition: attachment; filename={file}".encode(),
        b"Content-Transfer-Encoding: base64",
    ]
    field = f'Content-Type: multipart/signed; protocol="{kind}"; micalg=sha-256; boundary=b'
    parts = [entity, part(fields, base64_lines(signature)), *more]
    return mail(name, headers=[field.encode(), *headers], body=multipart(b"b", parts))


@cache
def key_of(
    signer: Signer,
) -> tuple[ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, x509.Certificate]:
    """Return the key of a signer, and its certificate, which it signed itself."""
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if signer.kind == "ecdsa":
        curves: dict[str, ec.EllipticCurve] = {"sha384": ec.SECP384R1(), "sha512": ec.SECP521R1()}
        key = ec.generate_private_key(curves.get(signer.digest, ec.SECP256R1()))
    else:
        key = rsa.generate_private_key(65537, 2048)
    return key, certificate_of(key.public_key(), key, signer.number)


def certificate_of(
    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    issuer: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    number: int,
) -> x509.Certificate:
    """Return a certificate of a key, with this serial number."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Anna")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.serial_number(number).public_key(public_key).not_valid_before(start)
    end = start + datetime.timedelta(days=9999)
    return builder.not_valid_after(end).sign(issuer, hashes.SHA256())
