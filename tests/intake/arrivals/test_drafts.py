"""Begin drafts: how many there may be, also of those that are begun at one moment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.arrivals import drafts
from intake.core.services import Services
from storage.submissions import drafts as stored
from tests.portal.building import Clock, build_services
from tests.support.people import plant_user
from tests.support.threads import run_together


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.components)])
def services(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """Give services on each kind of database."""
    is_postgresql = request.param == "postgresql"
    url = request.getfixturevalue("database_url") if is_postgresql else ""
    built = build_services(tmp_path, Clock(), database_url=url)
    yield built
    built.database.close()


def test_drafts_that_are_begun_at_once_keep_to_the_limit(services: Services) -> None:
    coordinator = plant_user(services)
    for _ in range(drafts.MAX_OPEN_DRAFTS - 2):
        drafts.start_draft(services, coordinator)

    outcome = run_together(8, lambda _number: drafts.start_draft(services, coordinator))

    assert len(outcome.results) == 2
    assert {type(error) for error in outcome.errors} == {drafts.TooManyDrafts}
    with services.database.reading() as session:
        assert stored.count_open(session, coordinator.id) == drafts.MAX_OPEN_DRAFTS
