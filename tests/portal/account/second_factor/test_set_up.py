"""Setting up a second factor, a new telephone, and recovery codes."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from intake.accounts import reauthentication
from intake.core.services import Services
from storage import audit
from tests.portal.account.second_factor.pages import KEY, RECOVERY
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.coordinators.support import Coordinator, sign_in


@pytest.mark.parametrize("path", ["/", "/referrals", "/referrals/new", "/sign-in", "/health"])
def test_without_a_factor_every_way_leads_to_setting_one_up(newcomer: Browser, path: str) -> None:
    assert newcomer.get(path).location == "/second-factor"


def test_somebody_who_needs_no_factor_is_not_led_to_one(signed_in: SignIn) -> None:
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
        assert audit.check_chain(session, services.keyring) == []


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
    clock.move(reauthentication.VALID_FOR)

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


def test_a_new_telephone_is_not_confirmed_without_reauthentication(
    coordinator: Coordinator, clock: Clock
) -> None:
    browser = coordinator.browser
    browser.post("/second-factor/begin", "/second-factor")
    found = KEY.search(browser.get("/second-factor").text)
    assert found is not None
    clock.move(reauthentication.VALID_FOR)

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
    assert "You have 9 left." in coordinator.get("/second-factor").text


def test_without_a_factor_there_are_no_recovery_codes(newcomer: Browser) -> None:
    answer = newcomer.post("/second-factor/recovery-codes", "/second-factor")

    assert answer.status_code == 409
