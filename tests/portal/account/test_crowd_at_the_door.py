"""Sixty strangers sign in at once at the deployed portal, and an officer too (threat W4)."""

from collections.abc import Iterator

import pytest

from intake.accounts import accounts, known_browsers
from tests.components.server import scratch_folder
from tests.portal.account.crowd_at_the_door import Door, Rush, rush, siege
from tests.portal.building import PASSWORD
from tests.portal.coordinators.upload_server import PortalServer

pytestmark = pytest.mark.components

STRANGERS = 60
EMAIL = "officer@iom.example"
MAX_GROWTH_BYTES = 300_000_000
TIMES = 3
# More than both processes let wait.
NETWORKS = 60


class ProxiedServer(PortalServer):
    """The portal behind one proxy of ours, which says whose address a request has."""

    def environ(self) -> dict[str, str]:
        """Return what the process is started with."""
        return super().environ() | {"AVRR_TRUSTED_PROXIES": "1"}


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


def test_one_line_of_many_networks_keeps_no_new_browser_out() -> None:
    """A line at home is a /56 of IPv6: 256 networks of one stranger."""
    with scratch_folder() as folder, ProxiedServer(folder / "portal") as server:
        accounts.create_with_password(server.services, EMAIL, "INTAKE", None, PASSWORD)
        strangers = [
            Door(server.port, address=f"2001:db8:0:{number:x}::1") for number in range(NETWORKS)
        ]

        with siege(strangers):
            answers = [
                Door(server.port, address="198.51.100.7").sign_in(EMAIL, PASSWORD)
                for _ in range(TIMES)
            ]

        server.services.database.close()

    assert answers == [303] * TIMES
