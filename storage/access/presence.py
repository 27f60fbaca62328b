"""Record who has which page open now; the rows live for seconds, lock nothing, prove nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class Presence(Base):
    """One person on one page; `page` is the kind of page, `subject_id` what it is about."""

    __tablename__ = "presence"

    page: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


def note(session: Session, page: str, subject_id: str, user_id: str, now: datetime) -> None:
    """Record that a user is on a page now; two requests at once record the same."""
    session.merge(Presence(page=page, subject_id=subject_id, user_id=user_id, seen_at=now))


def end(session: Session, page: str, subject_id: str, user_id: str) -> None:
    """Record that a user left a page; harmless when they were not there."""
    session.execute(
        delete(Presence).where(
            Presence.page == page, Presence.subject_id == subject_id, Presence.user_id == user_id
        )
    )


def others(
    session: Session, page: str, subject_id: str, user_id: str, since: datetime
) -> list[str]:
    """Return the ids of the accounts that were on a page since a time, without `user_id`."""
    return list(
        session.scalars(
            select(Presence.user_id).where(
                Presence.page == page,
                Presence.subject_id == subject_id,
                Presence.user_id != user_id,
                Presence.seen_at > since,
            )
        )
    )


def forget(session: Session, before: datetime) -> None:
    """Remove the rows that are older: where somebody was is of no use any more, and private."""
    session.execute(delete(Presence).where(Presence.seen_at <= before))
