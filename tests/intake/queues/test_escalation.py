"""Check escalation: an item past its clock is told of once, and to whom is a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.queues.escalation import ToldTo, Why, escalate_late_items, list_escalated, why
from storage import audit
from storage.accounts.users import Role, User
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.threads import run_together
from tests.support.waiting import Waiting, seed_waiting


@dataclass(frozen=True)
class Office:
    """A manager and two officers; an item past its due time is the holder's."""

    services: Services
    holder: SignedInUser
    colleague: SignedInUser
    manager: SignedInUser
    submission_id: str

    def told(self) -> str:
        """Escalate; return to whom the audit trail says that it was told."""
        assert escalate_late_items(self.services, self.services.now()) == 1
        with self.services.database.reading() as session:
            events = audit.of_subject(session, "submission", self.submission_id)
        (event,) = [each for each in events if each.act == "item.escalated"]
        return str(event.detail["told"])

    def seen_by(self) -> list[str]:
        """Return the labels of those above whose queues it stands."""
        everybody = (self.holder, self.colleague, self.manager)
        return [each.label for each in everybody if list_escalated(self.services, each)]


def plant_office(services: Services, queue: Queue, *, is_held: bool = True) -> Office:
    holder = plant_colleague(services, "holder")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        late = services.now() - timedelta(hours=1)
        submission = planter.submission()
        by = holder.id if is_held else None
        planter.item(submission, queue=queue, due_at=late, claimed_by=by)
    return Office(
        services,
        holder,
        plant_colleague(services, "colleague"),
        plant_colleague(services, "manager", role=Role.MGR),
        submission.id,
    )


@pytest.mark.parametrize(
    ("queue", "is_held", "told", "seen_by"),
    [
        (Queue.EMERGENCY, False, ToldTo.MANAGER, ["manager"]),
        (Queue.EMERGENCY, True, ToldTo.MANAGER, ["manager"]),
        (Queue.NEW_REFERRALS, False, ToldTo.MANAGER, ["manager"]),
        (Queue.NEW_REFERRALS, True, ToldTo.DEPUTY, ["colleague"]),
    ],
)
def test_who_is_told_when_everybody_is_there(
    services: Services, queue: Queue, is_held: bool, told: ToldTo, seen_by: list[str]
) -> None:
    office = plant_office(services, queue, is_held=is_held)

    assert office.told() == told
    assert office.seen_by() == seen_by


def away(office: Office, *who: SignedInUser) -> None:
    for each in who:
        plant_absence(office.services, each, "2026-11-23", "2026-12-10")


def ended(office: Office, *who: SignedInUser) -> None:
    with office.services.database.transaction() as session:
        for each in who:
            session.get_one(User, each.id).disabled_at = office.services.now()


def holder_is_away(office: Office) -> None:
    away(office, office.holder)


def holder_has_left(office: Office) -> None:
    ended(office, office.holder)


def nobody_else_is_there(office: Office) -> None:
    ended(office, office.colleague)


def everybody_is_away(office: Office) -> None:
    make_deputy(office.services, office.holder, office.colleague)
    away(office, office.holder, office.colleague)


@pytest.mark.parametrize(
    "happens", [holder_is_away, holder_has_left, nobody_else_is_there, everybody_is_away]
)
def test_a_manager_sees_what_nobody_else_can_act_on(
    services: Services, happens: Callable[[Office], None]
) -> None:
    office = plant_office(services, Queue.NEW_REFERRALS)
    happens(office)

    assert office.told() == ToldTo.MANAGER
    assert "manager" in office.seen_by()


def test_what_a_deputy_acts_on_is_not_told_to_the_manager(services: Services) -> None:
    office = plant_office(services, Queue.NEW_REFERRALS)
    make_deputy(services, office.holder, office.colleague)
    away(office, office.holder)

    assert office.told() == ToldTo.DEPUTY
    assert office.seen_by() == ["colleague"]


def test_who_leaves_after_it_was_told_leaves_it_to_the_manager(services: Services) -> None:
    office = plant_office(services, Queue.NEW_REFERRALS)
    assert office.told() == ToldTo.DEPUTY
    holder_is_away(office)

    assert office.seen_by() == ["colleague", "manager"]


@pytest.mark.parametrize(
    ("queue", "clock", "expected"),
    [
        ("Q1", "service", Why.EMERGENCY_NOT_CONFIRMED),
        ("Q1", "removal", Why.EMERGENCY_NOT_CONFIRMED),
        ("Q2", "service", Why.CLOCK_PASSED),
        ("Q2", "trial", Why.LEGAL_DATE_NEAR),
    ],
)
def test_why_is_told(queue: str, clock: str, expected: Why) -> None:
    assert why(queue, clock) is expected


@pytest.fixture
def waiting(services: Services) -> Waiting:
    """Give a referral that is due in 30 hours."""
    return seed_waiting(services)


def test_an_item_is_told_of_once_and_not_before_its_clock(waiting: Waiting, clock: Clock) -> None:
    counts = []
    for hours in (29, 1, 1):
        clock.advance(timedelta(hours=hours))
        counts.append(escalate_late_items(waiting.services, clock.now()))

    assert counts == [0, 1, 0]
    assert waiting.open_item().escalated_at == clock.now() - timedelta(hours=1)
    (event,) = waiting.events(("submission", waiting.submission_id), "item.escalated")
    assert event.detail == {
        "queue": "Q2",
        "kind": "submission",
        "reason": "clock_passed",
        "told": "manager",
    }


def test_what_is_done_is_not_told_of(waiting: Waiting, clock: Clock) -> None:
    with waiting.services.database.transaction() as session:
        queue_items.close_kind(session, waiting.submission_id, TaskKind.SUBMISSION, clock.now())
    clock.advance(timedelta(days=3))

    assert escalate_late_items(waiting.services, clock.now()) == 0


def test_an_item_that_is_opened_again_has_a_new_clock(waiting: Waiting, clock: Clock) -> None:
    item = waiting.open_item()
    clock.advance(timedelta(days=3))
    escalate_late_items(waiting.services, clock.now())
    with waiting.services.database.transaction() as session:
        queue_items.close_kind(session, waiting.submission_id, TaskKind.SUBMISSION, clock.now())
        again = queue_items.QueueItem(
            queue=item.queue,
            kind=item.kind,
            submission_id=item.submission_id,
            programme=item.programme,
            reason=item.reason,
            priority=item.priority,
            opened_at=clock.now(),
            due_at=clock.now() + timedelta(hours=1),
        )
        assert queue_items.put(session, again)
    assert waiting.open_item().escalated_at is None
    clock.advance(timedelta(hours=2))

    assert escalate_late_items(waiting.services, clock.now()) == 1


def test_item_escalated_by_two_workers_is_escalated_once(waiting: Waiting, clock: Clock) -> None:
    clock.advance(timedelta(days=3))

    outcome = run_together(2, lambda _place: escalate_late_items(waiting.services, clock.now()))

    assert outcome.errors == []
    assert sorted(outcome.results) == [0, 1]
