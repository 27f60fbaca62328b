"""Issue R1 as a signed PDF, once, when somebody first asks for it.

It says what came and when, and not what became of it.
"""

from typing import TYPE_CHECKING

from intake.access import papers
from intake.confirmations import facts, signed_papers
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from storage.audit_acts import Act
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind
from storage.submissions import submissions
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


class NotOpenedYet(Conflict):
    """A mail is not opened yet, so its files cannot be listed."""

    reason = "not_opened_yet"
    public = "It is still being opened. Please try again in a minute."


class NoReceiptYet(NotFound):
    """Somebody who only reads a submission asked for its signed receipt, and there is none."""

    reason = "no_receipt_yet"
    public = (
        "No signed receipt was made of this yet. Whoever may act on it, or sent it in, can make "
        "one. Nothing was changed."
    )


def issue_receipt_for(services: "Services", opened: "OpenedToRead[Submission]") -> str:
    """Return the id of a submission's signed R1 for a user, and make the paper when needed.

    It is made only for who may act on the submission or sent it in. Raises NotOpenedYet,
    NoReceiptYet for who only reads it while there is no paper, and NotFound when there is no such
    submission or the user may not read it.
    """
    with services.database.reading() as session:
        submission = opened.row(services, session)
        known = _known(session, submission.id)
        if known is not None:
            return known
        if not papers.may_make_receipt_of(services, session, opened.user, submission):
            raise NoReceiptYet
    return issue_receipt(services, submission.id, actor=opened.user.actor)


def issue_receipt(services: "Services", submission_id: str, *, actor: str = "system:intake") -> str:
    """Return the id of a submission's signed R1, and make the paper when needed.

    Call it after the submission's commit. Raises NotFound, NotOpenedYet, PaperFontMissing, and
    Conflict when another paper was signed at the same time.
    """
    with services.database.reading() as session:
        submission = submissions.by_id(session, submission_id)
        if submission is None:
            raise NotFound
        known = _known(session, submission_id)
        if known is not None:
            return known
        if submission.state == SubmissionState.RECEIVED:
            raise NotOpenedYet
        key = services.keyring.open(session, submission.data_key_id)
        paper = facts.receipt_of(services, session, submission, key)
    signed = signed_papers.make_paper(services, key, paper)
    with services.database.transaction() as session:
        locked = submissions.locked(session, submission_id)
        known = _known(session, submission_id)
        if known is not None:
            return known
        if locked is None or confirmations.next_number(session, submission_id) != paper.number:
            raise Conflict
        row = signed_papers.store_paper(
            services, session, locked, key, paper, signed,
            paper_id=signed_papers.new_paper_id(), user_id=None,
        )  # fmt: skip
        audit.note(
            services,
            session,
            actor,
            Act.PAPER_SIGNED,
            ("submission", submission_id),
            {"paper": row.id, "kind": PaperKind.RECEIPT, "number": row.number},
        )
    return row.id


def _known(session: "Session", submission_id: str) -> str | None:
    rows = confirmations.of_submission(session, submission_id)
    return next((row.id for row in rows if row.kind == PaperKind.RECEIPT), None)
