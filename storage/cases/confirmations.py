"""Store signed papers: receipts (R1) and confirmations (R2) that documents reached the office.

`content` seals the paper as it was signed; `signature` proves its PDF later. The PDF is found by
`digest`, the keyed hash of its SHA-256: a plain one would let a guess at the paper be tried.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import Keyed
from storage.submissions.submissions import Submission


class PaperKind(StrEnum):
    """R1 says that documents were received; R2 is a named officer's word on it."""

    RECEIPT = "R1"
    CONFIRMATION = "R2"


class Confirmation(Base):
    """One signed paper about one submission; a newer one does not replace the older ones."""

    __tablename__ = "confirmations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(4))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))
    digest: Mapped[str] = mapped_column(Keyed("paper"), unique=True)
    signature: Mapped[str] = mapped_column(String(128))
    signed_at: Mapped[datetime] = mapped_column(UtcTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submission(session: Session, submission_id: str) -> list[Confirmation]:
    """Return a submission's signed papers, oldest first."""
    return list(
        session.scalars(
            select(Confirmation)
            .where(Confirmation.submission_id == submission_id)
            .order_by(Confirmation.number)
        )
    )


def of_case(session: Session, case_id: str) -> list[Confirmation]:
    """Return the signed papers of all submissions of a case, the newest first."""
    return list(
        session.scalars(
            select(Confirmation)
            .join(Submission, Submission.id == Confirmation.submission_id)
            .where(Submission.case_id == case_id)
            .order_by(Confirmation.signed_at.desc(), Confirmation.id)
        )
    )


def everything(session: Session) -> Iterator[Confirmation]:
    """Stream every signed paper."""
    return iter(session.scalars(select(Confirmation).order_by(Confirmation.id)))


def by_digest(session: Session, digest: str) -> Confirmation | None:
    """Return the signed paper whose PDF has a SHA-256 (hex), or None."""
    return session.scalar(select(Confirmation).where(Confirmation.digest == digest))


def next_number(session: Session, submission_id: str) -> int:
    """Return the number of a submission's next signed paper."""
    newest = session.scalar(
        select(func.max(Confirmation.number)).where(Confirmation.submission_id == submission_id)
    )
    return (newest or 0) + 1
