"""Check who gets R1.

Decided once, in the words that the sender may see, with nothing personal in it.
"""

from datetime import timedelta

import pytest

from intake.outbox.guard import MAX_TO_REGISTERED, MAX_TO_UNVERIFIED
from intake.pipeline.open_mail import open_submission
from storage.base import new_id
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from tests.samples.mail.mails import REGISTERED_SENDER, prepend, referral, tiny_pdf
from tests.samples.mail.wire import STRANGER, mail
from tests.support.building import Clock
from tests.support.desk import Desk

pytestmark = pytest.mark.components

OURS = "mx.example.org"
AUTHENTIC = "Authentication-Results: mx.example.org; dmarc=pass header.from=partner.example"
FORGED = "Authentication-Results: mx.evil.example; dmarc=pass header.from=partner.example"
CANARIES = ("CANARY", "Åsa", "kvinna", "Kosovo", "850709", "skyddat", "frivilligt")
PERSONAL = referral(
    "Åsa CANARY <anna.registered@partner.example>",
    subject="Åsa CANARY, kvinna, Kosovo, 850709-9805",
    attachments=[("CANARY skyddat boende.pdf", "application/pdf", tiny_pdf("CANARY"))],
    token="CANARY",
    headers=[("X-Case", "CANARY"), ("Reply-To", "canary@evil.example")],
)


def test_a_registered_sender_gets_reference_and_count(desk: Desk) -> None:
    desk.register()

    submission_id = desk.open(PERSONAL)

    submission = desk.submission(submission_id)
    row, letter = desk.receipt(submission_id), desk.letter(submission_id)
    text = letter.get_content()
    assert (row.kind, row.state, row.reason) == ("R1", "due", "")
    assert row.next_try_at == row.created_at
    assert letter["To"] == REGISTERED_SENDER
    assert letter["Subject"] == f"Receipt {submission.reference}"
    assert letter["Message-ID"] == row.message_id
    assert "Vi har tagit emot 1 handling den 24 november 2026 kl. 10.42" in text
    assert "senast den 25 november 2026 kl. 16.00" in text
    assert text.count(submission.reference) == 2


@pytest.mark.parametrize("is_registered", [True, False])
def test_nothing_of_the_mail_stands_in_its_receipt(desk: Desk, is_registered: bool) -> None:
    if is_registered:
        desk.register()

    submission_id = desk.open(PERSONAL)

    raw = desk.letter_bytes(submission_id)
    shown = f"{raw.decode()}\n{desk.letter(submission_id).get_content()}"
    assert [word for word in CANARIES if word.lower() in shown.lower()] == []
    assert b"canary@evil.example" not in raw


@pytest.mark.parametrize("is_forged", [True, False])
def test_a_sender_that_is_not_verified_learns_nothing(desk: Desk, is_forged: bool) -> None:
    if is_forged:
        desk.register()
        desk.set_authserv_id(OURS)

    submission_id = desk.open(prepend(PERSONAL, FORGED))

    letter = desk.letter(submission_id)
    assert letter["Subject"] == "Message received / Meddelande mottaget"
    assert desk.submission(submission_id).reference not in letter.get_content()
    assert "handling" not in letter.get_content().split("Svara")[0]


def test_an_authentic_sender_gets_the_whole_receipt(desk: Desk) -> None:
    desk.register()
    desk.set_authserv_id(OURS)

    submission_id = desk.open(prepend(PERSONAL, AUTHENTIC))

    assert desk.submission(submission_id).sender_verdict == "registered"
    assert desk.letter(submission_id)["Subject"].startswith("Receipt ")


def test_the_receipt_answers_in_the_thread(desk: Desk) -> None:
    raw = referral(message_id="<new@partner.example>", in_reply_to="<old@partner.example>")

    letter = desk.letter(desk.open(raw))

    assert letter["In-Reply-To"] == "<new@partner.example>"
    assert letter["References"].split() == ["<old@partner.example>", "<new@partner.example>"]


@pytest.mark.parametrize("sender", [None, b"", b"nonsense", b"a@b.example, c@d.example"])
def test_without_a_usable_sender_a_person_decides(desk: Desk, sender: bytes | None) -> None:
    submission_id = desk.open(mail("no-sender", sender=sender))

    row = desk.receipt(submission_id)
    assert (row.state, row.reason) == ("suppressed", "no_usable_sender")
    assert (row.recipient, row.content) == (None, None)
    assert desk.open_items(submission_id) == {("Q4", "no_usable_sender")}


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"Auto-Submitted: auto-replied", "auto_submitted"),
        (b"Precedence: bulk", "bulk_precedence"),
        (b"List-Id: <list.example>", "mailing_list"),
        (b"X-Auto-Response-Suppress: All", "auto_response_suppress"),
        (b"Return-Path: <>", "null_return_path"),
    ],
)
def test_automatic_mail_is_kept_and_not_answered(
    sqlite_desk: Desk, header: bytes, reason: str
) -> None:
    submission_id = sqlite_desk.open(mail("automatic", headers=[header]))

    row = sqlite_desk.receipt(submission_id)
    assert (row.state, row.reason) == ("suppressed", reason)
    assert sqlite_desk.open_items(submission_id) == set()
    assert sqlite_desk.submission(submission_id).state == "DOCUMENTS"


def test_mail_from_ourselves_is_not_answered(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.open(mail("loop", sender=b"NoReply@LocalHost"))

    assert sqlite_desk.receipt(submission_id).reason == "own_address"


def test_one_receipt_too_many_within_the_hour_is_suppressed(desk: Desk, clock: Clock) -> None:
    sender = STRANGER.encode()
    numbers = range(MAX_TO_UNVERIFIED + 1)
    letters = [desk.open(mail(f"m{number}", sender=sender)) for number in numbers]
    other = desk.open(mail("other", sender=b"somebody@else.example"))
    clock.advance(timedelta(hours=1, seconds=1))
    later = desk.open(mail("later", sender=sender.upper()))

    states = [desk.receipt(submission_id).state for submission_id in letters]
    assert states == ["due"] * MAX_TO_UNVERIFIED + ["suppressed"]
    assert desk.receipt(letters[-1]).reason == "too_many_to_this_address"
    assert desk.receipt(other).state == "due"
    assert desk.receipt(later).state == "due"


def test_case_does_not_make_another_address(desk: Desk) -> None:
    for number in range(MAX_TO_UNVERIFIED):
        desk.open(mail(f"m{number}", sender=STRANGER.encode()))

    submission_id = desk.open(mail("last", sender=STRANGER.title().encode()))

    assert desk.receipt(submission_id).state == "suppressed"


def test_a_registered_sender_may_write_more_often(desk: Desk) -> None:
    desk.register()

    letters = [desk.open(referral(token=f"{number}")) for number in range(MAX_TO_UNVERIFIED + 2)]

    assert {desk.receipt(submission_id).state for submission_id in letters} == {"due"}


def test_each_mail_of_a_burst_gets_its_own_receipt(desk: Desk, clock: Clock) -> None:
    """Each addition is received by itself: a coordinator who sends four mails has four proofs."""
    desk.register()

    burst = []
    for number in range(4):
        burst.append(desk.open(referral(token=f"{number}")))
        clock.advance(timedelta(minutes=1))

    assert [desk.receipt(each).state for each in burst] == ["due"] * 4
    texts = [desk.letter(each).get_content() for each in burst]
    references = [desk.submission(each).reference for each in burst]
    assert len(set(references)) == 4
    assert all(mine in text for mine, text in zip(references, texts, strict=True))
    assert sum(text.count(mine) for text in texts for mine in references) == 2 * 4


def test_a_burst_of_a_stranger_gets_no_more_than_two(desk: Desk, clock: Clock) -> None:
    burst = []
    for number in range(4):
        burst.append(desk.open(mail(f"m{number}", sender=STRANGER.encode())))
        clock.advance(timedelta(minutes=1))

    assert [desk.receipt(each).state for each in burst] == ["due"] * 2 + ["suppressed"] * 2


def test_a_registered_sender_whose_hour_is_full_is_called_once(desk: Desk) -> None:
    desk.register()
    first = desk.open(referral())
    with desk.services.database.transaction() as session:
        (row,) = outbox.of_submission(session, first)
        for number in range(MAX_TO_REGISTERED):
            session.add(written_to(row, number))

    later = [desk.open(referral(token=f"{number}")) for number in range(3)]

    assert {desk.receipt(each).reason for each in later} == {"too_many_to_this_address"}
    calls = [("Q4", "call_sender") in desk.open_items(each) for each in later]
    assert calls == [True, False, False]


def written_to(row: OutboxMessage, number: int) -> OutboxMessage:
    """Return one more mail to whoever got the first."""
    return OutboxMessage(
        id=new_id(),
        submission_id=row.submission_id,
        data_key_id=row.data_key_id,
        kind=f"X{number}",
        state=row.state,
        message_id=f"<{number}@sent.example>",
        created_at=row.created_at,
        recipient_hash=row.recipient_hash,
    )


def test_each_receipt_has_one_identity_made_from_its_submission(desk: Desk) -> None:
    first, second = desk.open(referral()), desk.open(referral(token="x"))
    before = desk.receipt(first).message_id

    open_submission(desk.worker_services, first)

    assert desk.receipt(first).message_id == before
    assert desk.receipt(second).message_id != before
    assert desk.submission(first).reference not in before
    assert first not in before
