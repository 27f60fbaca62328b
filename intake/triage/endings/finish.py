"""Finish submissions that are no case, and open them again, as an officer decides.

An end is a code, so that it can be counted (requirement 133). Each act is one audited transaction.
It is refused when somebody else changed the submission meanwhile, while a sign of danger or a legal
date of it is open, and when it has another end: a case. A case that it alone opened ends with
it, and one that holds anything else stays. An end can be taken back until the mail that was sent
with it has left.
"""

from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.accounts.people import cover
from intake.cases import completeness
from intake.cases.legal_dates import apply_legal_dates
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.correspondence import answers
from intake.correspondence.recipients import find_context
from intake.filing import own_case
from intake.outbox.undo_send import HasLeft
from intake.queues import bulk_actions, ends
from intake.queues.bulk_actions import ManyAct, SkipReason
from intake.triage import read_first
from intake.triage.endings import outcomes, typed_again
from intake.triage.endings.outcomes import HasOtherEnd, LegalDateOpen, ProtectionOpen
from intake.triage.read_first import LetterUnread
from storage.audit_acts import Act
from storage.cases import cases
from storage.mail import outbox
from storage.mail.outbox import MessageState
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.correspondence.answers import AnswerApproval, AnswerDraft
    from intake.correspondence.recipients import AnswerTools
    from intake.queues.bulk_actions import BulkOutcome, Selected
    from intake.triage.endings.typed_again import TypedAgain
    from storage.audit import AuditEvent
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission


# Why a submission is left alone in the list of work.
SKIPPED: dict[type[Conflict], SkipReason] = {
    HasOtherEnd: SkipReason.HAS_OTHER_END,
    ProtectionOpen: SkipReason.PROTECTION_OPEN,
    LegalDateOpen: SkipReason.LEGAL_DATE_OPEN,
}


class OutcomeInvalid(IntakeError):
    """A form names no end, or one that this submission cannot have."""

    reason = "outcome_invalid"
    public = "Choose how it ends. Nothing was changed."
    status = 400


def finish_submission(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    outcome: Outcome,
    *,
    seen_version: int | None = None,
) -> None:
    """Finish a submission: it leaves its queue, and its tasks stay.

    Raises NotFound, ChangedMeanwhile, OutcomeInvalid, LetterUnread, Conflict when it does not wait,
    and HasOtherEnd, ProtectionOpen or LegalDateOpen.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        finish_locked(services, session, opened.user, submission, outcome, seen_version)


def finish_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    outcome: Outcome,
    seen_version: int | None = None,
    *,
    mail: str = "",
) -> None:
    """Finish a locked submission in the caller's transaction, as `finish_submission` does.

    `mail` is the kind of the mail that is sent with it.
    """
    edit_conflicts.refuse_if_changed(
        session, ("submission", submission.id), edit_conflicts.SUBMISSION_STATE, seen_version
    )
    if outcome not in outcomes.fitting(submission):
        raise OutcomeInvalid
    read_first.require_letter_read(services, session, user, submission)
    found = outcomes.obstacle(services, session, submission)
    if found is not None:
        raise found
    if submission.state not in ends.WAITING:
        raise Conflict
    case = own_case.case_that_ends(session, submission)
    if case is not None:
        own_case.take_away(services, session, user, submission, case)
    detail = ends.end(services, session, submission, user.id, outcome)
    if submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)
    audit.note(
        services,
        session,
        user,
        Act.SUBMISSION_FINISHED,
        ("submission", submission.id),
        detail
        | ({ends.MAIL: mail} if mail else {})
        | ({ends.CASE: case.id} if case is not None else {}),
    )


def send_and_finish(
    office: "AnswerTools",
    opened: "OpenedToChange[Submission]",
    draft: "AnswerDraft",
    consent: "AnswerApproval",
) -> None:
    """Send an answer and finish its submission; the same form again changes nothing.

    The end follows from the answer. Raises what `send_answer` and `finish_submission` raise; then
    nothing is sent.
    """
    services = office.services
    with services.database.transaction() as session:
        context = find_context(services, session, opened)
        submission = context.submission
        ending = ends.ending_of(session, submission)
        if ending is not None and _is_of(opened.user, ending, consent.kind):
            return
        answers.send_locked(office, session, context, draft, consent)
        outcome = outcomes.BY_ANSWER.get(draft.code, Outcome.ANSWERED)
        finish_locked(
            services,
            session,
            opened.user,
            submission,
            outcome,
            consent.seen_version,
            mail=consent.kind,
        )


def finish_automatic(services: "Services", selected: "Sequence[Selected]") -> "BulkOutcome":
    """Finish those selected submissions that are a machine's mail; name the others and why.

    Nobody opens these, so only a machine's mail that brings nothing to look at is
    finished. Each is a transaction and an audit event of its own.
    """

    def change(session: "Session", item: "QueueItem", each: "Selected") -> SkipReason | None:
        return _finish_unseen(services, session, item, each)

    return bulk_actions.do_to_each(services, ManyAct.FINISH, selected, change)


def open_again(
    services: "Services", opened: "OpenedToChange[Submission]", *, seen_version: int | None = None
) -> "TypedAgain | None":
    """Take an end back: it waits where it waited, in its case, and its mail does not leave.

    Return what the user had typed into that mail, None when there is none of theirs. Raises
    NotFound, ChangedMeanwhile, Conflict when it was not finished, and HasLeft.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        edit_conflicts.refuse_if_changed(
            session, ("submission", submission.id), edit_conflicts.SUBMISSION_STATE, seen_version
        )
        return open_again_locked(services, session, opened.user, submission)


def open_again_locked(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> "TypedAgain | None":
    """Do as `open_again` with a locked submission, in the caller's transaction."""
    ending = ends.ending_of(session, submission)
    if ending is None:
        raise Conflict
    subject, kind = ("submission", submission.id), ending.detail.get(ends.MAIL)
    typed = typed_again.typed_into(services, session, user, submission, kind) if kind else None
    if kind is not None and _take_out(services, session, submission, kind):
        audit.note(services, session, user, Act.MAIL_TAKEN_BACK, subject, {"sent": kind})
    ends.open_again(services, session, submission)
    if ends.CASE in ending.detail:
        own_case.give_back(services, session, submission, ending.detail[ends.CASE])
    elif submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)
    # A day may have come near while nothing of it waited.
    apply_legal_dates(services, session, submission)
    audit.note(services, session, user, Act.SUBMISSION_OPENED_AGAIN, subject)
    return typed


def can_be_opened(services: "Services", opened: "OpenedToChange[Submission]") -> bool:
    """Tell whether an end can still be taken back, by what `open_again` asks. Raises NotFound."""
    with services.database.reading() as session:
        return can_be_opened_locked(services, session, opened.row(services, session))


def can_be_opened_locked(
    services: "Services", session: "Session", submission: "Submission"
) -> bool:
    """Tell the same of a submission in the caller's transaction."""
    ending = ends.ending_of(session, submission)
    if ending is None:
        return False
    kind = ending.detail.get(ends.MAIL)
    waiting = {row.kind for row in outbox.waiting(session, submission.id, services.now())}
    return kind is None or kind in waiting or not _may_have_left(session, submission, kind)


def why_not(services: "Services", opened: "OpenedToChange[Submission]") -> str:
    """Return why a submission cannot be finished now, as a sentence, "" when it can be.

    Raises NotFound.
    """
    with services.database.reading() as session:
        submission = opened.row(services, session)
        found = outcomes.obstacle(services, session, submission)
        if found is not None:
            return found.public
        return "" if submission.state in ends.WAITING else "It is finished already."


def _finish_unseen(
    services: "Services", session: "Session", item: "QueueItem", selected: "Selected"
) -> SkipReason | None:
    """Finish one, or return why not. Everything is asked under the submission's lock."""
    submission = cases.locked_submission(session, item.submission_id or "")
    session.refresh(item)
    if submission is None or item.closed_at is not None or submission.state not in ends.WAITING:
        return SkipReason.DONE_MEANWHILE
    user = selected.opened.user
    acting = cover.acts_as(services, session, user.id, services.now())
    if item.claimed_by is not None and item.claimed_by not in acting:
        return SkipReason.SOMEBODY_HAS_IT
    found = outcomes.obstacle(services, session, submission)
    if found is not None:
        return SKIPPED[found]
    key = services.keyring.open(session, submission.data_key_id)
    is_own = item.kind == TaskKind.SUBMISSION
    if not is_own or not outcomes.is_automatic_mail(services, session, submission, key):
        return SkipReason.NOT_AUTOMATIC
    if outcomes.may_be_a_person(services, session, submission, key):
        return SkipReason.MAY_BE_A_PERSON
    try:
        finish_locked(services, session, user, submission, Outcome.AUTOMATIC)
    except LetterUnread:
        # What is urgent is opened, whoever seems to have written it.
        return SkipReason.MAY_BE_A_PERSON
    return None


def _is_of(user: "SignedInUser", ending: "AuditEvent", mail: str) -> bool:
    """Tell whether a user finished a submission with this very mail."""
    return (ending.actor, ending.detail.get(ends.MAIL)) == (user.actor, mail)


def _take_out(
    services: "Services", session: "Session", submission: "Submission", kind: str
) -> bool:
    """Take a mail back that has not left; False when there is none to leave. Raises HasLeft."""
    if not _may_have_left(session, submission, kind):
        return False
    if outbox.take_out(session, submission.id, kind, services.now()) is None:
        raise HasLeft
    return True


def _may_have_left(session: "Session", submission: "Submission", kind: str) -> bool:
    """Tell whether a mail was written and not suppressed: it is on its way, or will be."""
    return any(
        row.kind == kind and row.state != MessageState.SUPPRESSED
        for row in outbox.of_submission(session, submission.id)
    )
