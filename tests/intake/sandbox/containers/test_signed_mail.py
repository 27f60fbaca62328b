"""Hold that signatures are checked in the jail, in a mail and in what a mail is packed in."""

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)

from intake.sandbox import Duty, Keys, SmimeKey
from intake.sandbox.containers.mail import MAX_CHECKED, check_signatures
from intake.sandbox.mail.message import SignedPart
from tests.intake.sandbox.cms.test_limits import HOSTILE
from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.sandbox.containers.unpacking import unpack
from tests.samples.mail.signatures import Kind, Signer, cms_signature, key_of, signed_mail

DUTIES = (Duty.DOCUMENTS,)
FITS, DIFFERS, NOT_CHECKED = "signature_fits", "signature_differs", "signature_not_checked"
LETTER = b"Content-Type: text/plain\r\n\r\nRemiss\r\n"
CHANGED = LETTER.replace(b"Remiss", b"Betald")
MAX_SECONDS = 5.0


@pytest.mark.parametrize("kind", ["rsa", "pss", "ecdsa"])
def test_a_signature_is_checked_where_no_file_can_be_opened(jail: ProbedJail, kind: Kind) -> None:
    signature = cms_signature(LETTER, Signer(kind))

    assert jail.check_signed_parts(signed_mail(LETTER, signature)) == {"2": FITS}
    assert jail.check_signed_parts(signed_mail(CHANGED, signature)) == {"2": DIFFERS}
    assert jail.check_signed_parts(signed_mail(LETTER, signature[:-1])) == {"2": NOT_CHECKED}


def test_a_mail_without_a_signature_has_nothing_to_check(jail: ProbedJail) -> None:
    assert jail.check_signed_parts(LETTER) == {}
    assert jail.check_signed_parts(b"") == {}


@pytest.mark.parametrize(("letter", "answer"), [(LETTER, FITS), (CHANGED, DIFFERS)])
def test_a_signed_mail_in_a_file_is_checked_as_it_is_opened(
    jail: ProbedJail, letter: bytes, answer: str
) -> None:
    opened = unpack(jail, signed_mail(letter, cms_signature(LETTER)), "letter.eml")

    assert [child.defects for child in opened.children] == [(), (answer,)]


@pytest.mark.parametrize(("letter", "answer"), [(LETTER, FITS), (CHANGED, DIFFERS)])
def test_a_mail_that_was_signed_and_then_encrypted_is_checked(
    jail: ProbedJail, letter: bytes, answer: str
) -> None:
    private, certificate = key_of(Signer("rsa"))
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = SmimeKey(pem.decode(), certificate.public_bytes(Encoding.PEM).decode())
    whole = signed_mail(letter, cms_signature(LETTER))
    entity = whole[whole.index(b"Content-Type: multipart/signed") :]
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(entity).add_recipient(certificate)
    encrypted = builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])

    opened = jail.unpack(encrypted, "application/pkcs7-mime", "smime.p7m", keys=Keys(smime=(key,)))

    assert [child.defects for child in opened.children] == [(), (answer,)]


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_signature_ends_within_the_limits_of_the_jail(
    jail: ProbedJail, trick: str
) -> None:
    raw = signed_mail(LETTER, HOSTILE[trick])

    checked = jail.check_signed_parts(raw)

    assert checked.get("2") != FITS


def test_only_so_many_signatures_are_checked() -> None:
    signature = cms_signature(LETTER)
    parts = [SignedPart(str(n), signature, LETTER, 0, len(LETTER)) for n in range(MAX_CHECKED + 5)]

    assert list(check_signatures(parts).values()) == [FITS] * MAX_CHECKED


def test_only_so_many_bytes_are_read_for_signatures() -> None:
    signature, large = cms_signature(LETTER), b"a" * 40 * 1024**2
    parts = [SignedPart(str(n), signature, large, 0, len(large)) for n in range(3)]

    assert check_signatures(parts) == {"0": DIFFERS}
