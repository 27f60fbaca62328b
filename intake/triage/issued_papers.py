"""List the signed papers of a submission, and refuse to undo what one of them confirms."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.core.errors import Conflict
from storage.accounts import users
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind

if TYPE_CHECKING:
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class IssuedView:
    """A signed paper; `officer` is a label, empty for a paper that the service made."""

    id: str
    kind: str
    number: int
    officer: str
    signed_at: datetime
    read_at: datetime | None


def issued_of(session: "Session", submission: "Submission") -> tuple[IssuedView, ...]:
    """Return a submission's signed papers, oldest first."""
    rows = confirmations.of_submission(session, submission.id)
    labels = users.labels_of(session, {row.user_id for row in rows if row.user_id})
    return tuple(
        IssuedView(
            row.id,
            row.kind,
            row.number,
            labels.get(row.user_id or "", ""),
            row.signed_at,
            row.read_at,
        )
        for row in rows
    )


class ConfirmationIssued(Conflict):
    """A signed confirmation (R2) was issued, so what it confirms cannot be undone."""

    reason = "confirmation_issued"
    public = "A signed confirmation was issued, so this cannot be taken back. Issue a newer one."


def refuse_when_confirmed(session: "Session", submission_id: str) -> None:
    """Raise ConfirmationIssued when a confirmation (R2) was signed for a submission."""
    rows = confirmations.of_submission(session, submission_id)
    if any(row.kind == PaperKind.CONFIRMATION for row in rows):
        raise ConfirmationIssued
