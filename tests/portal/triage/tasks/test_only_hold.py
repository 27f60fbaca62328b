"""Check what somebody sees of a submission of which they had but a task, when that is done."""

from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from storage.submissions.task_outcomes import TaskOutcome
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import key, page_of, press
from tests.portal.triage.tasks.asked import ask, do, item_of, rows_of
from tests.support.people import plant_user

NOTE = "KANARIE: they called back"


def give(services: Services, item_id: str, user_id: str) -> None:
    """Let somebody have an item, as a colleague does who assigns it."""
    with services.database.transaction() as session:
        session.get_one(QueueItem, item_id).claimed_by = user_id


def own(services: Services, made: Seeded, user_id: str | None) -> None:
    """Give the case of a submission an owner."""
    with services.database.transaction() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        session.get_one(Case, case_id).owner_id = user_id


def user_of(browser: Browser, services: Services, label: str) -> str:
    """Return the id of who is signed in in a browser."""
    assert browser.get("/queues").status_code == 200
    with services.database.reading() as session:
        return session.query(User).filter(User.role == label).one().id


@pytest.fixture
def caseworker(signed_in: SignIn) -> Browser:
    return signed_in("CASEW")


def with_them(services: Services, caseworker: Browser) -> tuple[Seeded, str, str]:
    """Give a caseworker a task about a submission of a case that nobody owns, and nothing else."""
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.CALL_SENDER)
    user_id = user_of(caseworker, services, "CASEW")
    give(services, item_id, user_id)
    return made, item_id, user_id


def test_the_page_says_what_they_did_and_takes_it_back(
    services: Services, caseworker: Browser
) -> None:
    made, item_id, user_id = with_them(services, caseworker)
    assert caseworker.get(page_of(made)).status_code == 200

    status, onward, _ = do(caseworker, made, item_id, outcome="no_number", note=NOTE)

    assert (status, onward.partition("?")[0]) == (303, "/queues")
    assert "No number to call." in caseworker.get(onward).text
    page = caseworker.get(page_of(made))
    assert page.status_code == 200
    assert "No number to call." in page.text
    assert "You have done what was with you here" in page.text
    assert key(page.text, "z").startswith("Open again")
    # It tells what they did and nothing of what came.
    assert NOTE not in page.text
    assert "Anna" not in page.text
    assert press(caseworker, made, "z") == 303
    again = item_of(services, item_id)
    assert (again.closed_at, again.claimed_by) == (None, user_id)
    assert 'name="outcome"' in caseworker.get(page_of(made)).text


def test_the_line_in_the_list_takes_it_back_too(services: Services, caseworker: Browser) -> None:
    made, item_id, user_id = with_them(services, caseworker)
    _, onward, _ = do(caseworker, made, item_id, place="?queue=Q4", outcome="no_number", note="")
    shown = caseworker.get(onward).text
    (done,) = rows_of(services, made)

    reopened = caseworker.post(f"/tasks/{item_id}/reopen", "/queues", outcome=done.id)

    assert key(shown, "z").startswith("Open again")
    assert reopened.status_code == 303
    assert reopened.location.partition("#")[0] == page_of(made)
    assert item_of(services, item_id).claimed_by == user_id
    assert caseworker.get(reopened.location).status_code == 200


@pytest.mark.parametrize("why", ["a day", "another owner", "reopened", "not theirs"])
def test_otherwise_it_is_closed_to_them_as_ever(
    services: Services, signed_in: SignIn, caseworker: Browser, why: str
) -> None:
    made, item_id, _ = with_them(services, caseworker)
    do(caseworker, made, item_id, outcome="no_number", note="")
    (done,) = rows_of(services, made)
    if why == "a day":
        with services.database.transaction() as session:
            session.get_one(TaskOutcome, done.id).at -= timedelta(hours=25)
    elif why == "another owner":
        own(services, made, plant_user(services, "Caseworker 9", "CASEW").id)
    elif why == "reopened":
        officer = signed_in("INTAKE")
        assert officer.post(f"/tasks/{item_id}/reopen", page_of(made), outcome=done.id)
    else:
        caseworker = signed_in("CASEW", "other")

    page = caseworker.get(page_of(made))
    reopened = caseworker.post(f"/tasks/{item_id}/reopen", "/queues", outcome=done.id)

    assert (page.status_code, made.reference in page.location) == (303, True)
    assert page.location != page_of(made)
    assert reopened.status_code in ({409} if why == "a day" else {403, 404})
    assert "No number to call" not in page.text


def test_a_protection_officer_takes_back_what_they_did_about_cash(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services, programme="cash", with_case=False, state="HOLDING")
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    protector = signed_in("PROT")
    assert protector.post(f"/items/{item_id}/claim", "/queues/Q12").status_code == 303
    do(protector, made, item_id, outcome="no_sign", note="")

    page = protector.get(page_of(made))

    assert page.status_code == 200
    assert "No sign of danger." in page.text
    assert press(protector, made, "z") == 303
    assert item_of(services, item_id).closed_at is None
