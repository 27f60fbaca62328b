"""Store an arriving mail as a submission, before anything parses its bytes.

One transaction holds the submission, its key and raw blob, the ledger row, the audit event and the
start of the workflow (requirement 123). The same bytes in the same programme are one submission,
however often they arrive; one that was finished without a case waits for a person again.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import Conflict
from intake.core.references import unused_reference
from intake.queues import ends
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import add_blob
from storage.submissions import arrivals, submissions
from storage.submissions.arrivals import Place
from storage.submissions.submissions import Channel, Priority, Submission, SubmissionState

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.blobs.blobs import StoredBlob
    from storage.crypto.keys import DataKey
    from storage.database import Session


@dataclass(frozen=True)
class MailArrival:
    """A message as a mail server gave it.

    `raw` is the whole message (RFC 5322 bytes), or, when `oversize_bytes` says how
    large the server claims it to be, only its header block.
    """

    programme: str
    where: Place
    raw: bytes
    header_sha256: str
    oversize_bytes: int | None = None


@dataclass(frozen=True)
class Accepted:
    """The submission of an arrival; `is_new` is false when the same bytes arrived before."""

    submission_id: str
    reference: str
    is_new: bool


def accept_mail(services: "Services", arrival: MailArrival) -> Accepted:
    """Store a message and start its workflow; committed and durable when this returns.

    Raises StorageUnavailable or StorageFull when nothing was kept; then the message must stay on
    the server.
    """
    with services.database.reading() as session:
        identity = mail_identity(services, session, arrival)
    known = _link_known(services, arrival, identity)
    if known is not None:
        return known
    key = services.keyring.new_key()
    blob = services.blobs.write(key, [arrival.raw])
    try:
        return _store(services, arrival, identity, key, blob)
    except Conflict:
        # Another poller stored the same bytes meanwhile, so ours are deleted.
        services.blobs.backend.delete(blob.id)
        known = _link_known(services, arrival, identity)
        if known is None:
            raise
        return known
    # On StorageUnavailable the blob stays: after a lost connection nobody knows whether the
    # commit happened. An orphan is deleted later, while a lost blob never comes back.


def mail_identity(services: "Services", session: "Session", arrival: MailArrival) -> str:
    """Return the identity of a message, from its bytes and programme.

    The identity of a message over the limit is made from its header block and claimed size. The
    hash is keyed: a plain one would let a guess at a message be tried.
    """
    plain = hashlib.sha256(arrival.raw).hexdigest()
    digest = services.keyring.lookup(session, "mail-identity", plain)
    size = f":{arrival.oversize_bytes}" if arrival.oversize_bytes is not None else ""
    return f"email:{arrival.programme}:{digest}{size}"


def _link_known(services: "Services", arrival: MailArrival, identity: str) -> Accepted | None:
    with services.database.reading() as session:
        if submissions.by_identity(session, identity) is None:
            return None
    with services.database.transaction() as session:
        submission = submissions.by_identity(session, identity)
        if submission is None:
            return None
        if arrivals.arrival_at(session, arrival.where) is None:
            audit.note(
                services,
                session,
                "system:mailbox",
                Act.SUBMISSION_SEEN_AGAIN,
                ("submission", submission.id),
            )
            # A folder that was numbered anew shows all its mail again, and nothing of it came.
            if not arrivals.is_renumbered(session, submission.id, arrival.where):
                _open_finished(services, session, submission.id)
        arrivals.note_arrival(
            session, submission.id, arrival.where, arrival.header_sha256, services.now()
        )
        return Accepted(submission.id, submission.reference, is_new=False)


def _open_finished(services: "Services", session: "Session", submission_id: str) -> None:
    """Let mail that was finished wait for a person again: whoever sent it sent it once more."""
    submission = submissions.locked(session, submission_id)
    if submission is not None:
        ends.open_by_itself(services, session, submission, "system:mailbox", ends.ARRIVED_AGAIN)


def _store(
    services: "Services", arrival: MailArrival, identity: str, key: "DataKey", blob: "StoredBlob"
) -> Accepted:
    now = services.now()
    with services.database.transaction() as session:
        services.keyring.add(session, key, "submission", now)
        add_blob(session, key, blob, now)
        submission = Submission(
            id=new_id(),
            reference=unused_reference(session),
            identity=identity,
            channel=Channel.EMAIL,
            programme=arrival.programme,
            state=SubmissionState.RECEIVED,
            received_at=now,
            data_key_id=key.id,
            raw_blob_id=blob.id,
            oversize_bytes=arrival.oversize_bytes,
            priority=Priority.UNKNOWN,
        )
        session.add(submission)
        session.flush()
        arrivals.note_arrival(session, submission.id, arrival.where, arrival.header_sha256, now)
        audit.note(
            services,
            session,
            "system:mailbox",
            Act.SUBMISSION_RECEIVED,
            ("submission", submission.id),
            {"channel": "email", "bytes": arrival.oversize_bytes or blob.size},
            at=now,
        )
        services.queue.enqueue(session, submission.id)
    return Accepted(submission.id, submission.reference, is_new=True)
