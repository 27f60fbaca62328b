"""Store safe copies: what staff look at instead of the file that a stranger sent.

A copy is page images, a rebuilt PDF and a thumbnail, each a blob under the submission's key. A
document has at most one copy; a copy that could not be made says why.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.blobs.blobs import BlobRow
from storage.documents.documents import Document, DocumentState

# States in which a document may be looked at, as a copy.
SHOWN = (DocumentState.CLEAN, DocumentState.ACTIVE)
# The message body of the mail itself is shown as text, on its submission's page.
IS_OWN_TEXT = (Document.role == "body") & Document.parent_id.is_(None)


class CopyState(StrEnum):
    """Whether a copy could be made."""

    READY = "ready"
    FAILED = "failed"


class OcrState(StrEnum):
    """Whether the pages of a copy that have no text were read by OCR."""

    NOT_NEEDED = "not_needed"
    DUE = "due"
    DONE = "done"
    AWAY = "away"


class SafeCopy(Base):
    """The copy of one document. `reason` is a code: why it failed or is not whole."""

    __tablename__ = "safe_copies"
    __table_args__ = (Index("ix_safe_copies_ocr", "ocr_state", "made_at"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(64), default="")
    page_count: Mapped[int] = mapped_column(Integer)
    dpi: Mapped[int] = mapped_column(Integer)
    pdf_blob_id: Mapped[str | None] = mapped_column(ForeignKey("blobs.id"))
    thumbnail_blob_id: Mapped[str | None] = mapped_column(ForeignKey("blobs.id"))
    ocr_state: Mapped[str] = mapped_column(String(12), default=OcrState.NOT_NEEDED)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class SafePage(Base):
    """One page image; `text` is sealed at `safe_pages.text:DOCUMENT/NUMBER`."""

    __tablename__ = "safe_pages"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))
    media_type: Mapped[str] = mapped_column(String(16))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    text: Mapped[bytes] = mapped_column(LargeBinary)


def is_own_text(document: Document) -> bool:
    """Say whether a document is the message body of its mail, which needs no copy."""
    return document.role == "body" and document.parent_id is None


def of_document(session: Session, document_id: str) -> SafeCopy | None:
    """Return a document's copy or None."""
    return session.get(SafeCopy, document_id)


def of_documents(session: Session, document_ids: list[str]) -> dict[str, SafeCopy]:
    """Return the copies of several documents by document id."""
    rows = session.scalars(select(SafeCopy).where(SafeCopy.document_id.in_(document_ids)))
    return {copy.document_id: copy for copy in rows}


def pages_of(session: Session, document_id: str) -> list[SafePage]:
    """Return a copy's pages in order."""
    return list(
        session.scalars(
            select(SafePage).where(SafePage.document_id == document_id).order_by(SafePage.number)
        )
    )


def page(session: Session, document_id: str, number: int) -> SafePage | None:
    """Return one page, counted from 1, or None."""
    return session.get(SafePage, (document_id, number))


def without_copy(session: Session, submission_id: str) -> list[Document]:
    """Return a submission's documents that may be shown and have no copy yet, in order."""
    return list(
        session.scalars(
            select(Document)
            .where(
                Document.submission_id == submission_id,
                Document.state.in_(SHOWN),
                ~IS_OWN_TEXT,
                ~exists().where(SafeCopy.document_id == Document.id),
            )
            .order_by(Document.position)
        )
    )


def submissions_lacking(session: Session, *, judged_before: datetime, limit: int) -> list[str]:
    """Return ids of submissions with documents judged before a time that still have no copy."""
    return list(
        session.scalars(
            select(Document.submission_id)
            .where(
                Document.state.in_(SHOWN),
                ~IS_OWN_TEXT,
                Document.inspected_at < judged_before,
                ~exists().where(SafeCopy.document_id == Document.id),
            )
            .distinct()
            .limit(limit)
        )
    )


def waiting_for_ocr(session: Session, *, limit: int = 1) -> list[SafeCopy]:
    """Return copies whose pages are to be read, oldest first."""
    return list(
        session.scalars(
            select(SafeCopy)
            .where(SafeCopy.ocr_state == OcrState.DUE)
            .order_by(SafeCopy.made_at)
            .limit(limit)
        )
    )


def replace_pdf(session: Session, copy: SafeCopy, blob_id: str) -> None:
    """Give a copy another PDF; the bytes of the old one then belong to nothing and are swept."""
    old, copy.pdf_blob_id = copy.pdf_blob_id, blob_id
    session.flush()
    session.execute(delete(BlobRow).where(BlobRow.id == old))


def forget(session: Session, document_id: str) -> None:
    """Remove a copy, since its document is not to be shown any more.

    The rows of its blobs go too; their bytes then belong to nothing and are swept.
    """
    blob_ids = [row.blob_id for row in pages_of(session, document_id)]
    session.execute(delete(SafePage).where(SafePage.document_id == document_id))
    copy = of_document(session, document_id)
    if copy is not None:
        blob_ids += [blob for blob in (copy.pdf_blob_id, copy.thumbnail_blob_id) if blob]
        session.delete(copy)
    session.flush()
    session.execute(delete(BlobRow).where(BlobRow.id.in_(blob_ids)))
