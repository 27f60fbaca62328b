"""What pages say while too many passwords are being hashed, and the mark of a known browser."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from intake.accounts import accounts, sign_in
from intake.core.fair_line import FairLine
from intake.core.services import Services
from tests.portal.building import HOST, build_app
from tests.portal.conftest import Browser

MakeUser = Callable[..., accounts.SignedInUser]
EMAIL = "intake@iom.example"


@pytest.fixture
def busy(services: Services) -> Browser:
    """Give a browser before a portal whose line is full."""
    return Browser(build_app(replace(services, hashing=FairLine(at_once=0, places=0))))


@pytest.mark.parametrize("email", [EMAIL, "stranger@iom.example"])
def test_a_full_line_is_told_with_what_to_do(
    busy: Browser, make_user: MakeUser, email: str
) -> None:
    make_user("INTAKE")

    answer = busy.sign_in(email)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "your password was not looked at" in answer.text
    assert "Please wait a minute and try again." in answer.text
    assert f'value="{email}"' in answer.text


def test_an_invitation_can_be_used_when_the_line_is_shorter(
    services: Services, busy: Browser, browser: Browser
) -> None:
    token = accounts.invite_account(services, EMAIL, "INTAKE", None).url_token
    path, words = f"/invitation/{token}", "an unexpected river of words"

    answer = busy.post(path, path, password=words, password_again=words)
    again = browser.post(path, path, password=words, password_again=words)

    assert answer.status_code == 503
    assert "Please wait a minute and try again." in answer.text
    assert again.status_code == 303


def test_a_browser_is_known_again_after_signing_out(
    app: Flask, services: Services, browser: Browser, make_user: MakeUser
) -> None:
    make_user("INTAKE")
    browser.sign_in(EMAIL)
    browser.post("/sign-out", "/account")
    for _ in range(sign_in.MAX_TRIES_OF_ACCOUNT_AND_NETWORK):
        sign_in._reserve(services, EMAIL, "127.0.0.1")

    strange, own = Browser(app).sign_in(EMAIL), browser.sign_in(EMAIL)

    assert (strange.status_code, own.status_code) == (429, 303)


def test_the_mark_is_for_our_server_alone(browser: Browser, make_user: MakeUser) -> None:
    make_user("INTAKE")

    answer = browser.sign_in(EMAIL)

    (mark,) = [line for line in answer.headers.getlist("Set-Cookie") if "avrr-known" in line]
    assert "HttpOnly" in mark
    assert "SameSite=Strict" in mark
    kept = browser.client.get_cookie("avrr-known", domain=HOST)
    assert kept is not None
    assert EMAIL not in kept.value


def test_a_refused_browser_gets_no_mark(browser: Browser, make_user: MakeUser) -> None:
    make_user("INTAKE")

    browser.sign_in(EMAIL, "not this one, sadly")

    assert browser.client.get_cookie("avrr-known", domain=HOST) is None
