"""PostgreSQL gives empty databases and comes back from each way of being stopped."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.components.postgres import Postgres

pytestmark = pytest.mark.components


def test_new_database_answers(database_url: str) -> None:
    engine = create_engine(database_url)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
        assert connection.execute(text("SHOW server_encoding")).scalar_one() == "UTF8"

    engine.dispose()


def test_databases_differ(postgres: Postgres) -> None:
    first, second = postgres.create_database(), postgres.create_database()

    assert first != second


def test_wrong_password_is_refused(postgres: Postgres) -> None:
    engine = create_engine(postgres.url().replace(postgres.password, "wrong"))

    with pytest.raises(OperationalError, match="password"):
        engine.connect()


@pytest.mark.parametrize("way", ["restart", "restart_immediately", "kill"])
def test_committed_rows_outlive(scratch: Path, way: str) -> None:
    with Postgres(scratch) as server:
        engine = create_engine(server.create_database(), pool_pre_ping=True)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 7 AS number"))

        getattr(server, way)()
        if way == "kill":
            server.start()

        with engine.connect() as connection:
            assert connection.execute(text("SELECT number FROM kept")).scalar_one() == 7
        engine.dispose()


def test_fsync_is_on_unless_asked_off(scratch: Path, postgres: Postgres) -> None:
    def setting(server: Postgres) -> str:
        engine = create_engine(server.url())
        with engine.connect() as connection:
            told: str = connection.execute(text("SHOW fsync")).scalar_one()
        engine.dispose()
        return told

    with Postgres(scratch) as careful:
        assert setting(careful) == "on"
    assert setting(postgres) == "off"
