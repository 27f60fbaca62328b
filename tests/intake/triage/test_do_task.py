"""Check doing tasks: each kind with each outcome, what is refused, and what follows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from intake.access import gate
from intake.core.errors import FieldsInvalid
from intake.core.services import Services
from intake.queues.task_outcomes import (
    MAX_NOTE_CHARS,
    NEEDS_NOTE,
    OUTCOMES,
    STAYS_OPEN,
    Outcome,
)
from intake.triage.decisions import SaidForged
from intake.triage.endings import do_task, finish
from intake.triage.endings.do_task import TaskReport
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from storage import audit
from storage.base import new_id
from storage.cases.messages import CaseMessage, MessageKind
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Outcome as SubmissionOutcome
from tests.intake.correspondence.conversations import TEXTS
from tests.intake.triage.asked_tasks import NOTE, plant
from tests.support.building import Clock

WAYS = [(kind, outcome) for kind, found in OUTCOMES.items() for outcome in found]


@pytest.mark.parametrize(("kind", "outcome"), WAYS)
def test_each_task_ends_with_each_of_its_outcomes(
    sqlite_services: Services, kind: TaskKind, outcome: Outcome
) -> None:
    asked = plant(sqlite_services, kind)

    done = asked.do(outcome)

    (row,) = asked.rows()
    item = asked.item()
    assert (row.id, row.kind, row.outcome, row.done_by) == (done, kind, outcome, asked.doer.id)
    assert asked.note_of(row) == NOTE
    assert (item.closed_at is None) is (outcome in STAYS_OPEN)
    (act,) = [each for each in asked.acts() if each[0] == "task.done"]
    # Nobody is there to be mailed, which the act says too.
    mailed = {"to": "", "mails": 0, "managers": 0, "on_duty": 0, "stopped": False}
    told = mailed if outcome is Outcome.ESCALATED else {}
    assert act[1] == {"item": asked.item_id, "kind": kind, "outcome": outcome} | told
    assert asked.own_item().closed_at is None


@pytest.mark.parametrize("kind", OUTCOMES)
def test_an_outcome_of_another_task_is_refused(sqlite_services: Services, kind: TaskKind) -> None:
    asked = plant(sqlite_services, kind)
    for claimed in ("", "closed", *(set(Outcome) - set(OUTCOMES[kind]))):
        with pytest.raises(FieldsInvalid) as refused:
            asked.do(claimed)
        assert "outcome" in refused.value.errors

    assert (asked.rows(), asked.acts()) == ([], [])
    assert asked.item().closed_at is None


@pytest.mark.parametrize("kind", [TaskKind.SUBMISSION, TaskKind.QUARANTINE])
def test_what_another_act_ends_cannot_be_reported(
    sqlite_services: Services, kind: TaskKind
) -> None:
    asked = plant(sqlite_services, TaskKind.QUARANTINE)
    item = asked.own_item() if kind is TaskKind.SUBMISSION else asked.item()
    opened = gate.task_to_do(sqlite_services, asked.doer, item.id)

    for outcome in Outcome:
        with pytest.raises(FieldsInvalid):
            do_task.do_task(sqlite_services, TEXTS, opened, TaskReport(outcome, NOTE))


@pytest.mark.parametrize(("kind", "outcome"), WAYS)
@pytest.mark.parametrize("note", ["", " \n\t\u200b"])
def test_a_note_is_needed_where_the_outcome_says_too_little(
    sqlite_services: Services, kind: TaskKind, outcome: Outcome, note: str
) -> None:
    asked = plant(sqlite_services, kind)

    if outcome in NEEDS_NOTE:
        with pytest.raises(FieldsInvalid) as refused:
            asked.do(outcome, note)
        assert set(refused.value.errors) == {"note"}
    else:
        asked.do(outcome, note)
    assert bool(asked.rows()) is (outcome not in NEEDS_NOTE)


def test_a_note_has_an_end(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.WRONG_READER)

    with pytest.raises(FieldsInvalid):
        asked.do("slip", "å" * (MAX_NOTE_CHARS + 1))
    asked.do("slip", "å" * MAX_NOTE_CHARS)

    assert asked.note_of(asked.rows()[0]) == "å" * MAX_NOTE_CHARS


def test_a_note_is_sealed_where_it_is_stored(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.PROTECTION_SIGN)
    asked.do("not_wanted", NOTE)

    with sqlite_services.database.reading() as session:
        stored = session.execute(text("SELECT * FROM task_outcomes")).mappings().one()
        trail = session.execute(text("SELECT * FROM audit_events")).all()

    assert NOTE.encode() not in stored["note"]
    assert b"not_wanted" not in stored["sealed_outcome"]
    assert NOTE not in str(trail)
    assert NOTE not in str(asked.acts())


@pytest.mark.parametrize(
    "again_in", [None, timedelta(0), -timedelta(hours=1), timedelta(days=30, seconds=1)]
)
def test_a_call_that_reached_nobody_needs_a_time_ahead(
    sqlite_services: Services, again_in: timedelta | None
) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_SENDER)
    again = sqlite_services.now() + again_in if again_in is not None else None

    with pytest.raises(FieldsInvalid) as refused:
        asked.do("not_reached", again_at=again)

    assert set(refused.value.errors) == {"again"}


def test_a_call_that_reached_nobody_is_due_again(sqlite_services: Services, clock: Clock) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_BACK)
    with sqlite_services.database.transaction() as session:
        session.get_one(QueueItem, asked.item_id).escalated_at = clock.now()
    tomorrow = clock.now() + timedelta(days=1)

    asked.do("not_reached", "No answer", again_at=tomorrow)
    asked.do("not_reached", "Nor today", again_at=tomorrow + timedelta(hours=1))

    item = asked.item()
    assert (item.closed_at, item.escalated_at) == (None, None)
    assert item.due_at == tomorrow + timedelta(hours=1)
    assert [asked.note_of(row) for row in asked.rows()] == ["No answer", "Nor today"]


@pytest.mark.parametrize("kind", [TaskKind.CALL_SENDER, TaskKind.CALL_BACK])
def test_a_forged_mail_is_held_and_counts_as_forged(
    sqlite_services: Services, kind: TaskKind
) -> None:
    asked = plant(sqlite_services, kind)

    asked.do("reached_forged")

    submission, own = asked.submission(), asked.own_item()
    assert submission.sender_verdict == "unverified"
    assert submission.sender_reasons == ["address_registered", "call_said_forged"]
    assert (own.queue, own.reason) == ("Q4", "held_sender_unsure")
    assert [act for act, _ in asked.acts()] == ["submission.held", "task.done"]


def test_a_forged_mail_is_not_confirmed(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_SENDER)
    forged = asked.do("reached_forged")
    opened = gate.submission_to_change(sqlite_services, asked.doer, asked.reference)

    with pytest.raises(SaidForged):
        confirm_without_paper(sqlite_services, opened, ClosedWithout.INTERNAL)
    asked.reopen(forged)
    confirm_without_paper(sqlite_services, opened, ClosedWithout.INTERNAL)

    assert asked.submission().state == "CONFIRMED"


def test_a_forged_mail_that_was_confirmed_stays_confirmed(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_SENDER)
    confirm_without_paper(
        sqlite_services,
        gate.submission_to_change(sqlite_services, asked.doer, asked.reference),
        ClosedWithout.INTERNAL,
    )

    asked.do("reached_forged")

    submission = asked.submission()
    assert (submission.state, submission.sender_verdict) == ("CONFIRMED", "unverified")


@pytest.mark.parametrize("ended_as", list(SubmissionOutcome))
@pytest.mark.parametrize("kind", [TaskKind.CALL_SENDER, TaskKind.CALL_BACK])
def test_what_was_finished_ends_as_forged_when_a_call_says_so_and_as_before_when_not(
    sqlite_services: Services, ended_as: SubmissionOutcome, kind: TaskKind
) -> None:
    asked = plant(sqlite_services, kind)
    opened = gate.submission_to_change(sqlite_services, asked.doer, asked.reference)
    finish.finish_submission(sqlite_services, opened, ended_as)
    before = asked.submission().state

    forged = asked.do("reached_forged")

    assert (asked.submission().state, asked.submission().outcome) == ("CLOSED", "forged")
    asked.reopen(forged)
    assert (asked.submission().state, asked.submission().outcome) == (before, ended_as)
    asked.do("reached_genuine")
    assert asked.submission().outcome == ended_as


def test_forged_can_be_taken_back_and_called_anew(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_BACK, sender_verdict="unverified")

    forged = asked.do("reached_forged")
    asked.reopen(forged)
    taken_back = asked.submission()
    asked.do("reached_genuine")

    assert taken_back.sender_reasons == ["address_registered"]
    assert asked.submission().sender_reasons == ["address_registered", "call_said_genuine"]
    assert asked.submission().sender_verdict == "unverified"


def test_a_later_call_replaces_an_earlier_one(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_SENDER)
    asked.do("reached_forged")
    asked.raise_again(TaskKind.CALL_SENDER)

    asked.do("reached_genuine")

    submission = asked.submission()
    assert submission.sender_verdict == "registered"
    assert submission.sender_reasons == ["address_registered", "call_said_genuine"]


@pytest.mark.parametrize("outcome", ["read", "answered"])
def test_what_the_coordinator_wrote_is_read_then(sqlite_services: Services, outcome: str) -> None:
    asked = plant(sqlite_services, TaskKind.COORDINATOR_WROTE)
    with sqlite_services.database.transaction() as session:
        case_id = asked.submission().case_id
        assert case_id is not None
        message = CaseMessage(
            id=new_id(),
            case_id=case_id,
            kind=MessageKind.FROM_COORDINATOR,
            user_id=asked.doer.id,
            text=b"sealed",
            at=sqlite_services.now(),
        )
        session.add(message)

    asked.do(outcome)

    with sqlite_services.database.reading() as session:
        assert session.get_one(CaseMessage, message.id).read_at == sqlite_services.now()
        events = audit.of_subject(session, "case", case_id)
    assert [event.act for event in events] == ["case.messages_read"]
