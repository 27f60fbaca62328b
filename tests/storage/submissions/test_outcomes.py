"""Check that what ended before ends were kept has its end, and goes back and forth."""

from sqlalchemy import text

from storage import schema
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Database
from storage.submissions import submissions
from storage.submissions.submissions import Outcome, SubmissionState
from tests.storage.every_table import NOW
from tests.support.rows import Planter

BEFORE = "0026"


def test_each_closed_submission_of_the_last_release_was_answered(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    keyring = Keyring(MasterKey(bytes(32)))
    open_columns(empty_database, keyring)
    with empty_database.transaction() as session:
        keyring.prepare(session, NOW)
    with empty_database.transaction() as session:
        planter = Planter(session, keyring, NOW)
        ids = {state: planter.submission(state=state).id for state in SubmissionState}

    schema.downgrade(empty_database, BEFORE)
    with empty_database.engine.begin() as connection:
        connection.execute(text("UPDATE submissions SET priority = 'urgent'"))
    schema.upgrade(empty_database)

    with empty_database.reading() as session:
        found = {state: submissions.by_id(session, each) for state, each in ids.items()}
    assert {state: row.outcome for state, row in found.items() if row is not None} == {
        state: Outcome.ANSWERED if state is SubmissionState.CLOSED else None
        for state in SubmissionState
    }
    assert schema.differences(empty_database) == []
