"""Lease due messages for a sender, and record what the mail server said about each.

Several senders may run: the others skip a message that one has leased until its lease ends.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from storage.mail.outbox import MessageState, OutboxMessage


def lease_due(
    session: Session, now: datetime, lease: timedelta, *, limit: int
) -> list[OutboxMessage]:
    """Take due messages for sending; other senders skip them until the lease ends."""
    due = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state == MessageState.DUE,
            OutboxMessage.next_try_at <= now,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now),
        )
        .order_by(OutboxMessage.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if not ids:
        return []
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(leased_until=now + lease, attempts=OutboxMessage.attempts + 1)
    )
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids))))


def any_due(session: Session, now: datetime) -> bool:
    """Say, without a lock, whether anything waits to be sent."""
    return (
        session.scalar(
            select(OutboxMessage.id)
            .where(OutboxMessage.state == MessageState.DUE, OutboxMessage.next_try_at <= now)
            .limit(1)
        )
        is not None
    )


def extend_lease(session: Session, message_id: str, until: datetime) -> None:
    """Keep other senders from a message that is being sent for longer."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.DUE)
        .values(leased_until=until)
    )


def mark_sent(session: Session, message_id: str, now: datetime) -> None:
    """Record that the server took the message."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.DUE)
        .values(state=MessageState.SENT, sent_at=now, leased_until=None, reason="")
    )


def mark_delayed(session: Session, message_id: str, next_try_at: datetime, reason: str) -> None:
    """Record a temporary failure: the message stays due."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.DUE)
        .values(next_try_at=next_try_at, leased_until=None, reason=reason)
    )


def mark_failed(session: Session, message_id: str, reason: str) -> bool:
    """Record a permanent failure; False when the message was not due any more."""
    result = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.DUE)
        .values(state=MessageState.FAILED, leased_until=None, reason=reason)
        .returning(OutboxMessage.id)
    )
    return result.first() is not None
