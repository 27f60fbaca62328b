"""Accounts that end, that are ended, and that become others: at the next request, and warned of."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from intake.accounts.accounts import WARNED_BEFORE, SignedInUser
from intake.accounts.roles import REGIONAL_LIFE
from intake.core.services import Services
from storage import audit
from storage.accounts.users import User
from tests.portal.administration.test_accounts import PEOPLE, beside
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn
from tests.support.invited import say_yes

NOTICE = "Your account ends on"
MakeUser = Callable[..., SignedInUser]


def change(services: Services, role: str, **columns: object) -> str:
    """Change columns of the one account of a role; return its id."""
    with services.database.transaction() as session:
        user = session.query(User).filter_by(role=role).one()
        for name, value in columns.items():
            setattr(user, name, value)
        return user.id


@pytest.mark.parametrize(
    ("left", "is_warned"),
    [
        (WARNED_BEFORE + timedelta(seconds=1), False),
        (WARNED_BEFORE, True),
        (timedelta(seconds=1), True),
        (None, False),
    ],
)
def test_an_end_is_told_of_on_every_page_from_fourteen_days_before(
    services: Services, signed_in: SignIn, left: timedelta | None, is_warned: bool
) -> None:
    browser = signed_in("INTAKE")
    change(services, "INTAKE", expires_at=services.now() + left if left else None)

    pages = [browser.get(path).text for path in ("/", "/queues", "/account", "/nothing")]

    assert [NOTICE in page for page in pages] == [is_warned] * 4


def test_the_administrator_sees_what_ends_soon_and_renews_it(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    make_user("COORD")
    user_id = change(services, "COORD", expires_at=services.now() + WARNED_BEFORE)
    admin = signed_in("ADMIN")
    before = admin.get(PEOPLE).text

    admin.post(f"{PEOPLE}/{user_id}/renew", f"{PEOPLE}/{user_id}")

    assert "Ends soon" in before
    assert "Ends soon" not in admin.get(PEOPLE).text
    with services.database.reading() as session:
        assert session.get_one(User, user_id).expires_at == services.now() + REGIONAL_LIFE


def test_an_account_that_has_ended_is_out_at_the_next_request(
    services: Services, signed_in: SignIn, app: Flask, clock: Clock
) -> None:
    browser = signed_in("INTAKE")
    change(services, "INTAKE", expires_at=clock() + timedelta(minutes=1))
    before = browser.get("/queues").status_code
    clock.move(timedelta(minutes=1))

    after = browser.get("/queues").status_code

    assert (before, after) == (200, 303)
    assert Browser(app).sign_in("intake@iom.example").status_code == 401


def test_another_role_counts_at_the_next_request_and_after_a_new_sign_in(
    services: Services, signed_in: SignIn, app: Flask, make_user: MakeUser
) -> None:
    officer, admin = signed_in("INTAKE"), signed_in("ADMIN")
    with services.database.reading() as session:
        user_id = session.query(User).filter_by(role="INTAKE").one().id
    page = f"{PEOPLE}/{user_id}/role"

    answer = admin.post(page, page, role="CASH", region="")

    assert (answer.status_code, answer.location) == (303, f"{PEOPLE}/{user_id}")
    assert officer.get("/queues").status_code == 200
    say_yes(services, make_user("MGR"))
    assert officer.get("/queues").status_code == 303
    again = Browser(app)
    assert again.sign_in("intake@iom.example").status_code == 303
    assert "Cash officer 1" in again.get("/").text
    with services.database.reading() as session:
        (event,) = [
            event
            for event in audit.of_subject(session, "account", user_id)
            if event.act == "account.role_approved"
        ]
    assert event.detail == {"before": "INTAKE", "role": "CASH"}


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"role": "KING"}, 400, "role"),
        ({"role": ""}, 400, "role"),
        ({"role": "COORD", "region": ""}, 400, "region"),
        ({"role": "COORD", "region": "MARS"}, 400, "region"),
        ({"role": "CASEW", "region": ""}, 409, ""),
    ],
)
def test_a_role_that_cannot_be_is_refused_beside_its_field(
    signed_in: SignIn, make_user: MakeUser, fields: dict[str, str], status: int, field: str
) -> None:
    page = f"{PEOPLE}/{make_user('CASEW').id}/role"

    answer = signed_in("ADMIN").post(page, page, **fields)

    assert answer.status_code == status
    assert "Nothing was changed" in answer.text if not field else beside(answer.text, field)


def test_nobody_changes_their_own_role(services: Services, signed_in: SignIn) -> None:
    admin = signed_in("ADMIN")
    own = change(services, "ADMIN")
    page = f"{PEOPLE}/{own}/role"

    answer = admin.post(page, page, role="MGR", region="")

    assert answer.status_code == 409
    assert admin.get(PEOPLE).status_code == 200


def test_an_officer_who_becomes_a_coordinator_gets_an_end(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    user_id = make_user("CASEW").id
    page = f"{PEOPLE}/{user_id}/role"

    signed_in("ADMIN").post(page, page, role="COORD", region="SYD")
    say_yes(services, make_user("MGR"))

    with services.database.reading() as session:
        user = session.get_one(User, user_id)
    assert (user.label, user.region) == ("Coordinator 1", "SYD")
    assert user.expires_at == services.now() + REGIONAL_LIFE
