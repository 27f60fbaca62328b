"""Check which language a page is in: the account's, the browser's choice, what the browser asks."""

import pytest
from flask import Flask

from intake.core.services import Services
from storage import audit
from storage.accounts.users import User
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.coordinators.support import make_coordinator, sign_in


@pytest.mark.parametrize(
    ("asked", "language"),
    [("sv-SE,sv;q=0.9", "sv"), ("fi,en;q=0.5", "en"), ("ar", "en"), ("*", "en"), ("", "en")],
)
def test_the_browser_asks_for_a_language(browser: Browser, asked: str, language: str) -> None:
    page = browser.get("/sign-in", {"Accept-Language": asked}).text

    assert f'<html lang="{language}"' in page
    assert ("Logga in" in page) is (language == "sv")


def test_a_choice_stays_in_the_browser_and_leads_back(browser: Browser) -> None:
    answer = browser.get("/sign-in?next=/referrals&page-language=sv")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Freferrals")
    assert 'lang="sv"' in browser.get("/verify", {"Accept-Language": "en"}).text


@pytest.mark.parametrize("chosen", ["xx", "", "../sv", "sv\x00"])
def test_a_language_that_is_none_changes_nothing(browser: Browser, chosen: str) -> None:
    answer = browser.client.get(
        "/sign-in", query_string={"page-language": chosen}, base_url="http://localhost"
    )

    assert "Set-Cookie" not in answer.headers or "language" not in answer.headers["Set-Cookie"]


def test_a_choice_leads_to_no_other_site(browser: Browser) -> None:
    assert browser.get("//evil.example/?page-language=sv").location in {None, "/", "/evil.example/"}


def test_a_choice_belongs_to_the_account(app: Flask, services: Services, clock: Clock) -> None:
    west = make_coordinator(app, services, clock)
    assert 'lang="en"' in west.get("/referrals").text

    west.get("/referrals?page-language=sv")
    west.get("/referrals?page-language=sv")

    other = sign_in(west, Browser(app))
    assert "Mina remisser" in other.get("/referrals").text
    with services.database.reading() as session:
        assert session.get_one(User, west.user.id).language == "sv"
        events = audit.of_subject(session, "account", west.user.id)
    assert [each.act for each in events].count("account.language_chosen") == 1


@pytest.mark.parametrize("role", ["INTAKE", "MGR", "ADMIN"])
def test_the_offices_own_pages_stay_english(signed_in: SignIn, role: str) -> None:
    page = signed_in(role).get("/account", {"Accept-Language": "sv"}).text

    assert '<html lang="en"' in page
    assert 'name="page-language"' not in page
