"""Check that work hangs on exactly one thing, and that every reader copes with each of the four."""

import ast
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from intake.access import gate
from intake.access.opened import OpenedToChange
from intake.accounts.letting_go import let_go_of_work
from intake.cases.read import read_case
from intake.core.errors import Conflict
from intake.core.services import Services
from intake.outbox import post
from intake.queues import assignment, bulk_actions, escalation, work_list
from intake.queues.bulk_actions import ManyAct, Selected
from intake.queues.work_list import Filters
from intake.triage import read_submission
from intake.triage.endings import do_task, task_views
from intake.triage.endings.do_task import TaskReport
from storage.base import new_id
from storage.cases.cases import Case, CaseState
from storage.cases.cash_decisions import CashDecision
from storage.database import Session
from storage.lists import work_subjects
from storage.mail import kept_back, outbox, outbox_sending
from storage.submissions import due_items, queue_items
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission, SubmissionState
from tests.intake.correspondence.conversations import TEXTS
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter

ROOT = Path(__file__).parents[3]
HANGING = ("submission_id", "case_id", "task_id", "grant_id")
KIND = TaskKind.COORDINATOR_WROTE


class Hung:
    """A submission in a case with a grant, and one task and one mail that hang on each thing."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.officer = plant_user(services)
        with services.database.transaction() as session:
            planter = Planter(session, services.keyring, services.now())
            case = planter.case(owner_id=self.officer.id)
            submission = planter.submission(case_id=case.id, state=SubmissionState.QUEUED)
            own = planter.item(submission)
            grant = CashDecision(
                id=new_id(),
                submission_id=submission.id,
                country="IRQ",
                decided_on=date(2026, 1, 2),
                confirmed_by=self.officer.id,
                confirmed_at=services.now(),
            )
            session.add(grant)
            session.flush()
            self.reference, self.case_reference = submission.reference, case.reference
            self.submission_id = submission.id
            self.things = {
                "submission_id": submission.id,
                "case_id": case.id,
                "task_id": own.id,
                "grant_id": grant.id,
            }
            self.items, self.mails = {}, {}
            for column, thing in self.things.items():
                fields = {"submission_id": None, column: thing}
                self.items[column] = planter.item(submission, kind=KIND, **fields).id
                self.mails[column] = planter.message(submission, kind="X1", **fields).id

    def opened(self, column: str) -> OpenedToChange[QueueItem]:
        """Open an item for the officer."""
        return gate.task_to_do(self.services, self.officer, self.items[column])

    def kinds_on_page(self) -> set[str]:
        """Return the ids of the tasks that stand on the submission's page."""
        opened = gate.submission_to_read(self.services, self.officer, self.reference)
        return {
            each.item_id for each in read_submission.read_submission(self.services, opened).tasks
        }


@pytest.fixture
def hung(services: Services) -> Hung:
    """Give work that hangs on each of the four."""
    return Hung(services)


@pytest.mark.parametrize("columns", [(), ("submission_id", "case_id"), HANGING])
def test_nothing_hangs_on_none_or_on_several(hung: Hung, columns: tuple[str, ...]) -> None:
    fields = {"submission_id": None} | {column: hung.things[column] for column in columns}

    for plant in (plant_item, plant_message):
        with pytest.raises(Conflict):
            plant(hung, fields)


def plant_item(hung: Hung, fields: dict[str, str | None]) -> None:
    """Store an item with these columns."""
    with hung.services.database.transaction() as session:
        planter = Planter(session, hung.services.keyring, hung.services.now())
        planter.item(session.get_one(Submission, hung.submission_id), kind="other", **fields)


def plant_message(hung: Hung, fields: dict[str, str | None]) -> None:
    """Store a mail with these columns."""
    with hung.services.database.transaction() as session:
        planter = Planter(session, hung.services.keyring, hung.services.now())
        planter.message(session.get_one(Submission, hung.submission_id), kind="X2", **fields)


@pytest.mark.parametrize("column", HANGING)
def test_a_thing_has_one_item_of_a_kind_in_a_queue(hung: Hung, column: str) -> None:
    with hung.services.database.transaction() as session:
        again = QueueItem(
            queue="Q2",
            kind=KIND,
            programme="referrals",
            reason="again",
            priority="normal",
            opened_at=hung.services.now(),
            due_at=hung.services.now(),
            **{column: hung.things[column]},
        )
        assert not queue_items.put(session, again)
        item = session.get_one(QueueItem, hung.items[column])
        assert queue_items.move(session, item, "Q4", hung.services.now()).id == item.id


def test_an_item_is_found_by_region_wherever_it_hangs(hung: Hung) -> None:
    with hung.services.database.reading() as session:
        regions = {
            column: session.get_one(QueueItem, item_id).region
            for column, item_id in hung.items.items()
        }

    assert regions["case_id"] == "STHLM"
    assert set(regions) == set(HANGING)


def test_the_list_shows_all_of_them_and_leads_to_one_page(hung: Hung) -> None:
    rows = work_list.read_page(hung.services, hung.officer, "Q2", Filters(), limit=20).rows

    shown = {row.item_id: row for row in rows}
    assert set(hung.items.values()) <= set(shown)
    assert {row.reference for row in rows} == {hung.reference}
    assert shown[hung.items["case_id"]].hangs_on_case == hung.case_reference
    assert hung.kinds_on_page() == set(hung.items.values())


@pytest.mark.parametrize("column", HANGING)
def test_each_is_taken_given_back_done_and_opened_again(hung: Hung, column: str) -> None:
    services = hung.services
    assert assignment.claim_item(services, hung.opened(column))
    assert assignment.holder_of(services, hung.opened(column)) == hung.officer.label
    assert assignment.release_item(services, hung.opened(column))
    selected = [Selected(hung.opened(column), "")]
    assert bulk_actions.do_to_each(services, ManyAct.TAKE, selected, lambda *_: None).done == 1
    assert task_views.reference_of(services, hung.opened(column)) == hung.reference

    done = do_task.do_task(
        services, TEXTS, hung.opened(column), TaskReport("answered", "She will call.")
    )
    told = task_views.done_by(services, hung.officer.actor, done)
    assert told is not None
    assert (told.reference, told.can_be_reopened) == (hung.reference, True)
    do_task.reopen_task(services, hung.opened(column), done)
    with services.database.reading() as session:
        assert session.get_one(QueueItem, hung.items[column]).closed_at is None


def test_late_ones_are_told_and_a_leaver_lets_go_of_all(hung: Hung, clock: Clock) -> None:
    services = hung.services
    manager = plant_user(services, "Manager 1", "MGR")
    for column in HANGING:
        assignment.claim_item(services, hung.opened(column))
    clock.advance(timedelta(hours=1))
    assert escalation.escalate_late_items(services, clock.now()) == len(HANGING) + 1
    assert {late.reference for late in escalation.list_escalated(services, manager)} == {
        hung.reference
    }

    with services.database.transaction() as session:
        let_go_of_work(services, session, "system:intake", hung.officer.id)
        held = [session.get_one(QueueItem, each).claimed_by for each in hung.items.values()]
    assert held == [None] * len(HANGING)


def test_the_case_shows_what_hangs_on_it(hung: Hung) -> None:
    opened = gate.case_to_read(hung.services, hung.officer, hung.case_reference)

    waiting = read_case(hung.services, opened).waiting

    assert {each.reference for each in waiting} == {hung.reference}
    assert len(waiting) == 3


@pytest.mark.parametrize("column", HANGING)
def test_a_mail_may_leave_wherever_it_hangs_until_the_person_withdraws(
    hung: Hung, column: str
) -> None:
    with hung.services.database.transaction() as session:
        row = session.get_one(outbox.OutboxMessage, hung.mails[column])
        assert post.refusal_to_leave(hung.services, session, row) is None
        session.get_one(Case, hung.things["case_id"]).state = CaseState.WITHDRAWN
        session.flush()
        assert post.refusal_to_leave(hung.services, session, row) == "person_withdrew"
        assert post.keep_back(hung.services, session, row) == "person_withdrew"


# Every function of the stores that reads queue items or mails, called with rows of all four kinds.
READERS: dict[str, Callable[[Session, Hung], object]] = {
    "queue_items.by_id": lambda s, h: [queue_items.by_id(s, each) for each in h.items.values()],
    "queue_items.locked": lambda s, h: [queue_items.locked(s, each) for each in h.items.values()],
    "queue_items.is_on_hold": lambda s, h: queue_items.is_on_hold(s, h.submission_id),
    "queue_items.of_submission": lambda s, h: queue_items.of_submission(s, h.submission_id),
    "queue_items.close_kind": lambda s, h: queue_items.close_kind(
        s, h.submission_id, KIND, h.services.now()
    ),
    "queue_items.close_all": lambda s, h: queue_items.close_all(
        s, h.submission_id, h.services.now()
    ),
    "queue_items.open_ones": lambda s, _h: queue_items.open_ones(s, KIND),
    "queue_items.open_of_kind": lambda s, h: queue_items.open_of_kind(s, h.submission_id, KIND),
    "queue_items.waits_for_sender": lambda s, h: queue_items.waits_for_sender(
        s, s.get_one(Submission, h.submission_id), KIND, "x"
    ),
    "due_items.escalated": lambda s, _h: due_items.escalated(s, ["referrals"], limit=9),
    "due_items.overdue": lambda s, h: due_items.overdue(s, h.services.now(), limit=9),
    "due_items.held_until": lambda s, h: due_items.held_until(s, h.services.now(), limit=9),
    "kept_back.count_in_hand": lambda s, h: kept_back.count_in_hand(
        s, [h.submission_id], h.services.now()
    ),
    "outbox.of_submission": lambda s, h: outbox.of_submission(s, h.submission_id),
    "outbox.newest_of_accounts": lambda s, h: outbox.newest_of_accounts(s, [h.officer.id]),
    "outbox.has": lambda s, h: outbox.has(s, h.submission_id, "X1"),
    "outbox.next_warning": lambda s, h: outbox.next_warning(s, h.things["task_id"]),
    "outbox.answers": lambda s, h: outbox.answers(s, message_ids(s, h)),
    "outbox.answered_by": lambda s, h: outbox.answered_by(s, message_ids(s, h), "ef" * 32),
    "outbox.answers_to": lambda s, h: outbox.answers_to(s, message_ids(s, h), ["ef" * 32]),
    "outbox.leaves": lambda s, h: outbox.leaves(s, h.submission_id, "X1"),
    "outbox.has_left": lambda s, h: outbox.has_left(
        s, [h.submission_id], h.services.now(), other_than=()
    ),
    "outbox.by_message_ids": lambda s, h: outbox.by_message_ids(s, message_ids(s, h)),
    "outbox.sent_or_due": lambda s, h: outbox.sent_or_due(s, h.submission_id, "X1"),
    "outbox.about_accounts": lambda s, _h: outbox.about_accounts(s, "X1", "<"),
    "outbox.bounced_of": lambda s, h: outbox.bounced_of(s, [h.submission_id]),
    "outbox.count_to": lambda s, h: outbox.count_to(s, "ef" * 32, h.services.now()),
    "outbox.left_between": lambda s, h: outbox.left_between(
        s, "ef" * 32, h.services.now(), h.services.now()
    ),
    "outbox.oldest_due": lambda s, _h: outbox.oldest_due(s),
    "outbox.waiting": lambda s, h: outbox.waiting(s, h.submission_id, h.services.now()),
    "outbox_sending.lease_due": lambda s, h: outbox_sending.lease_due(
        s, h.services.now(), timedelta(seconds=1), limit=9
    ),
    "outbox_sending.any_due": lambda s, h: outbox_sending.any_due(s, h.services.now()),
}
STORES = (
    "submissions/queue_items",
    "submissions/due_items",
    "mail/outbox",
    "mail/outbox_sending",
    "mail/kept_back",
)
# They change one row by its id, whatever it hangs on.
BY_ID = {
    "queue_items.put",
    "queue_items.move",
    "queue_items.claim",
    "queue_items.release",
    "queue_items.assign",
    "outbox.codes_of",
    "outbox.is_by_officer",
    "outbox.note_bounce",
    "kept_back.mark_kept_back",
    "outbox.take_out",
    "kept_back.keep_back",
    "outbox_sending.extend_lease",
    "outbox_sending.mark_sent",
    "outbox_sending.mark_delayed",
    "outbox_sending.mark_failed",
}


def message_ids(session: Session, hung: Hung) -> list[str]:
    """Return the Message-IDs of the mails."""
    return [session.get_one(outbox.OutboxMessage, each).message_id for each in hung.mails.values()]


def test_the_table_of_readers_names_every_function_of_the_stores() -> None:
    found = set()
    for path in STORES:
        tree = ast.parse((ROOT / "storage" / f"{path}.py").read_text("utf-8"))
        found |= {
            f"{path.rpartition('/')[2]}.{node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        }

    assert found == READERS.keys() | BY_ID


@pytest.mark.parametrize("name", READERS)
def test_each_reader_copes_with_rows_that_hang_on_no_submission(hung: Hung, name: str) -> None:
    with hung.services.database.transaction() as session:
        found = READERS[name](session, hung)

    # What it gives of a submission is of that submission and of nothing beside it.
    if isinstance(found, list) and ".of_submission" in name:
        assert {row.submission_id for row in found} == {hung.submission_id}


def test_what_is_left_of_nothing_is_left_out(services: Services) -> None:
    lost = QueueItem(id=new_id(), case_id="0" * 32)
    with services.database.reading() as session:
        assert work_subjects.about(session, [lost]) == {}
        assert work_subjects.about_one(session, None) is None
