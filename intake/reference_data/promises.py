"""Promise until when a person confirms, and say until when an item is due: the only place for both.

The due time is the earlier of the queue's target and R2's target by priority (requirement 4). It is
counted once, when a sender is first answered, and kept with the submission: the mail, the page
after sending, the coordinator's list, the signed receipt and the queue all ask here. A clock that
comes forward later brings the queue's item forward and leaves what was promised as it was written.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from intake.core import office_clock
from intake.reference_data import editions
from storage.cases import cases
from storage.submissions.due_warnings import WarningStep
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, Programme

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.office_clock import Office
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


# When somebody is warned, as shares of the time that an item may wait.
SHARES = {WarningStep.HALF: Fraction(1, 2), WarningStep.FOUR_FIFTHS: Fraction(4, 5)}
UNSEEN_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class ConfirmBy:
    """Until when (UTC) a person confirms in writing; it is made in this module alone."""

    at: "datetime"


def promise_of(
    services: "Services", session: "Session", submission: "Submission", priority: str = ""
) -> ConfirmBy:
    """Return the promise that is kept of a submission, else what its receipt would promise now.

    `priority` is the one known when the sender is answered; a mail's is not before it is filed.
    """
    if submission.promised_at is not None:
        return ConfirmBy(submission.promised_at)
    offices = editions.offices(services, session)
    return _counted(offices, priority or Priority.UNKNOWN, submission.received_at)


def open_promise(
    services: "Services", session: "Session", submission: "Submission"
) -> ConfirmBy | None:
    """Return the promise as its sender is told of it now, None for what goes to a stopped case.

    Nothing is confirmed in writing while the person has withdrawn, so nothing promises it.
    """
    if cases.is_stopped(session, submission):
        return None
    return promise_of(services, session, submission)


def keep_promise(submission: "Submission", promise: ConfirmBy) -> None:
    """Keep a promise with its submission; a later one never replaces it."""
    submission.promised_at = submission.promised_at or promise.at


def due_in(
    services: "Services",
    session: "Session",
    submission: "Submission",
    queue: Queue,
    since: "datetime | None" = None,
) -> "datetime":
    """Return until when a submission waits in a queue, counted from its arrival or from `since`.

    It is never later than the promise. Nobody is confirmed to in the cash programme, where the
    queue's own target counts, of enquiries by language, unless its receipt promised a date.
    """
    offices = editions.offices(services, session)
    start = since or submission.received_at
    due = office_clock.due_at(offices, queue, start, submission.language or "")
    if submission.programme != Programme.REFERRALS and submission.promised_at is None:
        return due
    promised = promise_of(services, session, submission).at
    return min(due, promised, office_clock.confirm_by(offices, submission.priority, start))


def due_of_task(services: "Services", session: "Session", queue: Queue) -> "datetime":
    """Return until when a task that begins now waits in a queue: no R2 is written for it."""
    return office_clock.due_at(editions.offices(services, session), queue, services.now())


def due_as_emergency(offices: "tuple[Office, ...]", now: "datetime") -> "datetime":
    """Return until when what has become an emergency now must be confirmed."""
    return _counted(offices, Priority.EMERGENCY, now).at


def warnings_before(
    offices: "tuple[Office, ...]", since: "datetime", due: "datetime"
) -> "dict[WarningStep, datetime]":
    """Return {step: when somebody is warned} before an item's due time, in their order.

    Both lie strictly between `since`, when the item began to wait, and `due`, counted in the
    working time between them. What was due when it began has no warning left: it is late.
    """
    if since >= due:
        return {}
    return {
        step: office_clock.part_of(offices, since, due, share) for step, share in SHARES.items()
    }


def unseen_at(since: "datetime") -> "datetime":
    """Return when an emergency that nobody has opened goes to the duty telephones.

    By the clock and not by working time: danger does not wait for Monday.
    """
    return since + UNSEEN_AFTER


def _counted(offices: "tuple[Office, ...]", priority: str, since: "datetime") -> ConfirmBy:
    """Count a promise: a referral's queue by priority, and R2's target."""
    queue = Queue.EMERGENCY if priority == Priority.EMERGENCY else Queue.NEW_REFERRALS
    return ConfirmBy(
        min(
            office_clock.due_at(offices, queue, since),
            office_clock.confirm_by(offices, priority, since),
        )
    )
