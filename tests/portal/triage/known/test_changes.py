"""Check that an open page learns what changed about its submission, and only that."""

import json
import re
from typing import Any

from intake.core.services import Services
from storage.documents.documents import Document
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import page_of
from tests.portal.triage.known.test_told import tell

PARTS = (Part("", "CLEAN", "", "text/plain", 9, role="body"), Part("TEST a.pdf", "STORED"))


def address(browser: Browser, made: Seeded) -> str:
    """Open the page, and return the address at which it asks."""
    found = re.search(r'data-changes="([^"]+)"', browser.get(page_of(made)).text)
    assert found is not None
    return found.group(1)


def told(browser: Browser, path: str) -> dict[str, Any]:  # Any: JSON
    """Return what the page is told."""
    answer: dict[str, Any] = json.loads(browser.get(path).text)
    return answer


def test_looking_is_no_change_and_acting_is(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    mine, theirs = signed_in("INTAKE"), signed_in("INTAKE", "second")
    asked = address(mine, made)

    theirs.get(page_of(made))
    assert told(mine, asked)["new"] is False

    tell(theirs, made, country="Iraq")
    assert told(mine, asked)["new"] is True
    assert told(mine, address(mine, made))["new"] is False


def test_a_document_that_finished_inspection_says_so(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, parts=PARTS)
    document_id = extracted_values.ids_of(services, made)[1]
    browser = signed_in("INTAKE")
    asked = address(browser, made)
    assert told(browser, asked)["marks"][document_id] == ["Being inspected", "◌", "quiet"]

    with services.database.transaction() as session:
        session.get_one(Document, document_id).state = "CLEAN"

    assert told(browser, asked)["marks"][document_id] == ["Clean", "✓", "good"]


def test_markup_shown_as_words_is_no_alarm(services: Services, signed_in: SignIn) -> None:
    letter = Part("", "ACTIVE", "shown_as_text", "text/html", 612, role="body")
    made = samples.seed(services, parts=(letter,))
    (document_id,) = extracted_values.ids_of(services, made)
    browser = signed_in("INTAKE")

    page = browser.get(page_of(made)).text
    now = told(browser, address(browser, made))["marks"][document_id]

    assert now == ["Text only", "≡", "quiet"]
    assert "Text only" in page
    assert "Active content" not in page


def test_an_addition_to_the_case_is_news(services: Services, signed_in: SignIn) -> None:
    made, other = samples.seed(services), samples.seed(services)
    browser, second = signed_in("INTAKE"), signed_in("INTAKE", "second")
    browser.get(page_of(made))
    with services.database.transaction() as session:
        from_here = session.get_one(Submission, made.submission_id).case_id
        session.get_one(Submission, other.submission_id).case_id = from_here
    asked = address(browser, made)

    tell(second, other, country="Iraq")

    assert told(browser, asked)["new"] is True


def test_nothing_of_another_submission_is_news(services: Services, signed_in: SignIn) -> None:
    made, other = samples.seed(services), samples.seed(services)
    browser = signed_in("INTAKE")
    asked = address(browser, made)

    tell(browser, other, country="Iraq")

    assert told(browser, asked)["new"] is False


def test_an_odd_number_is_older_than_all(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")
    path = address(browser, made).partition("?")[0]

    for since in ("", "-1", "9" * 40, "\u0661", "x"):
        assert told(browser, f"{path}?since={since}")["new"] is True


def test_who_may_not_read_it_learns_nothing(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, programme="cash")
    browser = signed_in("INTAKE")

    path = f"/presence/submission/{made.reference}/changes"
    assert browser.get(path).status_code == 404
    assert signed_in("COORD").get(path).status_code in {403, 404}
