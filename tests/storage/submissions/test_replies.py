"""Check that what coordinators wrote to us moves into a queue of its own when tables come up."""

from typing import Any

from storage import schema
from storage.database import Database
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from tests.storage.submissions.test_task_outcomes import opened
from tests.support.building import STARTED_AT
from tests.support.rows import Planter

BEFORE = "0037"


def test_replies_move_and_other_mail_to_match_stays(empty_database: Database) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        fields: dict[str, Any] = {"state": "HOLDING", "sender_verdict": "registered"}
        wrote = planter.submission()
        planter.item(wrote, queue=Queue.REPLIES, kind=TaskKind.COORDINATOR_WROTE)
        answered = planter.submission(filing_reason="looks_like_a_reply", **fields)
        planter.item(answered, queue=Queue.REPLIES)
        several = planter.submission(filing_reason="names_several_cases", **fields)
        planter.item(several, queue=Queue.MAIL_TO_MATCH)
        strangers = planter.submission(
            filing_reason="looks_like_a_reply", state="HOLDING", sender_verdict="unknown"
        )
        planter.item(strangers, queue=Queue.MAIL_TO_MATCH)

    schema.downgrade(empty_database, BEFORE)
    with empty_database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT submission_id, queue FROM queue_items").all()
    schema.upgrade(empty_database)
    with empty_database.reading() as session:
        after = [
            queue_items.of_submission(session, each.id)[0].queue
            for each in (wrote, answered, several, strangers)
        ]

    assert {tuple(row) for row in rows} == {
        (each.id, Queue.MAIL_TO_MATCH) for each in (wrote, answered, several, strangers)
    }
    assert after == [Queue.REPLIES, Queue.REPLIES, Queue.MAIL_TO_MATCH, Queue.MAIL_TO_MATCH]
