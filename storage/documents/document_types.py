"""Store which pages of a document are of which type, suggested and confirmed.

The type codes are those of requirement 110. `Document.document_type` repeats the type of the first
range, for lists; the ranges here are what counts.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Float, ForeignKey, Index, Integer, String, delete, func, literal, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, validates

from storage.base import Base, UtcTime
from storage.crypto.column_types import Keyed, KeyedHash, SealedJson, SealedText
from storage.documents.documents import Document

# The purpose under which types are hashed.
TYPE = "document-type"


class DocumentTypeRange(Base):
    """One range of pages with its type now, `document_type`, and the one suggested for it.

    Both are sealed; their keyed hashes are for queries, and follow them by themselves. `confidence`
    is the calibrated probability of `suggested_type`. Pages count from 1, and the last
    one is included. `decided_by` is a user's id, None while nobody has confirmed the type.
    """

    __tablename__ = "document_kinds"
    __table_args__ = (
        Index("ix_document_kinds_range", "document_id", "first_page", unique=True),
        Index("ix_document_kinds_decided", "decided_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    first_page: Mapped[int] = mapped_column(Integer)
    last_page: Mapped[int] = mapped_column(Integer)
    document_type: Mapped[str] = mapped_column("sealed_kind", SealedText("document_kinds.kind"))
    suggested_type: Mapped[str] = mapped_column(
        "sealed_suggested_kind", SealedText("document_kinds.suggested_kind")
    )
    type_hash: Mapped[str] = mapped_column("kind_hash", Keyed(TYPE))
    suggested_hash: Mapped[str] = mapped_column("suggested_kind_hash", Keyed(TYPE))
    confidence: Mapped[float] = mapped_column(Float)
    reasons: Mapped[list[str]] = mapped_column(
        "sealed_reasons", SealedJson("document_kinds.reasons"), default=list
    )
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @validates("document_type", "suggested_type")
    def _keep_hash(self, name: str, code: str) -> str:
        setattr(self, "type_hash" if name == "document_type" else "suggested_hash", code)
        return code


class SameBytes(NamedTuple):
    """Where the same bytes stand; `is_around` tells that a range is about a document around it."""

    content_hash: KeyedHash
    submission_id: str
    is_around: bool


def of_documents(session: Session, document_ids: list[str]) -> list[DocumentTypeRange]:
    """Return the ranges of documents, by document and page."""
    return list(
        session.scalars(
            select(DocumentTypeRange)
            .where(DocumentTypeRange.document_id.in_(document_ids))
            .order_by(DocumentTypeRange.document_id, DocumentTypeRange.first_page)
        )
    )


def decided_elsewhere(
    session: Session, content_hashes: list[KeyedHash], *, submission_id: str
) -> list[tuple[SameBytes, DocumentTypeRange]]:
    """Return what people decided of the same bytes in every other submission than this one.

    Also the types of the documents in which the same bytes were found count, at any depth. An empty
    `submission_id` leaves no submission out.
    """
    above = (
        select(
            Document.id,
            Document.parent_id,
            Document.content_hash.label("same"),
            Document.submission_id.label("of"),
            literal(False).label("is_around"),
        )
        .where(Document.content_hash.in_(content_hashes), Document.submission_id != submission_id)
        .cte("above", recursive=True)
    )
    around = aliased(Document)
    above = above.union_all(
        select(around.id, around.parent_id, above.c.same, above.c.of, literal(True)).join(
            above, around.id == above.c.parent_id
        )
    )
    rows = session.execute(
        select(above.c.same, above.c.of, above.c.is_around, DocumentTypeRange)
        .join(above, above.c.id == DocumentTypeRange.document_id)
        .where(DocumentTypeRange.decided_at.is_not(None))
        .order_by(DocumentTypeRange.document_id, DocumentTypeRange.first_page)
    )
    return [(SameBytes(row[0], row[1], bool(row[2])), row[3]) for row in rows]


def forget(session: Session, document_id: str) -> None:
    """Remove all ranges of a document, which is classified anew."""
    session.execute(delete(DocumentTypeRange).where(DocumentTypeRange.document_id == document_id))


def newest_decided(session: Session, *, limit: int) -> list[DocumentTypeRange]:
    """Return the ranges that people decided last, from which the model learns."""
    return list(
        session.scalars(
            select(DocumentTypeRange)
            .where(DocumentTypeRange.decided_at.is_not(None))
            .order_by(DocumentTypeRange.decided_at.desc(), DocumentTypeRange.id)
            .limit(limit)
        )
    )


def count_decided(session: Session) -> tuple[int, int]:
    """Return (confirmed as suggested, corrected) over all decided ranges."""
    is_as_suggested = DocumentTypeRange.type_hash == DocumentTypeRange.suggested_hash
    rows = session.execute(
        select(is_as_suggested, func.count())
        .where(DocumentTypeRange.decided_at.is_not(None))
        .group_by(is_as_suggested)
    )
    counts = {bool(is_same): number for is_same, number in rows}
    return counts.get(True, 0), counts.get(False, 0)
