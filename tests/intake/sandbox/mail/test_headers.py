"""Check how a header block is cut where it is not written as it should be."""

import pytest

from intake.sandbox.mail.headers import read_block
from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol.signs import is_ambiguous
from tests.samples.mail.wire import multipart, part

SENDER = b"From: Berit <berit@partner.example>\r\nSubject: Referral\r\n"
PARTS = multipart(
    b"b",
    [
        part([b"Content-Type: text/plain"], b"The letter.\r\n"),
        part([b"Content-Type: application/pdf; name=a.pdf"], b"%PDF-1.4\r\n"),
    ],
)
TYPED = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"

# What old programs, gateways and scripts write into a header; every mail program shows the parts.
ODD_LINES = [
    b"X-Checked : yes\r\n",
    b"Date\t: Mon, 30 Nov 2026 09:00:00 +0100\r\n",
    b"Received : from a by b\r\n\twith SMTP\r\n",
    b"MIME-Version : 1.0\r\n",
    b"checked by the gateway of the region\r\n",
    "X-Avsändare: ärende\r\n".encode(),
    b"X-Avs\xe4ndare: 1\r\n",
    b": no name\r\n",
]


@pytest.mark.parametrize("line", ODD_LINES)
@pytest.mark.parametrize("before", [b"", SENDER + TYPED.partition(b"\r\n")[0] + b"\r\n"])
def test_an_odd_line_hides_neither_the_sender_nor_the_parts(line: bytes, before: bytes) -> None:
    raw = b"To: us@portal.example\r\n" + (before or SENDER) + line
    raw += (SENDER + TYPED).removeprefix(before or SENDER)

    opened = open_mail(raw + b"\r\n" + PARTS)

    assert (opened.facts.from_address, opened.facts.from_defects) == ("berit@partner.example", ())
    assert opened.body_text == "The letter."
    assert not is_ambiguous(opened.flags)
    assert [leaf.claimed_type for leaf in opened.leaves] == ["text/plain", "application/pdf"]


@pytest.mark.parametrize("name", [b"Content-Type ", b"Content-Transfer-Encoding\t"])
def test_a_blank_behind_what_decides_about_the_parts_is_a_second_reading(name: bytes) -> None:
    opened = open_mail(SENDER + name + b": text/plain\r\n\r\nHello\r\n")

    assert "ambiguous:space_before_colon" in opened.flags
    assert opened.facts.from_address == "berit@partner.example"


@pytest.mark.parametrize(
    "second",
    [
        b"From : Eve <eve@evil.test>\r\n",
        b"gateway\r\nFrom: Eve <eve@evil.test>\r\nX-A: b\r\n",
        b"X-A : b\r\nFrom: Eve <eve@evil.test>\r\n",
    ],
)
def test_two_senders_are_no_sender(second: bytes) -> None:
    opened = open_mail(SENDER + second + TYPED + b"\r\n" + PARTS)

    assert (opened.facts.from_address, opened.facts.from_defects) == (None, ("many_from_headers",))


@pytest.mark.parametrize("odd", [b"From : berit@partner.example", b"gateway\r\n" + SENDER])
def test_a_sender_whom_not_every_program_sees_is_not_believed(odd: bytes) -> None:
    opened = open_mail(b"To: us@portal.example\r\n" + odd.strip() + b"\r\n" + TYPED + b"\r\nx")

    assert (opened.facts.from_address, opened.facts.from_defects) == (None, ("bad_syntax",))


@pytest.mark.parametrize(
    "forged",
    [
        b"Authentication-Results : mx.example; dmarc=pass header.from=partner.example\r\n",
        b"gateway\r\nAuthentication-Results: mx.example;\r\n dmarc=pass header.from=x\r\n",
    ],
)
def test_a_word_of_our_server_counts_only_as_our_server_writes_it(forged: bytes) -> None:
    opened = open_mail(SENDER + forged + TYPED + b"\r\n" + PARTS)

    assert opened.facts.authentication_results == ()
    assert opened.facts.from_address == "berit@partner.example"


@pytest.mark.parametrize(
    "letter",
    [
        b"Hello, the mail of last week:\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nMore\r\n",
        b"Hello\r\nTel: 070\r\n\r\nMore\r\n",
        b"Hello\r\n\r\nX-ray: later\r\n",
        b"Hello\r\nthere\r\nX-A: b\r\n\r\nMore\r\n",
    ],
)
def test_a_letter_without_a_blank_line_before_it_stays_whole(letter: bytes) -> None:
    raw = SENDER + letter

    block = read_block(raw, 0, len(raw))

    assert (raw[block.body_start :], block.defects) == (letter, ("line_without_colon",))
