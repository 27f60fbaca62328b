"""Hold that a page saved as one file (MHTML, RFC 2557) is opened, whatever it is called."""

import pytest

from storage.documents.documents import DocumentState
from tests.samples.mail.mails import referral
from tests.support.desk import Desk

WORD, OCTETS = "application/msword", "application/octet-stream"
PAGE = "<html><body><p>Hon är i fara</p></body></html>"
# How Word, Confluence, browsers and a browser's folded form begin such a file.
BEGINNINGS = {
    "word": "MIME-Version: 1.0\n",
    "confluence": "Date: Mon, 23 Nov 2026 09:00:00 +0000\nMessage-ID: <1.2@wiki.example>\n"
    "Subject: Exported\nMIME-Version: 1.0\n",
    "chromium": "From: <Saved by Blink>\nSnapshot-Content-Location: https://wiki.example/a\n"
    "Subject: =?utf-8?Q?Plan?=\nMIME-Version: 1.0\n",
    "type first": "",
    "location first": "Content-Location: file:///C:/plan.htm\nMIME-Version: 1.0\n",
    "blank first": "\n\nMIME-Version: 1.0\n",
    "mark first": "\ufeffMIME-Version: 1.0\n",
    "explorer": "X-Generator: A browser\nMIME-Version: 1.0\n",
}
BOUNDARY = {
    "word": ' boundary="m"',
    "type first": '\n\tboundary="m";\n\ttype="text/html"',
}


def archive(kind: str) -> bytes:
    """Return a page saved as one file, in lines as Windows ends them."""
    boundary = BOUNDARY.get(kind, '\n\ttype="text/html";\n\tboundary="m"')
    written = (
        f"{BEGINNINGS[kind]}Content-Type: multipart/related;{boundary}\n\n"
        "This is a web archive of one file.\n\n"
        "--m\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"Content-Location: file:///C:/plan.htm\n\n{PAGE}\n--m--\n"
    )
    return written.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("kind", BEGINNINGS)
@pytest.mark.parametrize(
    ("name", "claimed_type"),
    [
        ("plan.doc", WORD),
        ("plan.doc", OCTETS),
        ("plan.xls", "application/vnd.ms-excel"),
        ("plan.mhtml", "application/x-mimearchive"),
        ("plan.mht", OCTETS),
    ],
)
def test_a_page_saved_as_one_file_is_opened(
    sqlite_desk: Desk, kind: str, name: str, claimed_type: str
) -> None:
    submission_id = sqlite_desk.handle(referral(attachments=[(name, claimed_type, archive(kind))]))

    found = [
        (row.detected_type, row.state, row.reason)
        for row in sqlite_desk.documents(submission_id)[1:]
    ]

    assert [detected_type for detected_type, *_ in found] == ["message/rfc822", "text/html"]
    assert found[0][1] == DocumentState.IGNORED
    assert found[1][1:] == (DocumentState.ACTIVE, "shown_as_text")


@pytest.mark.parametrize("name", ["sida.mht", "sida.doc", "sida"])
def test_script_in_a_page_of_one_part_is_found(sqlite_desk: Desk, name: str) -> None:
    script = b"Content-Type: text/html\r\nProgram: 1\r\n\r\n<p>Hej</p><script>alert(1)</script>"

    submission_id = sqlite_desk.handle(referral(attachments=[(name, OCTETS, script)]))

    stored, page = sqlite_desk.documents(submission_id)[1:]
    assert (stored.detected_type, stored.state) == ("message/rfc822", DocumentState.IGNORED)
    assert (page.detected_type, page.state) == ("text/html", DocumentState.ACTIVE)
    assert "html_script" in page.findings


@pytest.mark.parametrize("first", ["ARC-Seal: i=1", "From - Sun Nov 29 20:00:00 2026"])
def test_file_in_a_stored_mail_is_judged(sqlite_desk: Desk, first: str) -> None:
    fields = (first, "From: a@b.example", "To: c@d.example", "Subject: Pass")
    parts = (
        "Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\nContent-Type: text/plain\r\n\r\n"
        "Hej\r\n--y\r\nContent-Type: application/octet-stream; name=a.bat\r\n\r\ncalc\r\n--y--\r\n"
    )
    content = "\r\n".join((*fields, parts)).encode()

    submission_id = sqlite_desk.handle(referral(attachments=[("vidare.eml", OCTETS, content)]))

    *_, program = sqlite_desk.documents(submission_id)
    assert (program.state, program.reason) == (DocumentState.HELD, "script_file")
