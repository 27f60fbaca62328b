"""Put tasks that only a person can do into a queue, each once."""

from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import NotFound
from intake.reference_data import promises
from storage.audit_acts import Act
from storage.base import new_id
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue, QueueItem, TaskKind

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

QUEUE_OF_KIND = {
    TaskKind.RECEIPT_FAILED: Queue.ON_HOLD,
    TaskKind.RECEIPT_BOUNCED: Queue.ON_HOLD,
    TaskKind.PROTECTION_SIGN: Queue.PROTECTION,
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
    queue = QUEUE_OF_KIND[kind]
    now = services.now()
    is_new = queue_items.put(
        session,
        QueueItem(
            id=new_id(),
            queue=queue,
            kind=kind,
            submission_id=submission_id,
            programme=submission.programme,
            reason=reason,
            priority=submission.priority,
            opened_at=now,
            due_at=promises.due_of_task(services, session, queue),
        ),
    )
    if is_new:
        audit.note(
            services,
            session,
            "system:intake",
            Act.TASK_OPENED,
            ("submission", submission_id),
            {"kind": kind, "reason": reason, "queue": queue},
            at=now,
        )
