"""Check presence.

Who else is on a page, for whom, for how long, and that staying keeps no session.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from intake.access.presence import LIFE
from intake.accounts import accounts
from intake.accounts.sign_in import SESSION_IDLE
from intake.core.services import Services
from storage import audit
from storage.access.presence import Presence
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.cases import seen_case
from tests.portal.conftest import Browser
from tests.portal.triage.forms import page_of

HERE = "Intake officer 2 is here."

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


@pytest.fixture(scope="module")
def clock() -> Clock:
    """Give the clock that all tests of this file move on."""
    return Clock()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Services]:
    """Give services that all tests of this file share."""
    built = build_services(tmp_path_factory.mktemp("presence"), clock)
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    """Give the application, and the accounts that its people sign in with."""
    for email, role in (("one", "INTAKE"), ("two", "INTAKE"), ("cash", "CASH")):
        accounts.create_with_password(services, f"{email}@iom.example", role, None, PASSWORD)
    return build_app(services)


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    assert browser.sign_in(f"{name}@iom.example").status_code == 303
    return browser


def stay(browser: Browser, page: str, reference: str) -> str:
    answer = browser.post(f"/presence/{page}/{reference}", "/queues")
    assert answer.status_code == 200
    return answer.text


def test_two_officers_see_each_other_until_one_leaves(
    services: Services, app: Flask, clock: Clock
) -> None:
    made, case = samples.seed(services), seen_case.seed_case(services)
    first, second = signed_in(app, "one"), signed_in(app, "two")
    pages = {
        "submission": (page_of(made), made.reference),
        "confirmation": (f"{page_of(made)}/confirmation", made.reference),
        "case": (case.path, case.reference),
    }

    for page, (path, reference) in pages.items():
        assert "is here." not in first.get(path).text
        second.get(path)
        shown = first.get(path)
        assert HERE in shown.text, page
        assert "connect-src 'self'" in shown.headers["Content-Security-Policy"]
        assert stay(first, page, reference) == HERE
        left = second.post(f"/presence/{page}/{reference}/leave", "/queues")
        assert left.status_code == 204
        assert stay(first, page, reference) == ""


def test_a_presence_that_nobody_renews_fades(services: Services, app: Flask, clock: Clock) -> None:
    made = samples.seed(services)
    first, second = signed_in(app, "one"), signed_in(app, "two")
    second.get(page_of(made))

    clock.move(LIFE - timedelta(seconds=1))
    assert stay(first, "submission", made.reference) == HERE
    clock.move(timedelta(seconds=1))

    assert stay(first, "submission", made.reference) == ""
    with services.database.reading() as session:
        assert session.query(Presence).count() == 1


def test_staying_is_no_work_and_no_audit_event(
    services: Services, app: Flask, clock: Clock
) -> None:
    made = samples.seed(services)
    browser = signed_in(app, "one")
    page = browser.get(page_of(made)).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    with services.database.reading() as session:
        before = audit.newest_number(session)
    path, base = f"/presence/submission/{made.reference}", "http://portal.test"

    answers = []
    for _ in range(4):
        clock.move(SESSION_IDLE / 4)
        answers.append(browser.client.post(path, base_url=base, data={"csrf_token": token}))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 303]
    with services.database.reading() as session:
        assert audit.newest_number(session) == before


@pytest.mark.parametrize("what", ["submission/{}", "case/{}", "submission/{}/leave", "nowhere/{}"])
def test_who_may_not_read_a_page_learns_nothing(services: Services, app: Flask, what: str) -> None:
    made = samples.seed(services)
    cash = signed_in(app, "cash")

    ours = cash.post(f"/presence/{what.format(made.reference)}", "/queues")
    nobodys = cash.post(f"/presence/{what.format('K7M-4QX-9T')}", "/queues")

    assert (ours.status_code, nobodys.status_code) == (404, 404)
    # The form token holds the second in which it was made.
    assert TOKEN.sub("", ours.text) == TOKEN.sub("", nobodys.text)
