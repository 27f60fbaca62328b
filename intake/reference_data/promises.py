"""Promise until when a person confirms, and say until when an item is due: the only place for both.

The due time is the earlier of the queue's target and R2's target by priority (requirement 4). It is
counted once, when a sender is first answered, and kept with the submission: the mail, the page
after sending, the coordinator's list, the signed receipt and the queue all ask here. A clock that
comes forward later brings the queue's item forward and leaves what was promised as it was written.

While the person of its case has withdrawn, nothing is confirmed in writing: the promise is
withdrawn, and only the queue's own time counts. What was mailed stays mailed, so the officer is
told of it. When the stop ends, a date that is still to come holds, and one that passed is promised
anew.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from intake.core import office_clock
from intake.reference_data import editions
from storage.cases import cases
from storage.mail import outbox
from storage.mail.outbox import MailKind
from storage.submissions.due_warnings import WarningStep
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, Programme, SenderVerdict

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.office_clock import Office
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


# When somebody is warned, as shares of the time that an item may wait.
SHARES = {WarningStep.HALF: Fraction(1, 2), WarningStep.FOUR_FIFTHS: Fraction(4, 5)}
# The priorities by which an enquiry, to which no R2 is written, is looked at sooner.
URGENT = frozenset({Priority.EMERGENCY, Priority.URGENT})
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
    """Return the promise as its sender is told of it now; None where nothing will be confirmed.

    That is so while the person of its case has withdrawn, and for what ended without a case.
    """
    if submission.outcome is not None or cases.is_stopped(session, submission):
        return None
    return promise_of(services, session, submission)


def standing_promise(session: "Session", submission: "Submission") -> ConfirmBy | None:
    """Return what its sender was told and still counts on; None when a stop withdrew it."""
    made = _made_known(session, submission)
    return None if made is None or cases.is_stopped(session, submission) else made


def withdrawn_promise(session: "Session", submission: "Submission") -> ConfirmBy | None:
    """Return what its sender was told before a stop withdrew it; None when nothing was."""
    made = _made_known(session, submission)
    return made if made is not None and cases.is_stopped(session, submission) else None


def promise_again(services: "Services", session: "Session", submission: "Submission") -> bool:
    """Promise what a stop had withdrawn, as the stop has ended; False when the old date holds.

    It is counted from now. What waits for no confirmation is promised none.
    """
    is_due = submission.promised_at is None or submission.promised_at <= services.now()
    is_confirmed_to = submission.programme == Programme.REFERRALS or submission.promised_at
    if not is_confirmed_to or not is_due:
        return False
    offices = editions.offices(services, session)
    submission.promised_at = _counted(offices, submission.priority, services.now()).at
    return True


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
    queue's own target counts, of enquiries by language, unless its receipt promised a date; nor
    in a stopped case, where only the queue's own target is left. What is urgent there has R2's
    target of its priority all the same, which is promised to nobody.
    """
    offices = editions.offices(services, session)
    start = since or submission.received_at
    due = office_clock.due_at(offices, queue, start, submission.language or "")
    if _is_enquiry(submission) and submission.priority in URGENT:
        return min(due, office_clock.confirm_by(offices, submission.priority, start))
    latest = _latest(services, session, submission, start)
    return due if latest is None else min(due, latest)


def due_on_hold(
    services: "Services",
    session: "Session",
    submission: "Submission",
    before: "datetime",
    until: "datetime | None",
) -> "datetime":
    """Return until when what somebody holds from now on is due: when the hold ends at `until`.

    Without an end that is the target of holds. It is never before `before`, when it was due until
    now, and otherwise never after the promise, which stands. The clock of an emergency goes on.
    """
    if submission.priority == Priority.EMERGENCY:
        return before
    now = services.now()
    ends = until or due_in(services, session, submission, Queue.ON_HOLD, now)
    latest = _latest(services, session, submission, now)
    return max(before, ends if latest is None else min(ends, latest))


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


def _made_known(session: "Session", submission: "Submission") -> ConfirmBy | None:
    """Return the promise of which its sender was told: by the page after sending, or by R1."""
    if submission.promised_at is None:
        return None
    is_mailed = submission.sender_verdict == SenderVerdict.REGISTERED and outbox.leaves(
        session, submission.id, MailKind.RECEIPT
    )
    is_told = submission.submitted_by is not None or is_mailed
    return ConfirmBy(submission.promised_at) if is_told else None


def _latest(
    services: "Services", session: "Session", submission: "Submission", start: "datetime"
) -> "datetime | None":
    """Return what no queue may wait longer than, since R2 is promised; None where it is not."""
    if _is_enquiry(submission) or cases.is_stopped(session, submission):
        return None
    promised = promise_of(services, session, submission).at
    offices = editions.offices(services, session)
    return min(promised, office_clock.confirm_by(offices, submission.priority, start))


def _is_enquiry(submission: "Submission") -> bool:
    """Tell whether it is about cash, where nobody is confirmed to, and its receipt named no day."""
    return submission.programme != Programme.REFERRALS and submission.promised_at is None


def _counted(offices: "tuple[Office, ...]", priority: str, since: "datetime") -> ConfirmBy:
    """Count a promise: a referral's queue by priority, and R2's target."""
    queue = Queue.EMERGENCY if priority == Priority.EMERGENCY else Queue.NEW_REFERRALS
    return ConfirmBy(
        min(
            office_clock.due_at(offices, queue, since),
            office_clock.confirm_by(offices, priority, since),
        )
    )
