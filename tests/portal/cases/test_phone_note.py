"""Check the phone note's form: nothing typed is lost, and what is kept has a page."""

import pytest

from intake.core.services import Services
from storage.submissions.submissions import Submission
from tests.portal.cases.seen_case import HIDDEN, Seen, seed_case
from tests.portal.conftest import Browser, SignIn


@pytest.fixture
def case(services: Services) -> Seen:
    """Give a case of the referrals."""
    return seed_case(services)


def phone(browser: Browser, **fields: str) -> tuple[int, str, str]:
    """Fill in the phone note; return status, where it leads, and the page."""
    page = browser.get("/phone-note").text
    note_id = dict(HIDDEN.findall(page))["note_id"]
    values = {"programme": "referrals", "priority": "normal", "call_back": "unknown"} | fields
    answer = browser.post("/phone-note", "/phone-note", note_id=note_id, **values)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def test_a_call_is_written_down_and_has_a_page(
    services: Services, case: Seen, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")

    status, location, _ = phone(browser, text="DEMO: asked for the time.", case=case.reference)

    page = browser.get(location).text
    assert status == 303
    assert "DEMO: asked for the time." in page
    assert "Phone note" in browser.get(case.path).text
    with services.database.reading() as session:
        row = session.query(Submission).filter_by(channel="phone").one()
    assert row.case_id == case.case_id


def test_a_refused_phone_note_loses_nothing(signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")

    status, _, page = phone(
        browser, text="DEMO: what was said.", priority="", caller="DEMO Caller", case="K7M-4QX-9T"
    )

    assert status == 400
    for kept in ("DEMO: what was said.", 'value="DEMO Caller"', 'value="K7M-4QX-9T"'):
        assert kept in page
    assert 'id="priority-error"' in page
    assert 'id="case-error"' in page
    assert "<title>Error: Phone note – Document service</title>" in page


def test_a_case_leads_to_a_phone_note_for_it(case: Seen, signed_in: SignIn) -> None:
    page = signed_in("INTAKE").get(f"/phone-note?case={case.reference}").text

    assert f'value="{case.reference}"' in page
