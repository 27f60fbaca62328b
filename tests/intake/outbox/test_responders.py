"""Check that a program which answers for a registered sender is noticed, and people are not."""

from datetime import timedelta

import pytest

from intake.outbox.responders import REASON
from intake.senders.letters import own_words
from storage.submissions.submissions import Submission
from tests.samples.mail.mails import referral, tiny_pdf
from tests.samples.mail.wire import mail
from tests.support.building import Clock
from tests.support.desk import Desk

pytestmark = pytest.mark.components

PDF = ("remiss.pdf", "application/pdf", tiny_pdf("x"))
ROUNDS = 8
CALL = ("Q4", "call_sender")

SWEDISH = "Hej! Jag är på semester till den 14 november. Vid brådskande ärenden ring växeln.\r\n"
GERMAN = "Ich bin bis zum 14. November nicht im Büro. Ihre Nachricht wird nicht weitergeleitet.\r\n"
COUNTED = "Away until Monday. This is note {number} of today.\r\n"
QUOTING = "Tack, jag är ledig.\r\n\r\n> {quoted}\r\n"
CHANGING = "Away. {quoted}\r\n"


DRIFTING = "I read your mail with interest, thank you. ({number})\r\n"
SUBJECTS = ["Semester", "Poissa 24.12. asti", "Hello", "Angående {ours}", ""]


def note(text: str, number: int, subject: str, message_id: str, *, names_ours: bool) -> bytes:
    """Build an absence note without any sign that a program wrote it."""
    headers = [b"Content-Type: text/plain; charset=utf-8"]
    if names_ours:
        headers.append(b"In-Reply-To: " + message_id.encode())
    body = text.format(number=number, quoted=f"{subject} {message_id}").encode()
    return mail(f"note-{number}", subject=subject.encode(), headers=headers, body=body)


def play(
    desk: Desk, clock: Clock, text: str, *, names_ours: bool = True, subject: str = "Re: {ours}"
) -> list[str]:
    """Let the program answer each receipt; return all that came in, the referral first.

    `{ours}` in its subject stands for that of our mail.
    """
    desk.register()
    came = [desk.handle(referral(attachments=[PDF]))]
    for number in range(ROUNDS):
        if desk.receipt(came[-1]).state != "due":
            break
        ours = desk.letter(came[-1])
        clock.advance(timedelta(seconds=4))
        written, message_id = subject.format(ours=ours["Subject"]), ours["Message-ID"]
        came.append(desk.handle(note(text, number, written, message_id, names_ours=names_ours)))
    return came


@pytest.mark.parametrize("names_ours", [True, False])
@pytest.mark.parametrize("text", [SWEDISH, GERMAN, COUNTED, QUOTING, CHANGING])
def test_an_absence_note_without_a_header_gets_two_receipts_and_then_a_task(
    sqlite_desk: Desk, clock: Clock, text: str, names_ours: bool
) -> None:
    came = play(sqlite_desk, clock, text, names_ours=names_ours)

    reasons = [(row.state, row.reason) for row in map(sqlite_desk.receipt, came)]
    assert reasons == [("due", ""), ("due", ""), ("suppressed", REASON)]
    assert CALL in sqlite_desk.open_items(came[-1])


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("text", [SWEDISH, GERMAN, COUNTED, QUOTING, CHANGING])
def test_whatever_its_subject_a_program_gets_two_receipts_and_then_a_task(
    sqlite_desk: Desk, clock: Clock, text: str, subject: str
) -> None:
    came = play(sqlite_desk, clock, text, names_ours=False, subject=subject)

    reasons = [(row.state, row.reason) for row in map(sqlite_desk.receipt, came)]
    assert reasons == [("due", ""), ("due", ""), ("suppressed", REASON)]
    assert CALL in sqlite_desk.open_items(came[-1])


@pytest.mark.parametrize("subject", ["Hello", ""])
def test_a_program_that_counts_and_answers_nothing_is_stopped_by_its_row(
    sqlite_desk: Desk, clock: Clock, subject: str
) -> None:
    came = play(sqlite_desk, clock, DRIFTING, names_ours=False, subject=subject)

    states = [sqlite_desk.receipt(each).state for each in came]
    assert states == ["due"] * 5 + ["suppressed"]
    assert CALL in sqlite_desk.open_items(came[-1])


def test_a_program_that_names_our_mail_in_its_subject_gets_two_receipts(
    sqlite_desk: Desk, clock: Clock
) -> None:
    came = play(sqlite_desk, clock, DRIFTING, names_ours=False, subject="Angående {ours}")

    states = [sqlite_desk.receipt(each).state for each in came]
    assert states == ["due", "due", "suppressed"]


@pytest.mark.parametrize(
    "words",
    [
        "Jag är på semester, Eva svarar.", "Olen lomalla 1.8. asti.", "I am on leave until May.",
        "Jeg har ferie til mandag.", "Jeg er på orlov.", "Ich bin bis Mai im Urlaub.",
    ],
)  # fmt: skip
def test_a_note_of_absence_in_other_words_each_time_is_noticed(
    sqlite_desk: Desk, clock: Clock, words: str
) -> None:
    came = play(sqlite_desk, clock, words + " {quoted}", names_ours=False, subject="Hej")
    for row in map(sqlite_desk.receipt, came):
        assert row.state == "due" or row.reason == REASON

    assert len(came) == 3


def test_a_row_that_nobody_types_ends(sqlite_desk: Desk, clock: Clock) -> None:
    words = ["Un", "Deux mots", "Trois autres mots", "Encore", "Toujours", "Sans fin", "Zut"]
    desk = sqlite_desk
    desk.register()
    came = []
    for number, text in enumerate(words):
        came.append(desk.handle(mail(f"row-{number}", subject=text.encode(), body=text.encode())))
        clock.advance(timedelta(seconds=4))

    states = [desk.receipt(each).state for each in came]
    assert states == ["due"] * 5 + ["suppressed"] * 2
    assert CALL in desk.open_items(came[5])
    assert all("submission" in {kind for _, kind in desk.open_items(each)} for each in came)


def test_letters_stored_before_their_hash_was_kept_are_compared_too(
    sqlite_desk: Desk, clock: Clock
) -> None:
    desk = sqlite_desk
    desk.register()
    came = [desk.handle(note(SWEDISH, 1, "A", "<a@x>", names_ours=False))]
    for number in range(2, 4):
        with desk.services.database.transaction() as session:
            for each in came:
                session.get_one(Submission, each).letter_hash = None
        clock.advance(timedelta(seconds=4))
        came.append(desk.handle(note(SWEDISH, number, "A", "<a@x>", names_ours=False)))

    assert [desk.receipt(each).reason for each in came] == ["", REASON, REASON]


def test_the_same_note_again_brings_no_new_item(sqlite_desk: Desk, clock: Clock) -> None:
    desk = sqlite_desk
    play(desk, clock, SWEDISH)

    again = []
    for number in range(4):
        clock.advance(timedelta(seconds=20))
        again.append(desk.handle(note(SWEDISH, 20 + number, "Re: A", "<a@x>", names_ours=True)))

    # The first has another subject than what waits; the others are the same in everything.
    assert ("Q3", "submission") in desk.open_items(again[0])
    assert [desk.open_items(each) for each in again[1:]] == [set(), set(), set()]
    assert all(desk.submission(each).filing_reason == "automatic_mail" for each in again)


def test_papers_are_never_taken_for_a_note(sqlite_desk: Desk, clock: Clock) -> None:
    desk = sqlite_desk
    desk.register()
    came = []
    for number in range(4):
        subject = f"SV: Kompletteringar {number}"
        came.append(desk.handle(referral(subject=subject, attachments=[PDF], token=str(number))))
        clock.advance(timedelta(seconds=5))

    assert [desk.receipt(each).state for each in came] == ["due"] * 4


def test_several_letters_in_a_row_are_a_persons(sqlite_desk: Desk, clock: Clock) -> None:
    desk = sqlite_desk
    desk.register()
    came = []
    for number, words in enumerate(
        ("Kommer ni i dag?", "Jag glömde fråga om bussen.", "Och tåget?")
    ):
        came.append(desk.handle(mail(f"letter-{number}", subject=b"Fraga", body=words.encode())))
        clock.advance(timedelta(seconds=40))

    assert [desk.receipt(each).state for each in came] == ["due"] * 3
    assert all(desk.open_items(each) for each in came)


def test_a_number_more_is_news_to_an_officer(sqlite_desk: Desk, clock: Clock) -> None:
    desk = sqlite_desk
    desk.register()
    came = []
    for number in range(3):
        words = f"Ring mig nu på 070-123 45 6{number}.".encode()
        came.append(desk.handle(mail(f"call-{number}", subject=b"Ring", body=words)))
        clock.advance(timedelta(seconds=40))

    assert [desk.submission(each).filing_reason for each in came] == [
        desk.submission(came[0]).filing_reason
    ] * 3
    assert all("submission" in {kind for _, kind in desk.open_items(each)} for each in came)


def test_a_day_of_referrals_gets_a_receipt_each(sqlite_desk: Desk, clock: Clock) -> None:
    desk = sqlite_desk
    desk.register()
    came = []
    for number in range(12):
        paper = (f"remiss-{number}.pdf", "application/pdf", tiny_pdf(f"person {number}"))
        subject = "Remiss" if number % 2 else f"SV: Remiss {number}"
        came.append(desk.handle(referral(subject=subject, attachments=[paper])))
        clock.advance(timedelta(seconds=30))

    assert [desk.receipt(each).state for each in came] == ["due"] * 12


def test_a_stranger_with_a_registered_address_hides_no_mail(
    sqlite_desk: Desk, clock: Clock
) -> None:
    desk = sqlite_desk
    desk.set_authserv_id("mx.office.example")
    desk.register()
    came = []
    for number in range(4):
        came.append(desk.handle(note(SWEDISH, number, "Re: A", "<a@x>", names_ours=True)))
        clock.advance(timedelta(seconds=5))

    assert {desk.submission(each).sender_verdict for each in came} == {"unverified"}
    assert all(desk.open_items(each) for each in came)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Away\n> quoted\n", "away"),
        ("Borta  till 14/5\n\n-----Original Message-----\nFrom: us\n", "borta till 14/5"),
        ("Borta\nFrån: vi\nmer", "borta"),
        ("Borta\n\nDen 2 nov. 2026 kl 09:15 skrev IOM <a@iom.example>:\n> Tack", "borta"),
        ("Borta\n>>> IOM <a@iom.example> 2026-11-02 10:12 >>>\nTack", "borta"),
        ("Немає\nВід: IOM\nНадіслано: 2 лист. 2026\nТема: x\nтекст", "немає"),
    ],
)
def test_own_words_leave_out_quotes(text: str, words: str) -> None:
    assert own_words(text) == words
