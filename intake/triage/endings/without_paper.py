"""Close a referral's submission without a written confirmation, for a reason that is kept.

R2's clock ends by a signed R2, or here. That a confirmation of the same case covers an addition
counts only for a paper that has left, and was signed after the addition came. Like a confirmation
it is one audited transaction, refused when somebody else was quicker, and can be undone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import papers
from intake.core import audit
from intake.core.errors import Conflict
from intake.triage import decisions, read_first
from storage.audit_acts import Act
from storage.cases import cases, confirmations
from storage.cases.confirmations import PaperKind
from storage.submissions import submissions
from storage.submissions.submissions import Programme, SubmissionState

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


class ClosedWithout(StrEnum):
    """Why nobody confirms in writing; the codes are stored."""

    COVERED = "covered"
    MACHINE = "machine_mail"
    INTERNAL = "internal"
    WITHDRAWN = "withdrawn"


class NotCovered(Conflict):
    """No confirmation of the case covers what came, or nobody withdrew."""

    reason = "not_covered"
    public = (
        "This reason does not hold as the case stands now. Confirm in writing, or choose another "
        "reason. Nothing was changed."
    )


@dataclass(frozen=True)
class Covering:
    """A confirmation that can cover a later addition: whose it is, and its number."""

    paper_id: str
    reference: str
    number: int


@dataclass(frozen=True)
class WithoutPaper:
    """How a submission can be closed without R2, or that it was.

    `covering` are the papers that cover it; `why` is the code of why it was closed, else None.
    """

    covering: tuple[Covering, ...] = ()
    has_withdrawn: bool = False
    why: str | None = None


def without_paper_of(
    services: "Services", session: "Session", submission: "Submission"
) -> WithoutPaper | None:
    """Return how a submission can be, or was, closed without R2; None when neither is so."""
    if submission.closed_without is not None:
        return WithoutPaper(why=submission.closed_without)
    is_asked = (
        submission.programme == Programme.REFERRALS
        and submission.state == SubmissionState.QUEUED
        and submission.case_id is not None
    )
    if not is_asked:
        return None
    return WithoutPaper(
        _covering(services, session, submission),
        cases.has_person_withdrawn(session, submission.case_id),
    )


def confirm_without_paper(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    why: ClosedWithout,
    *,
    paper_id: str = "",
    seen_version: int | None = None,
) -> None:
    """Close a filed submission of the referrals programme: no R2 is written for it.

    `paper_id` names the confirmation that covers it, with COVERED. Raises NotFound, NotFiledYet,
    ChangedMeanwhile, LetterUnread, NotCovered, and Conflict when it is confirmed already or in no
    queue.
    """
    with services.database.transaction() as session:
        submission = decisions.checked_submission(services, session, opened, seen_version)
        decisions.refuse_unfit(submission)
        read_first.require_letter_read(services, session, opened.user, submission)
        ways = without_paper_of(services, session, submission)
        if ways is None:
            raise Conflict
        papers_that_cover = {each.paper_id for each in ways.covering}
        is_covered = why is not ClosedWithout.COVERED or paper_id in papers_that_cover
        is_true = why is not ClosedWithout.WITHDRAWN or ways.has_withdrawn
        if not (is_covered and is_true):
            raise NotCovered
        decisions.settle(services, session, opened.user, submission)
        submission.closed_without = why.value
        paper = paper_id if why is ClosedWithout.COVERED else None
        audit.note(
            services,
            session,
            opened.user,
            Act.SUBMISSION_CLOSED_WITHOUT,
            ("submission", submission.id),
            {"reason": why.value, "paper": paper},
        )


def _covering(
    services: "Services", session: "Session", submission: "Submission"
) -> tuple[Covering, ...]:
    """Return the confirmations of the case since the submission came, the newest first."""
    signed = [
        row
        for row in confirmations.of_case(session, submission.case_id or "")
        if row.kind == PaperKind.CONFIRMATION
        and row.submission_id != submission.id
        and row.signed_at >= submission.received_at
        and papers.has_left(services, row)
    ]
    known = submissions.by_ids(session, {row.submission_id for row in signed})
    return tuple(Covering(row.id, known[row.submission_id].reference, row.number) for row in signed)
