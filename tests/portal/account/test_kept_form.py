"""Check that a form which comes after the end of its session is kept for the same person."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from intake.core.services import Services
from portal.web.kept_form import MAX_TOKEN_CHARS
from tests.portal.building import HOST, PASSWORD, Clock
from tests.portal.conftest import TOKEN, Browser, SignIn
from tests.portal.coordinators.support import Coordinator, make_coordinator
from tests.portal.coordinators.test_referral import send

KEPT = re.compile(r'name="kept" value="([^"]+)"')
WORDS = "En mening som tog lång tid att skriva <b>."
IDLE = timedelta(minutes=16)


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    return make_coordinator(app, services, clock)


def late(west: Coordinator, clock: Clock, text: str = WORDS) -> tuple[str, str]:
    """Send a message after the session ended; return the answer's page and what it carries."""
    reference = send(west)
    path = f"/referrals/{reference}"
    token = west.token(path)
    clock.move(IDLE)
    answer = west.browser.client.post(
        f"{path}/messages",
        base_url=f"http://{HOST}",
        data={"csrf_token": token, "message_id": "0" * 32, "message": text},
    )
    assert answer.status_code == 401 or not text
    found = KEPT.search(answer.text)
    return answer.text, found.group(1) if found else ""


def sign_in_again(west: Coordinator, kept: str, page: str) -> str:
    """Sign in by the form that carries what was written, and return the page behind the code."""
    fields = {"email": west.email, "kept": kept, "next": "/referrals"}
    token = TOKEN.search(page)
    assert token is not None
    asked = west.browser.client.post(
        "/sign-in",
        base_url=f"http://{HOST}",
        data={**fields, "password": PASSWORD, "csrf_token": token.group(1)},
    )
    found, token = KEPT.search(asked.text), TOKEN.search(asked.text)
    assert found is not None, asked.text
    assert token is not None
    return west.browser.client.post(
        "/sign-in/code",
        base_url=f"http://{HOST}",
        data={
            "code": west.telephone.code(),
            "kept": found.group(1),
            "next": "/referrals",
            "csrf_token": token.group(1),
        },
    ).text


def test_what_was_written_comes_back_after_signing_in(west: Coordinator, clock: Clock) -> None:
    page, kept = late(west, clock)

    resumed = sign_in_again(west, kept, page)

    assert "You were signed out after 15 minutes without use." in page
    assert "What you wrote is kept" in page
    assert WORDS.replace("<b>", "&lt;b&gt;") in resumed
    assert "It has not been sent yet." in resumed
    assert 'action="/referrals/' in resumed
    assert "csrf_token" in resumed


def test_it_is_shown_to_nobody_else(
    west: Coordinator, clock: Clock, signed_in: SignIn, app: Flask, services: Services
) -> None:
    _page, kept = late(west, clock)
    south = make_coordinator(app, services, clock, "south", "SYD")
    south.browser = Browser(app)

    resumed = sign_in_again(south, kept, south.browser.get("/sign-in").text)

    assert "belongs to another account" in resumed
    assert "mening" not in resumed


@pytest.mark.parametrize("kept", ["x", "x" * (MAX_TOKEN_CHARS + 1), "WyIvIl0.abc.def", "\x00"])
def test_what_is_not_ours_is_not_carried(browser: Browser, signed_in: SignIn, kept: str) -> None:
    officer = signed_in("INTAKE")
    token = TOKEN.search(browser.get("/sign-in").text)
    assert token is not None
    assert officer is not None
    answer = browser.client.post(
        "/sign-in",
        base_url=f"http://{HOST}",
        data={
            "email": "intake@iom.example",
            "password": PASSWORD,
            "kept": kept[:40_000],
            "csrf_token": token.group(1),
        },
    )

    assert answer.status_code in {303, 400}
    assert answer.location is None or answer.location.startswith("/")


def test_passwords_and_foreign_forms_are_not_kept(west: Coordinator, clock: Clock) -> None:
    clock.move(IDLE)
    foreign = west.browser.client.post(
        "/referrals/new",
        base_url=f"http://{HOST}",
        data={"note": WORDS},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    password = west.browser.client.post(
        "/account/password", base_url=f"http://{HOST}", data={"old_password": "x" * 20}
    )

    assert KEPT.search(foreign.text) is None
    assert KEPT.search(password.text) is None


def test_a_stranger_gets_the_plain_way_to_sign_in(browser: Browser) -> None:
    answer = browser.client.post("/referrals/new", base_url=f"http://{HOST}", data={"note": WORDS})

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/referrals/new")


def test_the_session_is_told_and_kept_by_one_press(
    west: Coordinator, services: Services, clock: Clock
) -> None:
    page = west.get("/referrals").text
    clock.move(timedelta(minutes=14))

    answer = west.ask("POST", "/account/stay", token=west_token(page))
    clock.move(timedelta(minutes=14))

    assert 'data-seconds="900"' in page
    assert answer.json == {"seconds": 900}
    assert west.get("/referrals").status_code == 200


def west_token(page: str) -> str:
    """Return the form token of a page."""
    found = TOKEN.search(page)
    assert found is not None
    return found.group(1)


def test_a_session_ends_all_the_same_after_its_longest_life(
    west: Coordinator, clock: Clock
) -> None:
    token = west_token(west.get("/referrals").text)
    answer = None
    for _ in range(40):
        clock.move(timedelta(minutes=13))
        answer = west.ask("POST", "/account/stay", token=token)

    assert answer is not None
    assert answer.status_code == 303
