"""Store saved views: to what an officer narrows a list, under a name of their choice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime


class SavedView(Base):
    """One view of one person. `name` is sealed with the system's key; `filters` are codes.

    `queue` is the code of a queue, or of a list that spans the queues.
    """

    __tablename__ = "saved_views"
    __table_args__ = (Index("ix_saved_views_user", "user_id", "queue"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    queue: Mapped[str] = mapped_column(String(4))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    filters: Mapped[dict[str, str]] = mapped_column("wishes", JsonText)
    saved_at: Mapped[datetime] = mapped_column(UtcTime)


def of_user(session: Session, user_id: str, *, limit: int | None = None) -> Sequence[SavedView]:
    """Return the views that a user saved, in the order of saving."""
    return session.scalars(
        select(SavedView)
        .where(SavedView.user_id == user_id)
        .order_by(SavedView.saved_at, SavedView.id)
        .limit(limit)
    ).all()


def remove(session: Session, view_id: str, user_id: str) -> str | None:
    """Remove a user's own view and return its queue; None when it is not theirs."""
    return session.scalar(
        delete(SavedView)
        .where(SavedView.id == view_id, SavedView.user_id == user_id)
        .returning(SavedView.queue)
    )
