"""Hold where mail is read here otherwise than by other careful programs, and why.

All mails of the public corpora were read here, by mailparser 3.14 and by postal-mime 4.0, and 400
mails of people besides. Each row is a kind of difference in the files, their names or the letter's
words, with a mail of our own that shows it.
"""

from dataclasses import dataclass

import pytest

from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol import signs
from tests.intake.sandbox.mail.test_body import FILE, PLAIN, entity, leaf, message

ROOT = b"From: a@example.org\r\n"
STATUS = b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n"
NAMED = (b"Content-Type: text/plain; name=a.txt\r\n", b"Content-Type: text/html; name=a.htm\r\n")


@dataclass(frozen=True)
class Kind:
    """One kind of difference: a mail, its files and letter here, and what others read and why not.

    `files` are the names of what is listed besides the letter, in order.
    """

    raw: bytes
    files: tuple[str, ...]
    letter: str
    others: str
    is_held: bool = False


KINDS = {
    "a text file beside a letter": Kind(
        entity("mixed", leaf(PLAIN, "Se filen."), leaf(FILE, "a note")),
        ("a.txt",),
        "Se filen.",
        "Both paste it into the letter. It has a name, so a person sent it as a file.",
    ),
    "a mail without a name": Kind(
        entity("mixed", leaf(PLAIN, "Se nedan."), message("Remiss", leaf(PLAIN, "Akut."))),
        ("Remiss.eml",),
        "Se nedan.\n\n[Forwarded mail Remiss, from Eva <eva@a.example>:]\nAkut.",
        "Both list it without a name. Programs save it by its subject.",
    ),
    "a status of a delivery": Kind(
        entity("report", leaf(PLAIN, "Not delivered."), STATUS),
        ("",),
        "Not delivered.",
        "mailparser shows it as a text. It is written for programs (RFC 3464 §2.1).",
    ),
    "a type without its second half": Kind(
        b"Content-Type: text\r\n\r\nRing inte hem.",
        (),
        "Ring inte hem.",
        "Both make a file of it. Such a type is plain text (RFC 2045 §5.2).",
    ),
    "a form that is neither plain nor a page": Kind(
        entity(
            "alternative",
            leaf(PLAIN, "Ring inte hem."),
            leaf(("text/enriched", ""), "<bold>Ring</bold> inte hem."),
        ),
        (),
        "Ring inte hem.",
        "Both list it as a file. It is another form of the letter (RFC 2046 §5.1.4).",
    ),
    "a disposition that nobody knows": Kind(
        b"Content-Disposition: unheard\r\nContent-Type: text/html\r\n\r\n<p>Ring inte hem.</p>",
        (),
        "Ring inte hem.",
        "mailparser makes a file of it (RFC 2183 §2.8). Without another text it is the letter.",
    ),
    "a text with a name and no disposition": Kind(
        b"Content-Type: text/plain; name=a.txt\r\n\r\nRing inte hem.",
        ("a.txt",),
        "Ring inte hem.",
        "Both show it, and no file. It is shown and listed here, for nobody knows which it is.",
    ),
    "forms with names": Kind(
        entity("alternative", NAMED[0] + b"\r\nRing hem.", NAMED[1] + b"\r\n<p>Ring inte hem.</p>"),
        ("a.txt", "a.htm"),
        "Ring inte hem.\n\n[Only in the plain text of this mail:]\nRing hem.",
        "Both show them, and no file.",
    ),
    "a name in raw Latin-1": Kind(
        b"Content-Type: application/pdf; name=\"p\xe5.pdf\"\r\n\r\n%PDF-",
        ("på.pdf",),
        "",
        "postal-mime and stalwart read U+FFFD instead of the letter.",
    ),
    "a text in UTF-7": Kind(
        b"Content-Type: text/plain; charset=utf-7\r\n\r\nR+AOU-da",
        (),
        "Råda",
        "Neither reads it (RFC 2152).",
    ),
    "words behind the end of a page": Kind(
        b"Content-Type: text/html\r\n\r\n<html><body><p>Hej.</p></body></html>Ring inte hem.",
        (),
        "Hej.\n\nRing inte hem.",
        "Both cut them off. Programs show them (HTML 13.2.6.4.20).",
    ),
    "a title": Kind(
        b"Content-Type: text/html\r\n\r\n<title>Brev</title><p>Ring inte hem.</p>",
        (),
        "Ring inte hem.",
        "Both count its words. No program shows it in the mail.",
    ),
    "a title that never ends": Kind(
        b"Content-Type: text/html\r\n\r\n<title>Brev<p>Ring inte hem.</p>",
        (),
        "Brev\nRing inte hem.",
        "Both show the words behind it.",
    ),
    "an end that is missing": Kind(
        entity("mixed", leaf(PLAIN, "Ring inte hem.")).replace(b"--mixed-1--", b""),
        (),
        "Ring inte hem.",
        "stalwart adds a part. What came is read, and told to be cut.",
    ),
    "a mark that never comes": Kind(
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--c\r\n\r\nRing inte hem.",
        (),
        "--c\n\nRing inte hem.",
        "Both find no part and no words.",
        is_held=True,
    ),
    "no mark at all": Kind(
        b"Content-Type: multipart/mixed\r\n\r\nRing inte hem.",
        (),
        "Ring inte hem.",
        "Both find no part and no words.",
        is_held=True,
    ),
    "a line in the header that is no field": Kind(
        b"X-A: 1\r\nno field\r\nRing inte hem.",
        (),
        "no field\nRing inte hem.",
        "Both skip the line and read on in the header.",
        is_held=True,
    ),
    "an unknown part of a form": Kind(
        entity(
            "mixed",
            leaf(PLAIN, "Hej."),
            b"Content-Type: multipart/alternative; boundary=c\r\n\r\nRing inte hem.",
        ),
        ("",),
        "Hej.",
        "Both lose it. It is a document, which is held.",
        is_held=True,
    ),
    "mails of a digest": Kind(
        entity("digest", b"\r\nSubject: one\r\n\r\nHej.", b"\r\nSubject: two\r\n\r\nAkut."),
        ("one.eml", "two.eml"),
        "[Forwarded mail one:]\nHej.\n\n[Forwarded mail two:]\nAkut.",
        "mailparser dissolves them into the letter. Each is a mail (RFC 2046 §5.1.5).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_mail_is_read_as_it_is_explained(name: str) -> None:
    kind = KINDS[name]

    opened = open_mail(ROOT + kind.raw)

    beside = [each for each in opened.leaves if each.parent is None and is_listed(each.role)]
    noted = [*opened.flags, *(defect for each in opened.leaves for defect in each.defects)]
    assert kind.others
    assert tuple(each.claimed_name for each in beside) == kind.files
    assert opened.body_text == kind.letter
    assert signs.is_ambiguous(noted) is kind.is_held


def is_listed(role: str) -> bool:
    """Say whether a part is a file to a person; nameless texts are the letter."""
    return role in {"attachment", "message"}


def test_a_long_letter_is_cut_and_says_so() -> None:
    opened = open_mail(ROOT + b"\r\n" + b"ord " * 60_000)

    assert (len(opened.body_text), opened.flags) == (200_000, ("body_truncated",))
