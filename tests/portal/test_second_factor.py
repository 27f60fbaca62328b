"""The second factor's pages: the code after the password, enrolment, and what waits until then."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from intake import proving
from intake.services import Services
from storage import audit
from tests.portal.building import HOST, Clock
from tests.portal.conftest import TOKEN, Browser, SignIn
from tests.portal.coordinators import Coordinator, make_coordinator, sign_in

KEY = re.compile(r'class="key"[^>]*><bdi>([A-Z2-7 ]+)</bdi>')
RECOVERY = re.compile(r"<li><bdi>([A-Z2-7-]{19})</bdi></li>")


@pytest.fixture
def coordinator(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator with a factor, signed in."""
    return make_coordinator(app, services, clock)


@pytest.fixture
def half_way(app: Flask, coordinator: Coordinator) -> Browser:
    """Give a browser in which the password was right and the code is due."""
    browser = Browser(app)
    assert browser.sign_in(coordinator.email).location == "/sign-in/code?next=/"
    return browser


@pytest.fixture
def newcomer(app: Flask, make_user: Callable[..., object]) -> Browser:
    """Give a coordinator without a factor, signed in by password."""
    make_user("COORD")
    browser = Browser(app)
    assert browser.sign_in("coord@iom.example").status_code == 303
    return browser


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("avrr", domain=HOST)
    assert cookie is not None
    return cookie.value


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

    assert "<title>Error: Code" in page
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


@pytest.mark.parametrize("path", ["/", "/referrals", "/referrals/new", "/sign-in", "/health"])
def test_without_a_factor_every_way_leads_to_setting_one_up(newcomer: Browser, path: str) -> None:
    assert newcomer.get(path).location == "/second-factor"


def test_whoever_needs_no_factor_is_not_led_to_one(signed_in: SignIn) -> None:
    assert signed_in("INTAKE").get("/queues").status_code == 200


def test_looking_at_the_page_makes_no_secret(newcomer: Browser) -> None:
    page = newcomer.get("/second-factor").text

    assert KEY.search(page) is None
    assert newcomer.get("/second-factor/code.svg").status_code == 404


def test_a_newcomer_sets_up_a_factor_and_signs_in_with_it(
    app: Flask, newcomer: Browser, clock: Clock, services: Services
) -> None:
    newcomer.post("/second-factor/begin", "/second-factor")
    found = KEY.search(newcomer.get("/second-factor").text)
    assert found is not None
    totp = pyotp.TOTP(found.group(1).replace(" ", ""))

    shown = newcomer.post("/second-factor", "/second-factor", code=totp.at(clock.at))
    codes = RECOVERY.findall(shown.text)

    assert len(set(codes)) == 10
    assert newcomer.get("/referrals").status_code == 200
    clock.move(timedelta(seconds=60))
    other = Browser(app)
    other.sign_in("coord@iom.example")
    answer = other.post("/sign-in/code", "/sign-in/code", code=totp.at(clock.at))
    assert answer.status_code == 303
    with services.database.reading() as session:
        assert audit.check_chain(session) == []


def test_recovery_codes_are_shown_once(newcomer: Browser, clock: Clock) -> None:
    newcomer.post("/second-factor/begin", "/second-factor")
    found = KEY.search(newcomer.get("/second-factor").text)
    assert found is not None
    code = pyotp.TOTP(found.group(1).replace(" ", "")).at(clock.at)
    first = newcomer.post("/second-factor", "/second-factor", code=code)

    again = newcomer.post("/second-factor", "/second-factor", code=code)

    assert RECOVERY.findall(first.text)
    assert again.location == "/second-factor"
    page = newcomer.get("/second-factor").text
    assert RECOVERY.findall(page) == []
    assert KEY.search(page) is None
    assert "no-store" in first.headers["Cache-Control"]


def test_the_square_is_a_picture_that_does_nothing(newcomer: Browser) -> None:
    newcomer.post("/second-factor/begin", "/second-factor")

    answer = newcomer.get("/second-factor/code.svg")

    assert answer.content_type == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.text.startswith("<svg")
    assert "style" not in answer.text
    assert "script" not in answer.text


def test_a_wrong_first_code_keeps_the_same_key(newcomer: Browser) -> None:
    newcomer.post("/second-factor/begin", "/second-factor")
    before = KEY.search(newcomer.get("/second-factor").text)

    answer = newcomer.post("/second-factor", "/second-factor", code="000000")

    after = KEY.search(answer.text)
    assert answer.status_code == 401
    assert before is not None
    assert after is not None
    assert before.group(1) == after.group(1)


def test_a_new_telephone_takes_the_place_of_the_old_one_by_its_first_code(
    app: Flask, services: Services, coordinator: Coordinator, clock: Clock
) -> None:
    browser = coordinator.browser
    clock.move(proving.FRESH_FOR)

    asked = browser.post("/second-factor/begin", "/second-factor")
    old_code = coordinator.telephone.code()
    begun = browser.post("/second-factor/begin", "/second-factor", proof=old_code)
    found = KEY.search(browser.get("/second-factor").text)
    assert found is not None
    still = sign_in(coordinator, Browser(app)).get("/referrals").status_code
    new = pyotp.TOTP(found.group(1).replace(" ", ""))
    shown = browser.post("/second-factor", "/second-factor", code=new.at(clock.at))

    assert (asked.status_code, begun.status_code, still) == (401, 303, 200)
    assert len(RECOVERY.findall(shown.text)) == 10
    assert browser.get("/referrals").status_code == 200
    clock.move(timedelta(seconds=60))
    other = Browser(app)
    other.sign_in(coordinator.email)
    old = pyotp.TOTP(coordinator.telephone.secret).at(clock.at)
    assert other.post("/sign-in/code", "/sign-in/code", code=old).status_code == 401
    code = new.at(clock.at)
    assert other.post("/sign-in/code", "/sign-in/code", code=code).status_code == 303


def test_a_new_telephone_is_not_confirmed_without_a_fresh_proof(
    coordinator: Coordinator, clock: Clock
) -> None:
    browser = coordinator.browser
    browser.post("/second-factor/begin", "/second-factor")
    found = KEY.search(browser.get("/second-factor").text)
    assert found is not None
    clock.move(proving.FRESH_FOR)

    code = pyotp.TOTP(found.group(1).replace(" ", "")).at(clock.at)
    answer = browser.post("/second-factor", "/second-factor", code=code)

    assert answer.status_code == 401
    assert RECOVERY.findall(answer.text) == []


def test_new_recovery_codes_end_the_old_ones(app: Flask, coordinator: Coordinator) -> None:
    shown = coordinator.browser.post("/second-factor/recovery-codes", "/second-factor")

    fresh = RECOVERY.findall(shown.text)
    assert len(set(fresh)) == 10
    assert set(fresh).isdisjoint(coordinator.recovery_codes)
    for code, status in ((coordinator.recovery_codes[0], 401), (fresh[0], 303)):
        browser = Browser(app)
        browser.sign_in(coordinator.email)
        answer = browser.post("/sign-in/code", "/sign-in/code", code=code)
        assert answer.status_code == status
    assert "<strong>9</strong> left" in coordinator.get("/second-factor").text


def test_without_a_factor_there_are_no_recovery_codes(newcomer: Browser) -> None:
    answer = newcomer.post("/second-factor/recovery-codes", "/second-factor")

    assert answer.status_code == 409
