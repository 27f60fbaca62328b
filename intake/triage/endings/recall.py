"""Take back what is about to leave, and open again what a confirmation alone had ended.

A signed confirmation ends the clock of its submission. Where the last one is taken back before it
left, the submission waits in its queue again, with the due time that it had.
"""

from typing import TYPE_CHECKING

from intake.core import audit
from intake.outbox import undo_send
from intake.triage import decisions
from intake.triage.endings import typed_again
from storage.audit_acts import Act
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind
from storage.submissions.submissions import Programme, SubmissionState

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.endings.typed_again import TypedAgain
    from storage.database import Session
    from storage.submissions.submissions import Submission


def take_back_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    kind: str,
) -> "TypedAgain | None":
    """Take back a mail or a confirmation of a locked submission before it leaves.

    `kind` is the mail's code. Return what the user had typed into it, None for another's. Raises
    HasLeft, and EndsWithIt for one that finished its submission.
    """
    typed = typed_again.typed_into(services, session, user, submission, kind)
    undo_send.undo_locked(services, session, submission, kind)
    subject = ("submission", submission.id)
    audit.note(services, session, user, Act.MAIL_TAKEN_BACK, subject, {"sent": kind})
    if kind == PaperKind.CONFIRMATION and _is_unconfirmed(session, submission):
        # Signing recorded both, so taking it back does; `sent` says that it is one act.
        decisions.open_again(services, session, submission)
        audit.note(services, session, user, Act.SUBMISSION_REOPENED, subject, {"sent": kind})
    return typed


def _is_unconfirmed(session: "Session", submission: "Submission") -> bool:
    """Tell whether no confirmation is left of a referral that counts as confirmed by one."""
    rows = confirmations.of_submission(session, submission.id)
    return (
        submission.programme == Programme.REFERRALS
        and submission.state == SubmissionState.CONFIRMED
        and not any(row.kind == PaperKind.CONFIRMATION for row in rows)
    )
