"""Check what the page of a case says of reaching the person, and where that is noted."""

import pytest

from intake.core.services import Services
from tests.portal.cases.seen_case import Seen, seed_case
from tests.portal.conftest import SignIn

HOW = "Ring bara kvällar, säg att det är kliniken"


@pytest.fixture
def case(services: Services) -> Seen:
    return seed_case(services)


def test_how_to_reach_somebody_stands_open_though_nobody_knows_it(
    case: Seen, signed_in: SignIn
) -> None:
    page = signed_in("INTAKE").get(case.path).text

    people = page.split('id="people"')[1].split("</section>")[0]
    assert "Safe contact</dt><dd" in people
    assert "Write to nobody but the sender." in people
    assert f"/submissions/{case.submission}#told-safe_contact" in people
    assert f"/submissions/{case.submission}/known" in people


def test_a_safe_contact_noted_on_the_submission_stands_on_the_case(
    case: Seen, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    browser.post(
        f"/submissions/{case.submission}/told",
        f"/submissions/{case.submission}",
        safe_contact="direct",
        detail=HOW,
        country="Iraq",
        said_by="Koordinatorn",
    )

    people = browser.get(case.path).text.split('id="people"')[1].split("</section>")[0]

    assert HOW in people
    assert "Direct contact is safe" in people
    assert "Iraq" in people
    assert "said by Koordinatorn" in people


def test_own_cases_are_a_place_of_the_navigation(case: Seen, signed_in: SignIn) -> None:
    page = signed_in("CASEW").get("/cases/mine").text

    assert '<a href="/cases/mine" aria-current="page">My cases</a>' in page
