"""Keep mail back that waits, and count what is being sent at that moment."""

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from storage.mail.outbox import MailKind, MessageState, OutboxMessage


def mark_kept_back(session: Session, message_id: str, reason: str) -> bool:
    """Suppress a message that its sender has leased; False when it was not due any more."""
    result = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.DUE)
        .values(state=MessageState.SUPPRESSED, leased_until=None, reason=reason)
        .returning(OutboxMessage.id)
    )
    return result.first() is not None


def count_in_hand(session: Session, submission_ids: list[str], now: datetime) -> int:
    """Count the messages about submissions that a sender has leased and not settled yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(OutboxMessage)
            .where(
                OutboxMessage.submission_id.in_(submission_ids),
                OutboxMessage.kind != MailKind.RECEIPT,
                OutboxMessage.state == MessageState.DUE,
                OutboxMessage.leased_until >= now,
            )
        )
        or 0
    )


def keep_back(session: Session, submission_id: str, reason: str, now: datetime) -> int:
    """Suppress a submission's messages that no sender has leased; return how many.

    Receipts are left to the sender, which asks of each whether it answers a mail. It asks again
    about what it has leased, too.
    """
    kept = session.scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.submission_id == submission_id,
            OutboxMessage.kind != MailKind.RECEIPT,
            OutboxMessage.state == MessageState.DUE,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now),
        )
        .values(state=MessageState.SUPPRESSED, reason=reason)
        .returning(OutboxMessage.id)
    )
    return len(list(kept))
