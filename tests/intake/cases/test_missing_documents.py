"""Check missing documents.

A confirmed referral stands in Q5 by its next reminder, until it is complete.
"""

from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.queues.escalation import escalate_late_items, list_escalated
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from storage.accounts.users import Role
from storage.submissions.queue_items import Queue, QueueItem
from storage.submissions.submissions import Submission
from tests.intake.accounts.people.rows import plant_colleague
from tests.support import stepping
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.waiting import Waiting, seed_waiting

OTHERS = ("CONS-SHARE", "RISK-ASM", "ID-PASS")


@pytest.fixture
def waiting(services: Services) -> Waiting:
    """Give a referral of which something is missing, and whose facts are known."""
    waiting = seed_waiting(services)
    waiting.know(plant_user(services))
    return waiting


def reference(waiting: Waiting) -> str:
    with waiting.services.database.reading() as session:
        return session.get_one(Submission, waiting.submission_id).reference


def in_q5(waiting: Waiting) -> list[QueueItem]:
    return [
        item for item in waiting.items() if item.queue == Queue.MISSING and item.closed_at is None
    ]


def confirmed(waiting: Waiting) -> SignedInUser:
    officer = plant_user(waiting.services)
    confirm_without_paper(
        waiting.services,
        gate.submission_to_change(waiting.services, officer, reference(waiting)),
        ClosedWithout.INTERNAL,
    )
    return officer


def test_nothing_stands_there_before_it_is_confirmed(waiting: Waiting) -> None:
    waiting.refresh()

    assert waiting.case().missing_since_at is not None
    assert in_q5(waiting) == []


def test_its_clock_is_the_next_reminder(waiting: Waiting) -> None:
    confirmed(waiting)

    (item,) = in_q5(waiting)
    assert item.kind == "missing_documents"
    assert item.due_at == waiting.case().next_reminder_at


def test_checking_again_opens_no_second_one_and_follows_the_reminder(
    waiting: Waiting, clock: Clock
) -> None:
    waiting.confirm()
    clock.advance(timedelta(days=1))
    waiting.change(reminders_sent=1)

    waiting.refresh()

    (item,) = in_q5(waiting)
    assert item.due_at == waiting.case().next_reminder_at


def test_item_of_an_undone_confirmation_is_closed(waiting: Waiting) -> None:
    officer = confirmed(waiting)

    stepping.undo_last(
        waiting.services, gate.submission_to_change(waiting.services, officer, reference(waiting))
    )

    assert in_q5(waiting) == []


def test_when_nothing_is_missing_it_is_closed(waiting: Waiting) -> None:
    confirmed(waiting)
    found = waiting.refresh()
    assert found is not None

    waiting.arrive(*(item.type for item in found.missing))
    waiting.refresh()

    assert in_q5(waiting) == []


def test_what_is_past_its_clock_is_told_to_the_right_one(waiting: Waiting, clock: Clock) -> None:
    services = waiting.services
    holder = plant_colleague(services, "holder")
    colleague = plant_colleague(services, "colleague")
    manager = plant_user(services, role=Role.MGR)
    cash = plant_user(services, role=Role.CASH)
    clock.advance(timedelta(hours=31))
    assert list_escalated(services, manager) == ()
    escalate_late_items(services, clock.now())

    (late,) = list_escalated(services, manager)
    assert (late.reference, late.claimed_by) == (reference(waiting), "")
    assert list_escalated(services, colleague) == list_escalated(services, cash) == ()
    with services.database.transaction() as session:
        session.get_one(QueueItem, waiting.open_item().id).claimed_by = holder.id
    assert list_escalated(services, manager) == list_escalated(services, holder) == ()
    assert [each.claimed_by for each in list_escalated(services, colleague)] == [holder.label]
