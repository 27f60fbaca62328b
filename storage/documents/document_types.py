"""Document kinds: which pages of a document are of which type, suggested and confirmed.

The type codes are those of requirement 110. `documents.kind` repeats the type of the first
range, for lists; the ranges here are the truth.
"""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime


class DocumentKind(Base):
    """One range of pages. `kind` is what counts now, `suggested_kind` what the machine said.

    `confidence` is a calibrated probability of `suggested_kind`. Pages count from 1 and
    include the last. `decided_by` is a user's id, None while nobody has confirmed it.
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
    kind: Mapped[str] = mapped_column(String(16))
    suggested_kind: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float] = mapped_column(Float)
    reasons: Mapped[list[str]] = mapped_column(JsonText, default=list)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_documents(session: Session, document_ids: list[str]) -> list[DocumentKind]:
    """Return the ranges of documents, by document and page."""
    return list(
        session.scalars(
            select(DocumentKind)
            .where(DocumentKind.document_id.in_(document_ids))
            .order_by(DocumentKind.document_id, DocumentKind.first_page)
        )
    )


def forget(session: Session, document_id: str) -> None:
    """Remove all ranges of a document: it is typed anew."""
    session.execute(delete(DocumentKind).where(DocumentKind.document_id == document_id))


def newest_decided(session: Session, *, limit: int) -> list[DocumentKind]:
    """Return the ranges that people decided last: what the model learns from."""
    return list(
        session.scalars(
            select(DocumentKind)
            .where(DocumentKind.decided_at.is_not(None))
            .order_by(DocumentKind.decided_at.desc(), DocumentKind.id)
            .limit(limit)
        )
    )


def count_decided(session: Session) -> tuple[int, int]:
    """Return (confirmed as suggested, corrected) over all decided ranges."""
    rows = session.execute(
        select(DocumentKind.kind == DocumentKind.suggested_kind, func.count())
        .where(DocumentKind.decided_at.is_not(None))
        .group_by(DocumentKind.kind == DocumentKind.suggested_kind)
    )
    counts = {bool(is_same): number for is_same, number in rows}
    return counts.get(True, 0), counts.get(False, 0)
