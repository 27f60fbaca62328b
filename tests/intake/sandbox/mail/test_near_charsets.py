"""Hold that a part without a charset is read with the sender's other parts in mind."""

import pytest

from intake.sandbox.mail.message import OpenedMessage, open_mail

LETTER = "Labdien, sūtu iesniegumu par atgriešanos mājās."
NAMES = "Vārds;Uzvārds\r\nĀris;Ķekava\r\n"
FROM = b"From: a@example.org\r\n"
NEAR = "charset_near:cp1257"


def part(content: bytes, *fields: str) -> bytes:
    """Return one part; it is a text without a charset unless a field says otherwise."""
    head = fields or ('Content-Type: text/csv; name="a.csv"',)
    return b"--b\r\n" + "\r\n".join(head).encode() + b"\r\n\r\n" + content + b"\r\n"


def opened(*parts: bytes, head: bytes = b"") -> OpenedMessage:
    """Open a mail of these parts."""
    start = FROM + head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return open_mail(start + b"".join(parts) + b"--b--\r\n")


UNDECLARED = part(NAMES.encode("cp1257"))


@pytest.mark.parametrize(
    "other",
    [
        part(LETTER.encode("cp1257"), "Content-Type: text/plain; charset=windows-1257"),
        part(b'<meta charset="windows-1257">' + LETTER.encode("cp1257"), "Content-Type: text/html"),
        part(LETTER.encode(), "Content-Type: text/plain; charset=utf-8"),
        part(LETTER.encode(), "Content-Type: text/plain"),
        part(b"%PDF", "Content-Type: application/pdf; name*=windows-1257''V%E2rds%20%EDekava.pdf"),
    ],
)
def test_other_part_of_the_mail_says_which_charset_is_near(other: bytes) -> None:
    leaf = opened(other, UNDECLARED).leaves[1]

    assert NEAR in leaf.defects


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?windows-1257?q?V=E2rds?=\r\n",
        b"Subject: =?windows-1257*lv?q?Elena?=\r\n",
        "Subject: Vārdi, ķekava\r\n".encode(),
        b"Subject: =?utf-8?q?V=C4=81rdi_=C4=B7?=\r\n",
    ],
)
def test_header_says_which_charset_is_near(head: bytes) -> None:
    (leaf,) = opened(UNDECLARED, head=head).leaves

    assert NEAR in leaf.defects


def test_letter_itself_is_read_in_the_charset_of_its_subject() -> None:
    subject = "Subject: Pārtika un šokolāde\r\n".encode()
    letter = "Šokolāde".encode("cp1257")

    assert open_mail(FROM + b"\r\n" + letter).body_text != "Šokolāde"
    assert open_mail(FROM + subject + b"\r\n" + letter).body_text == "Šokolāde"


def test_what_says_its_charset_or_is_no_text_needs_none() -> None:
    declared = part(LETTER.encode("cp1257"), "Content-Type: text/plain; charset=windows-1257")
    others = [
        part(NAMES.encode(), "Content-Type: text/plain"),
        part(NAMES.encode("koi8-u", "replace"), "Content-Type: text/plain; charset=koi8-u"),
        part(b"\xff\xd8\xff\xe0\0\0JFIF", "Content-Type: image/jpeg"),
        part(b"%PDF-1.7\n\xff\xff\n", "Content-Type: application/pdf"),
        part(b"\xff\0\xff\0\xff", "Content-Type: application/octet-stream"),
    ]

    leaves = opened(declared, *others).leaves

    assert not any(flag.startswith("charset_near") for leaf in leaves for flag in leaf.defects)


def test_mail_of_another_sender_inside_says_nothing() -> None:
    inner = FROM + b"Content-Type: text/plain; charset=windows-1257\r\n\r\n"
    forwarded = part(inner + LETTER.encode("cp1257"), "Content-Type: message/rfc822")

    leaves = opened(forwarded, UNDECLARED).leaves

    assert not any(flag.startswith("charset_near") for leaf in leaves for flag in leaf.defects)


def test_hostile_parts_give_few_notes() -> None:
    many = [
        part(NAMES.encode(codec, "replace"), f"Content-Type: text/plain; charset={codec}")
        for codec in ("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257")
    ]

    leaf = opened(*many, *many, UNDECLARED).leaves[-1]

    assert len(leaf.defects) <= 8


FEW_LETTERS = [
    ("Да", "cp1251", "Паспорт", "ru"),
    ("да.", "cp1251", "Олена", "uk"),
    ("کمک", "cp1256", "پرونده", "fa"),
    ("لا", "cp1256", "جواز", "ar"),
    ("דחוף", "cp1255", "דרכון", "he"),
    ("כן", "cp1255", "דרכון", "iw"),
    ("ναι", "cp1253", "Διαβατήριο", "el"),
]


@pytest.mark.parametrize(("word", "codec", "subject", "language"), FEW_LETTERS)
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_a_short_word_under_a_wrong_charset_is_read_by_what_is_near(
    word: str, codec: str, subject: str, language: str, declared: str
) -> None:
    plain = f"Content-Type: text/plain; charset={declared}\r\n".encode()
    page = f"Content-Type: text/html; charset={declared}\r\n".encode()
    letter = word.encode(codec)
    other = part(subject.encode(), "Content-Type: text/plain; charset=utf-8; name=b.txt")
    mails = [
        FROM + f"Subject: {subject}\r\n".encode() + plain + b"\r\n" + letter,
        f"From: {subject} <a@example.org>\r\n".encode() + plain + b"\r\n" + letter,
        FROM + f"Content-Language: {language}\r\n".encode() + plain + b"\r\n" + letter,
        FROM + page + f'\r\n<html lang="{language}"><p>'.encode() + letter,
    ]

    for mail in mails:
        assert open_mail(mail).body_text == word
    both = opened(part(letter, f"Content-Type: text/plain; charset={declared}"), other)
    assert both.body_text.startswith(word)


@pytest.mark.parametrize("word", ["öö", "Åsa", "åä", "çà", "þú", "à", "ÄÖ", "€ 5", "½"])
def test_a_word_of_the_west_is_read_as_declared_whatever_is_near(word: str) -> None:
    plain = b"Content-Type: text/plain; charset=windows-1252\r\n"

    for subject in ("Паспорт", "جواز", "דרכון", "Διαβατήριο"):
        head = FROM + f"Subject: {subject}\r\n".encode() + plain
        assert open_mail(head + b"\r\n" + word.encode("cp1252")).body_text == word
