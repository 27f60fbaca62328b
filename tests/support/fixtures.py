"""Give tests of storage and use cases real services on both databases, as pytest fixtures.

The root `conftest.py` loads them. `services` runs a test twice, on SQLite and on an emptied
PostgreSQL database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from intake.core.services import Services
from intake.sandbox import JailPool
from storage.crypto.column_types import open_columns
from storage.database import Database, open_database
from storage.tables import METADATA
from tests.components.postgres import Postgres
from tests.support.building import (
    Clock,
    ScriptedScanner,
    make_services,
    make_worker_services,
    unprepared_services,
)
from tests.support.desk import Desk
from tests.support.laid_tables import lay_tables
from tests.support.lent_engines import give_back, lend

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.components)]


@dataclass(frozen=True)
class PreparedPostgres:
    """A database that tests use one after the other, and the key that opens it.

    Emptying it takes milliseconds; a database of its own would cost each test up to a second. Its
    engine is kept too: it has the queries compiled that most tests ask.
    """

    database: Database
    url: str
    dsn: str
    master_key: str

    def empty(self, folder: Path) -> None:
        """Remove all rows of ours, and put the key into a test's folder."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            # A replica's session skips foreign keys and the triggers that guard the audit.
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET lock_timeout = '10s'")
            for name in METADATA.tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        key_file = folder / "master.key"
        key_file.touch(mode=0o600)
        key_file.write_text(self.master_key)


@pytest.fixture(scope="session")
def prepared_postgres(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PreparedPostgres]:
    """Give the prepared database; a test that changes its schema takes `database_url` instead."""
    folder = tmp_path_factory.mktemp("prepared")
    url = postgres.create_database()
    make_services(folder, url).database.close()
    dsn = postgres.dsn(url.rpartition("/")[2])
    database = open_database(url)
    yield PreparedPostgres(database, url, dsn, (folder / "master.key").read_text())
    database.close()


@pytest.fixture
def clock() -> Clock:
    """Give the clock that `services` reads."""
    return Clock()


@pytest.fixture(params=BOTH, ids=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database without tables, once of each kind."""
    url = f"sqlite:///{tmp_path / 'avrr.db'}"
    if request.param != "sqlite":
        url = request.getfixturevalue("database_url")
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture(params=BOTH, ids=["sqlite", "postgresql"])
def services(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Give services on prepared storage, once on each database."""
    if request.param == "sqlite":
        built = _on_lent_engine(tmp_path, clock)
        yield built
        give_back(built.database)
        return
    prepared: PreparedPostgres = request.getfixturevalue("prepared_postgres")
    prepared.empty(tmp_path)
    built = unprepared_services(tmp_path, prepared.url, clock.now)
    built = replace(built, database=open_columns(prepared.database, built.keyring))
    with built.database.transaction() as session:
        built.keyring.prepare(session, clock.now())
    yield built
    # No connection is handed on, so that nothing of a test is left in one.
    built.database.engine.dispose()


@pytest.fixture
def sqlite_services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Give services on SQLite alone, for what does not depend on the database."""
    built = _on_lent_engine(tmp_path, clock)
    yield built
    give_back(built.database)


def _on_lent_engine(folder: Path, clock: Clock) -> Services:
    built = unprepared_services(folder, None, clock.now)
    database = open_columns(lend(built.settings.database_url), built.keyring)
    built = replace(built, database=database)
    lay_tables(database)
    with database.transaction() as session:
        built.keyring.prepare(session, clock.now())
    return built


@pytest.fixture(scope="session")
def jails() -> Iterator[JailPool]:
    """Give two warm jails."""
    pool = JailPool(2, allow_reduced=True)
    pool.start()
    yield pool
    pool.close()


@pytest.fixture
def scripted_scanner() -> ScriptedScanner:
    """Give the scanner that `desk` asks; it finds nothing until a test says so."""
    return ScriptedScanner()


@pytest.fixture
def desk(services: Services, jails: JailPool, scripted_scanner: ScriptedScanner) -> Desk:
    """Give a desk on each database."""
    return Desk(make_worker_services(services, jails, scanner=scripted_scanner))


@pytest.fixture
def sqlite_desk(
    sqlite_services: Services, jails: JailPool, scripted_scanner: ScriptedScanner
) -> Desk:
    """Give a desk on SQLite alone, for what does not depend on the database."""
    return Desk(make_worker_services(sqlite_services, jails, scanner=scripted_scanner))
