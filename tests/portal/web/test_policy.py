"""Check policy: every route has one, every role meets exactly its own, and default is denial."""

from collections.abc import Callable

import pytest
from flask import Flask

from intake.core.services import Services
from portal.web.policy import ROLES, Permission, policy_of
from storage.accounts.users import Role
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn

STAFF_PAGES = {
    "/queues": Permission.QUEUES,
    "/queues/Q2": Permission.QUEUES,
    "/quarantine": Permission.QUARANTINE,
    "/health": Permission.HEALTH,
}


def test_every_route_has_a_policy(app: Flask) -> None:
    without = [
        rule.endpoint for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None
    ]

    assert without == []


def test_a_route_without_policy_answers_nobody(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("MGR")
    app.view_functions["forgotten"] = lambda: "secret"
    app.url_map.add(app.url_rule_class("/forgotten", endpoint="forgotten"))

    answer = browser.get("/forgotten")

    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", [*STAFF_PAGES, "/submissions/K7M-4QX-9T"])
def test_a_stranger_is_led_to_the_sign_in(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 303
    assert answer.location == f"/sign-in?next={path}"


@pytest.mark.parametrize("role", list(Role))
def test_every_role_meets_exactly_its_own_pages(signed_in: SignIn, role: Role) -> None:
    browser = signed_in(role)

    seen = {path: browser.get(path).status_code for path in STAFF_PAGES}

    assert seen == {
        path: 200 if role in ROLES[permission] else 404 for path, permission in STAFF_PAGES.items()
    }
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("role", "referrals", "cash"),
    [
        ("INTAKE", 200, 404),
        ("CASEW", 303, 404),
        ("CASH", 404, 200),
        ("PROT", 200, 303),
        ("MGR", 303, 303),
        ("ADMIN", 404, 404),
        ("AUDIT", 404, 404),
        ("DPO", 404, 404),
        ("COORD", 404, 404),
        ("HELP", 404, 404),
    ],
)
def test_programmes_are_separate_worlds(
    services: Services, signed_in: SignIn, role: str, referrals: int, cash: int
) -> None:
    browser = signed_in(role)
    ours = samples.seed(services).reference
    theirs = samples.seed(services, programme="cash").reference

    assert browser.get(f"/submissions/{ours}").status_code == referrals
    assert browser.get(f"/submissions/{theirs}").status_code == cash


def test_not_yours_and_not_there_are_the_same_page(services: Services, signed_in: SignIn) -> None:
    foreign = samples.seed(services).reference
    browser = signed_in("CASH")

    paths = (f"/submissions/{foreign}", "/submissions/K7M-4QX-9T", "/submissions/x", "/nothing")
    answers = {(a.status_code, a.text) for a in (browser.get(path) for path in paths)}

    assert len({status for status, _text in answers}) == 1
    assert len({text.split('name="csrf_token"')[0] for _status, text in answers}) == 1
    assert len({text.partition("<main")[2] for _status, text in answers}) == 1


def test_lists_show_only_the_readers_programme(services: Services, signed_in: SignIn) -> None:
    referral = samples.seed(services).reference
    cash = samples.seed(services, programme="cash").reference

    page = signed_in("CASH").get("/queues/Q2").text

    assert cash in page
    assert referral not in page


@pytest.mark.parametrize("act", ["claim", "release"])
@pytest.mark.parametrize("role", ["CASH", "PROT", "MGR", "ADMIN", "COORD"])
def test_roles_that_may_not_take_get_nothing(
    services: Services, signed_in: SignIn, role: str, act: str
) -> None:
    item = samples.seed(services)

    answer = signed_in(role).post(f"/items/{item.item_id}/{act}", "/")

    assert answer.status_code == 404


def test_readers_without_the_right_see_no_buttons(services: Services, signed_in: SignIn) -> None:
    samples.seed(services)

    assert "/queues/Q2/several" not in signed_in("MGR").get("/queues/Q2").text
    assert "/queues/Q2/several" in signed_in("INTAKE").get("/queues/Q2").text


def test_a_disabled_officer_is_out_at_once(
    services: Services, signed_in: SignIn, make_user: Callable[..., object]
) -> None:
    from storage.accounts.users import User

    browser = signed_in("INTAKE")
    with services.database.transaction() as session:
        session.query(User).one().disabled_at = services.now()

    assert browser.get("/queues").status_code == 303
