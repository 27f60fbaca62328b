"""Put tasks that only a person can do into a queue, each once."""

from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import NotFound
from intake.reference_data import promises
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases
from storage.lists.work_list import PRIORITY_ORDER
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Priority, SubmissionState

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

QUEUE_OF_KIND = {
    TaskKind.RECEIPT_FAILED: Queue.ON_HOLD,
    TaskKind.RECEIPT_BOUNCED: Queue.ON_HOLD,
    TaskKind.PROTECTION_SIGN: Queue.PROTECTION,
    TaskKind.PROTECTION_ESCALATED: Queue.PROTECTION,
    TaskKind.COORDINATOR_WROTE: Queue.REPLIES,
    TaskKind.VITAL_INTEREST: Queue.PROTECTION,
    TaskKind.WRONG_READER: Queue.ON_HOLD,
    TaskKind.NO_USABLE_SENDER: Queue.ON_HOLD,
    TaskKind.TOO_LARGE: Queue.QUARANTINE,
    TaskKind.NOT_OPENED: Queue.QUARANTINE,
    TaskKind.NOT_INSPECTED: Queue.QUARANTINE,
    TaskKind.QUARANTINE: Queue.QUARANTINE,
    TaskKind.CALL_SENDER: Queue.ON_HOLD,
    TaskKind.CALL_BACK: Queue.ON_HOLD,
    TaskKind.MISSING_DOCUMENTS: Queue.MISSING,
    # Where it is an emergency, it moves on to that queue.
    TaskKind.LEGAL_DAY: Queue.NEW_REFERRALS,
}


def add_task(
    services: "Services", session: "Session", submission_id: str, *, kind: TaskKind, reason: str
) -> None:
    """Put a task about a submission into its queue, in the caller's transaction.

    `kind` is a key of QUEUE_OF_KIND. The same task again changes nothing. Raises NotFound.
    """
    submission = submissions.by_id(session, submission_id)
    if submission is None:
        raise NotFound
    item = _task(services, session, submission, kind, reason)
    item.submission_id, item.priority = submission.id, submission.priority
    _put(services, session, item, ("submission", submission.id))


def add_case_task(
    services: "Services", session: "Session", case: "Case", *, kind: TaskKind, reason: str
) -> None:
    """Put a task that hangs on a locked case into its queue, as `add_task` does.

    It is as urgent as the most urgent submission that waits in the case.
    """
    item = _task(services, session, case, kind, reason)
    filed = cases.of_cases(session, [case.id]).get(case.id, [])
    waiting = {each.priority for each in filed if each.state == SubmissionState.QUEUED}
    item.case_id = case.id
    item.priority = next((one for one in PRIORITY_ORDER if one in waiting), Priority.NORMAL)
    _put(services, session, item, ("case", case.id))


def _task(
    services: "Services",
    session: "Session",
    about: "Submission | Case",
    kind: TaskKind,
    reason: str,
) -> QueueItem:
    """Return an item about something of a programme; the caller says about what."""
    queue = QUEUE_OF_KIND[kind]
    return QueueItem(
        id=new_id(),
        queue=queue,
        kind=kind,
        programme=about.programme,
        reason=reason,
        opened_at=services.now(),
        due_at=promises.due_of_task(services, session, queue),
    )


def _put(
    services: "Services", session: "Session", item: QueueItem, subject: tuple[str, str]
) -> None:
    if queue_items.put(session, item):
        audit.note(
            services,
            session,
            "system:intake",
            Act.TASK_OPENED,
            subject,
            {"kind": item.kind, "reason": item.reason, "queue": item.queue},
            at=item.opened_at,
        )
