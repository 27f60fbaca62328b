"""Give the real servers as pytest fixtures; the root `conftest.py` loads them.

Each server starts when the first test asks for it and lives as long as the run. Tests stay apart
by what they put into it: a fresh user in Dovecot, a fresh database in PostgreSQL. A test that
kills, pauses or ages a server builds one of its own in `scratch`, or mends what it broke.
"""

import itertools
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.clamd import Clamd
from tests.components.dovecot import Dovecot
from tests.components.postgres import Postgres
from tests.components.server import scratch_folder
from tests.components.smtp_sink import SmtpSink

_USER_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def scratch_of_session() -> Iterator[Path]:
    """Give a short-named folder for servers, removed after the run."""
    with scratch_folder() as folder:
        yield folder


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Give a short-named folder for a server of one test, removed after it."""
    with scratch_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def dovecot(scratch_of_session: Path) -> Iterator[Dovecot]:
    """Give a running IMAP server."""
    with Dovecot(scratch_of_session / "dovecot") as server:
        yield server


@pytest.fixture(scope="session")
def clamd(scratch_of_session: Path) -> Iterator[Clamd]:
    """Give a running scanner that knows EICAR."""
    with Clamd(scratch_of_session / "clamd") as server:
        yield server


@pytest.fixture(scope="session")
def postgres(scratch_of_session: Path) -> Iterator[Postgres]:
    """Give a running cluster that does not wait for the disk."""
    with Postgres(scratch_of_session / "postgres", fsync=False) as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """Give the URL of an empty database, dropped after the test."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def smtp_sink(scratch: Path) -> Iterator[SmtpSink]:
    """Give a running sink without messages."""
    with SmtpSink(scratch / "smtp") as sink:
        yield sink


@pytest.fixture
def imap_user() -> str:
    """Give a user name that no other test has; it exists in Dovecot as soon as it is used."""
    return f"user{next(_USER_NUMBERS)}-{secrets.token_hex(3)}@example.org"
