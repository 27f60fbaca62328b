"""Check bounces.

Only a report of our own mail does anything, and it does exactly what its class asks.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from intake.outbox import stop_list
from intake.outbox.bounces import (
    BounceOutcome,
    match_bounce,
    read_report,
)
from intake.sandbox.protocol.errors import JailUnavailable, ParseCrash
from intake.sandbox.protocol.results import DeliveryReport
from storage import audit
from storage.mail.outbox import OutboxMessage
from tests.samples.mail.bounces import bounce, free_form, reports, sent_to
from tests.samples.mail.mails import REGISTERED_SENDER, referral
from tests.samples.mail.wire import mail
from tests.support.desk import Desk, FailingJails
from tests.support.reports import ReportsReadHere

BOX = "box@example.org"
THEIRS = REGISTERED_SENDER
ELSE = "someone@else.example"
DIALECTS = tuple(reports("<a@b>", THEIRS))


@pytest.fixture
def receipted(sqlite_desk: Desk) -> tuple[Desk, str]:
    """Give a desk and a submission whose receipt went to its registered sender."""
    sqlite_desk.set_reply_address(BOX)
    sqlite_desk.register()
    return sqlite_desk, sqlite_desk.handle(referral())


def take(desk: Desk, raw: bytes, original: str = "") -> tuple[BounceOutcome, str]:
    """Take a message the whole way and match it as routing does.

    With `original` it comes to the return path of the receipt of that submission.
    """
    bounce_id = desk.handle(sent_to(raw, desk.return_path(original)) if original else raw)
    services = desk.services
    submission = desk.submission(bounce_id)
    with services.database.reading() as session:
        key = services.keyring.open(session, submission.data_key_id)
    report = read_report(ReportsReadHere(), services, submission, key)
    with services.database.transaction() as session:
        current = session.merge(submission)
        return match_bounce(services, session, current, key, report), bounce_id


def is_stopped(desk: Desk, address: str = THEIRS) -> bool:
    with desk.services.database.reading() as session:
        return stop_list.is_stopped(desk.services, session, address)


def acts(desk: Desk, submission_id: str) -> dict[str, dict[str, Any]]:
    with desk.services.database.reading() as session:
        events = audit.of_subject(session, "submission", submission_id)
    return {event.act: event.detail for event in events}


def receipt(desk: Desk, submission_id: str) -> OutboxMessage:
    return desk.receipt(submission_id)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_lasting_failure_stops_the_address_and_calls_a_person(
    receipted: tuple[Desk, str], dialect: str
) -> None:
    desk, original = receipted
    message_id = receipt(desk, original).message_id

    outcome, bounce_id = take(desk, reports(message_id, THEIRS)[dialect], original)

    assert outcome is BounceOutcome.HARD
    assert is_stopped(desk)
    row = receipt(desk, original)
    assert row.bounced_at is not None
    assert row.bounce_status in {"5.1.1", "5.1.10"}
    assert ("Q4", "receipt_bounced") in desk.open_items(original)
    assert desk.open_items(bounce_id) == set()
    report = desk.submission(bounce_id)
    assert report.filing_reason == "bounce_of_ours"
    # Nobody waits for an answer to it, so the numbers count no referral.
    assert (report.state, report.outcome, report.case_id) == ("CLOSED", "automatic", None)
    assert report.decided_at is not None


def test_both_submissions_name_each_other(receipted: tuple[Desk, str]) -> None:
    desk, original = receipted
    message_id = receipt(desk, original).message_id

    _, bounce_id = take(desk, bounce(message_id, THEIRS), original)

    told = acts(desk, original)["receipt.reported"]
    assert told["reference"] == desk.submission(bounce_id).reference
    assert acts(desk, bounce_id)["submission.matched"]["reference"] == (
        desk.submission(original).reference
    )
    assert THEIRS not in json.dumps([told, acts(desk, bounce_id)])


def test_an_original_recipient_is_enough(receipted: tuple[Desk, str]) -> None:
    desk, original = receipted
    raw = bounce(receipt(desk, original).message_id, THEIRS).replace(
        f"Final-Recipient: rfc822; {THEIRS}".encode(),
        f"Original-Recipient: rfc822; {THEIRS.upper()}\r\nFinal-Recipient: rfc822; {ELSE}".encode(),
    )

    assert take(desk, raw, original)[0] is BounceOutcome.HARD
    assert is_stopped(desk)
    assert not is_stopped(desk, ELSE)


@pytest.mark.parametrize(
    ("action", "status", "outcome", "is_called"),
    [
        ("delayed", "4.4.1", BounceOutcome.DELAYED, False),
        ("delayed", "5.1.1", BounceOutcome.DELAYED, False),
        ("relayed", "2.0.0", BounceOutcome.ARRIVED, False),
        ("failed", "4.2.2", BounceOutcome.SOFT, True),
        ("failed", "2.0.0", BounceOutcome.UNCLEAR, True),
    ],
)
def test_what_is_no_lasting_failure_stops_nothing(
    receipted: tuple[Desk, str], action: str, status: str, outcome: BounceOutcome, is_called: bool
) -> None:
    desk, original = receipted
    raw = bounce(receipt(desk, original).message_id, THEIRS, action=action, status=status)

    found, bounce_id = take(desk, raw, original)

    assert found is outcome
    assert not is_stopped(desk)
    assert (("Q4", "receipt_bounced") in desk.open_items(original)) is is_called
    assert (receipt(desk, original).bounced_at is not None) is is_called
    assert desk.open_items(bounce_id) == set()


def test_a_notice_without_a_status_calls_a_person_and_stops_nothing(
    receipted: tuple[Desk, str],
) -> None:
    desk, original = receipted
    raw = free_form(receipt(desk, original).message_id, THEIRS, said="It was odd.", tone="Hello.")

    assert take(desk, raw, original)[0] is BounceOutcome.UNCLEAR
    assert not is_stopped(desk)
    assert receipt(desk, original).bounce_status is None


def nothing_happened(desk: Desk, original: str, bounce_id: str) -> bool:
    """Tell whether a report stopped no address, called nobody and waits for a person itself."""
    return (
        not is_stopped(desk)
        and receipt(desk, original).bounced_at is None
        and receipt(desk, original).state == "due"
        and ("Q4", "receipt_bounced") not in desk.open_items(original)
        and desk.open_items(bounce_id) != set()
        and desk.submission(bounce_id).filing_reason != "bounce_of_ours"
        and "receipt.reported" not in acts(desk, original)
    )


# Each knows the Message-ID of our mail, the address it went to, and some address of our box; the
# value is what the report names as its recipient, given the genuine return path.
WITHOUT_A_SIGNATURE: dict[str, Callable[[str], str]] = {
    "the-box-itself": lambda path: BOX,
    "another-mac": lambda path: path.replace(path[-32:-12], "a" * 20),
    "one-symbol-off": lambda path: path[:-13] + ("b" if path[-13] == "a" else "a") + path[-12:],
    "the-mac-of-another-kind": lambda path: path.replace("-r1-", "-ans1-"),
    "the-code-of-another-mail": lambda path: path.replace(path[4:12], "k7m4qx9t"),
    "another-box": lambda path: path.replace("box+", "abox+"),
    "another-domain": lambda path: path.replace("example.org", "example.net"),
    "no-domain": lambda path: path.partition("@")[0],
    "a-kelvin-sign": lambda path: path.replace("box+", "bo\u212a+"),
}


@pytest.mark.parametrize(
    ("trick", "dialect"),
    [("the-box-itself", each) for each in DIALECTS]
    + [(each, "postfix") for each in WITHOUT_A_SIGNATURE if each != "the-box-itself"],
)
def test_report_without_our_signature_leaves_a_note_only(
    receipted: tuple[Desk, str], trick: str, dialect: str
) -> None:
    desk, original = receipted
    raw = reports(receipt(desk, original).message_id, THEIRS)[dialect]
    address = WITHOUT_A_SIGNATURE[trick](desk.return_path(original))

    outcome, bounce_id = take(desk, sent_to(raw, address))

    assert outcome is BounceOutcome.NOT_SIGNED
    assert nothing_happened(desk, original, bounce_id)
    note = acts(desk, bounce_id)["report.not_believed"]
    assert note == {
        "kind": "R1",
        "reason": "report_not_signed",
        "reference": desk.submission(original).reference,
    }


def test_return_path_of_one_mail_vouches_for_no_other(receipted: tuple[Desk, str]) -> None:
    desk, original = receipted
    second = desk.handle(referral(ELSE))

    outcome, bounce_id = take(desk, bounce(receipt(desk, original).message_id, THEIRS), second)

    assert outcome is BounceOutcome.OTHER_RECIPIENT
    assert nothing_happened(desk, original, bounce_id)


@pytest.mark.parametrize("header", [b"Delivered-To", b"X-Original-To", b"Cc"])
def test_return_path_counts_wherever_a_server_writes_it(
    receipted: tuple[Desk, str], header: bytes
) -> None:
    desk, original = receipted
    raw = bounce(receipt(desk, original).message_id, THEIRS)
    path = desk.return_path(original).upper().encode()

    assert take(desk, header + b": " + path + b"\r\n" + raw)[0] is BounceOutcome.HARD


def test_without_an_address_for_replies_no_report_is_believed(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    original = sqlite_desk.handle(referral())
    assert sqlite_desk.return_path(original) == ""

    outcome, bounce_id = take(
        sqlite_desk, bounce(receipt(sqlite_desk, original).message_id, THEIRS)
    )

    assert outcome is BounceOutcome.NOT_SIGNED
    assert nothing_happened(sqlite_desk, original, bounce_id)


def test_what_comes_to_a_return_path_is_never_answered(receipted: tuple[Desk, str]) -> None:
    desk, original = receipted
    absent = mail("absent", sender=ELSE.encode(), subject=b"Away until Monday")

    answer_id = desk.handle(sent_to(absent, desk.return_path(original)))

    assert receipt(desk, answer_id).reason == "sent_to_return_path"
    assert desk.open_items(answer_id) != set()


UNLIKE = {
    "guessed-id": lambda own: bounce("<r1.0123456789abcdef0123456789abcdef@localhost>", THEIRS),
    "no-id": lambda own: bounce("", THEIRS),
    "id-only-in-reply-to": lambda own: bounce(
        "<x@y.example>", THEIRS, headers=[b"In-Reply-To: " + own, b"Return-Path: <>"]
    ),
    "id-only-in-references": lambda own: bounce(
        "<x@y.example>", THEIRS, headers=[b"References: " + own, b"Return-Path: <>"]
    ),
    "id-only-in-the-text": lambda own: free_form(own.decode(), THEIRS, copy="no copy"),
    "id-of-another-message-beside": lambda own: bounce(own.decode()[:-1] + "x>", THEIRS),
}


@pytest.mark.parametrize("trick", UNLIKE)
def test_report_that_names_no_mail_of_ours_does_nothing(
    receipted: tuple[Desk, str], trick: str
) -> None:
    desk, original = receipted
    own = receipt(desk, original).message_id.encode()

    outcome, bounce_id = take(desk, UNLIKE[trick](own))

    assert outcome in {BounceOutcome.NOT_OURS, BounceOutcome.NO_REPORT}
    assert nothing_happened(desk, original, bounce_id)
    assert "report.not_believed" not in acts(desk, bounce_id)


def test_return_path_alone_tells_which_mail_came_back(receipted: tuple[Desk, str]) -> None:
    desk, original = receipted

    assert take(desk, bounce("", THEIRS), original)[0] is BounceOutcome.HARD
    assert is_stopped(desk)


def test_one_who_knows_an_id_of_his_own_stops_nobody_else(receipted: tuple[Desk, str]) -> None:
    desk, coordinators = receipted
    strangers = desk.handle(referral(ELSE))
    own = receipt(desk, strangers).message_id

    outcome, bounce_id = take(desk, bounce(own, THEIRS), strangers)

    assert outcome is BounceOutcome.OTHER_RECIPIENT
    assert not is_stopped(desk)
    assert receipt(desk, coordinators).bounced_at is None
    assert receipt(desk, strangers).bounced_at is None
    assert desk.open_items(bounce_id) != set()


def test_a_message_that_never_left_cannot_come_back(sqlite_desk: Desk) -> None:
    sqlite_desk.set_reply_address(BOX)
    original = sqlite_desk.handle(mail("quiet", headers=[b"Precedence: bulk"]))
    message_id = receipt(sqlite_desk, original).message_id

    assert take(sqlite_desk, bounce(message_id, THEIRS), original)[0] is BounceOutcome.NOT_OURS


def test_a_second_report_changes_nothing(receipted: tuple[Desk, str]) -> None:
    desk, original = receipted
    message_id = receipt(desk, original).message_id
    take(desk, bounce(message_id, THEIRS), original)
    first = receipt(desk, original)

    outcome, bounce_id = take(
        desk, bounce(message_id, THEIRS, name="second", status="5.2.1"), original
    )

    assert outcome is BounceOutcome.HARD
    assert (receipt(desk, original).bounced_at, receipt(desk, original).bounce_status) == (
        first.bounced_at,
        "5.1.1",
    )
    tasks = [item for item in desk.items(original) if item.kind == "receipt_bounced"]
    assert len(tasks) == 1
    assert desk.open_items(bounce_id) == set()


def test_a_stranger_is_matched_as_well(sqlite_desk: Desk) -> None:
    sqlite_desk.set_reply_address(BOX)
    original = sqlite_desk.handle(referral(ELSE))
    raw = bounce(receipt(sqlite_desk, original).message_id, ELSE)

    outcome, _ = take(sqlite_desk, raw, original)

    assert outcome is BounceOutcome.HARD
    assert is_stopped(sqlite_desk, ELSE)


class BreakingJail:
    """Stand for a jail that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def read_delivery_report(self, raw: bytes) -> DeliveryReport:
        """Fail."""
        raise self.error


def test_a_report_that_breaks_its_reader_stays_before_a_person(
    receipted: tuple[Desk, str],
) -> None:
    desk, original = receipted
    desk.set_jails(FailingJails(desk.worker_services.jails, on_report=[ParseCrash("exit")]))

    bounce_id = desk.handle(bounce(receipt(desk, original).message_id, THEIRS))

    assert desk.open_items(bounce_id) != set()
    submission = desk.submission(bounce_id)
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, submission.data_key_id)
    with pytest.raises(JailUnavailable):
        read_report(BreakingJail(JailUnavailable("away")), desk.services, submission, key)
