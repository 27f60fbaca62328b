"""Record what came of a webhook call: it was taken, is tried again, or has failed for good.

A call is tried five times within half an hour. One that failed, and one that leads elsewhere, gives
the manager a task: a warning that reached nobody is never silent.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.core import audit
from intake.duty.duty_list import Trouble
from intake.queues import gaps
from storage.audit_acts import Act
from storage.cases import cases
from storage.lists import work_subjects
from storage.submissions import due_warnings
from storage.submissions.due_warnings import CallState

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.due_warnings import HookCall

WAITS = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
)
# Nothing gets better by trying again.
FINAL = frozenset({"hook_redirects", "hook_not_signed", "hook_not_https"})


@dataclass(frozen=True)
class CallAnswer:
    """What came of a call; `reason` is a code, empty when it was taken."""

    reason: str

    @property
    def is_taken(self) -> bool:
        """Tell whether the other side took it."""
        return not self.reason


def is_wanted(services: "Services", session: "Session", call: "HookCall") -> bool:
    """Tell whether a leased call may still be made; what is finished or stopped is dropped."""
    item = due_warnings.item_of_warning(session, call.warning_id)
    about = work_subjects.about_one(session, item)
    case_id = None
    if about is not None:
        case_id = about.case.id if about.case else getattr(about.submission, "case_id", None)
    is_over = item is None or item.closed_at is not None
    reason = "finished" if is_over else ""
    if not is_over and cases.has_person_withdrawn(session, case_id):
        reason = "person_withdrew"
    if reason:
        due_warnings.end_call(session, call.id, CallState.DROPPED, reason, services.now())
    return not reason


def record(services: "Services", call: "HookCall", answered: CallAnswer) -> None:
    """Record the outcome of one try."""
    now = services.now()
    with services.database.transaction() as session:
        if answered.is_taken:
            due_warnings.end_call(session, call.id, CallState.SENT, "", now)
            return
        is_last = call.attempts > len(WAITS) or answered.reason in FINAL
        if not is_last:
            wait = WAITS[max(call.attempts, 1) - 1]
            due_warnings.put_off_call(session, call.id, now + wait, answered.reason)
            return
        if not due_warnings.end_call(session, call.id, CallState.FAILED, answered.reason, now):
            return
        item = due_warnings.item_of_warning(session, call.warning_id)
        about = work_subjects.about_one(session, item)
        if item is None or about is None:
            return
        audit.note(
            services,
            session,
            "system:intake",
            Act.HOOK_FAILED,
            about.subject,
            {"reason": answered.reason, "queue": item.queue},
            at=now,
        )
        gaps.open_gap(services, session, item, Trouble.HOOK_FAILED)
