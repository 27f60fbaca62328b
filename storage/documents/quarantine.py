"""Store what people did about held documents, and the hashes of rejected ones."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CompoundSelect, ForeignKey, LargeBinary, String, delete, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import Keyed, KeyedHash
from storage.documents.documents import CONTENT, QUARANTINED, Document
from storage.submissions.submissions import Submission


class QuarantineActKind(StrEnum):
    """What a person may do with a held document."""

    ASK_TO_RESEND = "ask_to_resend"
    ASK_RELEASE = "ask_release"  # the first of two people, for a malware verdict
    RELEASE = "release"
    REJECT = "reject"
    UNLOCK = "unlock"
    ASK_ORIGINAL = "ask_original"
    OPEN_ORIGINAL = "open_original"


class QuarantineAct(Base):
    """One act. `reason` is sealed with the submission's key at `quarantine_acts.reason:ID`."""

    __tablename__ = "quarantine_acts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    act: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcTime)


class RejectedHash(Base):
    """The keyed hash of a rejected document: the same bytes are held when they come again."""

    __tablename__ = "rejected_hashes"

    content_hash: Mapped[KeyedHash] = mapped_column(Keyed(CONTENT), primary_key=True)
    rejected_at: Mapped[datetime] = mapped_column(UtcTime)


def acts_on(session: Session, document_id: str) -> list[QuarantineAct]:
    """Return what was done about a document, oldest first."""
    return list(
        session.scalars(
            select(QuarantineAct)
            .where(QuarantineAct.document_id == document_id)
            .order_by(QuarantineAct.at, QuarantineAct.id)
        )
    )


def acts_on_many(session: Session, document_ids: list[str]) -> dict[str, list[QuarantineAct]]:
    """Return what was done about several documents by document id, each oldest first."""
    acts: dict[str, list[QuarantineAct]] = {}
    for act in session.scalars(
        select(QuarantineAct)
        .where(QuarantineAct.document_id.in_(document_ids))
        .order_by(QuarantineAct.at, QuarantineAct.id)
    ):
        acts.setdefault(act.document_id, []).append(act)
    return acts


def forget_asked(session: Session, submission_id: str, since: datetime) -> None:
    """Remove the acts since a time that asked for another copy: their mail was recalled."""
    documents = select(Document.id).where(Document.submission_id == submission_id)
    session.execute(
        delete(QuarantineAct).where(
            QuarantineAct.document_id.in_(documents.scalar_subquery()),
            QuarantineAct.act == QuarantineActKind.ASK_TO_RESEND,
            QuarantineAct.at >= since,
        )
    )


def held_documents(
    session: Session,
    programmes: list[str],
    *,
    only: CompoundSelect[tuple[str]] | None = None,
    limit: int,
) -> list[tuple[Document, Submission]]:
    """Return held documents with the submission each came in, the longest waiting first.

    `only` narrows the list to submissions that somebody may see (`access.own_submissions`).
    """
    rows = session.execute(
        select(Document, Submission)
        .join(Submission, Submission.id == Document.submission_id)
        .where(
            Document.state.in_(QUARANTINED),
            Submission.programme.in_(programmes),
            true() if only is None else Submission.id.in_(only),
        )
        .order_by(Submission.received_at, Submission.id, Document.position)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def rejected_among(session: Session, hashes: list[KeyedHash]) -> set[KeyedHash]:
    """Return those of documents' content hashes that were rejected before."""
    found = select(RejectedHash.content_hash).where(RejectedHash.content_hash.in_(hashes))
    return set(session.scalars(found))


def keep_hash(session: Session, content_hash: KeyedHash, now: datetime) -> None:
    """Remember a rejected document's content hash, once."""
    if not rejected_among(session, [content_hash]):
        session.add(RejectedHash(content_hash=content_hash, rejected_at=now))
        session.flush()
