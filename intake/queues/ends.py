"""End a submission that never became a case, and open it again, in the caller's transaction.

What came in and ended is never lost: it keeps its documents and words, and a person can open it
again. The very same mail that arrives once more, or a near legal date that is read late, opens it
by itself. The audit event of the end says in which queue it was, so that it comes back there.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.access import edit_conflicts
from intake.core import audit
from intake.core.errors import Conflict
from intake.queues import assignment, cash_queues
from intake.reference_data import promises
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Outcome, SubmissionState

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The states of submissions that wait for a person, and of those that ended without a case.
WAITING = frozenset({SubmissionState.QUEUED, SubmissionState.HOLDING})
ENDED = frozenset({SubmissionState.CLOSED, SubmissionState.REDIRECTED})
ARRIVED_AGAIN = "arrived_again"
# How the reason of an officer's own hold begins.
HELD = "held_"
# The part of the act's detail that names the mail with which a submission was finished.
MAIL = "mail"
# And the part that names the case that ended with it.
CASE = "case"
# The part that says how an answered question had ended before: outcome, by whom and when.
ENDED_BEFORE = "ended_before"
# The part of the detail of a case's closing that holds the state of before.
STATE_BEFORE = "before"
# Acts of people that end a submission; an answered question is open no more, whoever asks on.
ENDING = [Act.SUBMISSION_FINISHED, Act.QUESTION_ANSWERED]
# What takes an answer back, and the part of both details that names it.
TAKEN_BACK, ANSWER = Act.QUESTION_ANSWER_TAKEN_BACK, "message"


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


def end_answered(
    services: "Services", session: "Session", submission: "Submission", user_id: str
) -> dict[str, Any]:
    """End a locked question as answered; return what `take_back_answer` needs.

    One that has ended already, and about which somebody asked on, ends anew. Any: codes and times.
    """
    before = {}
    if submission.state in ENDED and submission.outcome is not None:
        at = submission.decided_at
        when = at.isoformat() if at is not None else ""
        before = {ENDED_BEFORE: [submission.outcome, submission.decided_by or "", when]}
    return {**before, **end(services, session, submission, user_id, Outcome.ANSWERED)}


def take_back_answer(
    services: "Services",
    session: "Session",
    submission: "Submission",
    detail: dict[str, Any],  # Any: codes and times
) -> None:
    """Let a locked question be as its answer found it; `detail` is what `end_answered` returned.

    One that became something else meanwhile stays that.
    """
    if submission.state not in ENDED or submission.case_id is not None:
        return
    submission.state = SubmissionState(detail["state_before"])
    outcome, by, at = detail.get(ENDED_BEFORE, ("", "", ""))
    submission.outcome = Outcome(outcome) if outcome else None
    submission.decided_by = by or None
    submission.decided_at = datetime.fromisoformat(at) if at else None
    with assignment.holder_kept(services, session, submission):
        _let_wait(session, submission, detail.get("queue"))


def ending_of(session: "Session", submission: "Submission") -> "AuditEvent | None":
    """Return the act that finished a submission; None when it is open, or ended in another way."""
    if submission.state not in ENDED or submission.outcome is None:
        return None
    acts = audit_trail.newest_acts(
        session, ("submission", submission.id), [*ENDING, TAKEN_BACK], by=edit_conflicts.PERSON
    )
    gone = {event.detail.get(ANSWER) for event in acts if event.act == TAKEN_BACK}
    stand = (event for event in acts if event.act in ENDING)
    newest = next((each for each in stand if each.detail.get(ANSWER, "") not in gone), None)
    return newest if newest is not None and newest.act == Act.SUBMISSION_FINISHED else None


def open_again(services: "Services", session: "Session", submission: "Submission") -> None:
    """Let a locked, finished submission wait again where it waited, with its due time.

    It is theirs who had it. Raises Conflict when it was not finished.
    """
    with assignment.holder_kept(services, session, submission):
        _open_again(services, session, submission)


def _open_again(services: "Services", session: "Session", submission: "Submission") -> None:
    queue = _as_before(session, submission)
    if not _let_wait(session, submission, queue):
        put_back(services, session, submission, Queue.MAIL_TO_MATCH, "opened_again")


def _let_wait(session: "Session", submission: "Submission", queue: str | None) -> bool:
    """Open a submission's own item of a queue again; False when it has none there."""
    own = next(
        (
            item
            for item in queue_items.of_submission(session, submission.id)
            if (item.queue, item.kind) == (queue, TaskKind.SUBMISSION)
        ),
        None,
    )
    if own is not None:
        own.closed_at = None
    session.flush()
    return own is not None


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
    case = cases.by_id(session, submission.case_id)
    if case is not None:
        reopen_case(session, case)
    return finished.detail.get("queue")


def correct(session: "Session", submission: "Submission", outcome: Outcome) -> None:
    """Let a submission that has ended end otherwise, as somebody learnt later; else do nothing."""
    if submission.state not in ENDED or submission.outcome is None:
        return
    is_redirected = outcome is Outcome.REDIRECTED
    submission.state = SubmissionState.REDIRECTED if is_redirected else SubmissionState.CLOSED
    submission.outcome = outcome
    session.flush()


def correct_back(session: "Session", submission: "Submission") -> None:
    """Let a submission end as it was finished, as what was learnt later is taken back."""
    ending = ending_of(session, submission)
    if ending is not None:
        correct(session, submission, Outcome(ending.detail["outcome"]))


def reopen_case(session: "Session", case: "Case") -> bool:
    """Give a case that somebody closed its state of before; False for one that nobody closed."""
    closed = audit_trail.newest_acts(
        session, ("case", case.id), [Act.CASE_CLOSED], by=edit_conflicts.PERSON
    )
    if case.state != CaseState.CLOSED or not closed:
        return False
    case.state = str(closed[0].detail[STATE_BEFORE])
    session.flush()
    return True


def wait_again(
    services: "Services", session: "Session", submission: "Submission"
) -> QueueItem | None:
    """Let a locked, confirmed submission wait where it waited; return its item.

    What was on hold when it was confirmed is on hold again.
    """
    submission.state = SubmissionState.QUEUED
    submission.decided_by = submission.decided_at = submission.closed_without = None
    return reopen_item(services, session, submission, is_hold_kept=True)


def reopen_item(
    services: "Services",
    session: "Session",
    submission: "Submission",
    *,
    is_hold_kept: bool = False,
) -> QueueItem | None:
    """Reopen the item in which a submission was before it was confirmed or held; return it.

    It keeps its due time, because the sender has waited all the time, and who had it.
    `is_hold_kept` lets it be the item of a hold.
    """
    with assignment.holder_kept(services, session, submission):
        return _reopened(services, session, submission, is_hold_kept=is_hold_kept)


def _reopened(
    services: "Services", session: "Session", submission: "Submission", *, is_hold_kept: bool
) -> QueueItem | None:
    own = [
        item
        for item in queue_items.of_submission(session, submission.id)
        if item.kind == TaskKind.SUBMISSION and (is_hold_kept or not item.reason.startswith(HELD))
    ]
    now = services.now()
    queue_items.close_kind(session, submission.id, TaskKind.SUBMISSION, now)
    if own:
        # The item that was closed last is the former one.
        last = max(own, key=lambda item: (item.closed_at or item.opened_at, item.opened_at))
        last.closed_at = None
        session.flush()
        return last
    put_back(services, session, submission, Queue.MAIL_TO_MATCH, "hold_ended", now)
    return queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)


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
