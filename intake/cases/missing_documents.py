"""Keep a confirmed case in the queue of missing documents for as long as any are missing.

The item hangs on the case: one that was merged or of which a submission was split off keeps it.
The item is due on the day of the next reminder (requirement 112), so that an officer sees
what is about to be sent, and what nobody answered after the last reminder. Everything runs in the
caller's transaction, which holds the case's lock.
"""

from typing import TYPE_CHECKING

from intake.core import audit
from intake.reference_data import promises
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, messages
from storage.cases.cases import CaseState
from storage.cases.messages import MessageKind
from storage.lists import work_subjects
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Programme, SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

REASON = "papers_missing"
# What waits for an officer: it may hold what is missing, and was confirmed to nobody.
UNCONFIRMED = frozenset(
    {
        SubmissionState.RECEIVED,
        SubmissionState.DOCUMENTS,
        SubmissionState.HOLDING,
        SubmissionState.QUEUED,
    }
)
# The person withdrew (`withdrawal`), so nobody asks them for anything.


def update_item(
    services: "Services", session: "Session", case: "Case", *, is_missing: bool
) -> None:
    """Open, move or close a case's item in the queue of missing documents, as it is needed."""
    filed = cases.of_cases(session, [case.id]).get(case.id, [])
    known = [
        item
        for item in work_subjects.of_case(session, case.id)
        if item.kind == TaskKind.MISSING_DOCUMENTS and item.closed_at is None
    ]
    confirmed = [each for each in filed if each.state == SubmissionState.CONFIRMED]
    is_wanted = is_missing and case.state != CaseState.WITHDRAWN
    if not (is_wanted and confirmed and case.programme == Programme.REFERRALS):
        _close(services, known)
        return
    if not known:
        if is_given_up(session, case):
            return
        _open(services, session, case, confirmed[0])
        return
    _close(services, known[1:])
    due_at = _due_at(services, session, case)
    if known[0].due_at != due_at and case.next_reminder_at is not None:
        known[0].due_at, known[0].escalated_at = due_at, None


def wrote_since(session: "Session", case: "Case", since: "datetime") -> bool:
    """Tell whether a submission or a coordinator's message came for a case after a time."""
    arrived = [one.received_at for one in cases.of_cases(session, [case.id]).get(case.id, [])]
    said = messages.of_case(session, case.id, [MessageKind.FROM_COORDINATOR])
    return any(at > since for at in (*arrived, *(message.at for message in said)))


def confirmed_at(session: "Session", case: "Case") -> "datetime | None":
    """Return when all that came for a case was confirmed in writing, None while something is not.

    Only the confirmation says what is missing, so nobody is reminded of it before, and the days
    begin with the last one. What was closed without one said nothing.
    """
    filed = cases.of_cases(session, [case.id]).get(case.id, [])
    if any(each.state in UNCONFIRMED for each in filed):
        return None
    said = [
        each
        for each in filed
        if each.state == SubmissionState.CONFIRMED and each.closed_without is None
    ]
    return max((each.decided_at or each.received_at for each in said), default=None)


def is_given_up(session: "Session", case: "Case") -> bool:
    """Tell whether somebody reported that papers will not come, or came another way.

    It counts until somebody writes for the case again.
    """
    said = task_outcomes.newest_of_case(session, case.id, TaskKind.MISSING_DOCUMENTS)
    return said is not None and said.reopened_at is None and not wrote_since(session, case, said.at)


def _open(services: "Services", session: "Session", case: "Case", submission: "Submission") -> None:
    now = services.now()
    queue_items.put(
        session,
        QueueItem(
            id=new_id(),
            queue=Queue.MISSING,
            kind=TaskKind.MISSING_DOCUMENTS,
            case_id=case.id,
            programme=submission.programme,
            reason=REASON,
            priority=submission.priority,
            opened_at=now,
            due_at=_due_at(services, session, case),
        ),
    )
    audit.note(
        services,
        session,
        "system:intake",
        Act.TASK_OPENED,
        ("case", case.id),
        {"kind": TaskKind.MISSING_DOCUMENTS, "reason": REASON, "queue": Queue.MISSING},
        at=now,
    )


def _close(services: "Services", items: list[QueueItem]) -> None:
    for item in items:
        item.closed_at = services.now()


def _due_at(services: "Services", session: "Session", case: "Case") -> "datetime":
    """Return the time of the next reminder, or without one the queue's own target."""
    if case.next_reminder_at is not None:
        return case.next_reminder_at
    return promises.due_of_task(services, session, Queue.MISSING)
