"""Issue R1 as a signed PDF, once, when somebody first asks for it.

It says what came and when, and not what became of it. A second one is signed beside the first when
the date that the first promises was promised anew.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import papers
from intake.confirmations import facts, signed_papers
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from intake.reference_data import promises
from storage.audit_acts import Act
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind
from storage.submissions import submissions
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.access.opened import OpenedToRead
    from intake.core.services import Services
    from storage.cases.confirmations import Confirmation
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
    return _sign(services, submission_id, actor, lambda session: _known(session, submission_id))


def renew_receipt(services: "Services", submission_id: str, *, actor: str) -> str | None:
    """Sign R1 once more with the date that is promised now; the older one stays as it was printed.

    Returns the new paper's id, None where no R1 was signed before or none promises another date.
    Call it after the commit. Raises as `issue_receipt` does.
    """

    def up_to_date(session: "Session") -> str | None:
        submission = session.get_one(submissions.Submission, submission_id)
        promise = promises.open_promise(services, session, submission)
        newest = _newest(session, submission_id)
        if newest is None or promise is None:
            return ""
        said = signed_papers.content_of(services, session, newest).get("confirm_by")
        is_other = said is None or datetime.fromisoformat(said) != promise.at
        return None if is_other else ""

    with services.database.reading() as session:
        if up_to_date(session) is not None:
            return None
    return _sign(services, submission_id, actor, up_to_date) or None


def _sign(
    services: "Services",
    submission_id: str,
    actor: str,
    known_of: "Callable[[Session], str | None]",
) -> str:
    """Sign R1, unless `known_of` returns a paper's id under the lock; return the paper's id."""
    with services.database.reading() as session:
        submission = session.get_one(submissions.Submission, submission_id)
        key = services.keyring.open(session, submission.data_key_id)
        paper = facts.receipt_of(services, session, submission, key)
    signed = signed_papers.make_paper(services, key, paper)
    with services.database.transaction() as session:
        locked = submissions.locked(session, submission_id)
        known = known_of(session)
        if known is not None:
            return known
        next_number = confirmations.next_number(session, submission_id, PaperKind.RECEIPT)
        if locked is None or next_number != paper.number:
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
    newest = _newest(session, submission_id)
    return newest.id if newest is not None else None


def _newest(session: "Session", submission_id: str) -> "Confirmation | None":
    rows = confirmations.of_submission(session, submission_id)
    return next((row for row in reversed(rows) if row.kind == PaperKind.RECEIPT), None)
