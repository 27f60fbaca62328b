"""Acting on a document: find it locked, write down who did what and why, and see to its queue.

What all acts on held documents share. Each runs in its caller's transaction: one act,
one row, one audit event, which says who and what; the written reason stays sealed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.four_eyes import is_malware
from intake.core.errors import NotFound
from storage import audit
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal
from storage.documents import quarantine
from storage.documents.documents import QUARANTINED, Document, DocumentState, of_submission
from storage.documents.quarantine import QuarantineAct, QuarantineActKind
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

AUDITED = {
    QuarantineActKind.ASK_TO_RESEND: Act.DOCUMENT_RESEND_ASKED,
    QuarantineActKind.ASK_RELEASE: Act.DOCUMENT_RELEASE_ASKED,
    QuarantineActKind.RELEASE: Act.DOCUMENT_RELEASED,
    QuarantineActKind.REJECT: Act.DOCUMENT_REJECTED,
    QuarantineActKind.UNLOCK: Act.DOCUMENT_UNLOCKED,
    QuarantineActKind.ASK_ORIGINAL: Act.DOCUMENT_ORIGINAL_ASKED,
    QuarantineActKind.OPEN_ORIGINAL: Act.DOCUMENT_ORIGINAL_OPENED,
}
# What waits for its inspection may still turn out to be held: its queue item stays open.
UNSETTLED = (*QUARANTINED, DocumentState.STORED)


@dataclass(frozen=True)
class HeldDocument:
    """A document, what it came in with, and the key that opens both."""

    document: Document
    submission: "Submission"
    key: "DataKey"
    acts: tuple[QuarantineAct, ...]

    @property
    def is_malware(self) -> bool:
        """Tell whether this takes two people."""
        return is_malware(self.document.state, self.document.reason, self.document.findings)

    def was_done_by(self, act: QuarantineActKind, user: "SignedInUser") -> bool:
        """Tell whether a user did this already: a form sent twice is no second act."""
        return any(done.act == act and done.user_id == user.id for done in self.acts)


def find(
    services: "Services", session: "Session", user: "SignedInUser", document_id: str
) -> HeldDocument:
    """Return a document that is a user's to act on, as it is now, locked to the commit.

    Raises NotFound for an unknown document and for one of another programme alike. What is
    closed to her can be asked for, released or rejected unseen, as the quarantine desk does.
    """
    known = session.get(Document, document_id)
    submission = submissions.locked(session, known.submission_id) if known is not None else None
    if submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    # Read again under the lock: what was read before it may be old.
    document = session.get_one(Document, document_id, populate_existing=True)
    key = services.keyring.open(session, submission.data_key_id)
    return HeldDocument(document, submission, key, tuple(quarantine.acts_on(session, document_id)))


def record(
    services: "Services",
    session: "Session",
    held: HeldDocument,
    user: "SignedInUser",
    act: QuarantineActKind,
    reason: str = "",
    **detail: str,
) -> None:
    """Write an act down and audit it; `detail` are codes.

    When nothing of the submission is held any more, its queue item closes.
    """
    now, act_id = services.now(), new_id()
    session.add(
        QuarantineAct(
            id=act_id,
            document_id=held.document.id,
            act=act,
            user_id=user.id,
            reason=seal(held.key, place("quarantine_acts", "reason", act_id), reason),
            at=now,
        )
    )
    session.flush()
    audit.append(
        session,
        now,
        actor=user.actor,
        act=AUDITED[act],
        subject=("submission", held.submission.id),
        detail={"document": held.document.id, "part": held.document.path, **detail},
    )
    rows = of_submission(session, held.submission.id)
    if not any(row.state in UNSETTLED for row in rows):
        queue_items.close_kind(session, held.submission.id, "quarantine", now)
