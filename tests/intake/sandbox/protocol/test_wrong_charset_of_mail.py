"""Hold that a mail which declares a wrong charset everywhere is read in its own letters."""

import quopri

import pytest

from intake.sandbox.mail.message import open_mail
from intake.senders.emergencies.urgent_words import says_urgent

LETTERS = [
    ("عاجل جدا، أرجو الاتصال", "جواز السفر", "cp1256"),
    ("عاجل جدا، أرجو الاتصال", "جواز السفر", "utf-8"),
    ("Срочно! Позвоните мне", "паспорт", "koi8-r"),
    ("Срочно! Позвоните мне", "паспорт", "cp1251"),
]


def word(text: str, declared: str, codec: str) -> bytes:
    """Return an encoded word that names a charset in which its bytes are not."""
    letters = "".join(f"={byte:02X}" for byte in text.encode(codec))
    return f"=?{declared}?q?{letters}?=".encode()


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "us-ascii", "iso-8859-15"])
@pytest.mark.parametrize(("text", "name", "codec"), LETTERS)
def test_every_place_of_a_mail_is_read_in_its_own_letters(
    text: str, name: str, codec: str, declared: str
) -> None:
    said = declared.encode()
    percent = "".join(f"%{byte:02X}" for byte in name.encode(codec)).encode()
    raw = (
        b"From: " + word(name, declared, codec) + b" <a@example.org>\r\n"
        b"Subject: " + word(text, declared, codec) + b"\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=" + said + b"\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(text.encode(codec))
        + b"\r\n--b\r\nContent-Type: application/pdf; name*=" + said + b"''" + percent + b".pdf\r\n"
        b"Content-Disposition: attachment; filename*=" + said + b"''" + percent + b".pdf\r\n\r\n"
        b"%PDF-\r\n--b--\r\n"
    )  # fmt: skip

    opened = open_mail(raw)

    assert opened.body_text.strip() == text
    assert opened.facts.subject == text
    assert name in opened.facts.claimed_from
    assert opened.facts.from_address == "a@example.org"
    assert opened.leaves[1].claimed_name == f"{name}.pdf"
    assert says_urgent(opened.body_text)
    assert says_urgent(opened.facts.subject)
    assert opened.flags == ("wrong_charset" if codec == "utf-8" else "unknown_charset",)


@pytest.mark.parametrize("header", [b"text/html; charset=iso-8859-1", b"text/html"])
def test_page_of_a_letter_is_read_in_its_own_letters(header: bytes) -> None:
    text, _, codec = LETTERS[0]
    page = b'<html><meta charset="iso-8859-1"><p>' + text.encode(codec)

    opened = open_mail(b"Content-Type: " + header + b"\r\n\r\n" + page)

    assert opened.body_text.strip() == text
    assert says_urgent(opened.body_text)


def test_swedish_header_is_no_guess() -> None:
    for subject in (b"=?iso-8859-1?q?=C5sa_=D6berg?=", "Åsa".encode("cp1252"), "Åsa".encode()):
        assert open_mail(b"Subject: " + subject + b"\r\n\r\nx").flags == ()
