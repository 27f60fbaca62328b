"""Hold that a stored mail is known by its header block, whatever field comes first."""

import base64
import itertools
import random
from collections.abc import Iterator

import pytest

from intake.sandbox import Jail
from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from intake.sandbox.html import stored_mails
from tests.intake.sandbox import samples
from tests.intake.sandbox.containers.unpacking import contents, unpack
from tests.samples.files import benign
from tests.support.growth.measure import is_linear

MAIL, TEXT, OCTETS = "message/rfc822", "text/plain", "application/octet-stream"
FIELDS = (
    "From: a@b.example", "To: c@d.example", "Subject: Pass", "Message-ID: <1@b.example>",
    "Date: Sun, 29 Nov 2026 20:00:00 +0000", "MIME-Version: 1.0", "Received: from a\r\n by b",
    'Content-Type: multipart/mixed;\r\n\tboundary="y"',
)  # fmt: skip
FIRST = (
    "ARC-Seal: i=1; a=rsa-sha256;\r\n b=abc", "Authentication-Results: x; spf=pass",
    "Thread-Topic: Pass", "Content-Language: sv", "Importance: high", "User-Agent: a",
    "X-Mozilla-Status: 0001", "Own-Field-Of-A-Program: 1", "Subject : Pass", "Return-Path: <>",
    "From - Sun Nov 29 20:00:00 2026", ">From a@b Sun Nov 29 20:00:00 2026", "\ufeffDate: x",
    "\r\n",
)  # fmt: skip
PARTS = (
    b"--y\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(samples.pdf(OpenAction=samples.script()))
    + b"--y--\r\n"
)


def stored_orders() -> Iterator[bytes]:
    """Yield mails with each field first, and their fields in orders that nobody chose."""
    chance = random.Random(12)
    for first in (*FIRST, *FIELDS):
        others = [field for field in FIELDS if field != first]
        chance.shuffle(others)
        yield "\r\n".join((first, *others, "", "")).encode() + PARTS


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


@pytest.mark.parametrize(
    ("claimed", "name"), [(OCTETS, "vidare.eml"), (OCTETS, ""), (TEXT, "a.eml")]
)
def test_any_order_of_fields_is_a_mail(inspector: Inspector, claimed: str, name: str) -> None:
    for content in stored_orders():
        found = inspector.inspect(content, claimed, name)

        assert (found.detected_type, found.state) == (MAIL, "held"), content[:80]


def test_parts_of_a_stored_mail_come_out(jail: Jail) -> None:
    for content in stored_orders():
        unpacked = unpack(jail, content, "vidare.eml")

        assert contents(unpacked)["a.pdf"].startswith(b"%PDF"), content[:80]


@pytest.mark.parametrize("name", ["sida.mht", "sida.mhtml", "sida.doc", "sida"])
@pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable"])
def test_saved_page_of_one_part_is_opened(
    inspector: Inspector, jail: Jail, name: str, encoding: str
) -> None:
    page = b"<script>alert(1)</script>"
    body = base64.encodebytes(page) if encoding == "base64" else page
    fields = (
        "MIME-Version: 1.0",
        "Content-Type: text/html",
        f"Content-Transfer-Encoding: {encoding}",
    )
    for order in itertools.permutations((*fields, "Program: 1")):
        content = "\r\n".join((*order, "", "")).encode() + body

        assert inspector.inspect(content, OCTETS, name).detected_type == MAIL
        (child,) = unpack(jail, content, name).children
        assert (child.claimed_type, child.content.strip()) == ("text/html", page)


@pytest.mark.parametrize("name", ["a.eml", "a.mht", "a.mbox"])
def test_text_called_a_mail_is_no_clean_text(inspector: Inspector, name: str) -> None:
    assert inspector.inspect(b"Hej\r\n" + PARTS, OCTETS, name).state == "held"


@pytest.mark.parametrize("content", [b"Hej hej\r\nMIME-Version: 1.0\r\n\r\n" + PARTS, PARTS])
@pytest.mark.parametrize("name", ["", "a.doc", "a.dat"])
def test_parts_in_what_nobody_calls_text_are_held(
    inspector: Inspector, content: bytes, name: str
) -> None:
    found = inspector.inspect(content, OCTETS, name)

    assert (found.state, found.reason) in {
        ("held", "text_holds_mail_parts"), ("held", "type_disagrees")
    }  # fmt: skip


def test_mail_in_a_text_file_is_opened_with_its_parts(inspector: Inspector) -> None:
    content = "\r\n".join((*FIELDS, "", "")).encode() + PARTS

    assert inspector.inspect(content, TEXT, "vidare.txt").detected_type == MAIL
    assert inspector.inspect(content, TEXT, "").detected_type == TEXT
    assert inspector.inspect(benign.MAIL, TEXT, "a.txt").detected_type == TEXT


@pytest.mark.parametrize(
    "content",
    [
        b"Hej: du\r\n\r\nFrom: a\r\nTo: b\r\nDate: c\r\n",
        b"Namn: Anna\r\nTo: Lund\r\nDate: 3 mars\r\n\r\nHej",
        b"BEGIN:VCALENDAR\r\nX-WR-CALNAME:a\r\nX-WR-TIMEZONE:b\r\nX-PUBLISHED-TTL:c\r\n",
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nX-A:b\r\nX-B:c\r\nX-C:d\r\n",
        b"a;b\r\n1;2\r\n",
        b"",
    ],
)
def test_text_with_few_such_lines_is_no_mail(content: bytes) -> None:
    assert stored_mails.start_of(content) is None


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_each_mail_of_a_box_is_opened(inspector: Inspector, jail: Jail, end: bytes) -> None:
    mail = b"From a@b.example Sun Nov 29 20:00:00 2026\r\n" + b"\r\n".join(
        (*map(str.encode, FIELDS), b"", b"")
    ) + PARTS + b"\r\n"  # fmt: skip
    box = (mail * 3).replace(b"\r\n", end)

    found = inspector.inspect(box, OCTETS, "Inbox.mbox")
    unpacked = unpack(jail, box, "Inbox.mbox")

    assert (found.detected_type, found.findings) == (MAIL, ())
    assert [child.role for child in unpacked.children] == ["message"] * 3
    assert contents(unpack(jail, unpacked.children[1].content))["a.pdf"].startswith(b"%PDF")


def test_box_of_too_many_mails_is_held(jail: Jail) -> None:
    mail = b"From a@b Sun Nov 29 20:00:00 2026\nFrom: a@b.example\nSubject: x\n\nHej\n\n"

    unpacked = unpack(jail, mail * 20_000, "Inbox.mbox")

    assert (unpacked.state, unpacked.reason) == ("held", "too_many_members")


@pytest.mark.parametrize(
    "unit", ["a:\n", "From a 00:00\n", "\n\nFrom a 00:00 ", "--a\n", "--a\na", "content-type:\n"]
)
def test_heads_and_boxes_are_found_in_time(unit: str) -> None:
    def look(text: str) -> None:
        content = text.encode()
        stored_mails.start_of(content)
        stored_mails.mails_of_box(content)
        stored_mails.holds_parts(content)

    assert is_linear(look, lambda size: unit * (size // len(unit)), 400_000)
