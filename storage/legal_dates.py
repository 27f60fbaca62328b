"""Legal dates: days that the law or a court sets, noted for a submission and its case.

A day alone says nothing of a person, so it stands in the clear and queues can sort by it.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class LegalDateKind(StrEnum):
    """The clocks of domain.md, requirement 24."""

    REFLECTION_END = "reflection_end"
    PERMIT_EXPIRY = "permit_expiry"
    DEPARTURE_DEADLINE = "departure_deadline"
    TRIAL = "trial"
    PASSPORT_EXPIRY = "passport_expiry"
    REMOVAL = "removal"


class LegalDate(Base):
    """One day. Suggested while `confirmed_at` is None; `ended_at` takes it off the clocks."""

    __tablename__ = "legal_dates"
    __table_args__ = (
        Index("ix_legal_dates_day", "submission_id", "kind", "day", unique=True),
        Index("ix_legal_dates_open", "ended_at", "day"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[str] = mapped_column(String(24))
    day: Mapped[date] = mapped_column(Date)
    noted_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submissions(session: Session, submission_ids: list[str]) -> list[LegalDate]:
    """Return the dates of submissions that still count, the nearest first."""
    return list(
        session.scalars(
            select(LegalDate)
            .where(LegalDate.submission_id.in_(submission_ids), LegalDate.ended_at.is_(None))
            .order_by(LegalDate.day, LegalDate.kind)
        )
    )


def by_id(session: Session, date_id: str) -> LegalDate | None:
    """Return one date or None."""
    return session.get(LegalDate, date_id)


def note(session: Session, row: LegalDate) -> bool:
    """Note a date; False when the submission has it already, decided or not."""
    known = session.scalar(
        select(LegalDate.id).where(
            LegalDate.submission_id == row.submission_id,
            LegalDate.kind == row.kind,
            LegalDate.day == row.day,
        )
    )
    if known is not None:
        return False
    session.add(row)
    session.flush()
    return True
