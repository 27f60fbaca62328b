"""Check legal dates.

How near a day is as tables, and what a near day does to the queue (scenario 5).
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from intake.cases.legal_dates import (
    LegalDay,
    apply_legal_dates,
    is_emergency,
    nearest,
    raise_near_items,
    starts_at,
    state_of,
)
from intake.core import office_clock
from intake.core.services import Services
from intake.queues.escalation import escalate_late_items
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate, LegalDateKind
from storage.documents import documents
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.support.building import Clock
from tests.support.waiting import Waiting, seed_waiting

RULE = office_clock.load_offices()[0].legal
# A Tuesday, 10:42 in Helsinki.
TODAY = date(2026, 11, 24)


def on(kind: str, days: int, *, confirmed: bool = True) -> LegalDay:
    return LegalDay(kind, TODAY + timedelta(days=days), confirmed)


@pytest.mark.parametrize(
    ("kind", "days", "expected"),
    [
        ("reflection_end", 6, False),
        ("reflection_end", 5, True),
        ("reflection_end", 4, True),
        ("reflection_end", 0, True),
        ("reflection_end", -1, True),
        ("reflection_end", -14, True),
        ("reflection_end", -15, False),  # history
        ("removal", 4, False),
        ("removal", 3, True),  # the day begins within 72 hours
        ("removal", 0, True),
        ("trial", 0, False),
        ("departure_deadline", 1, False),
        ("permit_expiry", 1, False),
        ("passport_expiry", 1, False),
    ],
)
def test_what_is_an_emergency(kind: str, days: int, expected: bool) -> None:
    assert is_emergency([on(kind, days)], TODAY, RULE) is expected


@pytest.mark.parametrize("hour", range(24))
def test_three_days_are_what_begins_within_72_hours(hour: int) -> None:
    now = datetime(2026, 11, 24, hour, 59)  # noqa: DTZ001 - one zone, as the rule counts days

    for days in range(8):
        begins_in = datetime(2026, 11, 24 + days) - now if days < 7 else timedelta(days=9)  # noqa: DTZ001
        assert is_emergency([on("removal", days)], TODAY, RULE) is (
            begins_in <= timedelta(hours=72)
        )


@pytest.mark.parametrize(
    ("days", "warning"),
    [(15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (0, 3), (-2, 3)],
)
def test_a_warning_names_the_span_that_was_reached(days: int, warning: int | None) -> None:
    assert state_of(on("trial", days), TODAY, RULE).warning == warning


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], None),
        ([on("trial", 9), on("permit_expiry", 3)], on("permit_expiry", 3)),
        ([on("trial", 1), on("reflection_end", 4)], on("reflection_end", 4)),
        ([on("reflection_end", 6), on("trial", 9)], on("reflection_end", 6)),
        ([on("passport_expiry", -2), on("trial", 30)], on("trial", 30)),
        ([on("passport_expiry", -2)], on("passport_expiry", -2)),
        ([on("passport_expiry", -900)], None),
        ([on("reflection_end", -3), on("removal", 2)], on("removal", 2)),
    ],
)
def test_the_nearest_day_comes_first(dates: list[LegalDay], expected: LegalDay | None) -> None:
    found = nearest(dates, TODAY, RULE)

    assert (found.legal if found is not None else None) == expected


def test_every_kind_in_the_rule_is_a_kind_of_date() -> None:
    assert set(RULE.emergency_days) <= set(LegalDateKind)


@pytest.fixture
def waiting(sqlite_services: Services) -> Waiting:
    """Give a referral in the queue of new referrals, due in 30 hours."""
    return seed_waiting(sqlite_services)


def apply(waiting: Waiting) -> bool:
    with waiting.services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        return apply_legal_dates(waiting.services, session, submission)


def state(waiting: Waiting) -> tuple[str, str, str, str]:
    item = waiting.open_item()
    return (item.queue, item.priority, item.clock, item.reason)


def test_scenario_5_a_reflection_period_that_ends_in_four_days_jumps_to_q1(
    waiting: Waiting, clock: Clock
) -> None:
    date_id = waiting.date("reflection_end", TODAY + timedelta(days=4))

    assert apply(waiting)

    assert state(waiting) == ("Q1", "emergency", "service", "legal_date_near")
    assert waiting.open_item().due_at == datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
    (event,) = waiting.events(("submission", waiting.submission_id), "item.raised")
    assert event.detail["was"] == "Q2"
    assert event.detail["date"] == date_id
    assert "days_left" not in event.detail
    clock.advance(timedelta(hours=1, minutes=59))
    assert escalate_late_items(waiting.services, clock.now()) == 0
    clock.advance(timedelta(minutes=1))
    assert escalate_late_items(waiting.services, clock.now()) == 1
    (told,) = waiting.events(("submission", waiting.submission_id), "item.escalated")
    assert told.detail["reason"] == "emergency_not_confirmed"
    assert told.detail["told"] == "manager"
    assert waiting.open_item().escalated_at == clock.now()


def test_a_day_that_nobody_confirmed_raises_too_and_says_so(waiting: Waiting) -> None:
    date_id = waiting.date("reflection_end", TODAY + timedelta(days=4), confirmed=False)

    assert apply(waiting)
    assert state(waiting)[::3] == ("Q1", "legal_date_suggested")
    with waiting.services.database.transaction() as session:
        row = legal_dates.by_id(session, date_id)
        assert row is not None
        row.confirmed_at = waiting.services.now()
    assert apply(waiting)

    assert state(waiting)[3] == "legal_date_near"


def test_applied_again_it_changes_and_audits_nothing(waiting: Waiting, clock: Clock) -> None:
    waiting.date("reflection_end", TODAY + timedelta(days=4))
    apply(waiting)
    due_at = waiting.open_item().due_at
    clock.advance(timedelta(minutes=30))

    assert not apply(waiting)

    assert waiting.open_item().due_at == due_at
    assert len(waiting.events(("submission", waiting.submission_id), "item.raised")) == 1


def test_a_far_day_changes_nothing(waiting: Waiting) -> None:
    waiting.date("reflection_end", TODAY + timedelta(days=20))

    assert not apply(waiting)

    assert state(waiting) == ("Q2", "normal", "service", "registered_sender_new_case")


@pytest.mark.parametrize("opened", [0, 10, 96])
def test_a_due_time_does_not_follow_from_which_near_day_it_is(
    sqlite_services: Services, clock: Clock, opened: int
) -> None:
    clock.advance(timedelta(hours=opened))
    told = set()
    for days in (1, 2, 3):
        waiting = seed_waiting(sqlite_services)
        waiting.date("trial", clock.now().date() + timedelta(days=days))
        apply(waiting)
        (event,) = waiting.events(("submission", waiting.submission_id), "item.raised")
        said = {name: value for name, value in event.detail.items() if name != "date"}
        told.add((waiting.open_item().due_at, *state(waiting), str(said)))

    assert len(told) == 1


# Before the office opens, while it works, when it has closed, and on a Saturday.
@pytest.mark.parametrize("opened", [-7, 0, 10, 96])
@pytest.mark.parametrize("days", [1, 2, 3])
def test_what_has_a_near_day_is_due_before_it(
    sqlite_services: Services, clock: Clock, opened: int, days: int
) -> None:
    clock.advance(timedelta(hours=opened))
    waiting = seed_waiting(sqlite_services)
    office = office_clock.load_offices()[0]
    day = clock.now().astimezone(office.coordinators_zone).date() + timedelta(days=days)
    waiting.date("departure_deadline", day)

    assert apply(waiting)

    assert state(waiting)[:3] == ("Q2", "normal", "legal_date")
    assert clock.now() <= waiting.open_item().due_at < starts_at(day, office)


def closed_day(waiting: Waiting, kind: str, day: date) -> None:
    """Note a day that only a paper of the police says."""
    waiting.arrive("POL-RPT")
    date_id = waiting.date(kind, day, confirmed=False)
    with waiting.services.database.transaction() as session:
        (paper,) = documents.of_submission(session, waiting.submission_id)
        session.get_one(LegalDate, date_id).document_id = paper.id


def test_the_morning_on_which_time_raises_an_item_does_not_tell_a_closed_day(
    sqlite_services: Services, clock: Clock
) -> None:
    first, ahead = clock.now().date() + timedelta(days=15), {}
    for number in range(12):
        waiting = seed_waiting(sqlite_services)
        closed_day(waiting, "trial", first + timedelta(days=number))
        ahead[waiting.submission_id] = first + timedelta(days=number)

    found = set()
    for _morning in range(30):
        # Nothing is late, and nothing but a near day brings it forward.
        with sqlite_services.database.transaction() as session:
            for submission_id in ahead:
                for item in queue_items.of_submission(session, submission_id):
                    item.due_at = clock.now() + timedelta(hours=12)
        raise_near_items(sqlite_services, clock.now())
        with sqlite_services.database.reading() as session:
            for submission_id in list(ahead):
                (item,) = queue_items.of_submission(session, submission_id)
                if item.clock == "legal_date":
                    found.add((ahead.pop(submission_id) - clock.now().date()).days)
        clock.advance(timedelta(days=1))

    assert ahead == {}
    assert found <= {3, 4, 5, 6, 7}
    assert len(found) >= 3


def test_nothing_is_ever_lowered(waiting: Waiting) -> None:
    date_id = waiting.date("reflection_end", TODAY + timedelta(days=4))
    apply(waiting)
    with waiting.services.database.transaction() as session:
        row = legal_dates.by_id(session, date_id)
        assert row is not None
        row.ended_at = waiting.services.now()

    assert not apply(waiting)

    assert state(waiting)[:2] == ("Q1", "emergency")


def test_dates_of_the_case_count_for_its_newest_submission(waiting: Waiting) -> None:
    waiting.date("removal", TODAY + timedelta(days=2))
    waiting.arrive("CORR")

    assert apply(waiting)

    assert state(waiting)[3] == "legal_date_near"


def test_what_is_closed_is_not_opened_again(waiting: Waiting) -> None:
    waiting.date("removal", TODAY)
    with waiting.services.database.transaction() as session:
        queue_items.close_kind(
            session, waiting.submission_id, TaskKind.SUBMISSION, waiting.services.now()
        )

    assert not apply(waiting)


def test_an_item_that_stood_in_q1_before_is_opened_again_there(
    waiting: Waiting, clock: Clock
) -> None:
    waiting.date("removal", TODAY + timedelta(days=2))
    apply(waiting)
    with waiting.services.database.transaction() as session:
        queue_items.close_kind(session, waiting.submission_id, TaskKind.SUBMISSION, clock.now())
        first = queue_items.of_submission(session, waiting.submission_id)[0]
        again = queue_items.QueueItem(
            queue="Q2",
            kind="submission",
            submission_id=first.submission_id,
            programme=first.programme,
            reason="registered_sender_new_case",
            priority="normal",
            opened_at=clock.now(),
            due_at=clock.now() + timedelta(days=1),
        )
        queue_items.put(session, again)

    assert apply(waiting)

    assert [(item.queue, item.closed_at is None) for item in waiting.items()] == [
        ("Q1", True),
        ("Q2", False),
    ]


def test_an_officers_hold_stays_a_hold_with_the_clock(waiting: Waiting) -> None:
    waiting.hold()
    waiting.date("reflection_end", TODAY + timedelta(days=4))

    assert apply(waiting)
    assert not apply(waiting)

    assert state(waiting) == ("Q4", "emergency", "service", "held_consent_missing")


def test_days_that_need_nothing_stand_before_nobody(
    sqlite_services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's many near days were looked at again each minute, and no others."""
    monkeypatch.setattr("intake.cases.legal_dates.MAX_AT_ONCE", 2)
    several = [seed_waiting(sqlite_services) for _ in range(7)]
    for waiting in several:
        waiting.date("reflection_end", TODAY + timedelta(days=8))
    clock.advance(timedelta(days=3))

    assert raise_near_items(sqlite_services, clock.now()) == len(several)
    assert raise_near_items(sqlite_services, clock.now()) == 0


def test_time_alone_raises(services: Services, clock: Clock) -> None:
    waiting = seed_waiting(services)
    waiting.date("reflection_end", TODAY + timedelta(days=8))
    other = seed_waiting(services)
    other.date("trial", TODAY + timedelta(days=300))

    counts = []
    for _day in range(5):
        counts.append(raise_near_items(services, clock.now()))
        clock.advance(timedelta(days=1))

    # The fourth day is five before the end; the first made no clock of it.
    assert counts == [0, 0, 0, 1, 0]
    assert state(waiting)[:2] == ("Q1", "emergency")
    assert state(other)[:2] == ("Q2", "normal")
