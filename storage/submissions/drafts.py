"""Store drafts: what a coordinator has begun to send and not sent yet, with its files in chunks.

A draft has a data key of its own, which becomes its submission's. Chunks are encrypted blobs; a
finished file is one blob made of them, so that nothing is written twice.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.blobs.blobs import BlobRow


class DraftKind(StrEnum):
    """What a draft becomes."""

    REFERRAL = "referral"
    ADDITION = "addition"
    CONSULTATION = "consultation"
    LINK = "link"


class UploadState(StrEnum):
    """Whether all of a file was uploaded."""

    OPEN = "open"
    READY = "ready"


class Draft(Base):
    """One form with its files. `form` seals a JSON object of its answers.

    `owner_id` is None for a single-use link's draft, which `link_hash` then names.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    region: Mapped[str | None] = mapped_column(String(8))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    form: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"), unique=True)


class Upload(Base):
    """One file of a draft. `name` is sealed with the draft's key; `size` is what was announced.

    `received` counts the bytes that have come so far.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_draft", "draft_id", "position", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    claimed_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(8), default=UploadState.OPEN)
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blobs.id"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class UploadChunk(Base):
    """One received chunk, by the place where it begins in the file."""

    __tablename__ = "upload_chunks"

    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id"), primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))


def locked(session: Session, draft_id: str) -> Draft | None:
    """Return one draft as it is now, and keep others from changing it until the commit."""
    return session.scalar(
        select(Draft)
        .where(Draft.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def open_of(session: Session, owner_id: str, *, limit: int = 50) -> list[Draft]:
    """Return the drafts that somebody has not sent, the last changed first."""
    return list(
        session.scalars(
            select(Draft)
            .where(Draft.owner_id == owner_id, Draft.submission_id.is_(None))
            .order_by(Draft.changed_at.desc())
            .limit(limit)
        )
    )


def count_open(session: Session, owner_id: str) -> int:
    """Count the drafts that somebody has not sent."""
    query = select(func.count()).select_from(Draft)
    unsent = query.where(Draft.owner_id == owner_id, Draft.submission_id.is_(None))
    return session.scalar(unsent) or 0


def announced_bytes(session: Session, owner_id: str) -> int:
    """Add up the sizes of all files in the drafts that somebody has not sent."""
    query = select(func.sum(Upload.size)).join(Draft, Draft.id == Upload.draft_id)
    unsent = query.where(Draft.owner_id == owner_id, Draft.submission_id.is_(None))
    # PostgreSQL adds up to a Decimal.
    return int(session.scalar(unsent) or 0)


def by_link(session: Session, link_hash: str) -> Draft | None:
    """Return the draft of a single-use link by its token's hash, sent or not, or None."""
    return session.scalar(select(Draft).where(Draft.link_hash == link_hash))


def uploads_of(session: Session, draft_id: str) -> list[Upload]:
    """Return a draft's files in their order."""
    return list(
        session.scalars(select(Upload).where(Upload.draft_id == draft_id).order_by(Upload.position))
    )


def next_position(session: Session, draft_id: str) -> int:
    """Return the place of a draft's next file."""
    last = session.scalar(select(func.max(Upload.position)).where(Upload.draft_id == draft_id))
    return 0 if last is None else last + 1


def locked_upload(session: Session, upload_id: str) -> Upload | None:
    """Return one file as it is now, and keep others from changing it until the commit."""
    return session.scalar(
        select(Upload)
        .where(Upload.id == upload_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def chunks_of(session: Session, upload_id: str) -> list[UploadChunk]:
    """Return the received chunks of a file in order."""
    return list(
        session.scalars(
            select(UploadChunk)
            .where(UploadChunk.upload_id == upload_id)
            .order_by(UploadChunk.offset)
        )
    )


def abandoned(session: Session, changed_before: datetime, *, limit: int = 50) -> list[str]:
    """Return ids of drafts that were not sent and not changed since a time."""
    return list(
        session.scalars(
            select(Draft.id)
            .where(Draft.submission_id.is_(None), Draft.changed_at < changed_before)
            .order_by(Draft.changed_at)
            .limit(limit)
        )
    )


def erase_upload(session: Session, upload_id: str) -> list[str]:
    """Remove a file with its chunks, and return the ids of their blobs.

    The caller deletes these from the store after the commit; what a process leaves that dies in
    between belongs to nothing and is swept.
    """
    upload = session.get_one(Upload, upload_id)
    blob_ids = [chunk.blob_id for chunk in chunks_of(session, upload_id)]
    blob_ids += [upload.blob_id] if upload.blob_id is not None else []
    session.execute(delete(UploadChunk).where(UploadChunk.upload_id == upload_id))
    session.delete(upload)
    session.flush()
    session.execute(delete(BlobRow).where(BlobRow.id.in_(blob_ids)))
    return blob_ids


def erase(session: Session, draft_id: str) -> list[str]:
    """Remove an unsent draft with its files, and return the ids of their blobs, to be deleted."""
    uploads = session.scalars(select(Upload).where(Upload.draft_id == draft_id)).all()
    blob_ids = [blob_id for upload in uploads for blob_id in erase_upload(session, upload.id)]
    session.execute(delete(Draft).where(Draft.id == draft_id))
    return blob_ids
