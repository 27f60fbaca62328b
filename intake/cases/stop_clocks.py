"""Give what waits in a case the clock that it has while its person has withdrawn, and afterwards.

The times themselves are counted in `promises`; here a submission's own item in its queue takes
them when it comes into a stopped case, when the stop is noted and when it ends.
"""

from typing import TYPE_CHECKING

from intake.cases.legal_dates import SERVICE, apply_legal_dates
from intake.reference_data import promises
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

# What somebody has decided about waits for no confirmation.
WAITING = frozenset(
    {
        SubmissionState.RECEIVED,
        SubmissionState.DOCUMENTS,
        SubmissionState.HOLDING,
        SubmissionState.QUEUED,
    }
)


def count_anew(
    services: "Services", session: "Session", submission: "Submission", *, begins_now: bool = False
) -> None:
    """Give a submission's open item the due time of its queue as it stands now.

    With `begins_now` its time begins anew, and its warnings with it.
    """
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    if item is None:
        return
    # What is on hold keeps the time of the queue from which it came.
    queue = Queue.NEW_REFERRALS if item.queue == Queue.ON_HOLD else Queue(item.queue)
    since = services.now() if begins_now else None
    item.due_at = promises.due_in(services, session, submission, queue, since)
    item.clock = SERVICE
    if since is not None:
        item.opened_at, item.escalated_at = since, None
    session.flush()
    apply_legal_dates(services, session, submission)


def begin(services: "Services", session: "Session", filed: "Iterable[Submission]") -> None:
    """Leave what waits in a case that was stopped only the time of its queue."""
    for submission in filed:
        if submission.state in WAITING:
            count_anew(services, session, submission)


def end(services: "Services", session: "Session", filed: "Iterable[Submission]") -> tuple[str, ...]:
    """Promise again what waits in a case whose stop ended; return the ids of what has a new date.

    The case has its state of before already.
    """
    found = []
    for submission in filed:
        if submission.state not in WAITING:
            continue
        is_new = promises.promise_again(services, session, submission)
        count_anew(services, session, submission, begins_now=is_new)
        if is_new:
            found.append(submission.id)
    return tuple(found)
