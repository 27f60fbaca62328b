"""Check that an item is in a queue once, and assigned to one person at a time."""

from collections.abc import Callable

import pytest

from intake.core.services import Services
from storage.base import new_id
from storage.database import Session
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Priority
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.threads import run_together

Plant = Callable[[Session], Planter]


@pytest.fixture
def plant(services: Services, clock: Clock) -> Plant:
    """Give what plants rows in a session at the clock's moment."""
    return lambda session: Planter(session, services.keyring, clock.now())


@pytest.fixture
def item(services: Services, plant: Plant) -> QueueItem:
    """Give an open, unclaimed item."""
    with services.database.transaction() as session:
        return plant(session).item(plant(session).submission())


@pytest.fixture
def officers(services: Services, plant: Plant) -> tuple[str, str]:
    """Give the ids of two officers."""
    with services.database.transaction() as session:
        return plant(session).user().id, plant(session).user().id


def test_the_first_claim_is_granted(
    services: Services, clock: Clock, item: QueueItem, officers: tuple[str, str]
) -> None:
    with services.database.transaction() as session:
        assert queue_items.claim(session, item.id, officers[0], clock.now())

    with services.database.reading() as session:
        found = queue_items.by_id(session, item.id)
        assert found is not None
        assert (found.claimed_by, found.claimed_at) == (officers[0], clock.now())


def test_second_claim_is_refused(
    services: Services, clock: Clock, item: QueueItem, officers: tuple[str, str]
) -> None:
    with services.database.transaction() as session:
        queue_items.claim(session, item.id, officers[0], clock.now())

    with services.database.transaction() as session:
        assert not queue_items.claim(session, item.id, officers[1], clock.now())


def test_ones_own_claim_again_is_granted(
    services: Services, clock: Clock, item: QueueItem, officers: tuple[str, str]
) -> None:
    with services.database.transaction() as session:
        queue_items.claim(session, item.id, officers[0], clock.now())

    with services.database.transaction() as session:
        assert queue_items.claim(session, item.id, officers[0], clock.now())


def test_a_closed_item_is_not_claimed(
    services: Services, clock: Clock, item: QueueItem, officers: tuple[str, str]
) -> None:
    with services.database.transaction() as session:
        queue_items.close_kind(session, item.submission_id or "", TaskKind.SUBMISSION, clock.now())

        assert not queue_items.claim(session, item.id, officers[0], clock.now())


def test_an_unknown_item_is_not_claimed(
    services: Services, clock: Clock, officers: tuple[str, str]
) -> None:
    with services.database.transaction() as session:
        assert not queue_items.claim(session, "unknown", officers[0], clock.now())


def test_of_many_who_claim_at_once_one_wins(
    services: Services, plant: Plant, clock: Clock, item: QueueItem
) -> None:
    with services.database.transaction() as session:
        users = [plant(session).user().id for _ in range(6)]

    def claim(number: int) -> bool:
        with services.database.transaction() as session:
            return queue_items.claim(session, item.id, users[number], clock.now())

    outcome = run_together(6, claim)

    assert outcome.errors == []
    assert sorted(outcome.results) == [False] * 5 + [True]


def test_only_who_has_an_item_gives_it_back(
    services: Services, clock: Clock, item: QueueItem, officers: tuple[str, str]
) -> None:
    with services.database.transaction() as session:
        queue_items.claim(session, item.id, officers[0], clock.now())

        assert not queue_items.release(session, item.id, officers[1])
        assert queue_items.release(session, item.id, officers[0])
        assert not queue_items.release(session, item.id, officers[0])
        assert queue_items.claim(session, item.id, officers[1], clock.now())


def test_the_same_item_is_put_once(services: Services, plant: Plant, item: QueueItem) -> None:
    with services.database.transaction() as session:
        again = QueueItem(
            id=new_id(),
            queue=item.queue,
            kind=item.kind,
            submission_id=item.submission_id,
            programme=item.programme,
            reason="another",
            priority=Priority.NORMAL,
            opened_at=item.opened_at,
            due_at=item.due_at,
        )

        assert not queue_items.put(session, again)

    with services.database.reading() as session:
        items = queue_items.of_submission(session, item.submission_id or "")
        assert [found.reason for found in items] == [item.reason]


def test_an_item_without_id_gets_one(services: Services, item: QueueItem) -> None:
    task = QueueItem(
        queue=Queue.ON_HOLD,
        kind="no_usable_sender",
        submission_id=item.submission_id,
        programme=item.programme,
        reason="no_usable_sender",
        priority=Priority.UNKNOWN,
        opened_at=item.opened_at,
        due_at=item.due_at,
    )

    with services.database.transaction() as session:
        assert queue_items.put(session, task)

    assert len(task.id) == 32


def test_closing_a_kind_leaves_others_open(
    services: Services, plant: Plant, clock: Clock, item: QueueItem
) -> None:
    with services.database.transaction() as session:
        task = QueueItem(
            id=new_id(),
            queue=Queue.QUARANTINE,
            kind="quarantine",
            submission_id=item.submission_id,
            programme=item.programme,
            reason="malware",
            priority=Priority.UNKNOWN,
            opened_at=item.opened_at,
            due_at=item.due_at,
        )
        queue_items.put(session, task)
        queue_items.close_kind(session, item.submission_id or "", TaskKind.QUARANTINE, clock.now())

    with services.database.reading() as session:
        found = queue_items.of_submission(session, item.submission_id or "")
    assert {one.kind: one.closed_at for one in found} == {
        "submission": None,
        "quarantine": clock.now(),
    }
