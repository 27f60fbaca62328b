"""Check that a stopped case, a hold and an end each say one thing on every page."""

import re

import pytest

from intake.access import gate
from intake.cases import withdrawal
from intake.core.services import Services
from storage.cases import cases
from storage.cases.cases import Case
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import page_of
from tests.support.people import plant_user


@pytest.fixture
def browser(signed_in: SignIn) -> Browser:
    return signed_in("INTAKE")


def stopped(services: Services) -> tuple[Seeded, Case]:
    """Stop the case of a sample."""
    made = mixed.clean(services, 1)
    with services.database.reading() as session:
        case = cases.by_id(session, session.get_one(Submission, made.submission_id).case_id)
    assert case is not None
    officer = plant_user(services)
    withdrawal.stop_case(services, gate.case_to_change(services, officer, case.reference))
    return made, case


def test_a_stopped_case_asks_for_no_owner_and_no_papers(
    services: Services, browser: Browser
) -> None:
    _made, case = stopped(services)
    with services.database.transaction() as session:
        row = session.get_one(Case, case.id)
        row.owner_id = None

    page = browser.get(f"/cases/{case.reference}").text

    assert "Give it an owner" not in page
    assert "Ask for documents by a link" not in page
    assert "is reminded of what is missing" not in page
    assert case.reference not in browser.get("/cases/without-owner").text


def test_the_way_to_write_about_a_stopped_case_says_one_thing(
    services: Services, browser: Browser
) -> None:
    made, _case = stopped(services)

    page = browser.get(f"{page_of(made)}/answer").text

    assert "withdrawn" in page
    assert "A mail says only" not in page
    assert "make a link" not in page


def test_the_head_of_what_is_held_says_that_it_is_on_hold_and_not_filed(
    services: Services, browser: Browser
) -> None:
    made = samples.seed(services)
    path = page_of(made)
    assert browser.post(f"{path}/hold", path, why="consent_missing", until="1").status_code == 303

    head = browser.get(path).text.partition('class="facts-line"')[2].partition("</p>")[0]

    assert "on hold until" in head
    assert "Filed and queued" not in head
    assert re.search(r"<span>\s*</span>", head) is None
