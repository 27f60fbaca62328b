"""Real services for the accounts' tests, on SQLite unless a test asks for the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.core.services import Services
from tests.portal.building import Clock, build_services


@pytest.fixture
def clock() -> Clock:
    """Give the clock of the services."""
    return Clock()


@pytest.fixture
def services(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Give real services on a scratch database, SQLite unless a test asks for the other."""
    is_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("database_url") if is_postgresql else ""
    built = build_services(tmp_path, clock, database_url=url)
    yield built
    built.database.close()
