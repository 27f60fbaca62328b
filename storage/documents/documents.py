"""Store documents: every part of a submission, each in exactly one state."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, func, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime
from storage.submissions.submissions import Submission, SubmissionState


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


class Document(Base):
    """One part. `name` is sealed with the submission's key; `claimed_type` is hostile text."""

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
    document_type: Mapped[str] = mapped_column("kind", String(16), default="UNK")
    state: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(String(64), default="")
    findings: Mapped[list[str]] = mapped_column(JsonText, default=list)
    part_flags: Mapped[list[str]] = mapped_column(JsonText, default=list)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    page_count: Mapped[int | None] = mapped_column(Integer)
    blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))
    scanner: Mapped[str | None] = mapped_column(String(128))
    inspected_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submission(session: Session, submission_id: str) -> list[Document]:
    """Return a submission's documents in their order in the message."""
    return list(
        session.scalars(
            select(Document)
            .where(Document.submission_id == submission_id)
            .order_by(Document.position)
        )
    )


def submission_of(session: Session, document_id: str) -> str:
    """Return the id of the submission that a document belongs to, empty when there is none."""
    query = select(Document.submission_id).where(Document.id == document_id)
    return session.scalar(query) or ""


def sharing(
    session: Session,
    sha256s: list[str],
    programme: str,
    *,
    other_than: str,
    not_after: datetime | None = None,
    limit: int = 1000,
) -> list[tuple[str, str]]:
    """Return (submission id, SHA-256) of the programme's documents with the same bytes.

    The documents of `other_than` are left out, and so are submissions received after `not_after`.
    The oldest submissions come first.
    """
    is_early = Submission.received_at <= not_after if not_after is not None else true()
    rows = session.execute(
        select(Document.submission_id, Document.sha256)
        .join(Submission, Submission.id == Document.submission_id)
        .where(
            Document.sha256.in_(sha256s),
            Submission.programme == programme,
            Submission.id != other_than,
            is_early,
        )
        .order_by(Submission.received_at, Submission.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def count_cases(session: Session, sha256s: list[str]) -> dict[str, int]:
    """Return {SHA-256: number of cases in which a document has these bytes}."""
    rows = session.execute(
        select(Document.sha256, func.count(func.distinct(Submission.case_id)))
        .join(Submission, Submission.id == Document.submission_id)
        .where(Document.sha256.in_(sha256s), Submission.case_id.is_not(None))
        .group_by(Document.sha256)
    )
    return {row[0]: row[1] for row in rows}


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


def strictest(
    session: Session, sha256: str, scanner: str, *, without_reason: str
) -> tuple[str, str] | None:
    """Return state and reason of a document of these bytes that this scanner version judged.

    INFECTED wins over the others. Documents with the reason `without_reason` do not count.
    """
    row = session.execute(
        select(Document.state, Document.reason)
        .where(
            Document.sha256 == sha256,
            Document.scanner == scanner,
            Document.state.in_(TELLING),
            Document.reason != without_reason,
        )
        .order_by((Document.state == DocumentState.INFECTED).desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else None
