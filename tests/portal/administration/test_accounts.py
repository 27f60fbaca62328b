"""Check administration's pages.

Who may, faults beside their fields, and acts that count at once.
"""

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask

from intake.accounts import administration, reauthentication, second_factor
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from portal.web.session import TOKEN
from storage import audit
from storage.accounts.users import Role
from storage.audit_acts import READS
from tests.portal.building import HOST, PASSWORD, Clock
from tests.portal.conftest import Browser, SignIn
from tests.support.invited import mailed_token
from tests.support.people import plant_user

PEOPLE, SENDERS, AUDIT = "/admin/people", "/admin/senders", "/admin/audit"
ROLES = "/admin/roles"
MAY = {
    PEOPLE: {Role.ADMIN},
    f"{PEOPLE}/invite": {Role.ADMIN},
    ROLES: {Role.MGR},
    SENDERS: {Role.ADMIN, Role.MGR},
    AUDIT: {Role.AUDIT, Role.DPO, Role.MGR},
}
HOSTILE = '"><script>alert(1)</script>'
MakeUser = Callable[..., SignedInUser]


def beside(page: str, field: str) -> str:
    """Return the fault that stands beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', page)
    assert found is not None, f"no fault beside {field}"
    assert f'aria-describedby="{field}-error' in page
    return found.group(1)


def acts_on(services: Services, user_id: str) -> list[str]:
    """Return what was done to an account; looking at it is left out."""
    with services.database.reading() as session:
        events = audit.of_subject(session, "account", user_id)
    return [event.act for event in events if event.act not in READS]


def give_factor(
    services: Services, user: SignedInUser, browser: Browser, clock: Clock
) -> pyotp.TOTP:
    """Set up a second factor in a browser, which reauthenticates there."""
    browser.post("/second-factor/begin", "/second-factor")
    with browser.client.session_transaction(base_url=f"http://{HOST}") as kept:
        token = kept[TOKEN]
    waiting = second_factor.pending_enrolment(services, token, user.id)
    assert waiting is not None
    totp = pyotp.TOTP(waiting.secret)
    page = browser.post("/second-factor", "/second-factor", code=totp.at(clock()))
    assert page.status_code == 200
    return totp


@pytest.mark.parametrize("role", list(Role))
def test_each_page_opens_to_its_roles(signed_in: SignIn, role: Role) -> None:
    browser = signed_in(role)

    seen = {path: browser.get(path).status_code for path in MAY}

    assert seen == {path: 200 if role in roles else 404 for path, roles in MAY.items()}
    home = browser.get("/").text
    for path in (PEOPLE, SENDERS, AUDIT):
        assert (f'href="{path}"' in home) is (role in MAY[path])


@pytest.mark.parametrize("act", ["renew", "sign-out", "disable", "factor"])
@pytest.mark.parametrize("role", ["MGR", "INTAKE", "AUDIT"])
def test_who_keeps_no_accounts_changes_none(
    services: Services, signed_in: SignIn, make_user: MakeUser, role: str, act: str
) -> None:
    target = make_user("CASH")

    answer = signed_in(role).post(f"{PEOPLE}/{target.id}/{act}", "/")

    assert answer.status_code == 404
    assert acts_on(services, target.id) == ["account.invited"]


def test_accounts_are_listed_and_narrowed_by_role(signed_in: SignIn, make_user: MakeUser) -> None:
    make_user("CASH", "casher")
    admin = signed_in("ADMIN")

    everyone, cash = admin.get(PEOPLE).text, admin.get(f"{PEOPLE}?role=CASH").text

    assert "Administrator 1" in everyone
    assert "casher@iom.example" in everyone
    assert "casher@iom.example" in cash
    assert "admin@iom.example" not in cash


def test_an_account_that_is_not_there(signed_in: SignIn) -> None:
    assert signed_in("ADMIN").get(f"{PEOPLE}/{'0' * 32}").status_code == 404


def test_a_fourth_invitation_within_an_hour_says_what_to_do(signed_in: SignIn) -> None:
    admin, form = signed_in("ADMIN"), f"{PEOPLE}/invite"
    for _ in range(3):
        assert admin.post(form, form, email="new@iom.example", role="CASH").status_code == 200

    answer = admin.post(form, form, email="new@iom.example", role="CASH")

    assert answer.status_code == 409
    assert "Nothing was changed. Ask the person to look for it" in answer.text
    assert 'value="new@iom.example"' in answer.text


def test_an_invitation_goes_to_the_invited_person_and_waits_for_a_manager(
    app: Flask, services: Services, signed_in: SignIn
) -> None:
    admin = signed_in("ADMIN")
    form = f"{PEOPLE}/invite"

    answer = admin.post(form, form, email="new@iom.example", role="CASH")

    assert answer.status_code == 200
    found = re.search(rf"{PEOPLE}/([0-9a-f]{{32}})", answer.text)
    assert found is not None
    token = mailed_token(services, found.group(1))
    seen = [answer.text, *(admin.get(page).text for page in (PEOPLE, found.group()))]
    assert not any(token in page or "/invitation/" in page for page in seen)
    assert "works once a manager approves it" in seen[-1]
    newcomer, link = Browser(app), f"/invitation/{token}"
    newcomer.post(link, link, password=PASSWORD, password_again=PASSWORD)
    early = newcomer.sign_in("new@iom.example")
    assert early.status_code == 403
    assert "once a manager has said yes" in early.text
    manager = signed_in("MGR")
    page = manager.get(ROLES).text
    approve = re.search(rf"{ROLES}/[0-9a-f]{{32}}/approve", page)
    assert approve is not None
    assert manager.post(approve.group(), ROLES).status_code == 303
    assert newcomer.sign_in("new@iom.example").status_code == 303
    assert manager.post(approve.group(), ROLES).status_code == 409


def test_a_manager_says_no_and_the_account_is_disabled(
    services: Services, signed_in: SignIn
) -> None:
    admin, manager = signed_in("ADMIN"), signed_in("MGR")
    admin.post(f"{PEOPLE}/invite", f"{PEOPLE}/invite", email="new@iom.example", role="CASH")
    refuse = re.search(rf"{ROLES}/[0-9a-f]{{32}}/refuse", manager.get(ROLES).text)
    assert refuse is not None

    answer = manager.post(refuse.group(), ROLES)

    assert answer.status_code == 303
    assert "Nothing waits for you." in manager.get(ROLES).text
    (disabled,) = [
        each
        for each in administration.list_accounts(services, plant_user(services), Role.CASH).accounts
        if each.state == "disabled"
    ]
    assert disabled.email == "new@iom.example"
    assert acts_on(services, disabled.id)[-1] == "account.role_refused"


def test_a_role_that_reads_content_is_given_by_a_manager(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    target = make_user("AUDIT")
    admin, manager = signed_in("ADMIN"), signed_in("MGR")
    page = f"{PEOPLE}/{target.id}"
    asked = admin.post(f"{page}/role", f"{page}/role", role="CASEW")
    before = administration.read_account(services, target, target.id).role
    shown = admin.get(page).text
    approve = re.search(rf"{ROLES}/[0-9a-f]{{32}}/approve", manager.get(ROLES).text)
    assert approve is not None

    manager.post(approve.group(), ROLES)

    assert asked.status_code == 303
    assert before is Role.AUDIT
    assert "It is given once a manager approves it." in shown
    assert administration.read_account(services, target, target.id).role is Role.CASEW
    assert acts_on(services, target.id)[-2:] == ["account.role_asked", "account.role_approved"]


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"email": HOSTILE, "role": "CASH"}, 400, "email"),
        ({"email": "a@b.example", "role": ""}, 400, "role"),
        ({"email": "a@b.example", "role": "KING"}, 400, "role"),
        ({"email": "a@b.example", "role": "COORD"}, 400, "region"),
        ({"email": "a@b.example", "role": "CASH", "region": "MARS"}, 400, "region"),
        ({"email": "admin@iom.example", "role": "CASH"}, 409, "email"),
    ],
)
def test_a_refused_invitation_names_its_field_and_keeps_what_was_written(
    signed_in: SignIn, fields: dict[str, str], status: int, field: str
) -> None:
    admin = signed_in("ADMIN")

    answer = admin.post(f"{PEOPLE}/invite", f"{PEOPLE}/invite", **fields)

    assert answer.status_code == status
    assert beside(answer.text, field)
    assert "<script>" not in answer.text
    assert "/invitation/" not in answer.text


def test_a_disabled_account_is_out_at_once(
    services: Services, signed_in: SignIn, make_user: MakeUser, app: Flask
) -> None:
    target = make_user("CASH")
    theirs = Browser(app)
    theirs.sign_in("cash@iom.example")
    admin = signed_in("ADMIN")
    page = f"{PEOPLE}/{target.id}/disable"

    answer = admin.post(page, page)

    assert (answer.status_code, answer.location) == (303, f"{PEOPLE}/{target.id}")
    assert theirs.get("/queues").status_code == 303
    shown = admin.get(f"{PEOPLE}/{target.id}").text
    assert "The account no longer works." in shown
    assert "What can be done" not in shown
    again = admin.post(page, page)
    assert again.status_code == 409
    assert "disabled already" in again.text
    assert acts_on(services, target.id)[-1] == "account.disabled"


def test_nobody_disables_themselves(services: Services, app: Flask, make_user: MakeUser) -> None:
    own = make_user("ADMIN")
    browser = Browser(app)
    browser.sign_in("admin@iom.example")
    page = f"{PEOPLE}/{own.id}/disable"

    answer = browser.post(page, page)

    assert answer.status_code == 409
    assert "Somebody else must do this." in answer.text
    assert browser.get(PEOPLE).status_code == 200


@pytest.mark.parametrize(
    ("act", "sentence", "audited"),
    [
        ("renew", "Renewed for six months.", "account.renewed"),
        ("sign-out", "Signed out everywhere.", "account.sessions_ended"),
    ],
)
def test_a_plain_act_says_once_that_it_was_done(
    services: Services,
    signed_in: SignIn,
    make_user: MakeUser,
    act: str,
    sentence: str,
    audited: str,
) -> None:
    page = f"{PEOPLE}/{make_user('CASH').id}"
    admin = signed_in("ADMIN")

    answer = admin.post(f"{page}/{act}", page)

    assert (answer.status_code, answer.location) == (303, page)
    assert sentence in admin.get(page).text
    assert sentence not in admin.get(page).text
    assert acts_on(services, page.rpartition("/")[2])[-1] == audited


def test_a_stale_factor_is_asked_for_beside_the_act(
    services: Services, app: Flask, make_user: MakeUser, clock: Clock
) -> None:
    target, own = make_user("CASH"), make_user("ADMIN")
    admin = Browser(app)
    admin.sign_in("admin@iom.example")
    totp = give_factor(services, own, admin, clock)
    page = f"{PEOPLE}/{target.id}/disable"
    fresh = admin.get(page).text
    clock.move(reauthentication.VALID_FOR)

    stale = admin.get(page).text
    none = admin.post(page, page)
    wrong = admin.post(page, page, proof="000000x")
    before = acts_on(services, target.id)
    right = admin.post(page, page, proof=totp.at(clock()))

    assert 'name="proof"' not in fresh
    assert 'name="proof"' in stale
    assert (none.status_code, wrong.status_code) == (401, 401)
    assert "You are about to disable an account." in none.text
    assert "not right" in beside(wrong.text, "proof")
    assert before == ["account.invited"]
    assert right.status_code == 303


def test_a_lost_factor_is_taken_away(
    services: Services, app: Flask, signed_in: SignIn, make_user: MakeUser, clock: Clock
) -> None:
    target = make_user("CASH")
    theirs = Browser(app)
    theirs.sign_in("cash@iom.example")
    give_factor(services, target, theirs, clock)
    admin = signed_in("ADMIN")
    page = f"{PEOPLE}/{target.id}/factor"

    answer = admin.post(page, page)

    assert answer.status_code == 303
    assert theirs.get("/queues").status_code == 303
    assert theirs.sign_in("cash@iom.example").location == "/queues/all"
    assert acts_on(services, target.id).count("account.factor_removed") == 1
