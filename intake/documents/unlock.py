"""Try the password that an officer typed on a locked document, and keep the opened copy.

The password is only ever an argument: it is never stored, logged, audited or put into an error.
The locked file stays as it came; the opened copy is a document of its own, inspected like any
other.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from intake.core import audit, stored_content
from intake.core.errors import Conflict, IntakeError
from intake.documents import actions
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import add_blob
from storage.crypto.sealing import seal, unseal
from storage.documents import documents
from storage.documents.documents import Document, DocumentState
from storage.documents.quarantine import QuarantineActKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.blobs.blobs import StoredBlob
    from storage.database import Session

RATE_WINDOW = timedelta(hours=1)
MAX_TRIES = 10
MAX_PASSWORD_CHARS = 256
UNLOCKED_BELOW = "unlocked_copy_below"


class PasswordWrong(IntakeError):
    """The password does not open the document."""

    reason = "password_wrong"
    public = "This password does not open the document. Nothing was changed."
    status = 400


class TooManyTries(IntakeError):
    """Too many passwords were tried on one document."""

    reason = "too_many_tries"
    public = "Ten passwords were tried within an hour. Please try again later."
    status = 429


class UnlockingUnavailable(IntakeError):
    """The sandbox cannot try a password now."""

    reason = "unlocking_unavailable"
    public = "The password could not be tried at the moment. Nothing was changed."
    status = 503


class Unlocker(Protocol):
    """The part of the sandbox that tries passwords."""

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return the file without its lock, None when the password is wrong. Raises JailError."""


def unlock_document(
    services: "Services", jails: Unlocker, opened: "OpenedToChange[HeldDocument]", password: str
) -> str:
    """Try a password on a locked document, and store the opened copy as its part; return its id.

    Raises NotFound, PasswordWrong, TooManyTries, UnlockingUnavailable, BlobDamaged, and
    Conflict when the document is not locked (any more).
    """
    held, content = _taken(services, opened, password)
    unlocked = _unlocked(jails, content, held.document.detected_type or "", password)
    if unlocked is None:
        raise PasswordWrong
    blob = services.blobs.write(held.key, [unlocked])
    with services.database.transaction() as session:
        current = opened.row(services, session)
        if current.document.state != DocumentState.LOCKED:
            raise Conflict
        add_blob(session, current.key, blob, services.now())
        session.flush()
        child = _child(session, current, blob)
        session.add(child)
        current.document.state = DocumentState.IGNORED
        current.document.reason = UNLOCKED_BELOW
        session.flush()
        actions.record_act(services, session, current, opened.user, QuarantineActKind.UNLOCK)
    services.queue.enqueue_again(held.submission.id, f"unlock-{held.document.id}")
    return child.id


def _taken(
    services: "Services", opened: "OpenedToChange[HeldDocument]", password: str
) -> "tuple[HeldDocument, bytes]":
    """Count the try, audit it, and return the locked file's bytes."""
    if not 0 < len(password) <= MAX_PASSWORD_CHARS:
        raise PasswordWrong
    now = services.now()
    with services.database.transaction() as session:
        held = opened.row(services, session)
        if held.document.state != DocumentState.LOCKED:
            raise Conflict
        # Counted before the password is tried, so that tries made at once do not pass the limit.
        bucket = services.keyring.lookup(session, "unlock", held.document.id)
        users.lock_rates(session, [bucket])
        if users.count_rate(session, bucket, now - RATE_WINDOW) >= MAX_TRIES:
            raise TooManyTries
        users.note_rate(session, bucket, now)
        audit.note(
            services,
            session,
            opened.user,
            Act.DOCUMENT_UNLOCK_TRIED,
            ("submission", held.submission.id),
            {"document": held.document.id, "part": held.document.path},
            at=now,
        )
        blob = stored_content.row(session, held.document.blob_id)
    subject = ("document", held.document.id)
    content = stored_content.whole(services, opened.user.actor, held.key, blob, subject)
    return held, content


def _unlocked(jails: Unlocker, content: bytes, detected_type: str, password: str) -> bytes | None:
    try:
        return jails.unlock(content, detected_type, password)
    except JailUnavailable:
        pass
    except JailError as error:
        # The document is at fault, not the password. `from None`: the cause may hold its content.
        raise UnlockingUnavailable(reason=f"unlocking_{error.reason}") from None
    raise UnlockingUnavailable


def _child(session: "Session", held: "HeldDocument", blob: "StoredBlob") -> Document:
    locked, child_id = held.document, new_id()
    name = unseal(held.key, place("documents", "name", locked.id), locked.name)
    rows = documents.of_submission(session, locked.submission_id)
    return Document(
        id=child_id,
        submission_id=locked.submission_id,
        parent_id=locked.id,
        position=max(row.position for row in rows) + 1,
        path=f"{locked.path}.1"[:128],
        role="attachment",
        name=seal(held.key, place("documents", "name", child_id), f"{name} (unlocked)"),
        claimed_type=locked.detected_type or locked.claimed_type,
        document_type=locked.document_type,
        state=DocumentState.STORED,
        sha256=documents.sealed_sha256(held.key, child_id, blob.sha256),
        content_hash=documents.content_hash(session, blob.sha256),
        size=blob.size,
        blob_id=blob.id,
    )
