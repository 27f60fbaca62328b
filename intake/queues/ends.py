"""End a submission that never became a case, and open it again, in the caller's transaction.

What came in and ended is never lost: it keeps its documents and words, and a person can open it
again. The very same mail that arrives once more, or a near legal date that is read late, opens it
by itself. The audit event of the end says in which queue it was, so that it comes back there.
"""

from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.core import audit
from intake.core.errors import Conflict
from intake.queues import assignment, cash_queues
from intake.reference_data import promises
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.base import new_id
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Outcome, SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The states of submissions that wait for a person, and of those that ended without a case.
WAITING = frozenset({SubmissionState.QUEUED, SubmissionState.HOLDING})
ENDED = frozenset({SubmissionState.CLOSED, SubmissionState.REDIRECTED})
ARRIVED_AGAIN = "arrived_again"
# The part of the act's detail that names the mail with which a submission was finished.
MAIL = "mail"
# And the part that names the case that ended with it.
CASE = "case"
# Acts of people that end a submission; an answered question is open no more, whoever asks on.
ENDING = [Act.SUBMISSION_FINISHED, Act.QUESTION_ANSWERED]


def end(
    services: "Services",
    session: "Session",
    submission: "Submission",
    user_id: str,
    outcome: Outcome,
) -> dict[str, str]:
    """End a locked submission and close its own item; return what opening it again needs.

    The caller puts that into the audit event. Tasks about the submission stay open.
    """
    now = services.now()
    own = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    state_before = submission.state
    is_redirected = outcome is Outcome.REDIRECTED
    submission.state = SubmissionState.REDIRECTED if is_redirected else SubmissionState.CLOSED
    submission.outcome = outcome
    submission.decided_by, submission.decided_at = user_id, now
    queue_items.close_kind(session, submission.id, TaskKind.SUBMISSION, now)
    queue = {"queue": own.queue} if own is not None else {}
    return {"outcome": outcome.value, "state_before": state_before, **queue}


def ending_of(session: "Session", submission: "Submission") -> "AuditEvent | None":
    """Return the act that finished a submission; None when it is open, or ended in another way."""
    if submission.state not in ENDED or submission.outcome is None:
        return None
    newest = audit_trail.newest_acts(
        session, ("submission", submission.id), ENDING, by=edit_conflicts.PERSON
    )
    return newest[0] if newest and newest[0].act == Act.SUBMISSION_FINISHED else None


def open_again(services: "Services", session: "Session", submission: "Submission") -> None:
    """Let a locked, finished submission wait again where it waited, with its due time.

    It is theirs who had it. Raises Conflict when it was not finished.
    """
    with assignment.holder_kept(services, session, submission):
        _open_again(services, session, submission)


def _open_again(services: "Services", session: "Session", submission: "Submission") -> None:
    queue = _as_before(session, submission)
    own = next(
        (
            item
            for item in queue_items.of_submission(session, submission.id)
            if (item.queue, item.kind) == (queue, TaskKind.SUBMISSION)
        ),
        None,
    )
    if own is None:
        put_back(services, session, submission, Queue.MAIL_TO_MATCH, "opened_again")
        return
    own.closed_at = None
    session.flush()


def open_by_itself(
    services: "Services", session: "Session", submission: "Submission", actor: str, reason: str
) -> bool:
    """Let a locked submission wait anew for what came to it; False unless it was finished.

    `actor` is the part of the system that learnt of it.
    """
    ending = ending_of(session, submission)
    if ending is None:
        return False
    queue = _as_before(session, submission) or Queue.MAIL_TO_MATCH
    if CASE in ending.detail and queue != Queue.EMERGENCY:
        # Its case ended with it, so a person chooses one.
        queue = Queue.MAIL_TO_MATCH
    put_back(services, session, submission, Queue(queue), reason)
    audit.note(
        services,
        session,
        actor,
        Act.SUBMISSION_OPENED_AGAIN,
        ("submission", submission.id),
        {"reason": reason, "queue": queue},
    )
    return True


def _as_before(session: "Session", submission: "Submission") -> str | None:
    """Give a finished submission its former state; return the queue in which it was, if any."""
    finished = ending_of(session, submission)
    if finished is None:
        raise Conflict
    submission.state = SubmissionState(finished.detail["state_before"])
    submission.outcome = submission.decided_by = submission.decided_at = None
    return finished.detail.get("queue")


def put_back(
    services: "Services",
    session: "Session",
    submission: "Submission",
    queue: Queue,
    reason: str,
    since: "datetime | None" = None,
) -> None:
    """Put a submission's own item into a queue, due as promised (`since`: `promises.due_in`).

    A cash submission goes to the queues of cash (`cash_queues`).
    """
    queue = cash_queues.queue_for(session, submission, queue)
    queue_items.put(
        session,
        QueueItem(
            id=new_id(),
            queue=queue,
            kind=TaskKind.SUBMISSION,
            submission_id=submission.id,
            programme=submission.programme,
            reason=reason,
            priority=submission.priority,
            opened_at=services.now(),
            due_at=promises.due_in(services, session, submission, queue, since),
        ),
    )
