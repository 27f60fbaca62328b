"""Hold that signed mail as openssl writes it is found to be what was signed."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from intake.sandbox.containers.mail import check_signatures
from intake.sandbox.mail.message import open_mail
from tests.samples.mail.signatures import Kind, Signer, key_of

FITS, DIFFERS, NOT_CHECKED = "signature_fits", "signature_differs", "signature_not_checked"
LETTER = (
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"\r\nRemiss f=C3=B6r Anna.\r\n\r\nHon kommer snart.\r\n"
)
PSS = ["-keyopt", "rsa_padding_mode:pss"]


def sign(folder: Path, kind: Kind, *options: str) -> bytes:
    """Return a signed mail that openssl wrote."""
    key, certificate = key_of(Signer(kind))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "letter").write_bytes(LETTER)
    command = ["openssl", "cms", "-sign", "-in", "letter", "-signer", "certificate.pem"]
    command += ["-inkey", "key.pem", "-subject", "Remiss", "-from", "anna@example.org"]
    return subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, check=True, timeout=60
    ).stdout


def checked(raw: bytes) -> list[str]:
    """Return what came of checking the signatures in a mail."""
    return list(check_signatures(open_mail(raw).signed).values())


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("rsa", ["-md", "sha256"]),
        ("rsa", ["-md", "sha384"]),
        ("rsa", ["-md", "sha512", "-binary"]),
        ("rsa", ["-md", "sha256", "-noattr"]),
        ("rsa", ["-md", "sha256", "-nosmimecap"]),
        ("rsa", ["-md", "sha256", "-stream"]),
        ("pss", ["-md", "sha256", *PSS]),
        ("pss", ["-md", "sha512", *PSS, "-keyopt", "rsa_pss_saltlen:20"]),
        ("ecdsa", ["-md", "sha256"]),
        ("ecdsa", ["-md", "sha512", "-noattr"]),
    ],
)
def test_what_openssl_signed_fits(tmp_path: Path, kind: Kind, options: list[str]) -> None:
    raw = sign(tmp_path, kind, *options)
    by_mail = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    stored = by_mail.replace(b"\r\n", b"\n")
    changed = raw.replace(b"snart", b"aldrig")

    assert [checked(each) for each in (raw, by_mail, stored)] == [[FITS]] * 3
    assert changed != raw
    assert checked(changed) == [DIFFERS]


@pytest.mark.parametrize(
    "options", [["-md", "sha1"], ["-md", "md5"], ["-md", "sha256", "-nocerts"]]
)
def test_what_is_weak_or_lacks_its_certificate_is_not_checked(
    tmp_path: Path, options: list[str]
) -> None:
    assert checked(sign(tmp_path, "rsa", *options)) == [NOT_CHECKED]
