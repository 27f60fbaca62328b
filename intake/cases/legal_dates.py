"""Tell how near legal dates are, and raise the queue items of those that are near.

Legal dates are calendar days, weekends and holidays included, in the time zone of Sweden, where
they are set. A suggested date, which nobody has confirmed yet, raises an item too, with a reason
that says so: looking once for nothing costs less than looking too late. Nothing here ever lowers
a priority or makes a due time later.

No due time is a legal day, nor follows from which day it is: a list shows due times to people for
whom the paper that says the day is closed (threat P10). What is near gets a target of the office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from intake.access import derived
from intake.core import audit, office_clock
from intake.reference_data import editions, promises
from storage.audit_acts import Act
from storage.cases import legal_dates
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.core.office_clock import LegalRule, Office
    from intake.core.services import Services
    from storage.cases.legal_dates import LegalDate
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission

NEAR = "legal_date_near"
NEAR_SUGGESTED = "legal_date_suggested"
# What sets the due time of an item: the service's own target, or that some legal day is near.
SERVICE = "service"
LEGAL = "legal_date"
# How the reason of an officer's own hold begins (intake.triage.decisions).
HELD = "held_"
# So many of a case's submissions are searched for dates.
MAX_BESIDE = 100
MAX_AT_ONCE = 200
# A day that only closed papers say counts as near up to so many days sooner: the morning on which
# an item is raised must not tell which day is three days later.
MAX_SOONER_DAYS = 4


@dataclass(frozen=True)
class LegalDay:
    """One day of a kind (`storage.cases.legal_dates.LegalDateKind`); suggested until confirmed.

    `id` is its row's. It counts as near `sooner_days` before others do.
    """

    kind: str
    day: date
    is_confirmed: bool
    id: str = ""
    sooner_days: int = 0


@dataclass(frozen=True)
class LegalDateState:
    """How near a legal day is. `days_left` is negative after it.

    `warning` is the number of days whose warning applies, None for no warning; `is_near` that it is
    the last one.
    """

    legal: LegalDay
    days_left: int
    warning: int | None
    is_emergency: bool
    is_near: bool

    @property
    def has_passed(self) -> bool:
        """Tell whether the day is over."""
        return self.days_left < 0

    @property
    def reason(self) -> str:
        """Return the reason code. It names no kind of day, which may be of a closed paper."""
        return NEAR if self.legal.is_confirmed else NEAR_SUGGESTED


def state_of(legal: LegalDay, today: date, rule: "LegalRule") -> LegalDateState:
    """Return how near a day is, and whether that is an emergency (requirement 112)."""
    left = (legal.day - today).days
    counted = left - legal.sooner_days
    within = rule.emergency_days.get(legal.kind)
    return LegalDateState(
        legal=legal,
        days_left=left,
        warning=min((days for days in rule.warn_days if counted <= days), default=None),
        is_emergency=within is not None and -rule.passed_days <= left and counted <= within,
        is_near=counted <= min(rule.warn_days),
    )


def nearest(dates: Iterable[LegalDay], today: date, rule: "LegalRule") -> LegalDateState | None:
    """Return the most urgent day, or None.

    An emergency comes first, then the nearest day to come, then one that passed lately. Days that
    passed longer ago than the rule's `passed_days` are left out.
    """
    known = [state_of(each, today, rule) for each in dates]
    counted = [each for each in known if each.days_left >= -rule.passed_days]
    return min(counted, key=_order, default=None)


def is_emergency(dates: Iterable[LegalDay], today: date, rule: "LegalRule") -> bool:
    """Tell whether any day makes a referral an emergency."""
    return any(state_of(each, today, rule).is_emergency for each in dates)


def starts_at(day: date, office: "Office") -> datetime:
    """Return when a legal day begins in Sweden: a document may mean its first hour."""
    return datetime.combine(day, time(), office.coordinators_zone)


def is_open(services: "Services", session: "Session", submission: "Submission") -> bool:
    """Tell whether a day to come is near, or was confirmed by a person: somebody must act on it."""
    office = office_clock.in_force(editions.offices(services, session), services.now())
    today = services.now().astimezone(office.coordinators_zone).date()
    known = [state_of(each, today, office.legal) for each in days_of(session, submission)]
    return any(
        each.is_emergency or (not each.has_passed and (each.is_near or each.legal.is_confirmed))
        for each in known
    )


def apply_legal_dates(services: "Services", session: "Session", submission: "Submission") -> bool:
    """Raise a submission's open item by its nearest legal day; True when that changed it.

    An emergency moves it to Q1 with R2's emergency target. What has a near day, or one before its
    due time, is due when the office closes (`office_clock.close_of_day`). A second call changes
    nothing.
    """
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    if item is None:
        return False
    offices = editions.offices(services, session)
    now = services.now()
    office = office_clock.in_force(offices, now)
    today = now.astimezone(office.coordinators_zone).date()
    found = nearest(days_of(session, submission), today, office.legal)
    if found is None or (found.has_passed and not found.is_emergency):
        return False
    was = _state(item)
    if found.is_emergency:
        item = _to_emergency(session, submission, item, found, now)
        _bring_forward(item, promises.due_as_emergency(offices, now), SERVICE)
    if found.is_near or starts_at(found.legal.day, office) < item.due_at:
        _bring_forward(item, office_clock.close_of_day(offices, now), LEGAL)
    session.flush()
    if _state(item) == was:
        return False
    audit.note(
        services,
        session,
        "system:intake",
        Act.ITEM_RAISED,
        ("submission", submission.id),
        {
            "reason": found.reason,
            "was": was[0],
            "queue": item.queue,
            "clock": item.clock,
            # Its row, for those to whom the day is open; never the day.
            "date": found.legal.id,
        },
        at=now,
    )
    return True


def days_of(session: "Session", submission: "Submission") -> list[LegalDay]:
    """Return the legal days of a submission and of the others of its case."""
    beside = {one.id: one for one in submissions.beside(session, submission, limit=MAX_BESIDE)}
    rows = legal_dates.of_submissions(session, list(beside))
    noted_for = [beside[each] for each in {row.submission_id for row in rows}]
    in_the_open = derived.open_to_every_reader(
        session, noted_for, {row.id: row.document_id for row in rows}
    )
    return [
        LegalDay(
            row.kind,
            row.day,
            row.confirmed_at is not None,
            row.id,
            0 if row.id in in_the_open else _sooner_days(row),
        )
        for row in rows
    ]


def raise_near_items(services: "Services", now: datetime) -> int:
    """Raise the items whose legal days came near by now, and return how many changed.

    Maintenance calls it. It goes through all that have such a day: a stranger who names many near
    days must not stand before the others.
    """
    raised = 0
    for submission_id in _near(services, now):
        with services.database.transaction() as session:
            submission = submissions.locked(session, submission_id)
            if submission is not None and apply_legal_dates(services, session, submission):
                raised += 1
    return raised


def span_of(services: "Services", session: "Session", now: datetime) -> tuple[date, date]:
    """Return the first and the last day that may count as near by now, both included."""
    rule = office_clock.in_force(editions.offices(services, session), now).legal
    reach = max((*rule.warn_days, *rule.emergency_days.values())) + MAX_SOONER_DAYS
    # One day more on both sides; what is near is decided by the day in Sweden.
    since = now.date() - timedelta(days=rule.passed_days + 1)
    return since, now.date() + timedelta(days=reach + 1)


def _near(services: "Services", now: datetime) -> "Iterator[str]":
    """Yield the ids of all submissions that have a legal day near by, read some at a time."""
    with services.database.reading() as session:
        since, until = span_of(services, session, now)
    after: str | None = ""
    while after is not None:
        with services.database.reading() as session:
            found = legal_dates.submissions_near(
                session, since, until, after=after, limit=MAX_AT_ONCE
            )
        yield from found
        after = found[-1] if len(found) == MAX_AT_ONCE else None


def _order(one: LegalDateState) -> tuple[bool, bool, int]:
    return (not one.is_emergency, one.has_passed, abs(one.days_left))


def _state(item: "QueueItem") -> tuple[str, datetime, str, str, str]:
    return (item.queue, item.due_at, item.clock, item.priority, item.reason)


def _to_emergency(
    session: "Session",
    submission: "Submission",
    item: "QueueItem",
    found: LegalDateState,
    now: datetime,
) -> "QueueItem":
    """Move an item to Q1. One that an officer put on hold stays so, with the new priority."""
    item.priority = submission.priority = Priority.EMERGENCY
    was_raised = item.reason.partition(":")[0] in {NEAR, NEAR_SUGGESTED}
    if item.queue != Queue.EMERGENCY and not item.reason.startswith(HELD):
        item = queue_items.move(session, item, Queue.EMERGENCY, now)
        was_raised = True
    if was_raised:
        item.reason = found.reason
    return item


def _bring_forward(item: "QueueItem", due_at: datetime, clock: str) -> None:
    """Give an item an earlier due time, and never a later one."""
    if due_at < item.due_at:
        item.due_at, item.clock = due_at, clock


def _sooner_days(row: "LegalDate") -> int:
    """Return a number of days that is the same whenever a day is looked at.

    Its row's id is random, and shown only to whom the day is open.
    """
    return int(row.id, 16) % (MAX_SOONER_DAYS + 1)
