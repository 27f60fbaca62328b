"""Check a sign of danger that is escalated: who is asked and told, until when, and the way back."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.accounts.people.assignees import AssigneeAway
from intake.cases.read import read_case
from intake.core.errors import FieldsInvalid, NotFound
from intake.core.services import Services
from intake.duty.duty_list import Trouble
from intake.outbox import guard, post
from intake.queues import work_list
from intake.queues.gaps import NOBODY_ASKED, open_gap
from intake.queues.task_outcomes import OUTCOMES, Outcome
from intake.reference_data import promises
from intake.triage import read_submission
from intake.triage.endings import finish
from intake.triage.endings.do_task import TaskNotReopened
from intake.triage.endings.outcomes import ProtectionOpen
from portal.triage.lists import row_words
from storage.accounts.absences import Absence
from storage.accounts.users import User
from storage.base import new_id
from storage.cases.cases import Case, CaseState
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Outcome as Ending
from tests.intake.duty.waiting_items import gaps, give_address, mails
from tests.intake.triage.asked_tasks import Asked, plant
from tests.support.building import Clock
from tests.support.people import plant_user

NOTE = "They were made to sign"
SECOND, THIRD = "second@office.example", "third@office.example"


@dataclass(frozen=True)
class Signs:
    """A sign of danger that waits, and three protection officers."""

    asked: Asked
    second: SignedInUser
    third: SignedInUser

    @property
    def services(self) -> Services:
        """Return the services."""
        return self.asked.services

    def escalate(self, to: str = "", **fields: object) -> str:
        """Report it as escalated; return the id of the outcome."""
        return self.asked.do("escalated", NOTE, escalated_to=to, **fields)

    def task(self) -> QueueItem:
        """Return the task that it opened."""
        with self.services.database.reading() as session:
            items = queue_items.of_submission(session, self.asked.submission_id)
        (found,) = [each for each in items if each.kind == TaskKind.PROTECTION_ESCALATED]
        return found

    def its(self) -> Asked:
        """Return that task as its doer has it."""
        return Asked(
            self.services,
            self.asked.submission_id,
            self.asked.reference,
            self.task().id,
            self.second,
        )


@pytest.fixture
def signs(sqlite_services: Services, request: pytest.FixtureRequest) -> Signs:
    programme = getattr(request, "param", "referrals")
    fields = {"state": "HOLDING"} if programme == "cash" else {}
    asked = plant(sqlite_services, TaskKind.PROTECTION_SIGN, programme=programme, **fields)
    second = plant_user(sqlite_services, "PROT 2", "PROT")
    third = plant_user(sqlite_services, "PROT 3", "PROT")
    for user, address in ((asked.doer, "first@office.example"), (second, SECOND), (third, THIRD)):
        give_address(sqlite_services, user.id, address)
        with sqlite_services.database.transaction() as session:
            session.get_one(User, user.id).password_hash = "of no password"
    return Signs(asked, second, third)


@pytest.mark.parametrize("signs", ["referrals", "cash"], indirect=True)
def test_by_default_every_other_protection_officer_is_asked_and_told(signs: Signs) -> None:
    signs.escalate()

    task, now = signs.task(), signs.services.now()
    with signs.services.database.reading() as session:
        due = promises.due_of_task(signs.services, session, Queue.PROTECTION)
    assert (task.queue, task.closed_at, task.claimed_by) == (Queue.PROTECTION, None, None)
    assert (task.opened_at, task.due_at) == (now, due)
    told = mails(signs.services)
    assert [(address, state) for address, _, state in told] == [(SECOND, "due"), (THIRD, "due")]
    assert gaps(signs.services, task.programme) == []
    for user in (signs.second, signs.third):
        page = work_list.read_page(
            signs.services, user, Queue.PROTECTION, work_list.Filters(), limit=9
        )
        assert [row.reference for row in page.rows] == [signs.asked.reference]
        said = row_words.of_item(page.rows[0], user, now)
        assert (said.task, said.who) == (f"Escalated by {signs.asked.doer.label}:", "Coordinator")
        view = read_submission.read_submission(
            signs.services,
            gate.submission_to_read(signs.services, user, signs.asked.reference),
        )
        (card,) = [each for each in view.tasks if each.item_id == task.id]
        assert card.outcomes == OUTCOMES[TaskKind.PROTECTION_ESCALATED]
    ((_, detail),) = [each for each in signs.asked.acts() if each[0] == "task.done"]
    assert (detail["to"], detail["mails"]) == ("", 2)


def test_the_mail_says_a_reference_a_queue_and_a_time_and_nothing_else(signs: Signs) -> None:
    signs.escalate()

    for _, text, _ in mails(signs.services):
        assert f"Reference {signs.asked.reference}, queue Q12." in text
        assert "A colleague asks you to look at it. It is due by" in text
        for word in (NOTE, "rotection", "danger", "sign of", "scalat", "PROT 1"):
            assert word not in text


def test_one_who_is_chosen_has_it_and_is_told_alone(signs: Signs) -> None:
    signs.escalate(signs.third.id)

    assert signs.task().claimed_by == signs.third.id
    assert [address for address, _, _ in mails(signs.services)] == [THIRD]
    assert "item.assigned" in [act for act, _ in signs.asked.acts()]


@pytest.mark.parametrize("to", ["nobody", "self", "intake"])
def test_who_cannot_do_it_is_refused_and_nothing_is_done(signs: Signs, to: str) -> None:
    others = {"self": signs.asked.doer.id, "intake": plant_user(signs.services).id}

    with pytest.raises(FieldsInvalid) as refused:
        signs.escalate(others.get(to, to))

    assert set(refused.value.errors) == {"to"}
    assert (signs.asked.rows(), mails(signs.services)) == ([], [])
    assert signs.asked.item().closed_at is None


def test_one_who_is_away_is_only_chosen_by_who_knows_it(signs: Signs, clock: Clock) -> None:
    today = clock.now().date()
    _be_away(signs, signs.third, today)

    with pytest.raises(AssigneeAway):
        signs.escalate(signs.third.id)
    assert signs.asked.rows() == []
    signs.escalate(signs.third.id, even_if_away=True)

    assert signs.task().claimed_by == signs.third.id
    # Nobody acts for them, so the mail reaches nobody, and the managers are told.
    assert [each.reason for each in gaps(signs.services)] == [NOBODY_ASKED]


def test_the_managers_task_ends_with_the_decision_and_with_taking_back(signs: Signs) -> None:
    _hear_nothing(signs)
    signs.escalate()
    assert [each.reason for each in gaps(signs.services)] == [NOBODY_ASKED]
    signs.its().do("acted")
    assert gaps(signs.services) == []

    with signs.services.database.transaction() as session:
        session.get_one(User, signs.asked.doer.id).disabled_at = signs.services.now()
    other = plant(signs.services, TaskKind.PROTECTION_SIGN)
    escalated = other.do("escalated", NOTE)
    assert len(gaps(signs.services)) == 1
    other.reopen(escalated)
    assert gaps(signs.services) == []


def test_a_gap_of_the_duty_list_and_an_escalation_stand_side_by_side(signs: Signs) -> None:
    _hear_nothing(signs)
    signs.escalate()
    other = plant(signs.services, TaskKind.CALL_SENDER)
    with signs.services.database.transaction() as session:
        item = session.get_one(QueueItem, other.item_id)
        opened = [
            open_gap(signs.services, session, item, Trouble.NO_LIST),
            open_gap(signs.services, session, item, Trouble.NOT_MAILED),
        ]

    assert opened == [True, False]
    assert {each.reason for each in gaps(signs.services)} == {NOBODY_ASKED, Trouble.NO_LIST}


def test_nobody_is_written_to_about_a_stopped_case(signs: Signs) -> None:
    with signs.services.database.transaction() as session:
        case = session.get_one(Case, signs.asked.submission().case_id)
        case.state = CaseState.WITHDRAWN

    signs.escalate()

    assert {(reason, state) for _, reason, state in mails(signs.services)} == {
        (guard.PERSON_WITHDREW, "suppressed")
    }
    assert gaps(signs.services) == []


def test_what_was_written_before_a_stop_does_not_leave(signs: Signs) -> None:
    signs.escalate()
    with signs.services.database.transaction() as session:
        case = session.get_one(Case, signs.asked.submission().case_id)
        case.state = CaseState.WITHDRAWN

    assert _refusals(signs) == {guard.PERSON_WITHDREW}


def test_it_stands_on_the_page_of_the_case_and_keeps_its_submission_open(signs: Signs) -> None:
    officer = plant_user(signs.services)
    signs.escalate(signs.second.id)
    with signs.services.database.reading() as session:
        code = session.get_one(Case, signs.asked.submission().case_id).reference

    view = read_case(signs.services, gate.case_to_read(signs.services, officer, code))

    (shown,) = [each for each in view.waiting if each.kind == TaskKind.PROTECTION_ESCALATED]
    assert (shown.queue, shown.claimed_by) == ("Q12", "PROT 2")
    opened = gate.submission_to_change(signs.services, officer, signs.asked.reference)
    assert finish.why_not(signs.services, opened) != ""
    with pytest.raises(NotFound):
        gate.task_to_do(signs.services, officer, signs.task().id)


@pytest.mark.parametrize("outcome", OUTCOMES[TaskKind.PROTECTION_ESCALATED])
@pytest.mark.parametrize("signs", ["referrals", "cash"], indirect=True)
def test_whoever_was_asked_ends_it_and_can_open_it_again(signs: Signs, outcome: Outcome) -> None:
    signs.escalate()
    its = signs.its()

    done = its.do(outcome)

    assert signs.task().closed_at is not None
    its.reopen(done)
    assert signs.task().closed_at is None


@pytest.mark.parametrize("signs", ["referrals", "cash"], indirect=True)
def test_whoever_was_asked_gives_it_back_as_long_as_it_waits(signs: Signs, clock: Clock) -> None:
    escalated = signs.escalate(signs.second.id)
    clock.at += timedelta(days=9)

    signs.asked.reopen(escalated, signs.second)

    assert signs.asked.item().closed_at is None
    assert signs.task().closed_at is not None
    assert _refusals(signs) == {"finished"}
    with pytest.raises(TaskNotReopened):
        signs.asked.reopen(escalated, signs.second)
    again = signs.escalate(signs.third.id)
    assert (signs.task().closed_at, signs.task().claimed_by) == (None, signs.third.id)
    signs.its().do("acted")
    clock.at += timedelta(days=2)
    with pytest.raises(TaskNotReopened):
        signs.asked.reopen(again)


def test_other_outcomes_tell_nobody(sqlite_services: Services) -> None:
    for outcome in set(OUTCOMES[TaskKind.PROTECTION_SIGN]) - {Outcome.ESCALATED}:
        asked = plant(sqlite_services, TaskKind.PROTECTION_SIGN)
        asked.do(outcome)

    assert mails(sqlite_services) == []


def test_it_is_finished_only_after_it_was_decided(signs: Signs) -> None:
    with signs.services.database.transaction() as session:
        row = signs.asked.submission()
        session.merge(row).case_id = None
    officer = plant_user(signs.services)
    signs.escalate()
    opened = gate.submission_to_change(signs.services, officer, signs.asked.reference)

    with pytest.raises(ProtectionOpen):
        finish.finish_submission(signs.services, opened, Ending.NOTHING_TO_DO)
    signs.its().do("no_sign")

    finish.finish_submission(signs.services, opened, Ending.NOTHING_TO_DO)


def _hear_nothing(signs: Signs) -> None:
    """Let no other protection officer be there to get a mail."""
    with signs.services.database.transaction() as session:
        for user in (signs.second, signs.third):
            session.get_one(User, user.id).disabled_at = signs.services.now()


def _be_away(signs: Signs, user: SignedInUser, today: date) -> None:
    with signs.services.database.transaction() as session:
        session.add(
            Absence(
                id=new_id(),
                user_id=user.id,
                first_on=today,
                last_on=today + timedelta(days=1),
                set_by=user.id,
                set_at=signs.services.now(),
            )
        )


def _refusals(signs: Signs) -> set[str | None]:
    with signs.services.database.reading() as session:
        rows = session.query(OutboxMessage).filter_by(state="due").all()
        return {post.refusal_to_leave(signs.services, session, row) for row in rows}
