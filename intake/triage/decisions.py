"""Confirm, hold or hand on a whole submission, as an officer decides.

Each act is one audited transaction. It is refused when somebody else changed the submission
meanwhile, and can be undone until a mail was sent because of it. The reason of a hold is a code:
free text would have to be sealed and could not be counted.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.accounts.accounts import SignedInUser
from intake.accounts.people import cover
from intake.cases import completeness
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.queues import assignment, ends, search_index
from intake.queues.task_outcomes import CALL_SAID_FORGED
from intake.queues.tasks import add_task
from intake.reference_data import promises
from intake.triage import issued_papers, read_first
from storage.audit_acts import Act
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority, Programme, SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission

OTHER_PROGRAMME = {
    Programme.REFERRALS: Programme.CASH,
    Programme.CASH: Programme.REFERRALS,
}


HELD = ends.HELD


class HoldReason(StrEnum):
    """Why a submission waits (requirement 111)."""

    CONSENT_MISSING = "consent_missing"
    SENDER_UNSURE = "sender_unsure"
    WAITS_FOR_ANSWER = "waits_for_answer"


TO_CALL = f"{HELD}{HoldReason.SENDER_UNSURE.value}"


class ConfirmationNeeded(IntakeError):
    """A referral is confirmed in writing: only a signed R2, or a reason, ends its clock."""

    reason = "confirmation_needed"
    public = "Confirm it in writing, or close it without that and say why. Nothing was changed."
    status = 409


class NotFiledYet(IntakeError):
    """A submission without a case cannot be confirmed, because nobody would own it."""

    reason = "not_filed_yet"
    public = "Please choose its case first. Then you can confirm it."
    status = 409


class SaidForged(Conflict):
    """A call said that the sender did not write it, so it is confirmed to nobody."""

    reason = "said_forged"
    public = (
        "A call said that the sender did not write this, so it cannot be confirmed. If that was a "
        "mistake, open the call again on its page."
    )


def confirm_submission(
    services: "Services", opened: "OpenedToChange[Submission]", *, seen_version: int | None = None
) -> None:
    """Confirm what was filed about cash: it leaves its queue, and its case gets an owner.

    It need not be complete. Raises NotFound, NotFiledYet, ChangedMeanwhile, LetterUnread,
    ConfirmationNeeded for a referral, and Conflict when it is confirmed already or not in a queue.
    """
    with services.database.transaction() as session:
        submission = checked_submission(services, session, opened, seen_version)
        refuse_unfit(submission)
        read_first.require_letter_read(services, session, opened.user, submission)
        if submission.programme == Programme.REFERRALS:
            raise ConfirmationNeeded
        confirm_locked(services, session, opened.user, submission)


def confirm_locked(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Confirm a locked submission in the caller's transaction.

    Raises NotFiledYet, SaidForged or Conflict.
    """
    refuse_unfit(submission)
    settle(services, session, user, submission)
    audit.note(services, session, user, Act.SUBMISSION_CONFIRMED, ("submission", submission.id))


def refuse_unfit(submission: "Submission") -> None:
    """Raise NotFiledYet for what has no case, and Conflict for what waits in no queue.

    What a call said is forged raises SaidForged.
    """
    if submission.case_id is None:
        raise NotFiledYet
    if CALL_SAID_FORGED in submission.sender_reasons:
        raise SaidForged
    if submission.state != SubmissionState.QUEUED:
        raise Conflict


def settle(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Take a locked submission out of its queue as decided about; the caller audits why."""
    now = services.now()
    submission.state = SubmissionState.CONFIRMED
    submission.decided_by, submission.decided_at = user.id, now
    queue_items.close_kind(session, submission.id, TaskKind.SUBMISSION, now)
    case = cases.by_id(session, submission.case_id)
    if case is not None:
        case.owner_id = case.owner_id or user.id
        case.state = CaseState.CONFIRMED if case.state == CaseState.RECEIVED else case.state
        completeness.refresh_completeness(services, session, case.id)


def checked_submission(
    services: "Services",
    session: "Session",
    opened: "OpenedToChange[Submission]",
    seen_version: int | None,
) -> "Submission":
    """Return a submission, locked, whose state has not changed since it was seen.

    Raises NotFound or ChangedMeanwhile.
    """
    submission = opened.row(services, session)
    edit_conflicts.refuse_if_changed(
        session, ("submission", submission.id), edit_conflicts.SUBMISSION_STATE, seen_version
    )
    return submission


def reopen_locked(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Undo a confirmation of a locked submission: it is in its queue again.

    The case keeps its state, because others may have acted on it. Raises Conflict when it is not
    confirmed, and ConfirmationIssued when a paper says so.
    """
    if submission.state != SubmissionState.CONFIRMED:
        raise Conflict
    issued_papers.refuse_when_confirmed(session, submission.id)
    open_again(services, session, submission)
    audit.note(services, session, user, Act.SUBMISSION_REOPENED, ("submission", submission.id))


def open_again(services: "Services", session: "Session", submission: "Submission") -> None:
    """Let a locked submission wait in its queue again, as nobody had decided about it."""
    ends.wait_again(services, session, submission)
    if submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)


def hold_submission(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    why: HoldReason,
    *,
    until: "datetime | None" = None,
    seen_version: int | None = None,
) -> None:
    """Move a submission to the queue of holds. Raises NotFound, ChangedMeanwhile or Conflict.

    `until` is when it comes back by itself (aware; `hold_ends.checked_end`), None for never. To
    hold it because nobody knows who wrote it opens the task to call them.
    """
    with services.database.transaction() as session:
        submission = checked_submission(services, session, opened, seen_version)
        if submission.state not in ends.WAITING:
            raise Conflict
        hold_locked(services, session, opened.user, submission, why, until)
        # Who signed in proved who they are, and about a stopped case nobody is called.
        is_open = submission.submitted_by is None and not cases.is_stopped(session, submission)
        if why is HoldReason.SENDER_UNSURE and is_open:
            call = TaskKind.CALL_BACK
            add_task(services, session, submission.id, kind=call, reason=TO_CALL)


def hold_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    why: HoldReason,
    until: "datetime | None" = None,
) -> None:
    """Hold a locked submission that waits, in the caller's transaction.

    Whoever has it has it on hold too: it is theirs to look after, and to take back.
    """
    before = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    due_at = before.due_at if before is not None else None
    with assignment.holder_kept(services, session, submission):
        _move(services, session, submission, Queue.ON_HOLD, f"{HELD}{why.value}")
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    if item is not None:
        item.held_until = until
        if due_at is not None:
            item.due_at = promises.due_on_hold(services, session, submission, due_at, until)
    audit.note(
        services,
        session,
        user,
        Act.SUBMISSION_HELD,
        ("submission", submission.id),
        {"reason": why.value} | ({"until": until.isoformat()} if until is not None else {}),
    )


def resume_submission(
    services: "Services", opened: "OpenedToChange[Submission]", *, seen_version: int | None = None
) -> None:
    """End a hold: the submission is in its former queue again.

    Raises NotFound, ChangedMeanwhile or Conflict.
    """
    with services.database.transaction() as session:
        submission = checked_submission(services, session, opened, seen_version)
        resume_locked(services, session, opened.user, submission)


def resume_locked(
    services: "Services",
    session: "Session",
    actor: "SignedInUser | str",
    submission: "Submission",
    reason: str = "",
) -> None:
    """End the hold of a locked submission in the caller's transaction. Raises Conflict.

    `actor` is a part of the system when the hold is over by itself; then `reason` says why the
    submission waits again.
    """
    if hold_of(session, submission) is None:
        raise Conflict
    item = ends.reopen_item(services, session, submission)
    if reason and item is not None:
        item.reason = reason
    detail = {"reason": reason} if reason else None
    subject = ("submission", submission.id)
    audit.note(services, session, actor, Act.SUBMISSION_RESUMED, subject, detail)
    if isinstance(actor, SignedInUser):
        acting = cover.acts_as(services, session, actor.id, services.now())
        _end_call(services, session, submission, acting)


def _end_call(
    services: "Services", session: "Session", submission: "Submission", acting: frozenset[str]
) -> None:
    """Close the call that a hold had opened, unless a colleague has taken it.

    `acting` are the ids of who resumes it and of those for whom they act.
    """
    call = queue_items.open_of_kind(session, submission.id, TaskKind.CALL_BACK)
    if call is not None and call.reason == TO_CALL and call.claimed_by in {None, *acting}:
        call.closed_at = services.now()


def hold_of(session: "Session", submission: "Submission") -> "QueueItem | None":
    """Return the open item by which an officer holds a submission, None for no hold."""
    return next(
        (
            item
            for item in queue_items.of_submission(session, submission.id)
            if item.queue == Queue.ON_HOLD
            and item.kind == TaskKind.SUBMISSION
            and item.closed_at is None
            and item.reason.startswith(HELD)
        ),
        None,
    )


def hand_on_submission(
    services: "Services", opened: "OpenedToChange[Submission]", *, seen_version: int | None = None
) -> None:
    """Hand a misdirected submission on to the other programme.

    This programme does not see it any more; it is in the other's queue of mail to match, or of
    enquiries about cash, without anything of a case. Raises NotFound, ChangedMeanwhile, and
    Conflict when it is filed, or waits for nobody.
    """
    with services.database.transaction() as session:
        submission = checked_submission(services, session, opened, seen_version)
        if submission.case_id is not None or submission.state not in ends.WAITING:
            raise Conflict
        now = services.now()
        queue_items.close_all(session, submission.id, now)
        submission.programme = OTHER_PROGRAMME[Programme(submission.programme)]
        submission.state = SubmissionState.HOLDING
        submission.priority = Priority.UNKNOWN
        submission.region = submission.sender_id = None
        # From now on only the other programme can find it by its words.
        key = services.keyring.open(session, submission.data_key_id)
        search_index.index_submission(services, session, submission, key)
        _move(services, session, submission, Queue.MAIL_TO_MATCH, "came_through_other_door")
        audit.note(
            services,
            session,
            opened.user,
            Act.SUBMISSION_HANDED_ON,
            ("submission", submission.id),
            {"programme": submission.programme},
        )


def _move(
    services: "Services", session: "Session", submission: "Submission", queue: Queue, reason: str
) -> None:
    """Move the submission's own item into a queue, and close it in all others."""
    now = services.now()
    queue_items.close_kind(session, submission.id, TaskKind.SUBMISSION, now)
    ends.put_back(services, session, submission, queue, reason, now)
