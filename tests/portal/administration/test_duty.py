"""Check the duty board above the queues: whom to call, and what a manager sees to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.core.services import Services
from intake.duty import warn
from intake.outbox.mail_texts import MailTexts
from storage.submissions import due_warnings, task_outcomes
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Priority
from tests.intake.duty.lists import TELEPHONE, put_in_force, shift
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.samples import Seeded
from tests.support.building import MAIL_TEXTS

TEXTS = MailTexts(MAIL_TEXTS)


def make_unseen(services: Services, made: Seeded) -> None:
    """Let a submission be an emergency for 40 minutes, and give the warnings of by now."""
    now = services.now()
    with services.database.transaction() as session:
        found = select(QueueItem).where(QueueItem.submission_id == made.submission_id)
        for item in session.scalars(found):
            item.queue, item.priority = "Q1", Priority.EMERGENCY
            item.opened_at, item.due_at = now - timedelta(minutes=40), now + timedelta(hours=1)
    warn.give_warnings(services, TEXTS, now)


def test_an_emergency_nobody_opened_stands_above_the_queues_with_the_number(
    services: Services, signed_in: SignIn
) -> None:
    put_in_force(services, shift())
    made = samples.seed(services)
    make_unseen(services, made)
    officer = signed_in("INTAKE")

    page = officer.get("/queues").text
    assert "An emergency that nobody has opened" in page
    assert TELEPHONE["who"] in page
    assert 'href="tel:+358401234567"' in page

    officer.get(f"/submissions/{made.reference}")
    assert "An emergency that nobody has opened" not in officer.get("/queues").text


@pytest.mark.parametrize("role", ["CASEW", "CASH", "INTAKE", "PROT"])
def test_the_failing_list_is_the_managers(services: Services, signed_in: SignIn, role: str) -> None:
    make_unseen(services, samples.seed(services))

    assert "Nobody could be warned</h2>" not in signed_in(role).get("/queues").text
    assert "Nobody could be warned</h2>" in signed_in("MGR").get("/queues").text


def test_a_manager_says_what_was_done_and_only_with_a_note_leaves_it(
    services: Services, signed_in: SignIn
) -> None:
    make_unseen(services, samples.seed(services))
    with services.database.reading() as session:
        (gap,) = due_warnings.open_gaps(session, "referrals")
    manager = signed_in("MGR")
    page = manager.get("/queues").text

    refused = manager.post(f"/duty/{gap.id}/done", page, outcome="left", note="")
    assert (refused.status_code, "a few words" in refused.text) == (400, True)
    long = "Called her at nine. " * 40
    again = manager.post(f"/duty/{gap.id}/done", page, outcome="left", note=long)
    assert again.status_code == 400
    assert f">{long.strip()}" in again.text
    done = manager.post(f"/duty/{gap.id}/done", page, outcome="told_another_way", note="Called.")

    assert (done.status_code, done.location) == (303, "/queues")
    assert "Nobody could be warned</h2>" not in manager.get("/queues").text
    with services.database.reading() as session:
        newest = task_outcomes.newest_of_item(session, gap.id)
    assert newest is not None
    assert newest.outcome == "told_another_way"


def test_a_manager_settles_no_other_task(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    manager = signed_in("MGR")
    page = manager.get("/queues").text

    for item_id in (made.item_id, "0" * 32):
        answer = manager.post(f"/duty/{item_id}/done", page, outcome="told_another_way")
        assert answer.status_code == 404
