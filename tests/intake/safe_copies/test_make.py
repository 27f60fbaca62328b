"""Check that a safe copy shows a text in the charset that its part was sent in."""

import quopri

import pytest

from intake.safe_copies.make import make_safe_copies
from storage.crypto.sealing import unseal
from storage.documents import safe_copies
from storage.submissions.submissions import place
from tests.samples.mail.mails import REGISTERED_SENDER, tiny_pdf
from tests.support.desk import Desk

ARABIC = "السلام عليكم، أرجو منكم الاتصال بالعميل رقم الملف 123"
UKRAINIAN = "Добрий день! Надсилаю документи Олени."
SWEDISH = "Hej, remiss för Åsa bifogas."
PDF = tiny_pdf("R")


def mail(*parts: tuple[str, bytes]) -> bytes:
    """Return a mail of these parts: the lines of each one's header, and its bytes."""
    head = f"From: {REGISTERED_SENDER}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    written = [
        f"--b\r\n{lines}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        + quopri.encodestring(content)
        for lines, content in parts
    ]
    start = f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n".encode()
    return start + b"\r\n".join(written) + b"\r\n--b--\r\n"


def attached(content_type: str, name: str) -> str:
    """Return the header of an attachment."""
    return f'Content-Type: {content_type}\r\nContent-Disposition: attachment; filename="{name}"'


def copies(desk: Desk, submission_id: str) -> list[str]:
    """Make the safe copies and return the text of each one's first page, in order."""
    make_safe_copies(desk.worker_services.copies, submission_id)
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, desk.submission(submission_id).data_key_id)
        pages = [safe_copies.page(session, row.id, 1) for row in desk.documents(submission_id)]
    return [
        unseal(key, place("safe_pages", "text", f"{page.document_id}/1"), page.text)
        for page in pages
        if page is not None
    ]


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("windows-1256", ARABIC.encode("cp1256"), ARABIC),
        ("win-1251", UKRAINIAN.encode("cp1251"), UKRAINIAN),
        ("utf-16le", UKRAINIAN.encode("utf-16-le"), UKRAINIAN),
        ("iso-2022-jp", "書類を送ります".encode("iso2022-jp"), "書類を送ります"),
        ("utf-8", SWEDISH.encode("cp1252"), SWEDISH),
        ("utf-8", ARABIC.encode() + b"\xff", ARABIC + "\ufffd"),
    ],
)
def test_attached_text_is_drawn_in_its_charset(
    sqlite_desk: Desk, charset: str, content: bytes, text: str
) -> None:
    raw = mail(
        ("Content-Type: text/plain", b"se bifogat"),
        (attached(f"text/plain; charset={charset}", "brev.txt"), content),
    )

    submission_id = sqlite_desk.handle(raw)

    assert sqlite_desk.states(submission_id) == [("CLEAN", ""), ("CLEAN", "")]
    assert copies(sqlite_desk, submission_id) == [text]


def test_forwarded_letter_is_drawn_in_its_charset(sqlite_desk: Desk) -> None:
    inner = mail(("Content-Type: text/plain; charset=windows-1251", UKRAINIAN.encode("cp1251")))
    raw = mail(("Content-Type: text/plain", b"se bifogat")).replace(
        b"\r\n--b--", b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + b"%b\r\n--b--"
    )
    raw = raw.replace(b"boundary=b", b"boundary=a").replace(b"--b", b"--a") % inner

    submission_id = sqlite_desk.handle(raw)

    assert copies(sqlite_desk, submission_id) == [UKRAINIAN]


@pytest.mark.parametrize(
    ("charset", "content", "text", "findings"),
    [
        ("utf-8", SWEDISH.encode("cp1252"), SWEDISH, ["charset_differs:cp1252"]),
        ("unknown-8bit", SWEDISH.encode("cp1252"), SWEDISH, ["charset_undeclared:cp1252"]),
        ("utf-7", b"Hej, remiss f+APY-r +AMU-sa bifogas.", SWEDISH, []),
        ("", "書類を送ります".encode("iso2022-jp"), "書類を送ります", []),
        ("iso8859-2", "soţul ascultă".encode("iso8859-2"), "soţul ascultă", []),
    ],
)
def test_odd_charset_of_a_letter_holds_nothing(
    sqlite_desk: Desk, charset: str, content: bytes, text: str, findings: list[str]
) -> None:
    content_type = f"Content-Type: text/plain; charset={charset}" if charset else "X-Nothing: x"

    submission_id = sqlite_desk.handle(
        mail((content_type, content), (attached("application/pdf", "R.pdf"), PDF))
    )

    assert sqlite_desk.states(submission_id) == [("CLEAN", ""), ("CLEAN", "")]
    assert sqlite_desk.column(submission_id, "body_text").strip() == text
    assert sqlite_desk.documents(submission_id)[0].findings == findings
