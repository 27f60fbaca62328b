"""Check what makes a message a possible report, and how each recipient in it is judged."""

from dataclasses import replace
from typing import Any

import pytest

from intake.core.submission_facts import EMPTY_HEADER
from intake.outbox.bounces import BounceOutcome, judge_recipient, may_be_report
from intake.sandbox.protocol.results import ReportedRecipient
from tests.samples.mail.mails import REGISTERED_SENDER

THEIRS = REGISTERED_SENDER

HEADER = replace(
    EMPTY_HEADER,
    content_type="text/plain",
    report_type="",
    return_path="a@b.example",
    from_address="anna@partner.example",
    claimed_from="Anna <anna@partner.example>",
)


@pytest.mark.parametrize(
    ("change", "may_be"),
    [
        ({}, False),
        ({"content_type": "multipart/report"}, True),
        ({"content_type": "multipart/report", "report_type": "delivery-status"}, True),
        ({"content_type": "multipart/report", "report_type": "disposition-notification"}, False),
        ({"content_type": "multipart/report", "report_type": "feedback-report"}, False),
        ({"return_path": "<>"}, True),
        ({"return_path": None}, False),
        ({"from_address": "MAILER-DAEMON@partner.example"}, True),
        ({"from_address": None, "claimed_from": "Mail <MAILER-DAEMON>"}, True),
        ({"from_address": "postmaster@partner.example"}, True),
        ({"from_address": None, "claimed_from": ""}, False),
    ],
)
def test_a_header_tells_whether_it_is_worth_reading(change: dict[str, Any], may_be: bool) -> None:
    assert may_be_report(replace(HEADER, **change)) is may_be


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        ("failed", "5.1.1", BounceOutcome.HARD),
        ("", "5.1.1", BounceOutcome.HARD),
        ("failed", "4.2.2", BounceOutcome.SOFT),
        ("", "4.2.2", BounceOutcome.UNCLEAR),
        ("failed", "", BounceOutcome.UNCLEAR),
        ("", "", BounceOutcome.UNCLEAR),
        ("delayed", "", BounceOutcome.DELAYED),
        ("expanded", "2.0.0", BounceOutcome.ARRIVED),
    ],
)
def test_each_recipient_is_judged(action: str, status: str, outcome: BounceOutcome) -> None:
    assert judge_recipient(ReportedRecipient("", THEIRS, action, status)) is outcome
