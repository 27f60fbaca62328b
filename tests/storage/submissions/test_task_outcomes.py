"""Check how tasks ended, as it is stored, and the tasks that older releases did not make."""

from datetime import timedelta
from typing import Any

import pytest

from storage import schema
from storage.base import new_id
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Database
from storage.errors import Conflict
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Submission
from storage.submissions.task_outcomes import TaskOutcome
from tests.support.building import STARTED_AT
from tests.support.rows import Planter

BEFORE = "0026"


def opened(database: Database) -> Keyring:
    """Bring a database to the newest revision, with its keys."""
    schema.upgrade(database)
    keyring = Keyring(MasterKey(bytes(32)))
    open_columns(database, keyring)
    with database.transaction() as session:
        keyring.prepare(session, STARTED_AT)
    return keyring


def outcome(item: QueueItem, number: int, user_id: str) -> TaskOutcome:
    """Return a row."""
    return TaskOutcome(
        id=new_id(),
        item_id=item.id,
        number=number,
        submission_id=item.submission_id,
        programme=item.programme,
        kind=item.kind,
        outcome="left",
        note=b"sealed",
        done_by=user_id,
        at=STARTED_AT,
    )


def test_the_newest_is_the_last_that_was_reported(empty_database: Database) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        submission, user = planter.submission(), planter.user()
        items = [
            planter.item(submission, kind=kind)
            for kind in (TaskKind.CALL_BACK, TaskKind.CALL_SENDER)
        ]
        rows = [outcome(items[0], number, user.id) for number in (1, 2)]
        session.add_all(rows)
        session.flush()

        newest = [task_outcomes.newest_of_item(session, item.id) for item in items]
        found = task_outcomes.of_submission(session, submission.id)

    assert newest == [rows[1], None]
    assert found == rows


def test_of_two_next_ones_the_second_is_refused(empty_database: Database) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        item, user = planter.item(planter.submission()), planter.user()

    with pytest.raises(Conflict), empty_database.transaction() as session:
        session.add_all([outcome(item, 1, user.id), outcome(item, 1, user.id)])


def held(planter: Planter, reason: str, **changes: Any) -> Submission:
    """Store a submission on hold, as older releases left it. Any: its fields."""
    fields: dict[str, Any] = {
        "state": "HOLDING",
        "filing_reason": reason,
        "region": "SYD",
    } | changes
    submission = planter.submission(**fields)
    planter.item(
        submission,
        queue=Queue.ON_HOLD,
        reason="call_back",
        clock="legal_date",
        due_at=STARTED_AT + timedelta(hours=3),
    )
    return submission


def test_calls_that_were_waited_for_become_tasks(empty_database: Database) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        waiting = [
            held(planter, reason) for reason in ("sender_names_a_case", "sender_looks_alike")
        ]
        others = [
            held(planter, "sender_unverified"),
            held(planter, "sender_looks_alike", state="QUEUED", case_id=planter.case().id),
        ]
        closed = held(planter, "sender_looks_alike")
        queue_items.close_all(session, closed.id, STARTED_AT)

    schema.downgrade(empty_database, BEFORE)
    schema.upgrade(empty_database)

    with empty_database.reading() as session:
        made = {
            each.id: [
                item
                for item in queue_items.of_submission(session, each.id)
                if item.kind == TaskKind.CALL_BACK
            ]
            for each in (*waiting, *others, closed)
        }
    assert [len(items) for items in made.values()] == [1, 1, 0, 0, 0]
    for each in waiting:
        (item,) = made[each.id]
        assert (item.queue, item.reason, item.clock) == ("Q4", "call_back", "legal_date")
        assert (item.region, item.closed_at, item.claimed_by) == ("SYD", None, None)
        assert item.due_at == STARTED_AT + timedelta(hours=3)


def test_the_way_back_leaves_no_task_that_the_older_release_does_not_know(
    empty_database: Database,
) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        user = planter.user()
        item = planter.item(held(planter, "sender_unverified"), kind=TaskKind.CALL_BACK)
        session.add(outcome(item, 1, user.id))

    schema.downgrade(empty_database, BEFORE)
    schema.upgrade(empty_database)

    with empty_database.reading() as session:
        items = queue_items.of_submission(session, item.submission_id or "")
    assert [each.kind for each in items] == ["submission"]
