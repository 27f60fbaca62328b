"""Check the work list's queries: order, pages, filters with true counts, and the copied columns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.database import Session
from storage.documents.documents import Document
from storage.lists import work_counts, work_list
from storage.lists.work_list import NOBODY, Narrow, WorkList
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, QueueItem
from storage.submissions.submissions import Priority, Programme, Submission
from tests.support.building import Clock
from tests.support.rows import Planter

Plant = Callable[[Session], Planter]
OURS = Narrow(("referrals",))
NEW = WorkList((Queue.NEW_REFERRALS,))


@pytest.fixture
def plant(services: Services, clock: Clock) -> Plant:
    """Give what plants rows in a session at the clock's moment."""
    return lambda session: Planter(session, services.keyring, clock.now())


def test_a_queue_lists_what_is_open_nearest_clock_first(
    services: Services, plant: Plant, clock: Clock
) -> None:
    now = clock.now()
    with services.database.transaction() as session:
        planter = plant(session)
        late = planter.item(planter.submission(), due_at=now + timedelta(hours=2))
        soon = planter.item(planter.submission(), due_at=now + timedelta(hours=1))
        planter.item(planter.submission(), closed_at=now)
        planter.item(planter.submission(), queue=Queue.ON_HOLD)
        planter.item(planter.submission(programme=Programme.CASH))

    with services.database.reading() as session:
        referrals = work_list.page(session, NEW, Narrow(("referrals",)), limit=9)
        both = work_list.page(session, NEW, Narrow(("referrals", "cash")), limit=2)
        none = work_list.page(session, NEW, Narrow(()), limit=9)
    assert [found.id for found in referrals] == [soon.id, late.id]
    assert len(both) == 2
    assert none == []


def test_the_overview_counts_what_is_open(services: Services, plant: Plant, clock: Clock) -> None:
    now = clock.now()
    with services.database.transaction() as session:
        planter = plant(session)
        planter.item(planter.submission(), due_at=now + timedelta(hours=2))
        planter.item(planter.submission(), due_at=now + timedelta(hours=1))
        planter.item(planter.submission(), queue=Queue.ON_HOLD, closed_at=now)
        planter.item(planter.submission(programme=Programme.CASH))

    with services.database.reading() as session:
        overview = work_counts.overview(session, ["referrals"])
    assert overview == {"Q2": (2, now + timedelta(hours=1), 0, 0)}


def test_the_nearest_clock_comes_first_then_the_priority_then_the_age(
    services: Services, clock: Clock, plant: Plant
) -> None:
    now, later = clock.now(), clock.now() + timedelta(hours=1)
    wanted = [
        (now, Priority.NORMAL, later),
        (later, Priority.EMERGENCY, later),
        (later, Priority.URGENT, later),
        (later, Priority.UNKNOWN, later),
        (later, Priority.NORMAL, now),
        (later, Priority.NORMAL, later),
    ]
    with services.database.transaction() as session:
        for due_at, priority, opened_at in reversed(wanted):
            submission = plant(session).submission()
            plant(session).item(submission, due_at=due_at, priority=priority, opened_at=opened_at)

    with services.database.reading() as session:
        found = work_list.page(session, NEW, Narrow((Programme.REFERRALS,)), limit=9)

    assert [(item.due_at, item.priority, item.opened_at) for item in found] == wanted


def test_a_priority_that_is_new_sorts_like_an_unknown_one(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        for priority in ("normal", "surprising"):
            plant(session).item(plant(session).submission(), priority=priority)

    with services.database.reading() as session:
        found = work_list.page(session, NEW, Narrow((Programme.REFERRALS,)), limit=9)

    assert [item.priority for item in found] == ["surprising", "normal"]


def test_pieces_join_without_a_gap_though_the_edge_was_closed(
    services: Services, clock: Clock, plant: Plant
) -> None:
    with services.database.transaction() as session:
        for priority in ("normal", "urgent", "unknown", "normal", "emergency"):
            plant(session).item(plant(session).submission(), priority=priority)
    with services.database.reading() as session:
        whole = [item.id for item in work_list.page(session, NEW, OURS, limit=9)]

    with services.database.transaction() as session:
        first = work_list.page(session, NEW, OURS, limit=2)
        queue_items.close_all(session, first[1].submission_id or "", clock.now())
        edge = session.get_one(QueueItem, first[1].id)
        rest = work_list.page(session, NEW, OURS, after=edge, limit=9)
        behind = work_list.count_behind(session, NEW, OURS, edge)

    assert [item.id for item in (*first, *rest)] == whole
    assert behind == len(rest)


def test_a_filter_and_its_counts_are_of_the_whole_queue(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        planter = plant(session)
        officer = planter.user()
        planter.item(planter.submission(region="SYD", language="ar"), claimed_by=officer.id)
        planter.item(planter.submission(region="SYD", flags=["wrong_door:cash"]))
        planter.item(planter.submission(sender_verdict="unknown"), priority=Priority.UNKNOWN)
        planter.item(planter.submission(region="SYD", programme=Programme.CASH))

    with services.database.reading() as session:
        counted = work_counts.counts(session, NEW, Narrow(("referrals",)))

        def found(**options: str) -> int:
            narrow = replace(OURS, **options)  # type: ignore[arg-type] # a field each
            # What is counted is what is listed.
            assert counted.found(narrow) == len(work_list.page(session, NEW, narrow, limit=9))
            return counted.found(narrow)

        assert counted.open_items == 3
        assert counted.by("region") == {"SYD": 2, "unknown": 1}
        assert counted.by("language") == {"ar": 1, "unknown": 2}
        assert counted.by("state") == {"RECEIVED": 3}
        assert counted.by("holder") == {officer.id: 1, NOBODY: 2}
        assert counted.by("marks") == {"risk_unknown": 1, "not_proven": 1, "wrong_door": 1}
        assert found(region="SYD") == 2
        assert found(region="unknown") == found(holder=officer.id) == found(language="ar") == 1
        assert found(holder=NOBODY, region="SYD") == found(mark="wrong_door") == 1
        assert found(mark="risk_unknown") == found(mark="not_proven") == 1
        assert found(programme="cash") == found(region="SYD", language="sv") == 0


def test_an_item_follows_what_becomes_of_its_submission(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission()
        document = plant(session).document(submission)
        item = plant(session).item(submission)

    with services.database.transaction() as session:
        row = session.get_one(Submission, submission.id)
        row.region, row.language, row.state = "NORD", "sv", "HOLDING"
        row.possible_duplicate_of, row.flags = "x", ["not_read"]
        session.get_one(Document, document.id).state = "LOCKED"

    with services.database.reading() as session:
        kept = session.get_one(QueueItem, item.id)
        assert (kept.region, kept.language, kept.state) == ("NORD", "sv", "HOLDING")
        assert kept.marks == " alike not_read locked "


def test_what_came_after_a_moment_is_counted(
    services: Services, clock: Clock, plant: Plant
) -> None:
    with services.database.transaction() as session:
        plant(session).item(plant(session).submission())
        later = clock.now() + timedelta(seconds=1)
        plant(session).item(plant(session).submission(), opened_at=later)

    with services.database.reading() as session:
        assert work_list.count_since(session, NEW, OURS, clock.now()) == 1
        assert work_list.count_since(session, NEW, OURS, later) == 0


def test_the_next_one_is_free_or_ones_own(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        planter = plant(session)
        me, other = planter.user(), planter.user()
        taken = planter.item(planter.submission(), claimed_by=other.id)
        task = planter.item(planter.submission(), kind="call_sender")
        mine = planter.item(planter.submission(), claimed_by=me.id, priority=Priority.UNKNOWN)
        last = planter.item(planter.submission())

    def after(session: Session, item: QueueItem | None, done: str) -> str | None:
        found = work_list.next_free(
            session, NEW, OURS, after=item, user_ids=[me.id], kind="submission", other_than=done
        )
        return found.id if found else None

    with services.database.reading() as session:
        assert after(session, None, "") == mine.id
        assert after(session, mine, mine.submission_id or "") == last.id
        assert after(session, None, mine.submission_id or "") == last.id
        assert {taken.id, task.id}.isdisjoint({after(session, None, last.submission_id or "")})
