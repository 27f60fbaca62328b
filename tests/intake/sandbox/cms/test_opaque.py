"""Hold that a signature around its content is checked as one that stands beside it."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)

from intake.sandbox.containers import openers
from intake.sandbox.protocol import unpacked
from intake.sandbox.protocol.signs import OF_A_SIGNATURE
from tests.intake.sandbox.cms.test_check import LETTER, NO_ATTRIBUTES, SIGNERS
from tests.samples.mail.signatures import Signer, cms_signature, key_of

FITS, DIFFERS, NOT_CHECKED = "signature_fits", "signature_differs", "signature_not_checked"
DAY, OTHER_DAY = "m\u00e5ndag".encode(), b"tisdag."


def checked(content: bytes) -> frozenset[str]:
    """Return what the opening notes about the signature of a wrapping."""
    unpack = openers.load_openers()
    asked = unpacked.question("", "smime.p7m", (), unpacked.NO_KEYS, unpacked.DEFAULT_LIMITS)
    head, _ = unpack(asked, [content])
    flags = head["flags"]
    assert isinstance(flags, list)
    return OF_A_SIGNATURE.intersection(flags)


def opaque(*signers: Signer, options: list[pkcs7.PKCS7Options] | None = None) -> bytes:
    """Return a signature around the letter."""
    return cms_signature(LETTER, *signers, is_detached=False, options=options or [])


@pytest.mark.parametrize("options", [[], NO_ATTRIBUTES])
@pytest.mark.parametrize("signer", SIGNERS, ids=lambda each: f"{each.kind}-{each.digest}")
def test_content_that_was_signed_fits_and_a_changed_one_differs(
    signer: Signer, options: list[pkcs7.PKCS7Options]
) -> None:
    signed = opaque(signer, options=options)
    assert signed.count(DAY) == 1

    assert checked(signed) == {FITS}
    assert checked(base64.encodebytes(signed)) == {FITS}
    assert checked(signed.replace(DAY, OTHER_DAY)) == {DIFFERS}


@pytest.mark.parametrize(
    "signed",
    [
        opaque(Signer(digest="sha224")),
        opaque(options=[pkcs7.PKCS7Options.NoCerts]),
        cms_signature(LETTER),
    ],
    ids=["weak digest", "no certificate", "content elsewhere"],
)
def test_what_cannot_be_checked_is_said_to_be_so(signed: bytes) -> None:
    assert checked(signed) == {NOT_CHECKED}


def test_a_signature_that_is_cut_anywhere_never_fits() -> None:
    signed = opaque()

    answers = [checked(signed[:size]) for size in range(0, len(signed), 7)]

    assert FITS not in set().union(*answers)


@pytest.mark.parametrize("options", [[], ["-stream", "-indef"], ["-noattr"]])
def test_what_openssl_wraps_fits_however_long(tmp_path: Path, options: list[str]) -> None:
    key, certificate = key_of(Signer("rsa"))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "letter").write_bytes(LETTER + b"Remiss.\r\n" * 300_000)
    command = ["openssl", "cms", "-sign", "-in", "letter", "-signer", "certificate.pem"]
    command += ["-inkey", "key.pem", "-md", "sha256", "-nodetach", "-binary", "-outform", "DER"]

    signed = subprocess.run(
        [*command, *options], cwd=tmp_path, capture_output=True, check=True, timeout=60
    ).stdout

    assert checked(signed) == {FITS}
    assert checked(signed.replace(DAY, OTHER_DAY)) == {DIFFERS}
