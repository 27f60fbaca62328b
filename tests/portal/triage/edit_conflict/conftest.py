"""Give two officers of each programme, signed in, for the tests of edit conflicts."""

from collections.abc import Iterator

import pytest

from intake.accounts import accounts
from intake.core.services import Services
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.triage.edit_conflict.two_officers import Two, officer


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services that all tests of this file share: each seeds its own submission."""
    built = build_services(tmp_path_factory.mktemp("both"), Clock())
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def desks(services: Services) -> dict[str, Two]:
    """Give two officers of each programme; passwords are slow on purpose, so once for all tests."""
    app = build_app(services)
    accounts.create_with_password(services, "casew@iom.example", "CASEW", None, PASSWORD)
    return {role: Two(officer(services, app, role, 1), officer(services, app, role, 2))
            for role in ("INTAKE", "CASH")}  # fmt: skip


@pytest.fixture
def two(desks: dict[str, Two]) -> Two:
    """Give two intake officers."""
    return desks["INTAKE"]
