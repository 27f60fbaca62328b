"""List held documents, and release or reject them with a written reason.

One act is one transaction and one audit event. A malware verdict takes two people (threat P7).
Nothing here shows the file that was sent: the worker makes a safe copy of a released document.
Asking the sender is in `correspondence.ask_to_resend`, the file itself in `originals`, passwords
in `unlock`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.access.safeguards import written_reason
from intake.access.safeguards.four_eyes import MALWARE, TwoPersonAct, require_second
from intake.access.visibility import Level
from intake.access.work_items import own_lists
from intake.core.errors import Conflict
from intake.documents import actions
from intake.documents.tree import flagged_reason
from intake.inspection.inspect_documents import RELEASED_MALWARE
from intake.inspection.verdicts import REJECTED, RELEASED
from storage.accounts import users
from storage.documents import quarantine, safe_copies
from storage.documents.documents import QUARANTINED, DocumentState, of_submission
from storage.documents.quarantine import QuarantineActKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

# A locked document is not released: it can only be copied once its password opened it.
RELEASABLE = (DocumentState.HELD, DocumentState.UNREADABLE, DocumentState.INFECTED)
MAX_ROWS = 500


@dataclass(frozen=True)
class HeldRow:
    """One held document, without personal data; `done` pairs codes of acts with labels.

    Of one that is closed to the reader, `is_closed`, there is no reason, format or size.
    """

    document_id: str
    path: str
    state: str
    reason: str
    detected_type: str | None
    size: int
    reference: str
    received_at: datetime
    sender_verdict: str | None
    done: tuple[tuple[str, str], ...]
    is_closed: bool = False


def held_list(services: "Services", user: "SignedInUser") -> list[HeldRow]:
    """Return the documents that are held for a person to decide, the longest waiting first.

    Each shows as much as on its submission's page (`tree.as_seen`), so those of which the user may
    not even know are left out.
    """
    with services.database.reading() as session:
        found = quarantine.held_documents(
            session,
            list(programmes.read_by(user)),
            only=own_lists.listed(services, session, user),
            limit=MAX_ROWS,
        )
        acts = quarantine.acts_on_many(session, [document.id for document, _mail in found])
        ids = {act.user_id for several in acts.values() for act in several}
        labels = users.labels_of(session, ids)
        several = {submission.id: submission for _document, submission in found}
        levels = _levels(services, session, user, several.values())
    return [
        _held_row(
            document,
            submission,
            tuple((act.act, labels.get(act.user_id, "")) for act in acts.get(document.id, ())),
            is_closed=levels[document.id] is Level.FLAG,
        )
        for document, submission in found
        if levels[document.id] is not Level.NONE
    ]


def _levels(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    several: "Iterable[Submission]",
) -> dict[str, Level]:
    """Return {document: how much of it a user sees in the list} for all of some submissions.

    Who sees the rows of both programmes, as in the queues, but may not read one of these
    submissions, sees of its documents the flag at most.
    """
    levels: dict[str, Level] = {}
    for submission in several:
        relationship = rights.relationship_to(services, session, user, submission)
        # What they would see as a reader tells of which compartments they may know.
        rows = of_submission(session, submission.id)
        known = rights.visibilities(session, replace(relationship, reads=True), rows)
        for document_id, visibility in known.items():
            is_flag = not relationship.reads and visibility.level is not Level.NONE
            levels[document_id] = Level.FLAG if is_flag else visibility.level
    return levels


def _held_row(
    document: "Document",
    submission: "Submission",
    done: tuple[tuple[str, str], ...],
    *,
    is_closed: bool,
) -> HeldRow:
    return HeldRow(
        document_id=document.id,
        path=document.path,
        state=document.state,
        reason=flagged_reason(document.reason) if is_closed else document.reason,
        detected_type=None if is_closed else document.detected_type,
        size=0 if is_closed else document.size,
        reference=submission.reference,
        received_at=submission.received_at,
        sender_verdict=submission.sender_verdict,
        done=done,
        is_closed=is_closed,
    )


def is_malware(services: "Services", opened: "OpenedToChange[HeldDocument]") -> bool:
    """Tell whether releasing a document would release malware. Raises NotFound."""
    with services.database.reading() as session:
        return opened.row(services, session).is_malware


def ask_release(services: "Services", opened: "OpenedToChange[HeldDocument]", reason: str) -> None:
    """Ask, as the first of two people, to release a document with a malware verdict.

    Asking twice changes nothing. Raises NotFound, ReasonInvalid, and Conflict when the
    document is not held for malware.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = opened.row(services, session)
        if held.document.state not in RELEASABLE or not held.is_malware:
            raise Conflict
        if opened.user.id in _asked_by(services, held):
            return
        actions.record_act(
            services, session, held, opened.user, QuarantineActKind.ASK_RELEASE, written
        )


def release_document(
    services: "Services", opened: "OpenedToChange[HeldDocument]", reason: str
) -> None:
    """Let staff see a held document; the worker makes its safe copy after the commit.

    With a malware verdict somebody else must have asked before. The verdict stays among the
    findings, so that opening the original still takes two people. A second call changes nothing.
    Raises NotFound, ReasonInvalid, FourEyesNeeded, and Conflict when it is not held.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = opened.row(services, session)
        document = held.document
        if document.reason == RELEASED and held.was_done_by(QuarantineActKind.RELEASE, opened.user):
            return
        if document.state not in RELEASABLE:
            raise Conflict
        if held.is_malware:
            require_second(session, TwoPersonAct.RELEASE, opened.user, _asked_by(services, held))
        was = document.reason
        if held.is_malware:
            _keep_verdict(document, RELEASED_MALWARE)
        document.state, document.reason = DocumentState.ACTIVE, RELEASED
        session.flush()
        actions.record_act(
            services, session, held, opened.user, QuarantineActKind.RELEASE, written, was=was
        )
        submission_id = document.submission_id
    services.queue.enqueue_again(submission_id, f"release-{document.id}")


def reject_document(
    services: "Services", opened: "OpenedToChange[HeldDocument]", reason: str
) -> None:
    """Reject a document for good: it is never shown, its copy is deleted, its hash is kept.

    The same bytes are held when they come again. A second call changes nothing. Raises NotFound,
    ReasonInvalid, and Conflict when it is neither held nor released.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = opened.row(services, session)
        document = held.document
        if document.state == DocumentState.REJECTED and held.was_done_by(
            QuarantineActKind.REJECT, opened.user
        ):
            return
        if document.state not in QUARANTINED and document.reason != RELEASED:
            raise Conflict
        was = document.reason
        _keep_verdict(document)
        document.state, document.reason = DocumentState.REJECTED, REJECTED
        session.flush()
        quarantine.keep_hash(session, document.content_hash, services.now())
        safe_copies.forget(session, document.id)
        actions.record_act(
            services, session, held, opened.user, QuarantineActKind.REJECT, written, was=was
        )


def _keep_verdict(document: "Document", *further: str) -> None:
    """Keep a malware verdict among the findings when another reason takes its place."""
    verdict = [document.reason] if document.reason.startswith(MALWARE) else []
    new = [code for code in (*verdict, *further) if code not in document.findings]
    document.findings = [*document.findings, *new]


def _asked_by(services: "Services", held: "HeldDocument") -> set[str]:
    return held.asked_by(QuarantineActKind.ASK_RELEASE, QuarantineActKind.RELEASE, services.now())
