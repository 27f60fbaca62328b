"""Store from which to which day somebody is away, in days of the office's calendar.

No reason is kept: a colleague needs to know for how long, and nobody why. What was ended early
stays as a row with `ended_at`, and counts no more from then on.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.accounts.users import User
from storage.base import Base, UtcTime


class Absence(Base):
    """One span of days, both included. `set_by` is the account itself or a manager."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_user_id_last_on", "user_id", "last_on"),
        Index("ix_absences_last_on", "last_on"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    set_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def on_day(session: Session, user_id: str, day: date) -> Absence | None:
    """Return the absence in which a day of somebody falls, None when they are there."""
    return session.scalar(
        select(Absence)
        .where(
            Absence.user_id == user_id,
            Absence.first_on <= day,
            Absence.last_on >= day,
            Absence.ended_at.is_(None),
        )
        .order_by(Absence.last_on.desc())
        .limit(1)
    )


def away_on(session: Session, day: date) -> dict[str, Absence]:
    """Return {account: absence} of everybody who is away on a day."""
    rows = session.scalars(
        select(Absence)
        .where(Absence.last_on >= day, Absence.first_on <= day, Absence.ended_at.is_(None))
        .order_by(Absence.last_on)
    )
    return {row.user_id: row for row in rows}


def still_to_end(session: Session, user_id: str, day: date) -> list[Absence]:
    """Return somebody's absences that end on a day or later, by their first day."""
    return list(
        session.scalars(
            select(Absence)
            .where(Absence.user_id == user_id, Absence.last_on >= day, Absence.ended_at.is_(None))
            .order_by(Absence.first_on, Absence.id)
        )
    )


def from_day_on(session: Session, day: date, *, limit: int) -> list[Absence]:
    """Return everybody's absences that end on a day or later, by their first day."""
    return list(
        session.scalars(
            select(Absence)
            .where(Absence.last_on >= day, Absence.ended_at.is_(None))
            .order_by(Absence.first_on, Absence.id)
            .limit(limit)
        )
    )


def overlapping(session: Session, user_id: str, first_on: date, last_on: date) -> Absence | None:
    """Return the first absence of somebody that shares a day with a span, or None."""
    return session.scalar(
        select(Absence)
        .where(
            Absence.user_id == user_id,
            Absence.first_on <= last_on,
            Absence.last_on >= first_on,
            Absence.ended_at.is_(None),
        )
        .order_by(Absence.first_on, Absence.id)
        .limit(1)
    )


def deputised_by(session: Session, user_id: str) -> list[User]:
    """Return the accounts whose deputy somebody is, by their label."""
    return list(
        session.scalars(select(User).where(User.deputy_id == user_id).order_by(User.label, User.id))
    )
