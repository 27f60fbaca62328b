"""Check that the navigation marks the place where somebody is, and only that one."""

import re

import pytest

from intake.core.services import Services
from tests.portal import samples
from tests.portal.conftest import SignIn

NAVIGATION = re.compile(r'<nav class="top-nav".*?</nav>', re.DOTALL)
PLACE = re.compile(r'<a href="([^"]+)"( aria-current="(page|true)")?>')


def places(page: str) -> list[tuple[str, str]]:
    """Return (address, mark) of each place in the navigation; the mark may be empty."""
    found = PLACE.findall(" ".join(NAVIGATION.findall(page)))
    return [(address, mark) for address, _attribute, mark in found]


@pytest.mark.parametrize("role", ["INTAKE", "CASEW", "CASH", "MGR", "DPO", "ADMIN", "HEALTH"])
def test_each_place_marks_itself_alone(signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)
    offered = [address for address, _mark in places(browser.get("/account").text)]

    assert offered
    for address in offered:
        marked = [each for each in places(browser.get(address).text) if each[1]]
        assert marked == [(address, "page")]


def test_a_page_below_a_place_marks_it(signed_in: SignIn, services: Services) -> None:
    samples.seed(services)
    browser = signed_in("INTAKE")

    below = {"/queues/Q2": "/queues", "/admin/editions/types": "/admin/editions"}
    for path, place in below.items():
        marked = [each for each in places(browser.get(path).text) if each[1]]
        assert marked in ([(place, "true")], []), path
    assert [each for each in places(browser.get("/queues/Q2").text) if each[1]]
