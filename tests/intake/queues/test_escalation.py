"""Check escalation: an item past its clock is told of once, and to whom is a table."""

from datetime import timedelta

import pytest

from intake.core.services import Services
from intake.queues.escalation import ToldTo, Why, escalate_late_items, escalated_to, why
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.threads import run_together
from tests.support.waiting import Waiting, seed_waiting


@pytest.mark.parametrize(
    ("queue", "claimed_by", "expected"),
    [
        ("Q1", None, ToldTo.MANAGER),
        ("Q1", "officer", ToldTo.MANAGER),
        ("Q2", None, ToldTo.MANAGER),
        ("Q2", "officer", ToldTo.DEPUTY),
    ],
)
def test_who_is_told(queue: str, claimed_by: str | None, expected: ToldTo) -> None:
    assert escalated_to(queue, claimed_by) is expected


@pytest.mark.parametrize(
    ("queue", "clock", "expected"),
    [
        ("Q1", "service", Why.EMERGENCY_NOT_CONFIRMED),
        ("Q1", "removal", Why.EMERGENCY_NOT_CONFIRMED),
        ("Q2", "service", Why.CLOCK_PASSED),
        ("Q2", "trial", Why.LEGAL_DATE_NEAR),
    ],
)
def test_why_is_told(queue: str, clock: str, expected: Why) -> None:
    assert why(queue, clock) is expected


@pytest.fixture
def waiting(services: Services) -> Waiting:
    """Give a referral that is due in 30 hours."""
    return seed_waiting(services)


def test_an_item_is_told_of_once_and_not_before_its_clock(waiting: Waiting, clock: Clock) -> None:
    counts = []
    for hours in (29, 1, 1):
        clock.advance(timedelta(hours=hours))
        counts.append(escalate_late_items(waiting.services, clock.now()))

    assert counts == [0, 1, 0]
    assert waiting.open_item().escalated_at == clock.now() - timedelta(hours=1)
    (event,) = waiting.events(("submission", waiting.submission_id), "item.escalated")
    assert event.detail == {
        "queue": "Q2",
        "kind": "submission",
        "reason": "clock_passed",
        "told": "manager",
    }


def test_assigned_item_is_escalated_to_the_deputy(waiting: Waiting, clock: Clock) -> None:
    officer = plant_user(waiting.services)
    with waiting.services.database.transaction() as session:
        queue_items.claim(session, waiting.open_item().id, officer.id, clock.now())
    clock.advance(timedelta(days=3))

    escalate_late_items(waiting.services, clock.now())

    (event,) = waiting.events(("submission", waiting.submission_id), "item.escalated")
    assert event.detail["told"] == "deputy"


def test_what_is_done_is_not_told_of(waiting: Waiting, clock: Clock) -> None:
    with waiting.services.database.transaction() as session:
        queue_items.close_kind(session, waiting.submission_id, TaskKind.SUBMISSION, clock.now())
    clock.advance(timedelta(days=3))

    assert escalate_late_items(waiting.services, clock.now()) == 0


def test_an_item_that_is_opened_again_has_a_new_clock(waiting: Waiting, clock: Clock) -> None:
    item = waiting.open_item()
    clock.advance(timedelta(days=3))
    escalate_late_items(waiting.services, clock.now())
    with waiting.services.database.transaction() as session:
        queue_items.close_kind(session, waiting.submission_id, TaskKind.SUBMISSION, clock.now())
        again = queue_items.QueueItem(
            queue=item.queue,
            kind=item.kind,
            submission_id=item.submission_id,
            programme=item.programme,
            reason=item.reason,
            priority=item.priority,
            opened_at=clock.now(),
            due_at=clock.now() + timedelta(hours=1),
        )
        assert queue_items.put(session, again)
    assert waiting.open_item().escalated_at is None
    clock.advance(timedelta(hours=2))

    assert escalate_late_items(waiting.services, clock.now()) == 1


def test_item_escalated_by_two_workers_is_escalated_once(waiting: Waiting, clock: Clock) -> None:
    clock.advance(timedelta(days=3))

    outcome = run_together(2, lambda _place: escalate_late_items(waiting.services, clock.now()))

    assert outcome.errors == []
    assert sorted(outcome.results) == [0, 1]
