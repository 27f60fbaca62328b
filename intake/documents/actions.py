"""Find a held document under its lock, and record an act on it.

All acts on held documents share this. Each runs in its caller's transaction: one act, one row, one
audit event, which says who and what; the written reason stays sealed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.four_eyes import is_malware, pending
from intake.core import audit
from intake.core.errors import NotFound
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal
from storage.documents import quarantine
from storage.documents.documents import QUARANTINED, Document, DocumentState, of_submission
from storage.documents.quarantine import QuarantineAct, QuarantineActKind
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from datetime import datetime

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
# While a document waits for inspection it may still be held, so the queue item stays open.
UNSETTLED = (*QUARANTINED, DocumentState.STORED)


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


def find_held_document(
    services: "Services", session: "Session", user: "SignedInUser", document_id: str
) -> HeldDocument:
    """Return a document on which a user may act, as it is now, locked to the commit.

    Raises NotFound for an unknown document and for one of another programme. A document that is
    closed to the user can be released or rejected unseen.
    """
    known = session.get(Document, document_id)
    submission = submissions.locked(session, known.submission_id) if known is not None else None
    if submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    # Read again under the lock, because another transaction may have changed it.
    document = session.get_one(Document, document_id, populate_existing=True)
    key = services.keyring.open(session, submission.data_key_id)
    return HeldDocument(document, submission, key, tuple(quarantine.acts_on(session, document_id)))


def record_act(
    services: "Services",
    session: "Session",
    held: HeldDocument,
    user: "SignedInUser",
    act: QuarantineActKind,
    reason: str = "",
    **detail: str,
) -> None:
    """Record an act and audit it; `detail` are codes.

    The submission's quarantine item closes when none of its documents is held any more.
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
    audit.note(
        services,
        session,
        user,
        AUDITED[act],
        ("submission", held.submission.id),
        {"document": held.document.id, "part": held.document.path, **detail},
        at=now,
    )
    rows = of_submission(session, held.submission.id)
    if not any(row.state in UNSETTLED for row in rows):
        queue_items.close_kind(session, held.submission.id, TaskKind.QUARANTINE, now)
