"""Store documents: every part of a submission, each in exactly one state."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    func,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime
from storage.crypto.column_types import Keyed, KeyedHash, SealedText, keyed
from storage.crypto.sealing import seal, unseal
from storage.database import Database
from storage.submissions.submissions import Channel, Submission, SubmissionState, place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.crypto.keys import DataKey


class DocumentState(StrEnum):
    """What may be done with a document; only CLEAN and ACTIVE get a safe copy."""

    STORED = "STORED"  # not yet inspected; the state between the two steps
    CLEAN = "CLEAN"
    ACTIVE = "ACTIVE"
    HELD = "HELD"
    INFECTED = "INFECTED"
    LOCKED = "LOCKED"
    UNREADABLE = "UNREADABLE"
    IGNORED = "IGNORED"
    REJECTED = "REJECTED"


QUARANTINED = (
    DocumentState.HELD,
    DocumentState.INFECTED,
    DocumentState.LOCKED,
    DocumentState.UNREADABLE,
)


# States from which follows what the scanner said about the bytes; from no other state it does.
TELLING = (DocumentState.CLEAN, DocumentState.ACTIVE, DocumentState.INFECTED)


# The purpose under which contents are hashed; hashes are only alike where they share it.
CONTENT = "content"


class Document(Base):
    """One part. `name` is sealed with the submission's key; `claimed_type` is hostile text.

    `sha256` is sealed with the same key at `documents.sha256:ID`. `content_hash` is the keyed hash
    of the SHA-256, by which the same bytes are found again; rows are compared by it alone.
    """

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    position: Mapped[int] = mapped_column(Integer)
    path: Mapped[str] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    claimed_type: Mapped[str] = mapped_column(String(127))
    detected_type: Mapped[str | None] = mapped_column(String(127))
    document_type: Mapped[str] = mapped_column(
        "sealed_kind", SealedText("documents.kind"), default="UNK"
    )
    state: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(String(64), default="")
    findings: Mapped[list[str]] = mapped_column(JsonText, default=list)
    part_flags: Mapped[list[str]] = mapped_column(JsonText, default=list)
    sha256: Mapped[bytes] = mapped_column("sealed_sha256", LargeBinary)
    content_hash: Mapped[KeyedHash] = mapped_column(Keyed(CONTENT), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    page_count: Mapped[int | None] = mapped_column(Integer)
    blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))
    scanner: Mapped[str | None] = mapped_column(String(128))
    inspected_at: Mapped[datetime | None] = mapped_column(UtcTime)


def content_hash(where: Session | Database, sha256: str) -> KeyedHash:
    """Return the hash by which the bytes of a SHA-256 (hex) are found again in this database."""
    return keyed(where, CONTENT, sha256)


def sealed_sha256(key: "DataKey", document_id: str, sha256: str) -> bytes:
    """Return what a document's row keeps of its SHA-256."""
    return seal(key, place("documents", "sha256", document_id), sha256)


def sha256_of(key: "DataKey", document: Document) -> str:
    """Return a document's SHA-256 in hex. Raises KeyUnavailable."""
    return unseal(key, place("documents", "sha256", document.id), document.sha256)


def of_submission(session: Session, submission_id: str) -> list[Document]:
    """Return a submission's documents in their order in the message."""
    return list(
        session.scalars(
            select(Document)
            .where(Document.submission_id == submission_id)
            .order_by(Document.position)
        )
    )


def of_submissions(session: Session, submission_ids: list[str]) -> dict[str, list[Document]]:
    """Return {submission id: its documents in order} of several submissions."""
    found: dict[str, list[Document]] = {each: [] for each in submission_ids}
    rows = session.scalars(
        select(Document)
        .where(Document.submission_id.in_(submission_ids))
        .order_by(Document.position)
    )
    for row in rows:
        found[row.submission_id].append(row)
    return found


def known_of_sender(
    session: Session, submission: Submission, hashes: "Iterable[KeyedHash]", *, since: datetime
) -> "set[KeyedHash]":
    """Return those hashes of contents that came in earlier mail of a submission's sender."""
    query = (
        select(Document.content_hash)
        .distinct()
        .join(Submission, Submission.id == Document.submission_id)
        .where(
            Document.content_hash.in_(list(hashes)),
            Submission.sender_id == submission.sender_id,
            Submission.channel == Channel.EMAIL,
            Submission.id != submission.id,
            Submission.received_at >= since,
            Submission.received_at <= submission.received_at,
        )
    )
    return set(session.scalars(query))


def submission_of(session: Session, document_id: str) -> str:
    """Return the id of the submission that a document belongs to, empty when there is none."""
    query = select(Document.submission_id).where(Document.id == document_id)
    return session.scalar(query) or ""


def sharing(
    session: Session,
    content_hashes: list[KeyedHash],
    programme: str,
    *,
    other_than: str,
    not_after: datetime | None = None,
    limit: int = 1000,
) -> list[tuple[str, KeyedHash]]:
    """Return (submission id, content hash) of the programme's documents with the same bytes.

    The documents of `other_than` are left out, and so are submissions received after `not_after`.
    The oldest submissions come first.
    """
    is_early = Submission.received_at <= not_after if not_after is not None else true()
    rows = session.execute(
        select(Document.submission_id, Document.content_hash)
        .join(Submission, Submission.id == Document.submission_id)
        .where(
            Document.content_hash.in_(content_hashes),
            Submission.programme == programme,
            Submission.id != other_than,
            is_early,
        )
        .order_by(Submission.received_at, Submission.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def count_cases(session: Session, content_hashes: list[KeyedHash]) -> dict[KeyedHash, int]:
    """Return {content hash: number of cases in which a document has these bytes}."""
    rows = session.execute(
        select(Document.content_hash, func.count(func.distinct(Submission.case_id)))
        .join(Submission, Submission.id == Document.submission_id)
        .where(Document.content_hash.in_(content_hashes), Submission.case_id.is_not(None))
        .group_by(Document.content_hash)
    )
    return {row[0]: row[1] for row in rows}


def count_mails_of_sender(
    session: Session, content_hash: KeyedHash, sender_id: str, role: str, *, other_than: str
) -> int:
    """Return in how many other submissions of a registered sender the same bytes had this role."""
    query = (
        select(func.count(func.distinct(Document.submission_id)))
        .join(Submission, Submission.id == Document.submission_id)
        .where(
            Document.content_hash == content_hash,
            Document.role == role,
            Submission.sender_id == sender_id,
            Submission.id != other_than,
        )
    )
    return session.scalar(query) or 0


def states_of(session: Session, submission_ids: list[str]) -> dict[str, dict[str, int]]:
    """Return {submission id: {state: number of documents}} of several submissions."""
    rows = session.execute(
        select(Document.submission_id, Document.state, func.count())
        .where(Document.submission_id.in_(submission_ids), Document.role != "alternative")
        .group_by(Document.submission_id, Document.state)
    )
    counts: dict[str, dict[str, int]] = {}
    for submission_id, state, number in rows:
        counts.setdefault(submission_id, {})[state] = number
    return counts


def submissions_judged_by_others(session: Session, scanner: str, *, limit: int) -> list[str]:
    """Return ids of submissions with shown documents that another scanner version judged."""
    return list(
        session.scalars(
            select(Document.submission_id)
            .where(
                Document.state.in_([DocumentState.CLEAN, DocumentState.ACTIVE]),
                Document.scanner.is_distinct_from(scanner),
            )
            .distinct()
            .limit(limit)
        )
    )


def submissions_held_for(session: Session, reasons: list[str], *, limit: int = 200) -> list[str]:
    """Return ids of routed submissions with documents held for a reason, or not yet inspected."""
    return list(
        session.scalars(
            select(Document.submission_id)
            .join(Submission, Submission.id == Document.submission_id)
            .where(
                Submission.state.not_in([SubmissionState.RECEIVED, SubmissionState.DOCUMENTS]),
                ((Document.state == DocumentState.HELD) & Document.reason.in_(reasons))
                | (Document.state == DocumentState.STORED),
            )
            .distinct()
            .limit(limit)
        )
    )


def submissions_held_without(
    session: Session, reason: str, flag_start: str, *, limit: int
) -> list[str]:
    """Return ids of submissions with documents held for a reason, and no flag that begins so."""
    flags = type_coerce(Submission.flags, Text)
    return list(
        session.scalars(
            select(Document.submission_id)
            .join(Submission, Submission.id == Document.submission_id)
            .where(
                Document.state == DocumentState.HELD,
                Document.reason == reason,
                flags.not_like(f'%"{flag_start}%'),
            )
            .distinct()
            .limit(limit)
        )
    )


def strictest(
    session: Session, content_hash: KeyedHash, scanner: str, *, without_reason: str
) -> tuple[str, str, list[str]] | None:
    """Return state, reason and findings of a document that this scanner version judged.

    It has these bytes.
    INFECTED wins over the others. Documents with the reason `without_reason` do not count.
    """
    row = session.execute(
        select(Document.state, Document.reason, Document.findings)
        .where(
            Document.content_hash == content_hash,
            Document.scanner == scanner,
            Document.state.in_(TELLING),
            Document.reason != without_reason,
        )
        .order_by((Document.state == DocumentState.INFECTED).desc())
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row is not None else None
