"""Check that the schema equals the models, goes there and back, and comes up twice safely."""

import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from storage import schema
from storage.database import Database, open_database
from storage.errors import StorageUnavailable
from storage.mail import senders
from storage.tables import METADATA
from tests.storage.every_table import plant_everywhere


def tables_of(database: Database) -> set[str]:
    """Return the names of all tables there are."""
    return set(inspect(database.engine).get_table_names())


def row_counts(database: Database) -> dict[str, int]:
    """Count the rows of each table of ours."""
    with database.reading() as session:
        return {
            name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in METADATA.tables
        }


def test_an_empty_database_is_not_current(empty_database: Database) -> None:
    assert not schema.is_current(empty_database)


def test_the_head_equals_the_models(empty_database: Database) -> None:
    schema.upgrade(empty_database)

    assert schema.differences(empty_database) == []
    assert schema.is_current(empty_database)


def test_a_missing_column_is_a_difference(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox DROP COLUMN reason"))

    assert schema.differences(empty_database) != []


def test_another_tenants_table_is_no_difference(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE workflow_status (id INTEGER)"))

    assert schema.differences(empty_database) == []


def test_the_way_back_leaves_nothing(empty_database: Database) -> None:
    schema.upgrade(empty_database)

    schema.downgrade(empty_database, "base")

    assert tables_of(empty_database) <= {"alembic_version"}


def test_up_down_and_up_again_works_with_rows_in_every_table(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    plant_everywhere(empty_database)
    assert min(row_counts(empty_database).values()) > 0

    schema.downgrade(empty_database, "base")
    schema.upgrade(empty_database)

    assert schema.differences(empty_database) == []
    plant_everywhere(empty_database)
    assert min(row_counts(empty_database).values()) > 0


def test_a_second_upgrade_changes_nothing(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    plant_everywhere(empty_database)
    before = row_counts(empty_database)

    schema.upgrade(empty_database)

    assert row_counts(empty_database) == before
    assert schema.differences(empty_database) == []


def _upgrade(url: str) -> None:
    database = open_database(url)
    schema.upgrade(database)
    database.close()


def test_processes_that_upgrade_at_once_all_succeed(empty_database: Database) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)

    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.map(_upgrade, [url] * 3, chunksize=1)

    assert schema.differences(empty_database) == []


def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    in_the_way = tmp_path / "avrr.db"
    in_the_way.mkdir()
    database = open_database(f"sqlite:///{in_the_way}")

    with pytest.raises(StorageUnavailable):
        schema.upgrade(database)
    with pytest.raises(StorageUnavailable):
        schema.is_current(database)


def test_the_register_counts_its_entries(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    plant_everywhere(empty_database)

    with empty_database.reading() as session:
        assert senders.count(session) == 1
