"""Check that a hold has an end: it comes back by itself, says why it was held, and only then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.triage import decisions, hold_ends
from intake.triage.decisions import HoldReason
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from intake.triage.hold_ends import HoldEndInvalid
from storage import audit
from storage.submissions import queue_items
from storage.submissions.submissions import Priority, Programme, Submission
from tests.intake.triage.test_decisions import Waiting, plant
from tests.support import stepping
from tests.support.people import plant_user


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(services, "Officer 1")


def hold(waiting: Waiting, officer: SignedInUser, hours: float = 20) -> None:
    opened = gate.submission_to_change(waiting.services, officer, waiting.reference)
    until = waiting.services.now() + timedelta(hours=hours)
    decisions.hold_submission(waiting.services, opened, HoldReason.CONSENT_MISSING, until=until)


def returned(waiting: Waiting, hours: float) -> int:
    later = waiting.services.now() + timedelta(hours=hours)
    return hold_ends.return_due(waiting.services, later)


def test_it_comes_back_at_its_time_and_says_why(services: Services, officer: SignedInUser) -> None:
    waiting = plant(services, is_filed=True)
    with services.database.reading() as session:
        (before,) = queue_items.of_submission(session, waiting.submission_id)
    hold(waiting, officer)

    assert returned(waiting, 19) == 0
    assert waiting.open_items() == [("Q4", "referrals", "held_consent_missing")]
    assert returned(waiting, 20) == 1
    assert waiting.open_items() == [("Q2", "referrals", "hold_over_consent_missing")]
    assert returned(waiting, 21) == 0
    with services.database.reading() as session:
        open_now = [each for each in queue_items.of_submission(session, waiting.submission_id)
                    if each.closed_at is None]  # fmt: skip
        last = audit.of_subject(session, "submission", waiting.submission_id)[-1]
    assert [each.due_at for each in open_now] == [before.due_at]
    assert (last.act, last.actor) == ("submission.resumed", "system:intake")


def ended_by_hand(waiting: Waiting, officer: SignedInUser) -> None:
    opened = gate.submission_to_change(waiting.services, officer, waiting.reference)
    decisions.resume_submission(waiting.services, opened)


def undone(waiting: Waiting, officer: SignedInUser) -> None:
    opened = gate.submission_to_change(waiting.services, officer, waiting.reference)
    stepping.undo_last(waiting.services, opened)


def closed(waiting: Waiting, officer: SignedInUser) -> None:
    opened = gate.submission_to_change(waiting.services, officer, waiting.reference)
    confirm_without_paper(waiting.services, opened, ClosedWithout.INTERNAL)


@pytest.mark.parametrize("act", [ended_by_hand, undone, closed])
def test_what_an_officer_decided_first_is_not_brought_back(
    services: Services, officer: SignedInUser, act: Callable[[Waiting, SignedInUser], None]
) -> None:
    waiting = plant(services, is_filed=True)
    hold(waiting, officer)
    act(waiting, officer)
    before = waiting.open_items()

    assert returned(waiting, 100) == 0
    assert waiting.open_items() == before


def test_a_second_hold_has_its_own_end(services: Services, officer: SignedInUser) -> None:
    waiting = plant(services, is_filed=True)
    hold(waiting, officer)
    undone(waiting, officer)
    hold(waiting, officer, hours=50)

    assert returned(waiting, 30) == 0
    assert returned(waiting, 50) == 1


@pytest.mark.parametrize("hours", [None, -1, 0, 24 * 61])
def test_an_end_that_is_none_is_refused(services: Services, hours: float | None) -> None:
    until = None if hours is None else services.now() + timedelta(hours=hours)

    with pytest.raises(HoldEndInvalid):
        hold_ends.checked_end(services, until)


def test_the_usual_end_is_the_opening_of_the_next_working_day(services: Services) -> None:
    ends = hold_ends.usual_ends(services)

    assert list(ends) == [1, 3, 5]
    assert all(at > services.now() for at in ends.values())
    assert sorted(ends.values()) == list(ends.values())
    assert isinstance(ends[1].astimezone(UTC), datetime)


@pytest.mark.parametrize("priority", Priority)
def test_a_hold_moves_no_clock_of_an_emergency(
    services: Services, officer: SignedInUser, priority: Priority
) -> None:
    waiting = plant(services, is_filed=True)
    soon = services.now() + timedelta(minutes=20)
    with services.database.transaction() as session:
        session.get_one(Submission, waiting.submission_id).priority = priority
        (item,) = queue_items.of_submission(session, waiting.submission_id)
        item.due_at = soon

    hold(waiting, officer)

    with services.database.reading() as session:
        items = queue_items.of_submission(session, waiting.submission_id)
        (held,) = [each for each in items if each.closed_at is None]
    assert (held.due_at == soon) is (priority == Priority.EMERGENCY)


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("programme", Programme)
@pytest.mark.parametrize("hours", [1, 30, 24 * 59])
@pytest.mark.parametrize("due_hours", [-5, 2, 60])
def test_a_hold_is_due_at_its_end_and_never_sooner_than_before(
    sqlite_services: Services, priority: Priority, programme: Programme, hours: int, due_hours: int
) -> None:
    services, now = sqlite_services, sqlite_services.now()
    role = "INTAKE" if programme is Programme.REFERRALS else "CASH"
    waiting = plant(services, is_filed=True, programme=programme)
    ends, before = now + timedelta(hours=hours), now + timedelta(hours=due_hours)
    promised = now + timedelta(hours=26) if programme is Programme.REFERRALS else None
    with services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        submission.priority, submission.promised_at = priority, promised
        (item,) = queue_items.of_submission(session, waiting.submission_id)
        item.due_at = before

    hold(waiting, plant_user(services, "Officer 2", role), hours)

    with services.database.reading() as session:
        items = queue_items.of_submission(session, waiting.submission_id)
        (held,) = [each for each in items if each.closed_at is None]
        kept = session.get_one(Submission, waiting.submission_id).promised_at
    assert kept == promised
    if priority is Priority.EMERGENCY:
        assert held.due_at == before
    elif promised is None:
        assert held.due_at == max(before, ends)
    else:
        assert before <= held.due_at <= max(before, min(ends, promised))


@pytest.mark.parametrize("minutes", [-60, 0, 1, 30, 600, 60 * 24 * 2, 60 * 24 * 30])
def test_no_usual_end_lies_after_what_is_not_moved(services: Services, minutes: int) -> None:
    now = services.now()
    due_at = now + timedelta(minutes=minutes)

    ends = hold_ends.usual_ends(services, due_at)

    assert ends
    assert all(now < at for at in ends.values())
    if minutes > 30:
        assert all(at <= due_at for at in ends.values())
    assert all(at <= max(due_at, now + hold_ends.SHORTLY) for at in ends.values())
