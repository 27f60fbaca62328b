"""Check reminders: three at most, neutral, and none where one would be wrong."""

import email
import email.policy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.correspondence.reminders import KINDS, send_due_reminders
from intake.outbox import stop_list
from intake.outbox.mail_texts import MailTexts
from intake.triage.endings import do_task
from intake.triage.endings.do_task import TaskReport
from storage.cases import participants
from storage.documents import documents
from storage.documents.document_types import DocumentTypeRange
from storage.mail.senders import RegisteredSender
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.intake.documents.held import FACTS
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.threads import run_together
from tests.support.waiting import ADDRESS, NEEDED, Waiting, seed_waiting

TEXTS = MailTexts(Path(__file__).parents[3] / "templates" / "mail")
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


@pytest.fixture
def waiting(sqlite_services: Services, officer: SignedInUser) -> Waiting:
    """Give a case of which the passport is missing since Tuesday, 24 November."""
    seeded = seed_waiting(sqlite_services, *NEEDED[:-1])
    seeded.know(officer)
    seeded.confirm()
    return seeded


def remind(waiting: Waiting, clock: Clock, at: str = "2026-11-27 09:00") -> int:
    """Let maintenance remind at an office's time."""
    clock.at = datetime.fromisoformat(at).replace(tzinfo=HELSINKI).astimezone(UTC)
    return send_due_reminders(waiting.services, TEXTS, clock.now())


def test_the_days_are_working_days_and_three_are_enough(waiting: Waiting, clock: Clock) -> None:
    sent: dict[str, int] = {}
    for at in (
        "2026-11-26 16:00",
        "2026-11-27 07:59",
        "2026-11-27 08:00",  # three working days
        "2026-11-27 12:00",
        "2026-12-02 16:00",
        "2026-12-03 08:00",  # seven: a weekend between
        "2026-12-11 16:00",
        "2026-12-14 08:00",  # fourteen: two more weekends, Independence Day on a Sunday
        "2026-12-30 08:00",
        "2027-06-30 08:00",
    ):
        sent[at] = remind(waiting, clock, at)

    assert [at[:10] for at, number in sent.items() if number] == [
        "2026-11-27",
        "2026-12-03",
        "2026-12-14",
    ]
    assert [row.kind for row in waiting.mails()] == list(KINDS)
    assert waiting.case().reminders_sent == 3


def test_the_mail_says_nothing_but_that_there_is_a_question(waiting: Waiting, clock: Clock) -> None:
    remind(waiting, clock)

    (row,) = waiting.mails()
    raw = waiting.letter(row)
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    text = letter.get_content()
    assert (letter["To"], letter["In-Reply-To"]) == (ADDRESS, FACTS["message_id"])
    assert letter["Subject"] == f"Referens / Reference {waiting.reference()}"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert "There is a question for you." in text
    assert "Det finns en fråga till dig." in text
    # Requirement 116: no type, no programme, no missing list.
    for word in ("pass", "document missing", "saknas", "return", "trafficking", "AVRR", "cash"):
        assert word not in text.lower().replace("passord", "")
    assert (row.state, row.reason) == ("due", "")


def test_a_mail_that_was_written_is_audited_at_its_case(waiting: Waiting, clock: Clock) -> None:
    remind(waiting, clock)

    (event,) = waiting.events(("case", waiting.case_id), "reminder.")
    assert event.act == "reminder.written"
    assert event.detail == {"kind": "REM3", "reason": "", "submission": waiting.submission_id}


def test_nobody_is_reminded_before_what_came_was_confirmed(
    sqlite_services: Services, officer: SignedInUser, clock: Clock
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED[:-1])
    waiting.know(officer)
    # As an older release left it.
    waiting.change(next_reminder_at=clock.now())
    sent = [remind(waiting, clock, f"2026-12-{day} 09:00") for day in ("01", "08", "15")]
    assert (sent, waiting.mails()) == ([0, 0, 0], [])
    (event,) = waiting.events(("case", waiting.case_id), "reminder.")
    assert event.detail["reason"] == "not_confirmed_yet"

    waiting.confirm()

    # Confirmed on Tuesday, 15 December: three working days from then.
    assert remind(waiting, clock, "2026-12-18 07:59") == 0
    assert remind(waiting, clock, "2026-12-18 08:00") == 1


def test_what_was_closed_without_a_confirmation_told_nobody_what_is_missing(
    waiting: Waiting, clock: Clock
) -> None:
    with waiting.services.database.transaction() as session:
        session.get_one(Submission, waiting.submission_id).closed_without = "internal"

    waiting.refresh()

    assert waiting.case().next_reminder_at is None
    assert remind(waiting, clock, "2026-12-14 08:00") == 0


def test_an_addition_that_nobody_has_confirmed_lets_them_wait(
    waiting: Waiting, clock: Clock
) -> None:
    clock.advance(timedelta(hours=1))
    waiting.arrive("CORR")
    waiting.refresh()
    assert waiting.case().next_reminder_at is None

    waiting.confirm()

    assert remind(waiting, clock, "2026-11-27 09:00") == 1


def add_passport(waiting: Waiting) -> None:
    """Let somebody type a document as the passport that was missing, and check nothing."""
    with waiting.services.database.transaction() as session:
        document = documents.of_submission(session, waiting.submission_id)[0]
        row = session.query(DocumentTypeRange).filter_by(document_id=document.id).one()
        session.add(
            DocumentTypeRange(
                id="0" * 32,
                document_id=document.id,
                first_page=row.last_page + 1,
                last_page=row.last_page + 1,
                document_type="ID-PASS",
                suggested_type="ID-PASS",
                confidence=0.9,
            )
        )


def write_again(waiting: Waiting) -> None:
    """Let the coordinator write in the meantime."""
    waiting.arrive("CORR", received_at=waiting.services.now() + timedelta(hours=1))


@pytest.mark.parametrize(
    ("reason", "happen"),
    [
        ("nothing_missing", add_passport),
        ("somebody_wrote", write_again),
        ("on_hold", Waiting.hold),
        ("case_merged", lambda waiting: waiting.change(merged_into="f" * 32)),
        ("case_not_open", lambda waiting: waiting.change(state="CLOSED")),
        ("case_not_open", lambda waiting: waiting.change(state="SAFETY_HOLD")),
        ("reminded_often_enough", lambda waiting: waiting.change(reminders_sent=3)),
    ],
)
def test_what_stops_reminders(waiting: Waiting, clock: Clock, reason: str, happen: Any) -> None:
    happen(waiting)

    assert remind(waiting, clock) == 0

    (event,) = waiting.events(("case", waiting.case_id), "reminder.")
    assert (event.act, event.detail["reason"]) == ("reminder.stopped", reason)
    assert waiting.mails() == []
    assert waiting.case().next_reminder_at is None


def test_after_an_answer_the_days_begin_again(waiting: Waiting, clock: Clock) -> None:
    remind(waiting, clock)
    clock.advance(timedelta(days=3))
    waiting.arrive("CORR")
    clock.advance(timedelta(minutes=1))
    waiting.confirm()

    # From Monday, 30 November: seven working days, and Independence Day falls on a Sunday.
    assert remind(waiting, clock, "2026-12-09 07:59") == 0
    assert remind(waiting, clock, "2026-12-09 08:00") == 1
    assert [row.kind for row in waiting.mails()] == ["REM3", "REM7"]


def end_entry(waiting: Waiting) -> None:
    with waiting.services.database.transaction() as session:
        session.get_one(RegisteredSender, waiting.sender_id).ended_at = waiting.services.now()


def leave_case(waiting: Waiting) -> None:
    with waiting.services.database.transaction() as session:
        participants.end(session, waiting.case_id, waiting.sender_id, waiting.services.now())


@pytest.mark.parametrize("happen", [end_entry, leave_case])
def test_who_does_not_belong_any_more_gets_nothing_and_a_person_calls(
    waiting: Waiting, clock: Clock, happen: Any
) -> None:
    happen(waiting)

    assert remind(waiting, clock) == 0

    assert waiting.mails() == []
    assert ("Q4", "call_sender") in {(item.queue, item.kind) for item in waiting.items()}


def test_an_unproven_sender_is_not_written_to(
    sqlite_services: Services, officer: SignedInUser, clock: Clock
) -> None:
    waiting = seed_waiting(sqlite_services)
    with sqlite_services.database.transaction() as session:
        from storage.submissions.submissions import Submission

        session.get_one(Submission, waiting.submission_id).sender_verdict = "unverified"
    waiting.know(officer)
    waiting.confirm()

    assert remind(waiting, clock) == 0
    assert waiting.mails() == []


def test_a_stopped_address_gets_nothing_and_a_person_calls(waiting: Waiting, clock: Clock) -> None:
    with waiting.services.database.transaction() as session:
        stop_list.stop_address(waiting.services, session, ADDRESS, "bounced", waiting.submission_id)

    assert remind(waiting, clock) == 0

    (row,) = waiting.mails()
    assert (row.state, row.reason, row.content) == ("suppressed", "address_stopped", None)
    assert ("Q4", "call_sender") in {(item.queue, item.kind) for item in waiting.items()}
    assert remind(waiting, clock, "2026-12-30 09:00") == 0


def test_an_erased_case_does_not_stop_the_others(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    from storage.crypto.keys import DataKeyRow

    other = seed_waiting(waiting.services, *NEEDED[:-1])
    other.know(officer)
    other.confirm()
    with waiting.services.database.transaction() as session:
        row = session.get_one(DataKeyRow, waiting.case().data_key_id)
        row.destroyed_at, row.wrapped = clock.now(), b""

    assert remind(waiting, clock) == 1
    assert len(other.mails()) == 1


def test_reminder_written_by_two_workers_is_written_once(services: Services, clock: Clock) -> None:
    waiting = seed_waiting(services, *NEEDED[:-1])
    waiting.know(plant_user(services))
    waiting.confirm()
    clock.advance(timedelta(days=5))

    outcome = run_together(2, lambda _place: send_due_reminders(services, TEXTS, clock.now()))

    assert outcome.errors == []
    assert sorted(outcome.results) == [0, 1]
    assert len(waiting.mails()) == 1


def missing_papers(waiting: Waiting) -> list[QueueItem]:
    """Return the open items in the queue of missing documents."""
    return [
        each
        for each in waiting.items()
        if each.kind == TaskKind.MISSING_DOCUMENTS and each.closed_at is None
    ]


def test_papers_that_will_not_come_are_asked_for_again_when_somebody_writes(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    services = waiting.services
    (item,) = missing_papers(waiting)
    clock.at += timedelta(minutes=1)
    opened = gate.task_to_do(services, officer, item.id)
    done = do_task.do_task(services, TEXTS, opened, TaskReport("not_coming", "They were burnt."))
    assert waiting.case().next_reminder_at is None
    do_task.reopen_task(services, opened, done)
    assert waiting.case().next_reminder_at is not None
    clock.at += timedelta(minutes=1)
    done = do_task.do_task(
        services, TEXTS, opened, TaskReport("not_coming", "Burnt.", seen_outcome=done)
    )
    waiting.refresh()

    assert missing_papers(waiting) == []
    assert waiting.case().next_reminder_at is None
    assert [remind(waiting, clock, at) for at in ("2026-11-27 09:00", "2026-12-14 08:00")] == [0, 0]
    assert waiting.mails() == []

    clock.at += timedelta(days=1)
    waiting.arrive("CORR", state="CONFIRMED")
    waiting.refresh()

    (again,) = missing_papers(waiting)
    assert again.id == item.id
    assert done
    assert waiting.case().next_reminder_at is not None
