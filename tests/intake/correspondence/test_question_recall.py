"""Check that an answer to a question waits as mail does, and is taken back with all it ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.accounts.accounts import SignedInUser
from intake.coordinators import referral as one_referral
from intake.coordinators import referrals
from intake.core.services import Services
from intake.correspondence import question_recall, questions
from intake.correspondence.case_messages import MessageDraft
from intake.correspondence.message_recall import TakenBackAlready, UndoableMessage
from intake.outbox.undo_send import HasLeft
from intake.triage.endings import finish
from storage import audit
from storage.accounts.users import User
from storage.base import new_id
from storage.cases.messages import QuestionMessage
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Outcome, SubmissionState
from tests.intake.correspondence.asked_questions import ANSWER, TEXTS, Desk, open_desk
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.threads import run_together

WAIT = timedelta(seconds=30)


@pytest.fixture
def desk(sqlite_services: Services) -> Desk:
    """Give a question that stands before the office, whose officers have thirty seconds."""
    settings = replace(sqlite_services.settings, undo_seconds=WAIT.total_seconds())
    return open_desk(replace(sqlite_services, settings=settings))


def answered(desk: Desk) -> str:
    """Answer the question and return the id of the answer."""
    message_id = new_id()
    desk.answer(message_id=message_id)
    return message_id


def take_back(desk: Desk, message_id: str, user: SignedInUser | None = None) -> str:
    opened = gate.submission_to_change(desk.services, user or desk.officer, desk.reference)
    return question_recall.take_back(desk.services, opened, message_id)


def undoable(desk: Desk, user: SignedInUser | None = None) -> UndoableMessage | None:
    opened = gate.submission_to_read(desk.services, user or desk.officer, desk.reference)
    return question_recall.read_undoable(desk.services, opened)


def seen(desk: Desk) -> list[str]:
    """Return what the coordinator reads."""
    opened = gate.referral_to_read(desk.services, desk.coordinator, desk.reference)
    page = one_referral.read_referral(desk.services, opened)
    return [line.text for line in page.messages]


def new_ones(desk: Desk) -> int:
    """Return how many messages the coordinator's list says are not read."""
    (listed,) = referrals.list_referrals(desk.services, desk.coordinator)
    return listed.waiting.messages


def notices(desk: Desk) -> list[OutboxMessage]:
    with desk.services.database.reading() as session:
        rows = session.query(OutboxMessage).order_by(OutboxMessage.created_at)
        return [row for row in rows if row.kind.startswith("MSG")]


def ask_on(desk: Desk) -> None:
    questions.ask_further_question(
        desk.services,
        gate.referral_to_add_to(desk.services, desk.coordinator, desk.reference),
        MessageDraft(new_id(), "And for a child?"),
    )


def test_nobody_reads_it_and_no_mail_leaves_before_its_time(desk: Desk, clock: Clock) -> None:
    message_id = answered(desk)
    sent = undoable(desk)

    assert sent == UndoableMessage(message_id, clock.now() + WAIT, is_mailed=True)
    assert [mail.next_try_at for mail in notices(desk)] == [clock.now() + WAIT]
    clock.advance(WAIT - timedelta(seconds=1))
    assert (new_ones(desk), seen(desk)) == (0, [])
    clock.advance(timedelta(seconds=1))
    assert (new_ones(desk), seen(desk)) == (1, [ANSWER])
    assert undoable(desk) is None


def test_taken_back_the_question_waits_as_it_did_and_only_the_trail_knows(
    desk: Desk, clock: Clock
) -> None:
    with desk.services.database.transaction() as session:
        (item,) = session.query(QueueItem).filter_by(kind=TaskKind.SUBMISSION)
        session.get_one(User, desk.officer.id).password_hash = "of no password"
        queue_items.claim(session, item.id, desk.officer.id, desk.services.now())
        due = item.due_at
    before = desk.row()
    message_id = answered(desk)
    assert (desk.row().outcome, desk.open_types()) == (Outcome.ANSWERED, [])

    assert take_back(desk, message_id) == ANSWER

    after = desk.row()
    assert (after.state, after.outcome, after.decided_by, after.decided_at) == (
        before.state, None, None, None,
    )  # fmt: skip
    with desk.services.database.reading() as session:
        (item,) = session.query(QueueItem).filter_by(kind=TaskKind.SUBMISSION)
        assert session.query(QuestionMessage).count() == 0
        assert audit.check_chain(session, desk.services.keyring) == []
        acts = audit.of_subject(session, "submission", after.id)
    assert (item.closed_at, item.claimed_by, item.due_at) == (None, desk.officer.id, due)
    assert [each.act for each in acts if each.act.startswith("question.answer")] == [
        "question.answered",
        "question.answer_taken_back",
    ]
    assert ANSWER not in repr([each.detail for each in acts])
    clock.advance(timedelta(minutes=5))
    assert (notices(desk), seen(desk)) == ([], [])
    with pytest.raises(TakenBackAlready):
        take_back(desk, message_id)


def test_it_can_be_written_anew_and_is_told_of_once(desk: Desk, clock: Clock) -> None:
    for _ in range(12):
        take_back(desk, answered(desk))
    desk.answer("A better text.")
    clock.advance(WAIT)

    assert seen(desk) == ["A better text."]
    assert [mail.kind for mail in notices(desk)] == ["MSG1"]


def test_a_further_answer_taken_back_leaves_the_first_and_what_was_asked_on(
    desk: Desk, clock: Clock
) -> None:
    answered(desk)
    clock.advance(timedelta(hours=1))
    first = desk.row()
    ask_on(desk)
    further = new_id()
    desk.answer("A child needs one too.", message_id=further)
    assert desk.open_types() == []

    take_back(desk, further)

    after = desk.row()
    assert desk.open_types() == ["coordinator_wrote"]
    assert (after.state, after.outcome, after.decided_at) == (
        SubmissionState.CLOSED, Outcome.ANSWERED, first.decided_at,
    )  # fmt: skip
    assert seen(desk) == [ANSWER, "And for a child?"]


def test_what_was_finished_before_it_was_answered_is_so_again(desk: Desk) -> None:
    opened = gate.submission_to_change(desk.services, desk.officer, desk.reference)
    finish.finish_submission(desk.services, opened, Outcome.NOTHING_TO_DO)

    take_back(desk, answered(desk))

    assert (desk.row().outcome, desk.open_types()) == (Outcome.NOTHING_TO_DO, [])
    assert finish.can_be_opened(desk.services, opened)


def test_the_call_that_stood_for_a_mail_ends_with_it(desk: Desk) -> None:
    with desk.services.database.transaction() as session:
        session.get_one(User, desk.coordinator.id).disabled_at = desk.services.now()
    message_id = answered(desk)
    assert desk.open_types() == ["call_sender"]

    take_back(desk, message_id)

    assert desk.open_types() == ["submission"]


@pytest.mark.components
def test_of_two_who_take_back_at_once_one_gets_the_text(services: Services) -> None:
    settings = replace(services.settings, undo_seconds=WAIT.total_seconds())
    desk = open_desk(replace(services, settings=settings))
    message_id = answered(desk)

    done = run_together(2, lambda _number: take_back(desk, message_id))

    assert done.results == [ANSWER]
    assert [type(each) for each in done.errors] == [TakenBackAlready]
    assert (desk.row().outcome, desk.open_types()) == (None, ["submission"])


@pytest.mark.components
def test_of_two_who_answer_at_once_the_second_is_told(services: Services) -> None:
    desk = open_desk(services)
    officers = [desk.officer, plant_user(services, "Intake officer 2")]
    version = questions.read_question(
        services, gate.submission_to_change(services, desk.officer, desk.reference)
    ).version

    def answer(number: int) -> str:
        opened = gate.submission_to_change(services, officers[number], desk.reference)
        draft = MessageDraft(new_id(), f"Answer number {number}.")
        questions.answer_question(services, TEXTS, opened, draft, seen_version=version)
        return officers[number].label

    done = run_together(2, answer)

    assert len(done.results) == 1
    (refused,) = done.errors
    assert isinstance(refused, ChangedMeanwhile)
    assert refused.change is not None
    assert refused.change.by == done.results[0]
    assert len(notices(desk)) == 1


def test_a_colleague_takes_nothing_back(desk: Desk) -> None:
    message_id = answered(desk)
    colleague = plant_user(desk.services, "Intake officer 2")

    assert undoable(desk, colleague) is None
    for claimed in (message_id, "", "x" * 32):
        with pytest.raises(TakenBackAlready):
            take_back(desk, claimed, colleague)

    assert len(notices(desk)) == 1


def test_what_has_left_or_is_on_its_way_stays(desk: Desk, clock: Clock) -> None:
    late = answered(desk)
    with desk.services.database.transaction() as session:
        row = session.query(OutboxMessage).filter_by(kind="MSG1").one()
        row.leased_until = clock.now() + timedelta(minutes=1)
    with pytest.raises(HasLeft):
        take_back(desk, late)
    clock.advance(WAIT)
    with pytest.raises(HasLeft):
        take_back(desk, late)

    assert (desk.row().outcome, seen(desk)) == (Outcome.ANSWERED, [ANSWER])


def test_what_the_coordinator_wrote_is_never_taken_back(desk: Desk) -> None:
    ask_on(desk)
    with desk.services.database.reading() as session:
        asked = session.query(QuestionMessage).one()

    with pytest.raises(TakenBackAlready):
        take_back(desk, asked.id)
