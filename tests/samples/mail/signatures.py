"""Make the signatures that mail programs add to a mail, under a key that was made for it."""

import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

PGP_SIGNATURE = (
    b"-----BEGIN PGP SIGNATURE-----\r\nComment: made by hand\r\n\r\n"
    b"iQEzBAEBCAAdFiEEx2bH7m0=\r\n=aB3d\r\n-----END PGP SIGNATURE-----\r\n"
)


def cms_signature(content: bytes, *, is_detached: bool = True) -> bytes:
    """Return a SignedData (RFC 5652 §5.1) in DER, with the content left out or inside."""
    key, certificate = _signer()
    options = [pkcs7.PKCS7Options.Binary]
    options += [pkcs7.PKCS7Options.DetachedSignature] if is_detached else []
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    return builder.add_signer(certificate, key, hashes.SHA256()).sign(
        serialization.Encoding.DER, options
    )


@cache
def _signer() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Anna")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(start)
    end = start + datetime.timedelta(days=9999)
    return key, builder.not_valid_after(end).sign(key, hashes.SHA256())
