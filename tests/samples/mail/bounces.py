"""Make delivery reports on our own receipts, in the dialects of common mail servers.

`bounce` makes one for any message of ours, so that a test can see it linked to the right receipt.
Most, but not all, keep to the form of RFC 3464.
"""

from collections.abc import Sequence

from tests.samples.mail.mails import INTAKE_ADDRESS, REGISTERED_SENDER
from tests.samples.mail.wire import mail, multipart, part

OUR_MESSAGE_ID = "<receipt.1@example.org>"

_NULL_PATH = b"Return-Path: <>"
_DAEMON = b"From: Mail Delivery System <MAILER-DAEMON@partner.example>"


def bounce(
    message_id: str = OUR_MESSAGE_ID,
    recipient: str = REGISTERED_SENDER,
    *,
    name: str = "bounce-postfix",
    action: str = "failed",
    status: str = "5.1.1",
    sender: bytes = _DAEMON,
    subject: str = "Undelivered Mail Returned to Sender",
    headers: Sequence[bytes] = (_NULL_PATH, b"Auto-Submitted: auto-replied"),
    returns_headers_only: bool = False,
) -> bytes:
    """Build a delivery status notification (RFC 3464) about a message of ours."""
    status_fields = (
        f"Reporting-MTA: dns; mx.partner.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} <{recipient}>: user unknown\r\n"
    )
    returned = b"text/rfc822-headers" if returns_headers_only else b"message/rfc822"
    parts = [
        part([b"Content-Type: text/plain"], b"Your message could not be delivered.\r\n"),
        part([b"Content-Type: message/delivery-status"], status_fields.encode()),
        part([b"Content-Type: " + returned], _original(message_id, recipient)),
    ]
    report = b"Content-Type: multipart/report; report-type=delivery-status; boundary=report"
    return mail(
        name,
        subject=subject.encode(),
        headers=[sender, report, *headers],
        body=multipart(b"report", parts),
    )


def sent_to(raw: bytes, address: str) -> bytes:
    """Return a report as a mail server sends it to a return path: that address is its To."""
    to = f"To: {INTAKE_ADDRESS}".encode()
    assert raw.startswith(to)
    return raw.replace(to, b"To: " + address.encode(), 1)


def free_form(
    message_id: str,
    recipient: str,
    *,
    name: str = "bounce-free-form",
    said: str = "Sorry, no mailbox here by that name. (#5.1.1)",
    tone: str = "This is a permanent error; I've given up. Sorry it didn't work out.",
    sender: bytes = b"From: MAILER-DAEMON@partner.example",
    headers: Sequence[bytes] = (_NULL_PATH,),
    copy: str = "--- Below this line is a copy of the message.",
) -> bytes:
    """Build a notice without fields about a message of ours, as qmail and old Exim write it."""
    body = (
        f"Hi. This is the mail program at partner.example.\r\n{tone}\r\n\r\n"
        f"<{recipient}>:\r\n{said}\r\n\r\n{copy}\r\n\r\n"
    ).encode()
    return mail(
        name,
        subject=b"failure notice",
        headers=[sender, *headers],
        body=body + _original(message_id, recipient),
    )


def reports(message_id: str, recipient: str) -> dict[str, bytes]:
    """Build one lasting failure in each dialect, about any message of ours."""
    return {
        "postfix": bounce(message_id, recipient, name="lasting-postfix"),
        "postfix-headers-only": bounce(
            message_id, recipient, name="lasting-postfix-headers", returns_headers_only=True
        ),
        "exchange": bounce(
            message_id,
            recipient,
            name="lasting-exchange",
            status="5.1.10",
            sender=b"From: Microsoft Outlook <postmaster@partner.example>",
            subject="Undeliverable: Receipt",
            headers=[_NULL_PATH, b"X-MS-Exchange-Message-Is-Ndr:"],
        ),
        "gmail": bounce(
            message_id,
            recipient,
            name="lasting-gmail",
            sender=b"From: Mail Delivery Subsystem <mailer-daemon@partner.example>",
            headers=[
                b"Auto-Submitted: auto-replied",
                b"X-Failed-Recipients: " + recipient.encode(),
            ],
        ),
        "sendmail-without-domain": bounce(
            message_id,
            recipient,
            name="lasting-sendmail",
            sender=b"From: Mail Delivery Subsystem <MAILER-DAEMON>",
            headers=[b"Auto-Submitted: auto-generated (failure)"],
        ),
        "qmail": free_form(message_id, recipient, name="lasting-qmail"),
        "exim": free_form(
            message_id,
            recipient,
            name="lasting-exim",
            said="  550 5.1.1 user unknown",
            tone="This is a permanent error. The following address(es) failed:",
            sender=b"From: Mail Delivery System <Mailer-Daemon@partner.example>",
            headers=[
                b"Auto-Submitted: auto-replied",
                b"X-Failed-Recipients: " + recipient.encode(),
            ],
            copy="------ This is a copy of the message, including all the headers. ------",
        ),
    }


def _original(message_id: str, recipient: str) -> bytes:
    return (
        f"From: {INTAKE_ADDRESS}\r\nTo: {recipient}\r\nSubject: Received\r\n"
        f"Message-ID: {message_id}\r\nAuto-Submitted: auto-replied\r\n\r\nWe have your message.\r\n"
    ).encode()


def _plain(name: str, sender: bytes, subject: bytes, headers: Sequence[bytes]) -> bytes:
    """Build a notice that is only text with our message below, from before RFC 3464."""
    body = (
        b"Hi. This is the mail program at partner.example.\r\n"
        b"I was not able to deliver your message to the following addresses.\r\n\r\n"
        b"<anna.registered@partner.example>:\r\nSorry, no mailbox here by that name.\r\n\r\n"
        b"--- Below this line is a copy of the message.\r\n\r\n"
    )
    return mail(
        name,
        subject=subject,
        headers=[sender, *headers],
        body=body + _original(OUR_MESSAGE_ID, REGISTERED_SENDER),
    )


def _report(name: str, report_type: bytes, part_type: bytes, fields: bytes) -> bytes:
    parts = [
        part([b"Content-Type: text/plain"], b"This is a report.\r\n"),
        part([b"Content-Type: " + part_type], fields),
    ]
    kind = b"Content-Type: multipart/report; report-type=%b; boundary=report" % report_type
    return mail(name, headers=[kind], body=multipart(b"report", parts))


def _disposition(name: str, disposition: bytes) -> bytes:
    fields = (
        b"Reporting-UA: partner.example; Program\r\n"
        b"Final-Recipient: rfc822; anna.registered@partner.example\r\n"
        b"Original-Message-ID: %b\r\nDisposition: %b\r\n"
    ) % (OUR_MESSAGE_ID.encode(), disposition)
    return _report(name, b"disposition-notification", b"message/disposition-notification", fields)


_ABUSE_FIELDS = b"Feedback-Type: abuse\r\nUser-Agent: partner/1\r\nVersion: 1\r\n"

BOUNCES: list[tuple[str, bytes]] = [
    ("bounce-postfix", bounce()),
    (
        "bounce-exchange",
        bounce(
            name="bounce-exchange",
            sender=b"From: postmaster@partner.example",
            subject="Undeliverable: Received",
            headers=[_NULL_PATH, b"X-MS-Exchange-Message-Is-Ndr:", b"X-Failed-Recipients: a"],
        ),
    ),
    (
        "bounce-exchange-sv",
        bounce(
            name="bounce-exchange-sv",
            sender=b"From: Microsoft Outlook <postmaster@partner.example>",
            subject="Det går inte att leverera: Received",
            headers=[b"Auto-Submitted: auto-replied"],
        ),
    ),
    (
        "bounce-gmail",
        bounce(
            name="bounce-gmail",
            sender=b"From: Mail Delivery Subsystem <mailer-daemon@partner.example>",
            subject="Delivery Status Notification (Failure)",
            headers=[b"Auto-Submitted: auto-replied", b"X-Failed-Recipients: a@partner.example"],
        ),
    ),
    (
        "bounce-sendmail-headers-only",
        bounce(
            name="bounce-sendmail-headers-only",
            sender=b"From: Mail Delivery Subsystem <MAILER-DAEMON>",
            subject="Returned mail: see transcript for details",
            headers=[b"Auto-Submitted: auto-generated (failure)"],
            returns_headers_only=True,
        ),
    ),
    (
        "bounce-only-by-structure",
        bounce(
            name="bounce-only-by-structure",
            sender=b"From: " + REGISTERED_SENDER.encode(),
            subject="Mail",
            headers=(),
        ),
    ),
    (
        "bounce-delayed",
        bounce(
            name="bounce-delayed",
            action="delayed",
            status="4.4.1",
            subject="Delayed Mail (still being retried)",
        ),
    ),
    (
        "notice-of-success",
        bounce(
            name="notice-of-success",
            action="relayed",
            status="2.0.0",
            subject="Successful Mail Delivery Report",
        ),
    ),
    (
        "bounce-exim",
        _plain(
            "bounce-exim",
            b"From: Mail Delivery System <Mailer-Daemon@partner.example>",
            b"Mail delivery failed: returning message to sender",
            [b"X-Failed-Recipients: a@partner.example", b"Auto-Submitted: auto-replied"],
        ),
    ),
    (
        "bounce-qmail",
        _plain(
            "bounce-qmail",
            b"From: MAILER-DAEMON@partner.example",
            b"failure notice",
            [_NULL_PATH],
        ),
    ),
    ("read-receipt", _disposition("read-receipt", b"manual-action/MDN-sent-manually; displayed")),
    (
        "read-receipt-deleted",
        _disposition("read-receipt-deleted", b"automatic-action/MDN-sent-automatically; deleted"),
    ),
    (
        "abuse-report",
        _report("abuse-report", b"feedback-report", b"message/feedback-report", _ABUSE_FIELDS),
    ),
]
