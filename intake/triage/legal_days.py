"""Give a task when a legal day comes near in a case in which nothing waits for a decision.

As long as a submission waits, a near day raises its item (`intake.cases.legal_dates`). Once all are
decided, nobody would look before the day is over. So the case gets a task at each warning of the
office's rule, and when the day makes it an emergency; a task that was done opens again at the next
one. It ends by itself when the day no longer counts. The audit event of each opening says for which
day's row and which warning it was, and never the day.
"""

from typing import TYPE_CHECKING

from intake.cases import completeness, legal_dates
from intake.core import audit, office_clock
from intake.queues.tasks import add_case_task
from intake.reference_data import editions, promises
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import cases
from storage.cases import legal_dates as rows_of
from storage.cases.cases import OVER, CaseState
from storage.lists import work_subjects
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from intake.cases.legal_dates import LegalDateState
    from intake.core.office_clock import LegalRule
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem

KIND = TaskKind.LEGAL_DAY
MAX_AT_ONCE = 200
# The parts of the act's detail: the row of the day, and so many days before it the warning began.
DATE, STEP = "date", "days_before"


def open_near(services: "Services", now: "datetime") -> int:
    """Open, raise or end the tasks of cases whose legal days are near by now; return how many.

    Maintenance calls it. Each case is a transaction of its own, and a second call changes nothing.
    """
    changed = 0
    for case_id in dict.fromkeys((*_with_a_task(services), *_near(services, now))):
        with services.database.transaction() as session:
            for case in cases.locked(session, [case_id]):
                changed += _look_at(services, session, case, now)
    return changed


def _look_at(services: "Services", session: "Session", case: "Case", now: "datetime") -> bool:
    found = _nearest(services, session, case, now)
    known = [
        item
        for item in work_subjects.of_case(session, case.id)
        if item.kind == KIND and item.closed_at is None
    ]
    rule = office_clock.in_force(editions.offices(services, session), now).legal
    step = _step(found, rule) if found is not None else None
    if found is None or step is None:
        for item in known:
            item.closed_at = now
        session.flush()
        return bool(known)
    if _was_opened(session, case, found, step):
        return False
    if not known:
        add_case_task(services, session, case, kind=KIND, reason=found.reason)
        known = [
            item
            for item in work_subjects.of_case(session, case.id)
            if item.kind == KIND and item.closed_at is None
        ]
    known = [_raised(services, session, item, found, now) for item in known]
    audit.note(
        services,
        session,
        "system:intake",
        Act.ITEM_RAISED,
        ("case", case.id),
        {"reason": found.reason, "queue": known[0].queue, DATE: found.legal.id, STEP: step},
        at=now,
    )
    return True


def _nearest(
    services: "Services", session: "Session", case: "Case", now: "datetime"
) -> "LegalDateState | None":
    """Return the most urgent day that is still to come, or is an emergency; None for no task."""
    filed = completeness.submissions_of(session, case)
    if case.state in (*OVER, CaseState.WITHDRAWN) or not filed:
        return None
    office = office_clock.in_force(editions.offices(services, session), now)
    today = now.astimezone(office.coordinators_zone).date()
    found = legal_dates.nearest(legal_dates.days_of(session, filed[0]), today, office.legal)
    if found is None or (found.has_passed and not found.is_emergency):
        return None
    return found


def _step(found: "LegalDateState", rule: "LegalRule") -> int | None:
    """Return so many days before the day the present warning began, None before the first."""
    steps = {*rule.warn_days}
    if found.legal.kind in rule.emergency_days:
        steps.add(rule.emergency_days[found.legal.kind])
    counted = found.days_left - found.legal.sooner_days
    return min((days for days in steps if counted <= days), default=None)


def _was_opened(session: "Session", case: "Case", found: "LegalDateState", step: int) -> bool:
    """Tell whether somebody got the task about a day at a warning already."""
    acts = [Act.ITEM_RAISED]
    return any(
        (event.detail.get(DATE), event.detail.get(STEP)) == (found.legal.id, step)
        for event in audit_trail.newest_acts(session, ("case", case.id), acts, by="system:")
    )


def _raised(
    services: "Services",
    session: "Session",
    item: "QueueItem",
    found: "LegalDateState",
    now: "datetime",
) -> "QueueItem":
    """Give an open task the queue and the due time of its day; never a later one."""
    offices = editions.offices(services, session)
    if found.is_emergency:
        item.priority = Priority.EMERGENCY
        if item.queue != Queue.EMERGENCY:
            item = queue_items.move(session, item, Queue.EMERGENCY, now)
        item.due_at = min(item.due_at, promises.due_as_emergency(offices, now))
    if found.is_near:
        item.due_at = min(item.due_at, office_clock.close_of_day(offices, now))
    item.reason = found.reason
    session.flush()
    return item


def _with_a_task(services: "Services") -> list[str]:
    """Return the ids of the living cases that have the task open."""
    with services.database.reading() as session:
        rows = cases.by_ids(
            session,
            {item.case_id for item in queue_items.open_ones(session, KIND) if item.case_id},
        )
        return sorted({cases.resolved(session, case).id for case in rows.values()})


def _near(services: "Services", now: "datetime") -> "Iterator[str]":
    """Yield the ids of all cases that have a legal day near by and nothing to be decided."""
    with services.database.reading() as session:
        since, until = legal_dates.span_of(services, session, now)
    after: str | None = ""
    while after is not None:
        with services.database.reading() as session:
            found = rows_of.cases_near(session, since, until, after=after, limit=MAX_AT_ONCE)
        yield from found
        after = found[-1] if len(found) == MAX_AT_ONCE else None
