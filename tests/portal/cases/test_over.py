"""Check the page of a case that is closed, and of one for which nothing goes on."""

import re

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.triage.endings import finish
from storage.base import new_id
from storage.cases.filing_acts import FilingAct, FilingActKind
from storage.submissions.submissions import Outcome, Submission
from tests.portal.cases.seen_case import Seen, seed_case, send
from tests.portal.conftest import SignIn
from tests.support.people import plant_user

NOTE = "Called her: she did not write it."
ACTS = ("message", "note", "read", "owner", "withheld", "stop", "go-on", "close")


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an officer who acts beside the browser."""
    return plant_user(services, "Intake officer 2")


@pytest.fixture
def case(services: Services) -> Seen:
    """Give a case of one mail that nobody confirmed."""
    return seed_case(services)


def finished(services: Services, case: Seen, officer: SignedInUser) -> None:
    """Finish the case's mail as forged."""
    opened = gate.submission_to_change(services, officer, case.submission)
    finish.finish_submission(services, opened, Outcome.FORGED)


def forms(page: str, case: Seen) -> set[str]:
    """Return the acts on the case that a page offers."""
    found = re.findall(rf'action="/cases/{case.reference}/([\w/-]+)', page)
    return {each.partition("/")[0] for each in found}


def test_a_mail_is_finished_by_its_page_and_its_case_closed_and_opened_by_its_own(
    case: Seen, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    send(browser, case, "note", note=NOTE)
    mail = f"/submissions/{case.submission}"
    assert "stays open with what else is in it" in browser.get(mail).text

    ended = browser.post(f"{mail}/finish", mail, outcome="forged")

    assert ended.status_code == 303
    page = browser.get(case.path).text
    assert "Without a submission." in page
    assert NOTE in page
    assert case.submission in page
    listed = browser.get("/cases/without-owner").text
    assert case.reference in listed
    assert "Without a submission" in listed
    closed = send(browser, case, "close")
    assert "This case is closed." in closed
    assert NOTE in closed
    assert forms(closed, case) == {"open-again"}
    assert case.row().state == "CLOSED"
    assert case.reference not in browser.get("/cases/without-owner").text
    assert "Without a submission." in send(browser, case, "open-again")


def test_the_page_of_a_case_that_ended_says_why_and_offers_nothing(
    services: Services, case: Seen, officer: SignedInUser, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    opened_by_rule(services, case)
    before = browser.get(case.path).text
    finished(services, case, officer)

    page = browser.get(case.path).text

    assert case.row().state == "CLOSED"
    assert "It ended with" in page
    assert f'href="/submissions/{case.submission}"' in page
    assert "forged" in page
    assert forms(before, case) >= {"message", "note", "owner", "stop"}
    assert forms(page, case) == set()
    for words in (
        "Give it an owner",
        "is missing",
        "Ask for documents",
        "Nobody yet",
        "What is next",
    ):
        assert words not in page


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_written_into_a_closed_case(
    services: Services, case: Seen, officer: SignedInUser, signed_in: SignIn, act: str
) -> None:
    browser = signed_in("INTAKE")
    opened_by_rule(services, case)
    page = browser.get(case.path).text
    finished(services, case, officer)
    typed = {"message": "Please call.", "note": NOTE, "withheld": NOTE, "from_whom": "everybody"}
    hidden = dict(re.findall(r'name="(\w+)" value="([0-9a-f]{32})"', page))

    answer = browser.post(f"{case.path}/{act}", case.path, **hidden, **typed)

    assert answer.status_code == 409
    assert "This case is closed" in answer.text
    assert case.messages() == []
    assert case.row().state == "CLOSED"


def opened_by_rule(services: Services, case: Seen) -> None:
    """Let the case be one that its mail opened."""
    with services.database.transaction() as session:
        mail = session.query(Submission).filter_by(reference=case.submission).one()
        session.add(
            FilingAct(
                id=new_id(),
                submission_id=mail.id,
                batch=new_id(),
                act=FilingActKind.OPENED_BY_RULE,
                to_case_id=case.case_id,
                state_before="DOCUMENTS",
                reasons=[],
                at=mail.received_at,
            )
        )
