"""Check that the page of a submission says first that its case is stopped, and what can be done."""

import pytest

from intake.access import gate
from intake.cases import withdrawal
from intake.core.services import Services
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
