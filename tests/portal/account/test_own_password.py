"""Check changing one's own password: the old one is needed, and every other browser is out."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from intake.accounts import reauthentication, second_factor
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage import audit
from storage.accounts.users import User
from tests.portal.administration.test_accounts import beside
from tests.portal.building import HOST, PASSWORD, Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.coordinators.support import make_coordinator

PAGE = "/account/password"
NEW = "seven owls above a grey barn"
EMAIL = "intake@iom.example"


def change(browser: Browser, **changes: str) -> tuple[int, str]:
    """Fill in the form; return the status and the page, or where it leads."""
    fields = {"old_password": PASSWORD, "password": NEW, "password_again": NEW} | changes
    answer = browser.post(PAGE, PAGE, **fields)
    return answer.status_code, answer.location or answer.text


def test_a_changed_password_counts_at_once_and_ends_every_other_browser(
    app: Flask, services: Services, signed_in: SignIn
) -> None:
    here, other = signed_in("INTAKE"), Browser(app)
    other.sign_in(EMAIL)
    before = here.client.get_cookie("avrr", domain=HOST)

    answer = change(here)

    assert answer == (303, "/account")
    assert "Your password is changed." in here.get("/account").text
    assert other.get("/queues").status_code == 303
    thief = Browser(app)
    assert before is not None
    thief.client.set_cookie("avrr", before.value, domain=HOST)
    assert thief.get("/queues").status_code == 303
    assert Browser(app).sign_in(EMAIL).status_code == 401
    assert Browser(app).sign_in(EMAIL, NEW).status_code == 303
    with services.database.reading() as session:
        user = session.query(User).one()
        acts = [event.act for event in audit.of_subject(session, "account", user.id)]
    assert acts.count("account.password_changed") == 1


@pytest.mark.parametrize(
    ("changes", "status", "field", "sentence"),
    [
        ({"old_password": "wrong"}, 401, "old_password", "not your password"),
        ({"old_password": ""}, 401, "old_password", "not your password"),
        ({"password": "short", "password_again": "short"}, 400, "password", "at least 15"),
        ({"password_again": "another one, and a long one"}, 400, "password_again", "differ"),
        ({"password": PASSWORD, "password_again": PASSWORD}, 400, "password", "is the old one"),
        ({"password": "my name is intake, hello", "password_again": "my name is intake, hello"},
         400, "password", "leave your address out"),
    ],
)  # fmt: skip
def test_a_refused_change_says_why_beside_its_field_and_changes_nothing(
    app: Flask, signed_in: SignIn, changes: dict[str, str], status: int, field: str, sentence: str
) -> None:
    here = signed_in("INTAKE")

    seen, page = change(here, **changes)

    assert seen == status
    assert sentence in beside(page, field)
    assert NEW not in page
    assert Browser(app).sign_in(EMAIL).status_code == 303


def test_guessing_the_old_password_ends_after_ten_tries(
    services: Services, app: Flask, make_user: Callable[..., SignedInUser]
) -> None:
    user, here = make_user("INTAKE"), Browser(app)
    here.sign_in(EMAIL)
    for _ in range(10):
        second_factor.count_try(services, user.id)

    assert change(here)[0] == 429


def test_who_has_a_factor_proves_it_too(app: Flask, services: Services, clock: Clock) -> None:
    coordinator = make_coordinator(app, services, clock)
    clock.move(reauthentication.VALID_FOR)

    asked, page = change(coordinator.browser)
    done, _where = change(coordinator.browser, proof=coordinator.telephone.code())

    assert asked == 401
    assert "enter the code too" in beside(page, "proof")
    assert NEW not in page
    assert done == 303


def test_a_password_manager_finds_its_fields(signed_in: SignIn) -> None:
    page = signed_in("INTAKE").get(PAGE).text

    assert re.findall(r'autocomplete="([\w-]+)"', page.partition("<main")[2]) == [
        "username",
        "current-password",
        "new-password",
        "new-password",
    ]
    assert "onpaste" not in page
    assert "maxlength" not in page
