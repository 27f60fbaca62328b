"""Check the first page of each role: something to do, or one plain sentence about the account."""

import html
import re

import pytest

from storage.accounts.users import Role
from tests.portal.conftest import SignIn

DOOR = re.compile(r'<li class="door">\s*<h2><a href="([^"]+)">([^<]+)</a>')
OWN_ACCOUNT = "/account"
NO_WORK_HERE = frozenset({Role.HELP, Role.MON, Role.COUNTRY})


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_has_something_to_do_or_says_plainly_what_the_account_can(
    signed_in: SignIn, role: Role
) -> None:
    browser = signed_in(role)

    page = browser.get("/").text
    doors = {html.unescape(address): name for address, name in DOOR.findall(page)}

    assert "being made" not in page
    assert ("nothing of a case can be opened or written here" in page) is (role in NO_WORK_HERE)
    assert bool(set(doors) - {OWN_ACCOUNT}) is (role not in NO_WORK_HERE)
    for address in doors:
        assert browser.get(address).status_code == 200, address


def test_the_health_focal_point_finds_the_health_papers(signed_in: SignIn) -> None:
    page = signed_in("HEALTH").get("/").text

    assert "Health papers" in [name for _address, name in DOOR.findall(page)]
