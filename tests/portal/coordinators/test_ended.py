"""Check that a coordinator reads what became of an upload that was no case, and its receipt."""

import html

import pytest
from flask import Flask

from intake.core.services import Services
from intake.filing.file import file_submission
from intake.senders.register import add_sender
from portal.text import referrals as words
from storage.submissions import submissions
from storage.submissions.submissions import Outcome
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.coordinators.support import Coordinator, make_coordinator, reference_on

PROMISES = (
    "confirms in writing",
    "confirm in writing by",
    "We confirm",
    "as soon as we have looked",
)
ENDS = [each for each in Outcome if each not in {Outcome.AUTOMATIC, Outcome.FORGED}]


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    made = make_coordinator(app, services, clock)
    add_sender(services, "operator", made.email, "VAST")
    return made


def sent_by(west: Coordinator, services: Services) -> tuple[str, str]:
    """Send a referral, and file it as the worker does; return its draft and its reference."""
    draft_id = west.begin()
    answer = west.send_form(draft_id, "send", files=(("a.pdf", b"%PDF-1.7 small"),))
    reference = reference_on(west.get(answer.location).text)
    with services.database.transaction() as session:
        row = submissions.by_reference(session, reference)
        assert row is not None
        file_submission(services, session, row, services.keyring.open(session, row.data_key_id))
    return draft_id, reference


@pytest.mark.parametrize("outcome", ENDS)
def test_no_page_promises_a_confirmation_after_the_end_and_all_do_after_its_undo(
    west: Coordinator, services: Services, signed_in: SignIn, outcome: Outcome
) -> None:
    draft_id, reference = sent_by(west, services)
    officer, page = signed_in("INTAKE"), f"/submissions/{reference}"
    offered = officer.get(page).text
    assert "which it opened alone, ends with it" in offered

    assert officer.post(f"{page}/finish", page, outcome=outcome).status_code == 303

    paths = ("/referrals", f"/referrals/{reference}", f"/referrals/sent/{draft_id}")
    for path in paths:
        shown = html.unescape(west.get(path).text)
        assert words.ended(outcome) in shown, path
        assert not any(each in shown for each in PROMISES), path
    one = west.get(f"/referrals/{reference}").text
    paper = one.partition('href="/confirmations/')[2].partition('"')[0]
    assert "Receipt (PDF)" in one
    assert west.get(f"/confirmations/{paper}").data.startswith(b"%PDF")
    assert "Closed" in west.get("/referrals").text
    assert officer.post(f"{page}/open-again", page).status_code == 303
    for path in paths:
        shown = html.unescape(west.get(path).text)
        assert words.NOTHING_FOLLOWS not in shown, path
    assert PROMISES[2] in html.unescape(west.get("/referrals").text)


def test_that_it_came_before_is_not_told(west: Coordinator) -> None:
    assert words.ended(Outcome.DUPLICATE) == words.ended(Outcome.NOTHING_TO_DO)
