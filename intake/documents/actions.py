"""Record an act on a held document.

All acts on held documents share this. Each runs in its caller's transaction: one act, one row, one
audit event, which says who and what; the written reason stays sealed.
"""

from typing import TYPE_CHECKING

from intake.access.held_documents import HeldDocument
from intake.core import audit
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal
from storage.documents.documents import QUARANTINED, DocumentState, of_submission
from storage.documents.quarantine import QuarantineAct, QuarantineActKind
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

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
