"""Open a stored message: the first step, which stores its documents and writes its receipt.

Both happen in one transaction, before any scan (requirement 124). Only the jail parses the
message. A message that cannot be opened becomes one document for a person, and its receipt gives
no count; a message that kills its jail three times is not parsed again.
"""

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake.access.closings import is_body
from intake.core import audit
from intake.filing.file import goes_to_stopped_case
from intake.filing.urgency import priority_by_words
from intake.inspection.verdicts import SIGNATURE_IMAGE_BYTES
from intake.outbox.receipt import answer_sender
from intake.pipeline.worker_services import MAX_ATTEMPTS, WorkerServices
from intake.queues.tasks import add_task
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.errors import JailError, JailUnavailable, ParseTimeout
from intake.sandbox.protocol.limits import TimeLeft
from intake.senders.identify import check_signatures, note_sender
from intake.senders.letters import keep_letter
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import BlobRow, StoredBlob, add_blobs, sha256_of
from storage.crypto.sealing import seal
from storage.documents.documents import Document, DocumentState, content_hash, sealed_sha256
from storage.errors import NotFound, StorageUnavailable
from storage.submissions import submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SubmissionState, place

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import MailFacts, OpenedMail, Part
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

LOG = logging.getLogger(__name__)
HEADER_BYTES = 256 * 1024
# The mark of a file that a computer writes beside those of a person.
SYSTEM_PART = "system_part"
NOT_CHECKED = frozenset({signs.SIGNATURE_NOT_CHECKED})
ANSWERS = signs.OF_A_SIGNATURE - NOT_CHECKED


@dataclass(frozen=True)
class Unopened:
    """A message that stays one document: its raw blob, the facts of its header if any, and why."""

    raw_blob: BlobRow
    facts: "MailFacts | None"
    reason: str
    flags: tuple[str, ...] = ()


def open_submission(worker_services: WorkerServices, submission_id: str) -> None:
    """Turn a submission's raw bytes into documents, once. It may be repeated.

    Raises StorageUnavailable or JailUnavailable when it cannot be done now.
    """
    services = worker_services.services
    with services.database.transaction() as session:
        submission = _known(session, submission_id)
        if submission.state != SubmissionState.RECEIVED:
            return
        # Counted before anything is parsed: a message that kills workers must not do so for ever.
        attempt = submissions.count_attempt(session, submission_id, "open")
    try:
        _open_once(worker_services, submission, attempt)
    except (JailUnavailable, StorageUnavailable):
        with services.database.transaction() as session:
            submissions.give_back_attempt(session, submission_id, "open")
        raise


def _open_once(worker_services: WorkerServices, submission: "Submission", attempt: int) -> None:
    services = worker_services.services
    with services.database.reading() as session:
        key = services.keyring.open(session, submission.data_key_id)
        blob = session.get_one(BlobRow, submission.raw_blob_id)
    raw = services.blobs.read_whole(key, blob)
    if submission.oversize_bytes is not None:
        unopened = Unopened(blob, _facts_of(worker_services, raw), "too_large")
        _store_unopened(worker_services, submission, key, unopened, raw)
        return
    opened = _open(worker_services, submission, raw, attempt)
    if opened is None:
        unopened = Unopened(blob, _facts_of(worker_services, raw), "not_opened")
        _store_unopened(worker_services, submission, key, unopened, raw)
    elif not opened.parts:
        reason = opened.flags[0] if opened.flags else "not_opened"
        unopened = Unopened(blob, opened.facts, reason, opened.flags)
        _store_unopened(worker_services, submission, key, unopened, raw)
    else:
        _store_opened(worker_services, submission, key, opened, raw)


def _open(
    worker_services: WorkerServices, submission: "Submission", raw: bytes, attempt: int
) -> "OpenedMail | None":
    left = TimeLeft()
    while attempt <= MAX_ATTEMPTS:
        try:
            opened = worker_services.jails.open_mail(raw, left=left)
            return _with_checked(worker_services, submission, opened, raw, left)
        except JailUnavailable:
            raise
        except JailError as error:
            LOG.warning("event=open_failed submission=%s reason=%s", submission.id, error.reason)
            if isinstance(error, ParseTimeout):
                # The time limit is used up, and the sender must not wait for two more tries.
                return None
        with worker_services.services.database.transaction() as session:
            attempt = submissions.count_attempt(session, submission.id, "open")
    return None


def _with_checked(
    worker_services: WorkerServices,
    submission: "Submission",
    opened: "OpenedMail",
    raw: bytes,
    left: TimeLeft,
) -> "OpenedMail":
    """Return the message with what came of checking the signatures beside its signed parts.

    What cannot be checked stays as the opening noted it: not checked. Raises JailUnavailable.
    """
    if not any(map(_is_to_check, opened.parts)):
        return opened
    try:
        checked = worker_services.jails.check_signed_parts(raw, left=left)
    except JailUnavailable:
        raise
    except JailError as error:
        LOG.warning("event=not_checked submission=%s reason=%s", submission.id, error.reason)
        return opened
    parts = tuple(
        replace(part, defects=tuple(sorted({*part.defects, checked[part.path]} - NOT_CHECKED)))
        if _is_to_check(part) and checked.get(part.path) in ANSWERS
        else part
        for part in opened.parts
    )
    return replace(opened, parts=parts)


def _is_to_check(part: "Part") -> bool:
    """Tell whether a part is a signature beside what it signs; for PGP there is no key here."""
    return bool(NOT_CHECKED.intersection(part.defects)) and part.claimed_type != signs.PGP_SIGNATURE


def _facts_of(worker_services: WorkerServices, raw: bytes) -> "MailFacts | None":
    try:
        return worker_services.jails.read_header(raw[:HEADER_BYTES])
    except JailUnavailable:
        raise
    except JailError:
        return None


def _store_opened(
    worker_services: WorkerServices,
    submission: "Submission",
    key: "DataKey",
    opened: "OpenedMail",
    raw: bytes,
) -> None:
    services = worker_services.services
    own_check = check_signatures(worker_services.senders, submission, raw, opened.facts)
    blobs = services.blobs.write_all(key, [[part.content] for part in opened.parts])
    now = services.now()
    with services.database.transaction() as session:
        current = _known(session, submission.id)
        if current.state != SubmissionState.RECEIVED:
            return
        ids: dict[str, str] = {}
        add_blobs(session, key, blobs, now)
        for position, (part, blob) in enumerate(zip(opened.parts, blobs, strict=True)):
            # A nested message comes before its parts, so a parent is stored before its children.
            session.add(_document(session, current, key, part, blob, position, ids))
            if part.role == "message":
                session.flush()
        current.item_count = _count_items(opened)
        current.flags = list(opened.flags)
        keep_letter(services, session, current, key, opened.body_text)
        current.state = SubmissionState.DOCUMENTS
        note_sender(worker_services.senders, session, current, key, opened.facts, own_check)
        audit.note(
            services,
            session,
            "system:intake",
            Act.SUBMISSION_OPENED,
            ("submission", current.id),
            {"documents": len(opened.parts), "flags": list(opened.flags)},
            at=now,
        )
        answer_sender(
            services,
            worker_services.texts,
            session,
            current,
            opened.facts,
            organisation=worker_services.organisation,
            kind="receipt",
            priority=priority_by_words(current.sender_verdict, opened.facts, opened.body_text),
            is_stopped=goes_to_stopped_case(
                services, session, current, opened.facts, opened.body_text
            ),
        )


def _store_unopened(
    worker_services: WorkerServices,
    submission: "Submission",
    key: "DataKey",
    unopened: Unopened,
    raw: bytes,
) -> None:
    """Store the message as one document for a person, and still answer the sender."""
    services = worker_services.services
    facts, reason, flags = unopened.facts, unopened.reason, unopened.flags
    own_check = check_signatures(worker_services.senders, submission, raw, facts)
    now = services.now()
    with services.database.transaction() as session:
        current = _known(session, submission.id)
        if current.state != SubmissionState.RECEIVED:
            return
        session.add(_raw_document(session, current, key, unopened.raw_blob, reason))
        current.flags = [*flags, reason] if reason not in flags else list(flags)
        current.state = SubmissionState.DOCUMENTS
        note_sender(worker_services.senders, session, current, key, facts, own_check)
        audit.note(
            services,
            session,
            "system:intake",
            Act.SUBMISSION_NOT_OPENED,
            ("submission", current.id),
            {"reason": reason},
            at=now,
        )
        is_too_large = current.oversize_bytes is not None
        task = TaskKind.TOO_LARGE if is_too_large else TaskKind.NOT_OPENED
        add_task(services, session, current.id, kind=task, reason=reason)
        answer_sender(
            services,
            worker_services.texts,
            session,
            current,
            facts,
            organisation=worker_services.organisation,
            kind="too_large" if is_too_large else "receipt",
            priority=priority_by_words(current.sender_verdict, facts, ""),
            is_stopped=goes_to_stopped_case(services, session, current, facts, ""),
        )


def _document(
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    part: "Part",
    blob: StoredBlob,
    position: int,
    ids: dict[str, str],
) -> Document:
    document_id = new_id()
    ids[part.path] = document_id
    return Document(
        id=document_id,
        submission_id=submission.id,
        parent_id=ids.get(part.parent) if part.parent is not None else None,
        position=position,
        path=part.path,
        role=part.role,
        name=seal(key, place("documents", "name", document_id), part.claimed_name),
        claimed_type=part.claimed_type,
        document_type="CORR" if is_body(part.role, part.claimed_type) else "UNK",
        state=DocumentState.STORED,
        part_flags=list(part.defects),
        sha256=sealed_sha256(key, document_id, blob.sha256),
        content_hash=content_hash(session, blob.sha256),
        size=blob.size,
        blob_id=blob.id,
    )


def _raw_document(
    session: "Session", submission: "Submission", key: "DataKey", raw_blob: BlobRow, reason: str
) -> Document:
    document_id, sha256 = new_id(), sha256_of(key, raw_blob)
    return Document(
        id=document_id,
        submission_id=submission.id,
        position=0,
        path="0",
        role="message",
        name=seal(key, place("documents", "name", document_id), ""),
        claimed_type="message/rfc822",
        state=DocumentState.HELD,
        reason=reason,
        sha256=sealed_sha256(key, document_id, sha256),
        content_hash=content_hash(session, sha256),
        size=raw_blob.size,
        blob_id=raw_blob.id,
    )


def _count_items(opened: "OpenedMail") -> int:
    """Count the attachments, as the sender would; a message without any counts as one.

    Words without a name are the letter or a footer, and nobody attached what a program added. A
    picture in the text counts if it is too large to be the emblem of a signature.
    """
    own = [part for part in opened.parts if part.parent is None]
    pictures = {part.sha256: part.size for part in own if _is_in_text(part)}
    shown = sum(size > SIGNATURE_IMAGE_BYTES for size in (*pictures.values(), *opened.pasted_sizes))
    return sum(map(_is_item, own)) + shown or 1


def _is_in_text(part: "Part") -> bool:
    """Tell whether a part is a picture that the letter shows; a drawing (SVG) is an emblem."""
    is_picture = part.claimed_type.startswith("image/") and "svg" not in part.claimed_type
    return part.role == "inline" and is_picture


def _is_item(part: "Part") -> bool:
    is_attached = part.role in {"attachment", "message"}
    # An invitation is the letter of a calendar program in another form.
    is_invitation = part.claimed_type == "text/calendar" and not part.claimed_name
    is_signature = signs.is_sent_as_signature(part.claimed_type, part.claimed_name, part.content)
    is_key = signs.is_sent_as_key(part.claimed_type, part.content)
    is_added = is_signature or is_key or SYSTEM_PART in part.defects
    return is_attached and not is_added and not is_invitation


def _known(session: "Session", submission_id: str) -> "Submission":
    submission = submissions.locked(session, submission_id)
    if submission is None:
        raise NotFound
    return submission
