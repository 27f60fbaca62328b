"""Check that transactions are all or nothing, one after the other, and raise our errors."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from intake.core.services import Services
from storage.accounts import users
from storage.accounts.users import RateEvent
from storage.database import open_database
from storage.errors import Conflict, SettingInvalid, StorageUnavailable
from tests.components.postgres import Postgres
from tests.components.server import LOOPBACK, free_port
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.threads import run_together

PAST = datetime(2026, 1, 1, tzinfo=UTC)


def count(services: Services) -> int:
    """Count the attempts in one bucket."""
    with services.database.reading() as session:
        return users.count_rate(session, "bucket", PAST)


def test_a_transaction_commits(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        users.note_rate(session, "bucket", clock.now())

    assert count(services) == 1


def test_an_error_rolls_everything_back(services: Services, clock: Clock) -> None:
    def write_and_fail() -> None:
        with services.database.transaction() as session:
            users.note_rate(session, "bucket", clock.now())
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert count(services) == 0


def test_who_lets_others_first_gives_its_place_back_after_an_error(
    services: Services, clock: Clock
) -> None:
    def write(number: int) -> None:
        with services.database.transaction(lets_others_first=number % 2 == 0) as session:
            users.note_rate(session, "bucket", clock.now())
            if number < 2:
                raise RuntimeError

    outcome = run_together(8, write)

    assert [type(error) for error in outcome.errors] == [RuntimeError] * 2
    assert count(services) == 6


def test_reading_writes_nothing(services: Services, clock: Clock) -> None:
    with services.database.reading() as session:
        users.note_rate(session, "bucket", clock.now())
        session.flush()

    assert count(services) == 0


def test_a_second_unique_row_is_a_conflict(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        Planter(session, services.keyring, clock.now()).user(email_hash="aa" * 32)

    with pytest.raises(Conflict), services.database.transaction() as session:
        Planter(session, services.keyring, clock.now()).user(email_hash="aa" * 32)


def test_a_row_that_points_nowhere_is_a_conflict(services: Services, clock: Clock) -> None:
    with pytest.raises(Conflict), services.database.transaction() as session:
        Planter(session, services.keyring, clock.now()).submission(data_key_id="no such key")


def test_naive_times_are_refused(services: Services) -> None:
    naive = datetime(2026, 11, 24, 8, 42)  # noqa: DTZ001 - the mistake that is refused

    with (
        pytest.raises(StatementError, match="must carry its zone"),
        services.database.transaction() as session,
    ):
        users.note_rate(session, "bucket", naive)

    assert count(services) == 0


def test_times_come_back_as_the_same_instant_in_utc(services: Services) -> None:
    helsinki = timezone(timedelta(hours=2))
    written = datetime(2026, 11, 24, 10, 42, 1, 234567, tzinfo=helsinki)

    with services.database.transaction() as session:
        users.note_rate(session, "bucket", written)
    with services.database.reading() as session:
        found = session.query(RateEvent).one()

    assert found.at == written
    assert found.at.tzinfo is UTC


def test_what_was_read_stays_usable_afterwards(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        written = Planter(session, services.keyring, clock.now()).user()
    with services.database.reading() as session:
        found = users.by_id(session, written.id)

    assert found is not None
    assert (found.label, found.email_hash) == (written.label, written.email_hash)


def test_two_that_read_and_then_write_on_sqlite_come_one_after_the_other(
    sqlite_services: Services, clock: Clock
) -> None:
    database = sqlite_services.database

    def add_one_more(_number: int) -> int:
        with database.transaction() as session:
            seen = users.count_rate(session, "bucket", PAST)
            users.note_rate(session, "bucket", clock.now())
        return seen

    outcome = run_together(8, add_one_more)

    assert outcome.errors == []
    assert sorted(outcome.results) == list(range(8))


def test_a_reader_on_sqlite_does_not_wait_for_a_writer(
    sqlite_services: Services, clock: Clock
) -> None:
    database = sqlite_services.database
    read = threading.Event()
    seen: list[int] = []

    def read_meanwhile() -> None:
        seen.append(count(sqlite_services))
        read.set()

    with database.transaction() as session:
        users.note_rate(session, "bucket", clock.now())
        session.flush()
        reader = threading.Thread(target=read_meanwhile)
        reader.start()
        was_read = read.wait(timeout=10)
    reader.join()

    assert was_read
    assert seen == [0]


def test_sqlite_is_durable_and_checks_its_keys(sqlite_services: Services) -> None:
    with sqlite_services.database.reading() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 30_000,
        "foreign_keys": 1,
    }


def test_a_broken_sqlite_file_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "avrr.db"
    path.mkdir()
    database = open_database(f"sqlite:///{path}")

    with pytest.raises(StorageUnavailable):
        database.ping()


@pytest.mark.components
def test_a_dead_postgresql_is_unavailable() -> None:
    url = f"postgresql+psycopg://avrr:none@{LOOPBACK}:{free_port()}/avrr"
    database = open_database(url)

    with pytest.raises(StorageUnavailable):
        database.ping()
    database.close()


@pytest.mark.components
def test_postgresql_that_comes_back_answers_again(scratch: Path) -> None:
    with Postgres(scratch / "postgres") as server:
        database = open_database(server.url())
        database.ping()

        server.kill()
        with pytest.raises(StorageUnavailable):
            database.ping()
        server.start()

        database.ping()
        database.close()


@pytest.mark.components
def test_a_connection_that_ends_in_a_transaction_is_unavailable(database_url: str) -> None:
    database = open_database(database_url)

    with pytest.raises(StorageUnavailable), database.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    database.ping()
    database.close()


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///", "mysql://host/db", "postgresql://host/db", "://"],
)
def test_an_address_of_no_known_database_is_refused(url: str) -> None:
    with pytest.raises(SettingInvalid, match=r"^AVRR_DATABASE_URL: "):
        open_database(url)


ANOTHER_PROCESS = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
    "c.execute('SELECT count(*) FROM users').fetchone(); c.close()"
)


def test_a_second_connection_keeps_the_locks_of_the_first(
    sqlite_services: Services, clock: Clock
) -> None:
    database = sqlite_services.database
    path = Path(database.engine.url.database or "")
    with database.transaction() as session:
        users.note_rate(session, "bucket", clock.now())

    # The first connection stays open, so another process is not the last that has the database
    # and must leave its log alone when it closes.
    with database.engine.connect() as first, database.engine.connect() as second:
        for connection in (first, second):
            connection.execute(text("SELECT count(*) FROM rate_events")).scalar_one()
        subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, path], check=True)
        assert path.with_name(path.name + "-wal").exists()

    assert count(sqlite_services) == 1
