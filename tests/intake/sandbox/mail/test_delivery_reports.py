"""Hold that each dialect of delivery reports is read, and only what the returned header proves."""

import pytest

from intake.sandbox.mail.delivery_reports import read_delivery_report
from intake.sandbox.protocol.results import (
    MAX_HEADER_BYTES,
    MAX_RECIPIENTS,
    DeliveryReport,
    ReportedRecipient,
)
from tests.samples.hostile import hostile
from tests.samples.mail.automatic import AUTOMATIC, NOT_AUTOMATIC
from tests.samples.mail.bounces import bounce, free_form, reports
from tests.samples.mail.wire import mail, multipart, part

OURS, THEIRS = "<r1.0123456789abcdef@example.org>", "anna@partner.example"
LASTING = reports(OURS, THEIRS)
STATUS = b"Final-Recipient: rfc822; anna@partner.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
RETURNED = b"Message-ID: " + OURS.encode() + b"\r\nTo: anna@partner.example\r\n\r\n"


def report(fields: bytes, returned: bytes = RETURNED, *headers: bytes) -> bytes:
    """Build a report of given fields."""
    kind = b"Content-Type: multipart/report; report-type=delivery-status; boundary=r"
    parts = [
        part([b"Content-Type: text/plain"], b"Not delivered.\r\n"),
        part([b"Content-Type: message/delivery-status"], fields),
        part([b"Content-Type: text/rfc822-headers"], returned),
    ]
    return mail("report", headers=[kind, *headers], body=multipart(b"r", parts))


@pytest.mark.parametrize("dialect", LASTING)
def test_every_dialect_names_message_recipient_and_status(dialect: str) -> None:
    read = read_delivery_report(LASTING[dialect])

    assert read.returned_ids == (OURS,)
    (recipient,) = read.recipients
    assert recipient.final == THEIRS
    assert recipient.action == "failed"
    assert recipient.status in {"5.1.1", "5.1.10"}


@pytest.mark.parametrize(
    ("fields", "recipients"),
    [
        (STATUS, (("", THEIRS, "failed", "5.1.1"),)),
        (b"Reporting-MTA: dns; mx\r\n\r\n\r\n\r\n" + STATUS, (("", THEIRS, "failed", "5.1.1"),)),
        (
            (
                b"Original-Recipient: rfc822;Anna@Partner.Example\r\n"
                b"Final-Recipient: RFC822; <box@else.example>\r\nAction: Delayed (x)\r\n"
                b"Status: 4.2.2 (full)\r\n"
            ),
            ((THEIRS, "box@else.example", "delayed", "4.2.2"),),
        ),
        (b"Final-Recipient: rfc822; anna@partner.example\r\n", (("", THEIRS, "", ""),)),
        (
            b"Final-Recipient: rfc822; anna@partner.example\r\nAction: exploded\r\nStatus: 9.9\r\n",
            (("", THEIRS, "", ""),),
        ),
        (b"Final-Recipient: x400; /G=Anna\r\nAction: failed\r\n", ()),
        (b"no field at all\r\n" + STATUS, ()),
        (b"", ()),
        (b"\r\n" * 5000 + STATUS, (("", THEIRS, "failed", "5.1.1"),)),
        ((STATUS + b"\r\n") * 500, (("", THEIRS, "failed", "5.1.1"),) * MAX_RECIPIENTS),
    ],
)
def test_fields_are_read_group_by_group(
    fields: bytes, recipients: tuple[tuple[str, str, str, str], ...]
) -> None:
    read = read_delivery_report(report(fields))

    assert read == DeliveryReport(
        tuple(ReportedRecipient(*recipient) for recipient in recipients), (OURS,)
    )


@pytest.mark.parametrize(
    "header", [b"In-Reply-To: ", b"References: ", b"X-Original-Message-ID: ", b"Message-ID: "]
)
def test_what_the_notice_says_of_itself_is_no_returned_message(header: bytes) -> None:
    raw = report(STATUS, b"Subject: nothing\r\n\r\n", header + OURS.encode())

    assert read_delivery_report(raw).returned_ids == ()


def test_an_id_in_the_text_above_the_copy_is_not_believed() -> None:
    raw = free_form(OURS, THEIRS, copy="no copy follows")

    assert read_delivery_report(raw).returned_ids == ()


def test_a_message_inside_the_returned_one_is_not_the_returned_one() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + RETURNED + b"text\r\n"
    kind = b"Content-Type: multipart/report; report-type=delivery-status; boundary=r"
    parts = [
        part([b"Content-Type: message/delivery-status"], STATUS),
        part([b"Content-Type: message/rfc822"], b"Subject: other\r\n" + inner),
    ]

    read = read_delivery_report(mail("nested", headers=[kind], body=multipart(b"r", parts)))

    assert read.returned_ids == ()


@pytest.mark.parametrize(
    ("tone", "said", "action", "status"),
    [
        ("I've given up.", "550 no such user", "failed", "5.0.0"),
        ("The server will keep trying.", "451 4.3.0 busy", "delayed", "4.3.0"),
        ("Something happened.", "It was odd.", "", ""),
        ("This is a permanent error", "It was odd.", "failed", ""),
    ],
)
def test_a_free_notice_tells_its_tone(tone: str, said: str, action: str, status: str) -> None:
    (recipient,) = read_delivery_report(free_form(OURS, THEIRS, tone=tone, said=said)).recipients

    assert (recipient.action, recipient.status) == (action, status)


def test_a_delay_is_no_failure() -> None:
    (recipient,) = read_delivery_report(bounce(action="delayed", status="4.4.1")).recipients

    assert (recipient.action, recipient.status) == ("delayed", "4.4.1")


def test_a_persons_mail_gives_no_message_of_ours_back() -> None:
    found = [name for name, raw in NOT_AUTOMATIC if read_delivery_report(raw).returned_ids]

    # Who forwards a bounce has the bounce in it, which is not ours and is asked for in vain.
    assert found == ["human-forwards-a-bounce"]


def test_no_bytes_stop_the_reader() -> None:
    raws = [raw for _, raw in AUTOMATIC]
    raws += [sample.build() for sample in hostile("B2", "B4", "B8", "B9", "B28")]
    raws += [b"", b"\r\n", report(b":" * 70_000), report(b"A" * MAX_HEADER_BYTES)]
    raws += [report(b"Final-Recipient: " + b"a@" * 40_000), report(STATUS, b"Message-ID: " * 9000)]

    assert all(isinstance(read_delivery_report(raw), DeliveryReport) for raw in raws)
