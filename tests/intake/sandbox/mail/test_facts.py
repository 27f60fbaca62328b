"""Hold what a header says, each field on its own."""

import dataclasses

import pytest

from intake.sandbox.mail.message import read_header


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        (b"Subject: =?utf-8?q?p=C3=A5?=\r\n =?utf-8?q?_x?=", "subject", "på x"),
        (b"Subject: a\0b\xe2\x80\xae", "subject", "ab"),
        (b"Subject: =?utf-8?b?AAA=?=x", "subject", "x"),
        (b"Subject: " + b"x" * 5000, "subject", "x" * 1000),
        (b"Message-ID: <a@b>", "message_id", "<a@b>"),
        (b"Message-ID: a@b", "message_id", ""),
        (b"Message-ID: <", "message_id", ""),
        (b"Message-ID: <a b@c>", "message_id", ""),
        (b"Message-ID: <" + b"x" * 1000 + b">", "message_id", ""),
        (b"In-Reply-To: your mail <a@b>", "in_reply_to", "<a@b>"),
        (b"References: <a@b>\r\n <c@d> junk <e", "references", ("<a@b>", "<c@d>")),
        (b"Date: Mon, 1 Jan 2024 00:00:00 +0000", "date_header", "Mon, 1 Jan 2024 00:00:00 +0000"),
        (b'To: A <a@b.org>, "c@d" <e@f.org>; x', "to_addresses", ("a@b.org", "c@d", "e@f.org")),
        (b"Auto-Submitted: Auto-Replied", "auto_submitted", "auto-replied"),
        (b"Precedence: BULK", "precedence", "bulk"),
        (b"List-Unsubscribe: <x>", "list_headers", True),
        (b"List: x", "list_headers", False),
        (b"X-Auto-Response-Suppress: All", "auto_response_suppress", "all"),
        (b"Return-Path: <>", "return_path", "<>"),
        (b"Return-Path:", "return_path", "<>"),
        (b"Return-Path: <a@b.org>\r\nReturn-Path: <c@d.org>", "return_path", "a@b.org"),
        (b"X: y", "return_path", None),
        (b"X: y", "content_type", "text/plain"),
        (
            b"Content-Type: Multipart/Report; report-type=Delivery-Status",
            "report_type",
            "delivery-status",
        ),
        (b"Content-Type: nonsense", "content_type", ""),
        (b"Importance: High", "importance", "high"),
        (b"Subject: a\r\nSubject: b", "defects", ("duplicate_subject",)),
        (
            b"Subject: Journal\r\nX-A: b\r\nSubject: =?utf-8?q?BR=C3=85DSKANDE?=",
            "subject",
            "Journal [another subject: BRÅDSKANDE]",
        ),
        (b"Subject: a\r\nSubject: =?utf-8?q?a?=\r\nSubject:\r\nSubject: ", "subject", "a"),
        (b"Subject:\r\nSubject: b", "subject", "b"),
        (
            b"Subject: " + b"x" * 3000 + b"\r\nSubject: AKUT\r\n" + b"Subject: y\r\n" * 300,
            "subject",
            f"{'x' * 312} [another subject: AKUT] [another subject: y]",
        ),
    ],
)
def test_field_is_read(field: bytes, name: str, value: object) -> None:
    assert dataclasses.asdict(read_header(field + b"\r\n\r\n"))[name] == value


def test_verdict_headers_keep_their_places_and_are_never_mended() -> None:
    header = (
        b"Authentication-Results: mx.example;\r\n\tdmarc=fail\r\n"
        b"Authentication-Results: mx.example; dma\xe2\x80\x8brc=pass\r\n"
        b"Authentication-Results: mx.example; " + b"x" * 5000 + b" dmarc=fail\r\n"
        b"Authentication-Results: mx.example; dmarc=pass\r\n"
    )

    facts = read_header(header)

    assert facts.authentication_results == (
        "mx.example; dmarc=fail", "", "", "mx.example; dmarc=pass",
    )  # fmt: skip
    assert facts.defects == ("unreadable_authentication_results",)


def test_only_the_top_verdicts_are_kept() -> None:
    header = b"".join(b"Authentication-Results: mx%d; none\r\n" % number for number in range(50))

    assert read_header(header).authentication_results[19] == "mx19; none"
    assert len(read_header(header).authentication_results) == 20
