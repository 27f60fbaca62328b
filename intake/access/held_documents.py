"""Find a held document on which a user may act, with its submission and all acts on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.safeguards.four_eyes import is_malware, pending
from intake.core.errors import NotFound
from storage.cases import cases
from storage.documents import quarantine
from storage.documents.documents import Document
from storage.documents.quarantine import QuarantineAct, QuarantineActKind
from storage.submissions import submissions

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class HeldDocument:
    """A document, its submission, the key that opens both, and all acts on the document."""

    document: Document
    submission: "Submission"
    key: "DataKey"
    acts: tuple[QuarantineAct, ...]

    @property
    def is_malware(self) -> bool:
        """Tell whether malware was found in it, so that acts on it take two people."""
        return is_malware(self.document.state, self.document.reason, self.document.findings)

    def asked_by(
        self, asking: QuarantineActKind, doing: QuarantineActKind, now: "datetime"
    ) -> set[str]:
        """Return who asked for an act, as far as that still counts."""
        return {act.user_id for act in pending(self.acts, asking, doing, now)}

    def was_done_by(self, act: QuarantineActKind, user: "SignedInUser") -> bool:
        """Tell whether a user did this already, so that a form sent twice is one act."""
        return any(done.act == act and done.user_id == user.id for done in self.acts)


def document_to_act(
    services: "Services", session: "Session", user: "SignedInUser", document_id: str
) -> HeldDocument:
    """Return a document on which a user may act, not locked.

    Raises NotFound for an unknown document and for one of another programme. A document that is
    closed to the user can be released or rejected unseen.
    """
    known = session.get(Document, document_id)
    submission = submissions.by_id(session, known.submission_id) if known is not None else None
    if known is None or submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    return _held(services, session, known, submission)


def find_held_document(
    services: "Services", session: "Session", user: "SignedInUser", document_id: str
) -> HeldDocument:
    """Return the same as it is now, locked to the commit. Raises NotFound and OnlyToRead."""
    known = session.get(Document, document_id)
    submission = (
        cases.locked_submission(session, known.submission_id) if known is not None else None
    )
    if submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    # Read again under the lock, because another transaction may have changed it.
    document = session.get_one(Document, document_id, populate_existing=True)
    return _held(services, session, document, submission)


def _held(
    services: "Services", session: "Session", document: Document, submission: "Submission"
) -> HeldDocument:
    key = services.keyring.open(session, submission.data_key_id)
    return HeldDocument(document, submission, key, tuple(quarantine.acts_on(session, document.id)))
