"""Check which work of older releases goes over to its case, and that the way back loses none."""

from datetime import timedelta

from storage import schema
from storage.base import new_id
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Database, Session
from storage.lists import work_subjects
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Submission
from storage.submissions.task_outcomes import TaskOutcome
from tests.support.building import STARTED_AT
from tests.support.rows import Planter

BEFORE = "0032"
MISSING, WROTE = TaskKind.MISSING_DOCUMENTS, TaskKind.COORDINATOR_WROTE


def opened(database: Database) -> Keyring:
    """Bring a database to the newest revision, with its keys."""
    schema.upgrade(database)
    keyring = Keyring(MasterKey(bytes(32)))
    open_columns(database, keyring)
    with database.transaction() as session:
        keyring.prepare(session, STARTED_AT)
    return keyring


def test_open_work_of_a_case_goes_over_to_it_and_nothing_else(empty_database: Database) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        case, user = planter.case(), planter.user()
        first, second = planter.submission(case_id=case.id), planter.submission(case_id=case.id)
        question = planter.submission()
        planter.item(first, kind=MISSING, queue=Queue.MISSING)
        planter.item(first, kind=WROTE, queue=Queue.MAIL_TO_MATCH)
        later = STARTED_AT + timedelta(hours=1)
        planter.item(second, kind=WROTE, queue=Queue.MAIL_TO_MATCH, due_at=later)
        done = planter.item(second, kind=MISSING, queue=Queue.MISSING, closed_at=STARTED_AT)
        asked = planter.item(question, kind=WROTE, queue=Queue.MAIL_TO_MATCH)
        call = planter.item(first, kind=TaskKind.CALL_SENDER, queue=Queue.ON_HOLD)
        note = TaskOutcome(
            id=new_id(),
            item_id=call.id,
            number=1,
            submission_id=first.id,
            programme="referrals",
            kind=call.kind,
            outcome="left",
            note=b"sealed",
            done_by=user.id,
            at=STARTED_AT,
        )
        session.add(note)
    schema.downgrade(empty_database, BEFORE)

    schema.upgrade(empty_database)

    with empty_database.reading() as session:
        of_case = work_subjects.of_case(session, case.id)
        rest = {item.id for each in (first, second, question) for item in open_items(session, each)}
        kept = task_outcomes.newest_of_item(session, call.id)
    assert {(item.kind, item.region) for item in of_case} == {(MISSING, "STHLM"), (WROTE, "STHLM")}
    assert len(of_case) == 2
    assert rest == {asked.id, call.id}
    assert done.id not in {item.id for item in of_case}
    assert kept is not None
    assert (kept.id, kept.note, kept.outcome) == (note.id, b"sealed", "left")


def open_items(session: Session, submission: Submission) -> list[QueueItem]:
    """Return the open items of a submission itself."""
    found = queue_items.of_submission(session, submission.id)
    return [item for item in found if item.closed_at is None]


def test_on_the_way_back_work_of_a_case_borrows_its_newest_submission(
    empty_database: Database,
) -> None:
    keyring = opened(empty_database)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, STARTED_AT)
        case = planter.case()
        planter.submission(case_id=case.id)
        newest = planter.submission(case_id=case.id, received_at=STARTED_AT + timedelta(hours=1))
        fields = {"submission_id": None, "case_id": case.id}
        item = planter.item(newest, kind=MISSING, queue=Queue.MISSING, **fields)
        own = planter.item(newest)
        task = planter.item(newest, kind=TaskKind.NOBODY_WARNED, submission_id=None, task_id=own.id)

    schema.downgrade(empty_database, BEFORE)
    with empty_database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, submission_id FROM queue_items").all()
    assert {tuple(row) for row in rows} == {(item.id, newest.id), (own.id, newest.id)}
    assert task.id not in {row[0] for row in rows}

    schema.upgrade(empty_database)
    with empty_database.reading() as session:
        assert [each.id for each in work_subjects.of_case(session, case.id)] == [item.id]
