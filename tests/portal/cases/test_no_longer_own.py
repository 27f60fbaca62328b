"""Check where a caseworker lands whose own act took a thing out of their sight."""

from collections.abc import Callable

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem
from tests.portal.cases.seen_case import Seen, seed_case, send
from tests.portal.conftest import Browser, SignIn

SAID = "is not yours any more, and has left your queues"


@pytest.fixture
def caseworker(signed_in: SignIn) -> Browser:
    """Give the browser of a caseworker."""
    return signed_in("CASEW", "worker")


@pytest.fixture
def case(services: Services, caseworker: Browser) -> Seen:
    """Give the caseworker's own case; they have the item of its submission too."""
    seen = seed_case(services)
    with services.database.transaction() as session:
        worker = session.query(User).filter_by(role="CASEW").one()
        # Only who has been in can own a case.
        worker.password_hash = "planted"
        row = session.get_one(Case, seen.case_id)
        row.owner_id, row.state = worker.id, "CONFIRMED"
        item = session.query(QueueItem).one()
        item.claimed_by, item.claimed_at = worker.id, services.now()
    return seen


@pytest.fixture
def item_id(services: Services, case: Seen) -> str:
    """Give the item of the case's submission."""
    with services.database.reading() as session:
        return session.query(QueueItem).one().id


def test_who_hands_their_own_case_over_reads_that_it_is_done(
    case: Seen, caseworker: Browser, make_user: Callable[..., SignedInUser]
) -> None:
    taker = make_user("CASEW", "taker")
    mine = case.row().owner_id or ""

    page = send(caseworker, case, "owner", to=taker.id, why="absence", owner=mine)

    assert case.row().owner_id == taker.id
    assert case.reference in page
    assert SAID in page
    assert "with a reason" not in page


def test_who_gives_an_item_of_theirs_back_reads_that_it_is_done(
    services: Services, case: Seen, caseworker: Browser, item_id: str
) -> None:
    submission = f"/submissions/{case.submission}"
    page = caseworker.get(submission)
    with services.database.transaction() as session:
        session.get_one(Case, case.case_id).owner_id = None

    answer = caseworker.post(f"/items/{item_id}/release", submission, back=submission)

    assert page.status_code == 200
    assert answer.status_code == 303
    assert answer.location.startswith("/queues?left=")
    assert SAID in caseworker.get(answer.location.partition("#")[0]).text


def test_what_stays_in_sight_is_led_back_to(case: Seen, caseworker: Browser, item_id: str) -> None:
    submission = f"/submissions/{case.submission}"

    answer = caseworker.post(f"/items/{item_id}/release", submission, back=submission)

    assert answer.location == submission


@pytest.mark.parametrize("reference", ["", "no-such", "../etc", "ABCD-1234"])
def test_an_address_cannot_say_that_something_left(
    case: Seen, caseworker: Browser, reference: str
) -> None:
    still_own = caseworker.get(f"/queues?left={case.reference}").text
    unknown = caseworker.get(f"/queues?left={reference}").text

    assert SAID not in still_own
    assert SAID not in unknown


def test_a_foreign_address_is_left_as_it_is(case: Seen, caseworker: Browser, item_id: str) -> None:
    answer = caseworker.post(
        f"/items/{item_id}/release",
        f"/submissions/{case.submission}",
        back=f"//elsewhere.example/submissions/{case.submission}",
    )

    assert answer.location == "/queues"
