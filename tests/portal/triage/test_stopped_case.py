"""Check that the page of a submission says first that its case is stopped, and what can be done."""

from datetime import timedelta

import pytest

from intake.access import gate
from intake.cases import withdrawal
from intake.core.services import Services
from portal.text import formatting
from storage.cases import cases
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import key, page_of
from tests.support.people import plant_user


@pytest.fixture
def stopped(services: Services) -> Seeded:
    """Give a referral whose person has withdrawn."""
    made = mixed.clean(services, 1)
    with services.database.reading() as session:
        case = cases.by_id(session, session.get_one(Submission, made.submission_id).case_id)
    assert case is not None
    officer = plant_user(services)
    withdrawal.stop_case(services, gate.case_to_change(services, officer, case.reference))
    return made


@pytest.fixture
def browser(signed_in: SignIn) -> Browser:
    return signed_in("INTAKE")


def test_the_stop_is_said_before_everything_and_closing_is_the_first_button(
    stopped: Seeded, browser: Browser
) -> None:
    page = browser.get(page_of(stopped)).text

    assert "The person has withdrawn.</strong>" in page
    assert page.index("The person has withdrawn.</strong>") < page.index('class="triage-top"')
    assert key(page, "r") == "Confirm: the person has withdrawn"
    assert key(page, "u") == "Close it: the person has withdrawn u"
    assert "Confirm in writing <kbd>" not in page


def test_one_press_closes_it_and_it_can_be_taken_back(
    services: Services, stopped: Seeded, browser: Browser
) -> None:
    path = page_of(stopped)
    answer = browser.post(f"{path}/close-without", path, why="withdrawn")

    assert answer.status_code == 303
    with services.database.reading() as session:
        assert session.get_one(Submission, stopped.submission_id).closed_without == "withdrawn"
    page = browser.get(path).text
    assert key(page, "z").startswith("Undo")
    assert "Close it: the person has withdrawn" not in page


def test_a_case_that_goes_on_says_nothing_of_a_stop(services: Services, browser: Browser) -> None:
    page = browser.get(page_of(mixed.clean(services, 1))).text

    assert "has withdrawn" not in page
    assert key(page, "r") == "Confirm in writing r"


def test_the_page_says_what_r1_promised_and_what_the_officer_can_do(
    services: Services, stopped: Seeded, browser: Browser
) -> None:
    with services.database.transaction() as session:
        row = session.get_one(Submission, stopped.submission_id)
        row.promised_at = services.now() + timedelta(hours=3)
        told = formatting.moment(row.promised_at)

    page = browser.get(page_of(stopped)).text

    said = page.partition('class="withheld"')[2].partition("</div>")[0]
    assert "The receipt promised a confirmation by <time" in said
    assert told in said
    assert "That promise is withdrawn" in said
    assert "call them" in said
    assert "then a confirmation is promised again" in said
    assert "The sender was promised a confirmation by" not in page
    case = browser.get(f"/cases/{case_code(services, stopped)}").text
    assert "Promised to the sender" not in case


def case_code(services: Services, made: Seeded) -> str:
    with services.database.reading() as session:
        case = cases.by_id(session, session.get_one(Submission, made.submission_id).case_id)
    assert case is not None
    return case.reference
