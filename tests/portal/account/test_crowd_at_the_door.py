"""Sixty strangers sign in at once at the deployed portal, and an officer too (threat W4)."""

from collections.abc import Iterator

import pytest

from intake.accounts import accounts, known_browsers
from tests.components.server import scratch_folder
from tests.portal.account.crowd_at_the_door import Rush, rush
from tests.portal.building import PASSWORD
from tests.portal.coordinators.upload_server import PortalServer

pytestmark = pytest.mark.components

STRANGERS = 60
EMAIL = "officer@iom.example"
MAX_GROWTH_BYTES = 300_000_000


@pytest.fixture(scope="module")
def rushed() -> Iterator[Rush]:
    """Give what came of the rush; the officer uses a browser in which they signed in before."""
    with scratch_folder() as folder, PortalServer(folder / "portal") as server:
        accounts.create_with_password(server.services, EMAIL, "INTAKE", None, PASSWORD)
        mark = known_browsers.make_mark(server.services, EMAIL)
        yield rush(server, STRANGERS, EMAIL, PASSWORD, mark)
        server.services.database.close()


def test_the_officer_gets_in(rushed: Rush) -> None:
    assert rushed.right == 303


def test_memory_stays_within_its_limit(rushed: Rush) -> None:
    assert rushed.grown_bytes <= MAX_GROWTH_BYTES


def test_strangers_are_refused_or_asked_to_come_again(rushed: Rush) -> None:
    assert len(rushed.wrong) == STRANGERS
    assert set(rushed.wrong) <= {401, 503}
