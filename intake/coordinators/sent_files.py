"""Show a coordinator what became of the files that they sent.

What an officer found out about a file, such as its type, is never shown: only whether it was
received, can be read, and what the sender can do about one that cannot.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import closings, papers
from intake.confirmations.content import FileOutcome, outcome_of, visible
from intake.core.errors import KeyUnavailable
from intake.documents.tree import views_of_rows
from storage.documents import documents
from storage.documents.documents import DocumentState

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.documents.views import DocumentView
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class SentFile:
    """One file as it was sent: `name` is visible text, `size` in bytes."""

    name: str
    size: int
    outcome: FileOutcome


def files_of(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> tuple[SentFile, ...]:
    """Return the files of a submission, for who sent it; for anybody else none."""
    if not papers.may_read_of(services, session, user, submission):
        return ()
    try:
        key = services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        # Erased: nothing of it can be told any more.
        return ()
    rows = documents.of_submission(session, submission.id)
    came = [row for row in rows if row.parent_id is None and not closings.is_body_row(row)]
    return tuple(
        SentFile(visible(view.name), view.size, _outcome(view))
        for view in views_of_rows(session, key, came)
    )


def _outcome(view: "DocumentView") -> FileOutcome:
    """Return what became of a file; one that waits for its inspection was received, no more."""
    if view.state == DocumentState.STORED:
        return FileOutcome.OPENING
    return outcome_of(view.state, view.copy.state, view.size)
