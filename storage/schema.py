"""Bring the schema from one release to the next, through Alembic's migrations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from storage.database import Database, translated_errors
from storage.tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"
# An arbitrary constant: the name of the lock under which one process migrates.
MIGRATION_LOCK = 7_301_142_020
# What is done with the upgraded tables, given the revision before.
Then = Callable[[Session, str | None], None]


def upgrade(database: Database, revision: str = "head", *, then: Then | None = None) -> None:
    """Bring the schema to a revision, by default the newest; harmless when it is there already.

    `then` is called in the same transaction with the revision before, None for an empty database:
    what a step begins in the tables is finished with it or not begun.
    """
    with translated_errors(), database.engine.begin() as connection:
        _lock(connection, is_sqlite=database.is_sqlite)
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), revision)
        if then is not None:
            with Session(bind=connection) as session:
                then(session, before)
                # The session joined the connection's transaction, which this does not commit.
                session.commit()
    if database.is_sqlite:
        # What a step took out of the tables would else stay readable in the write-ahead log.
        with translated_errors(), database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision; used by tests and for a planned return to a release."""
    with translated_errors(), database.engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_current(database: Database) -> bool:
    """Say whether the database is at the newest revision."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    with translated_errors(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def differences(database: Database) -> list[Any]:
    """Return what differs between the models and the database; empty at the head."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": _is_ours, "compare_type": False}
        )
        return list(compare_metadata(context, METADATA))


def _lock(connection: Connection, *, is_sqlite: bool) -> None:
    if is_sqlite:
        connection.execute(text("BEGIN IMMEDIATE"))
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    # The workflow engine keeps its own tables in the same SQLite file.
    return kind != "table" or name in METADATA.tables
