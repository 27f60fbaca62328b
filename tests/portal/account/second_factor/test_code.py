"""Check the code after the password: what it opens, and what waits until then."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from tests.portal.account.second_factor.pages import cookie_of
from tests.portal.building import HOST, Clock
from tests.portal.conftest import TOKEN, Browser
from tests.portal.coordinators.support import Coordinator


@pytest.mark.parametrize(
    "path", ["/referrals", "/referrals/new", "/referrals/consultation", "/second-factor"]
)
def test_a_password_alone_opens_nothing(half_way: Browser, path: str) -> None:
    answer = half_way.get(path)

    assert answer.location == f"/sign-in?next={path}"


def test_the_code_opens_what_was_wanted(half_way: Browser, coordinator: Coordinator) -> None:
    answer = half_way.post(
        "/sign-in/code",
        "/sign-in/code?next=/referrals",
        next="/referrals",
        code=coordinator.telephone.code(),
    )

    assert (answer.status_code, answer.location) == (303, "/referrals")
    assert half_way.get("/referrals").status_code == 200


def test_the_code_never_leads_elsewhere(half_way: Browser, coordinator: Coordinator) -> None:
    answer = half_way.post(
        "/sign-in/code", "/sign-in/code", next="//evil.example", code=coordinator.telephone.code()
    )

    assert answer.location == "/"


def test_the_session_gets_a_new_token_with_the_code(
    app: Flask, half_way: Browser, coordinator: Coordinator
) -> None:
    planted = cookie_of(half_way)

    half_way.post("/sign-in/code", "/sign-in/code", code=coordinator.telephone.code())

    thief = Browser(app)
    thief.client.set_cookie("avrr", planted, domain=HOST)
    assert thief.get("/referrals").status_code == 303
    assert half_way.get("/referrals").status_code == 200


def test_pasted_spaces_do_no_harm(half_way: Browser, coordinator: Coordinator) -> None:
    code = coordinator.telephone.code()

    answer = half_way.post("/sign-in/code", "/sign-in/code", code=f" {code[:3]} {code[3:]} ")

    assert answer.status_code == 303


def test_a_recovery_code_works_once_in_the_same_field(
    app: Flask, half_way: Browser, coordinator: Coordinator
) -> None:
    used = coordinator.recovery_codes[0].lower()

    first = half_way.post("/sign-in/code", "/sign-in/code", code=used)
    again = Browser(app)
    again.sign_in(coordinator.email)
    second = again.post("/sign-in/code", "/sign-in/code", code=used)

    assert (first.status_code, second.status_code) == (303, 401)


def test_wrong_used_and_old_codes_are_the_same_page(
    app: Flask, coordinator: Coordinator, clock: Clock
) -> None:
    def refused(code: str) -> tuple[int, str]:
        browser = Browser(app)
        browser.sign_in(coordinator.email)
        answer = browser.post("/sign-in/code", "/sign-in/code", code=code)
        return answer.status_code, TOKEN.sub("", answer.text)

    used = coordinator.telephone.code()
    sign = Browser(app)
    sign.sign_in(coordinator.email)
    assert sign.post("/sign-in/code", "/sign-in/code", code=used).status_code == 303
    old = pyotp.TOTP(coordinator.telephone.secret).at(clock.at - timedelta(minutes=5))

    answers = {refused(code) for code in ("000000", used, old, "WRON-GWRO-NGWR-ONGW", "")}

    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_a_refused_code_is_told_beside_its_field(half_way: Browser) -> None:
    page = half_way.post("/sign-in/code", "/sign-in/code", code="123456").text

    assert "<title>Error: Your code" in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="code-error code-help"' in page
    assert "123456" not in page


def test_too_many_codes_are_stopped(half_way: Browser, coordinator: Coordinator) -> None:
    for _ in range(10):
        half_way.post("/sign-in/code", "/sign-in/code", code="000000")

    answer = half_way.post("/sign-in/code", "/sign-in/code", code=coordinator.telephone.code())

    assert answer.status_code == 429


def test_the_code_page_is_for_right_passwords_only(browser: Browser) -> None:
    assert browser.get("/sign-in/code").location == "/sign-in"


def test_a_code_long_after_the_password_begins_anew(
    half_way: Browser, coordinator: Coordinator, clock: Clock
) -> None:
    token = half_way.get("/sign-in/code").text.partition('csrf_token" value="')[2].partition('"')[0]
    clock.move(timedelta(minutes=5))

    answer = half_way.post("/sign-in/code", csrf_token=token, code=coordinator.telephone.code())

    assert answer.location == "/sign-in"


def test_one_can_stop_half_way(app: Flask, half_way: Browser, coordinator: Coordinator) -> None:
    kept = cookie_of(half_way)

    answer = half_way.post("/sign-out", "/sign-in/code")

    assert "You are signed out" in answer.text
    thief = Browser(app)
    thief.client.set_cookie("avrr", kept, domain=HOST)
    assert thief.get("/sign-in/code").location == "/sign-in"
