"""Check the first page of each role: what it can do now, and what comes later."""

import html
import re

import pytest

from portal.account.people_words import CAN_DO
from storage.accounts.users import Role
from tests.portal.conftest import SignIn

DOOR = re.compile(r'<li class="door">\s*<h2><a href="([^"]+)">([^<]+)</a>')
NAVIGATION = re.compile(r'<nav class="top-nav".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">')
PARTNERS = frozenset({Role.COORD, Role.COORD_DEP})
STAFF = [role for role in Role if role not in PARTNERS]
# What every account of the staff can do; the pages of these roles are still to come.
OWN = {"/account", "/absences"}
NO_WORK_YET = frozenset({Role.HELP, Role.MON, Role.COUNTRY})


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_has_something_to_do(signed_in: SignIn, role: Role) -> None:
    browser = signed_in(role)

    page = browser.get("/").text
    doors = {html.unescape(address): name for address, name in DOOR.findall(page)}

    assert page.count("<h1>") == 1
    assert "being made" not in page
    assert (set(doors) <= OWN) is (role in NO_WORK_YET)
    for address in doors:
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("role", STAFF)
def test_the_first_page_says_what_the_account_can_do(signed_in: SignIn, role: Role) -> None:
    page = html.unescape(signed_in(role).get("/").text)
    doors = {address for address, _name in DOOR.findall(page)}
    offered = {link for nav in NAVIGATION.findall(page) for link in LINK.findall(nav)}

    assert CAN_DO[role] in page
    assert offered <= doors
    assert doors >= OWN


@pytest.mark.parametrize("role", STAFF)
def test_a_role_without_pages_is_told_what_comes_and_what_it_can_do_today(
    signed_in: SignIn, role: Role
) -> None:
    page = signed_in(role).get("/").text

    assert ("come with a later version" in page) is (role in NO_WORK_YET)
    assert ("this account opens no case. Today you can:" in page) is (role in NO_WORK_YET)


def test_the_health_focal_point_finds_the_health_documents(signed_in: SignIn) -> None:
    page = signed_in("HEALTH").get("/").text

    assert "Health documents" in [name for _address, name in DOOR.findall(page)]
