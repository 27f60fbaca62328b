"""Check tasks that are done twice, at once, by others, raised anew or opened again."""

import threading
from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import IntakeError, NotFound
from intake.core.services import Services
from intake.queues.task_outcomes import (
    CALL,
    OUTCOMES,
)
from intake.queues.tasks import QUEUE_OF_KIND
from intake.triage import decisions
from intake.triage.endings import do_task
from intake.triage.endings.do_task import TaskChanged, TaskNotReopened, TaskReport
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from tests.intake.correspondence.conversations import TEXTS
from tests.intake.triage.asked_tasks import plant
from tests.support.building import Clock
from tests.support.people import plant_user


def test_a_task_that_is_raised_again_keeps_what_was_done(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.RECEIPT_BOUNCED)
    first = asked.do("told_another_way", "By telephone")

    asked.raise_again(TaskKind.RECEIPT_BOUNCED)
    reopened = asked.item()
    asked.do("left", "The account has ended")

    assert (reopened.closed_at, reopened.reason) == (None, "again")
    assert [(row.outcome, asked.note_of(row)) for row in asked.rows()] == [
        ("told_another_way", "By telephone"),
        ("left", "The account has ended"),
    ]
    with pytest.raises(TaskNotReopened):
        asked.reopen(first)


def test_an_old_report_ends_nothing_that_was_raised_again(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.WRONG_READER)
    asked.do("slip", seen_outcome="")
    asked.raise_again(TaskKind.WRONG_READER)

    with pytest.raises(TaskChanged) as refused:
        asked.do("slip", seen_outcome="")

    assert refused.value.is_open
    assert asked.item().closed_at is None


def test_the_same_report_twice_is_one(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.WRONG_READER)

    first = asked.do("slip", seen_outcome="")
    second = asked.do("slip", seen_outcome="")

    assert first == second
    assert [act for act, _ in asked.acts()] == ["task.done"]


@pytest.mark.parametrize("outcome", ["slip", "incident", ""])
def test_whoever_is_slower_is_told_what_was_done(sqlite_services: Services, outcome: str) -> None:
    asked = plant(sqlite_services, TaskKind.WRONG_READER)
    other = plant_user(sqlite_services, "Intake officer 2")
    done = asked.do("slip", "Hers")

    with pytest.raises(TaskChanged) as refused:
        asked.do(outcome, "Mine", seen_outcome="", doer=other)

    told = refused.value
    assert (told.outcome, told.by, told.is_open, told.newest_id) == (
        "slip",
        "INTAKE 1",
        False,
        done,
    )
    assert [asked.note_of(row) for row in asked.rows()] == ["Hers"]


def test_a_page_from_before_a_try_is_told_of_it_and_can_go_on(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_SENDER)
    other = plant_user(sqlite_services, "Intake officer 2")
    asked.do("not_reached")

    with pytest.raises(TaskChanged) as refused:
        asked.do("no_number", seen_outcome="", doer=other)
    asked.do("no_number", seen_outcome=refused.value.newest_id, doer=other)

    assert (refused.value.outcome, refused.value.is_open) == ("not_reached", True)
    assert [row.outcome for row in asked.rows()] == ["not_reached", "no_number"]


def test_a_task_that_was_settled_otherwise_is_over(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.COORDINATOR_WROTE)
    with sqlite_services.database.transaction() as session:
        queue_items.close_all(session, asked.submission_id, sqlite_services.now())

    with pytest.raises(TaskChanged) as refused:
        asked.do("read")

    assert (refused.value.outcome, refused.value.is_open) == (None, False)
    assert asked.rows() == []


@pytest.mark.components
def test_of_two_at_once_one_does_it(services: Services) -> None:
    asked = plant(services, TaskKind.RECEIPT_FAILED)
    others = [plant_user(services, f"Intake officer {number}") for number in (2, 3)]
    start, found = threading.Barrier(2), []

    def run(user: SignedInUser) -> None:
        opened = gate.task_to_do(services, user, asked.item_id)
        start.wait()
        try:
            do_task.do_task(services, TEXTS, opened, TaskReport("left", f"Note of {user.label}"))
            found.append("done")
        except TaskChanged as error:
            found.append(f"{error.outcome} by {error.by}")

    threads = [threading.Thread(target=run, args=(user,)) for user in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (row,) = asked.rows()
    winner = next(user.label for user in others if user.id == row.done_by)
    assert sorted(found) == sorted(["done", f"left by {winner}"])


def test_a_task_is_opened_again_within_a_day(sqlite_services: Services, clock: Clock) -> None:
    asked = plant(sqlite_services, TaskKind.NOT_OPENED)
    done = asked.do("received_another_way")
    clock.advance(timedelta(days=1))
    other = plant_user(sqlite_services, "Intake officer 2")

    asked.reopen(done, other)

    (row,) = asked.rows()
    assert (row.reopened_by, row.reopened_at) == (other.id, clock.now())
    assert asked.item().closed_at is None
    assert [act for act, _ in asked.acts()] == ["task.done", "task.reopened"]
    with pytest.raises(TaskNotReopened):
        asked.reopen(done)
    asked.do("left")
    assert len(asked.rows()) == 2


def test_after_a_day_or_of_something_else_it_stays_done(
    sqlite_services: Services, clock: Clock
) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_SENDER)
    tried = asked.do("not_reached")
    with pytest.raises(TaskNotReopened):
        asked.reopen(tried)
    done = asked.do("no_number")
    for claimed in ("", tried, "0" * 32):
        with pytest.raises(TaskNotReopened):
            asked.reopen(claimed)
    clock.advance(timedelta(days=1, seconds=1))

    with pytest.raises(TaskNotReopened):
        asked.reopen(done)

    assert asked.item().closed_at is not None


def test_what_was_handed_on_takes_no_task_with_it(sqlite_services: Services) -> None:
    asked = plant(sqlite_services, TaskKind.CALL_BACK, state="HOLDING")
    done = asked.do("no_number")
    decisions.hand_on_submission(
        sqlite_services,
        gate.submission_to_change(sqlite_services, asked.doer, asked.reference),
    )
    cash = plant_user(sqlite_services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        asked.reopen(done)
    with pytest.raises(TaskNotReopened):
        asked.reopen(done, cash)


@pytest.mark.parametrize("kind", OUTCOMES)
@pytest.mark.parametrize("programme", ["referrals", "cash"])
def test_each_queue_is_worked_off_by_its_own_people(
    sqlite_services: Services, kind: TaskKind, programme: str
) -> None:
    asked = plant(sqlite_services, kind, programme=programme, state="HOLDING")
    able = []
    for role in ("INTAKE", "CASEW", "HEALTH", "PROT", "CASH", "MGR", "DPO", "ADMIN", "AUDIT"):
        user = plant_user(sqlite_services, role, role)
        try:
            gate.task_to_do(sqlite_services, user, asked.item_id)
            gate.item_to_change(sqlite_services, user, asked.item_id)
        except IntakeError:
            continue
        able.append(role)

    if QUEUE_OF_KIND.get(kind) == Queue.PROTECTION:
        assert able == ["PROT"]
    else:
        assert able == [{"referrals": "INTAKE", "cash": "CASH"}[programme]]


def test_a_call_asks_four_things() -> None:
    assert OUTCOMES[TaskKind.CALL_SENDER] == OUTCOMES[TaskKind.CALL_BACK] == CALL
