"""Store signed papers: receipts (R1) and confirmations (R2) that documents reached the office.

`content` seals the paper as it was signed; `signature` proves its PDF later. The PDF is found by
`digest`, the keyed hash of its SHA-256: a plain one would let a guess at the paper be tried.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import Keyed
from storage.submissions.submissions import Submission


class PaperKind(StrEnum):
    """R1 says that documents were received; R2 is a named officer's word on it."""

    RECEIPT = "R1"
    CONFIRMATION = "R2"


class Confirmation(Base):
    """One signed paper about one submission; a newer one does not replace the older ones.

    `code` is the keyed hash of the check code that is printed on it; None for papers of before
    until the worker has noted it.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        Index("ix_confirmations_code", "code_hash", unique=True),
        Index("ix_confirmations_number", "submission_id", "kind", "number", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(4))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))
    digest: Mapped[str] = mapped_column(Keyed("paper"), unique=True)
    code: Mapped[str | None] = mapped_column("code_hash", Keyed("paper code"))
    signature: Mapped[str] = mapped_column(String(128))
    signed_at: Mapped[datetime] = mapped_column(UtcTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submission(session: Session, submission_id: str) -> list[Confirmation]:
    """Return a submission's signed papers, oldest first."""
    return list(
        session.scalars(
            select(Confirmation)
            .where(Confirmation.submission_id == submission_id)
            .order_by(Confirmation.signed_at, Confirmation.kind, Confirmation.number)
        )
    )


def unread_of(session: Session, submission_ids: list[str]) -> list[Confirmation]:
    """Return the confirmations of submissions that nobody they are written to has opened."""
    return list(
        session.scalars(
            select(Confirmation)
            .where(
                Confirmation.submission_id.in_(submission_ids),
                Confirmation.kind == PaperKind.CONFIRMATION,
                Confirmation.read_at.is_(None),
            )
            .order_by(Confirmation.signed_at)
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


def by_code(session: Session, code: str) -> Confirmation | None:
    """Return the signed paper on which a check code is printed, or None."""
    return session.scalar(select(Confirmation).where(Confirmation.code == code))


def without_code(session: Session, *, limit: int) -> list[Confirmation]:
    """Return papers of before whose code nobody has noted yet, locked to the commit."""
    return list(
        session.scalars(
            select(Confirmation)
            .where(Confirmation.code.is_(None))
            .order_by(Confirmation.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def next_number(session: Session, submission_id: str, kind: PaperKind) -> int:
    """Return the number of a submission's next signed paper of a kind; the first has 1.

    Before 0042 receipts and confirmations were counted together. What was printed stays: where the
    first confirmation has 2, the next one has 3.
    """
    newest = session.scalar(
        select(func.max(Confirmation.number)).where(
            Confirmation.submission_id == submission_id, Confirmation.kind == kind
        )
    )
    return (newest or 0) + 1
