"""Hold which part a signature in a mail is taken to sign, byte for byte (RFC 1847 §2.1)."""

import pytest

from intake.sandbox.mail.message import SignedPart, open_mail
from tests.samples.mail.signatures import PGP_SIGNATURE, signed_mail
from tests.samples.mail.wire import mail, multipart, part

LETTER = b"Content-Type: text/plain\r\n\r\nRemiss\r\n"
NOT_CHECKED = "signature_not_checked"
PGP = "application/pgp-signature"


def noted(raw: bytes) -> dict[str, bool]:
    """Return the paths of the leaves, and whether each is a signature that is not checked."""
    return {leaf.path: NOT_CHECKED in leaf.defects for leaf in open_mail(raw).leaves}


def signed(raw: bytes) -> list[tuple[str, bytes, bytes]]:
    """Return where signatures stand, they themselves and what they sign."""
    return [(each.path, each.signature, each.entity) for each in open_mail(raw).signed]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_the_first_part_is_signed_with_its_header_and_no_further(line_end: bytes) -> None:
    raw = signed_mail(LETTER, b"0...").replace(b"\r\n", line_end)

    assert signed(raw) == [("2", b"0...", LETTER.replace(b"\r\n", line_end))]
    assert noted(raw) == {"1": False, "2": True}


def test_a_signed_part_of_parts_is_signed_as_a_whole() -> None:
    inner = multipart(b"c", [LETTER, part([b"Content-Type: application/pdf"], b"%PDF-")])
    entity = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + inner

    assert signed(signed_mail(entity, b"0...")) == [("2", b"0...", entity)]
    assert noted(signed_mail(entity, b"0...")) == {"1.1": False, "1.2": False, "2": True}


def test_a_signed_mail_in_a_mail_is_found_by_its_path() -> None:
    inner = part([b"Content-Type: message/rfc822"], signed_mail(LETTER, b"0..."))
    field = b"Content-Type: multipart/mixed; boundary=m"
    raw = mail("around", headers=[field], body=multipart(b"m", [LETTER, inner]))

    assert signed(raw) == [("2.2", b"0...", LETTER)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (signed_mail(LETTER, PGP_SIGNATURE, kind=PGP), {"1": False, "2": True}),
        (signed_mail(LETTER, b"0...", LETTER), {"1": False, "2": True, "3": False}),
        (signed_mail(LETTER, b"0...", kind="application/pdf"), {"1": False, "2": False}),
        (
            signed_mail(LETTER, b"").replace(b"multipart/signed", b"multipart/mixed"),
            {"1": False, "2": False},
        ),
    ],
    ids=["PGP", "three parts", "another kind", "not signed"],
)
def test_what_nobody_can_check_is_not_handed_on(raw: bytes, expected: dict[str, bool]) -> None:
    assert open_mail(raw).signed == ()
    assert noted(raw) == expected


def test_the_protocol_alone_names_a_signature() -> None:
    raw = signed_mail(LETTER, b"0...").replace(
        b"Content-Type: application/pkcs7-signature;", b"Content-Type: application/octet-stream;"
    )

    assert open_mail(raw).signed != ()


def test_a_mail_that_is_only_a_signature_has_none_to_check() -> None:
    field = b"Content-Type: multipart/signed; protocol=application/pkcs7-signature; boundary=b"
    raw = mail("alone", headers=[field], body=multipart(b"b", [LETTER]))

    assert open_mail(raw).signed == ()


def test_the_signed_part_is_not_copied_until_asked_for() -> None:
    part_of = SignedPart("2", b"", b"abcdef", 1, 3)

    assert part_of.entity == b"bc"
