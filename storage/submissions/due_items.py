"""Find the open items whose time has come: late ones, and holds that are over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.submissions.queue_items import QueueItem


def escalated(session: Session, programmes: list[str], *, limit: int) -> list[QueueItem]:
    """Return open items that were escalated, the longest overdue first."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(
                QueueItem.programme.in_(programmes),
                QueueItem.closed_at.is_(None),
                QueueItem.escalated_at.is_not(None),
            )
            .order_by(QueueItem.due_at, QueueItem.id)
            .limit(limit)
        )
    )


def held_until(session: Session, now: datetime, *, limit: int) -> list[QueueItem]:
    """Return open items whose hold is over, the earliest first."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(QueueItem.closed_at.is_(None), QueueItem.held_until <= now)
            .order_by(QueueItem.held_until, QueueItem.id)
            .limit(limit)
        )
    )


def overdue(session: Session, now: datetime, *, limit: int) -> list[QueueItem]:
    """Return open items that are overdue and not escalated yet, the longest overdue first.

    They are locked to the commit; items that another process has locked are skipped.
    """
    return list(
        session.scalars(
            select(QueueItem)
            .where(
                QueueItem.closed_at.is_(None),
                QueueItem.escalated_at.is_(None),
                QueueItem.due_at <= now,
            )
            .order_by(QueueItem.due_at, QueueItem.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
