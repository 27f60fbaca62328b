"""Seen: a document with what one person sees of it, and of all that came with it.

Imports storage and its neighbours only.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.visibility import Level
from intake.core.errors import NotFound
from storage.documents.documents import Document, of_submission
from storage.submissions import submissions

if TYPE_CHECKING:
    from intake.access.visibility import Sight
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class Seen:
    """A document that somebody sees something of; `sights` are of all that came with it."""

    document: Document
    submission: "Submission"
    sights: "dict[str, Sight]"

    @property
    def sight(self) -> "Sight":
        """Return what is seen of the document itself."""
        return self.sights[self.document.id]


def find(services: "Services", session: "Session", user: "SignedInUser", document_id: str) -> Seen:
    """Return a document with what a person sees of it.

    Raises NotFound when that is nothing at all, as for one that is not there.
    """
    document = session.get(Document, document_id)
    submission = submissions.by_id(session, document.submission_id) if document else None
    if document is None or submission is None:
        raise NotFound
    standing = rights.standing_to(services, session, user, submission)
    if not (standing.reads or standing.is_alone):
        raise NotFound
    sights = rights.sights(session, standing, of_submission(session, submission.id))
    if sights[document_id].level is Level.NONE:
        raise NotFound
    return Seen(document, submission, sights)
