"""What stays of the outbox: messages that wait a moment, are taken back, or never leave.

Each is a condition of the database's, so that no sender has the same message in its hands.
"""

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from storage.mail.outbox import MessageState, OutboxMessage, of_submission


def waiting(session: Session, submission_id: str, now: datetime) -> list[OutboxMessage]:
    """Return a submission's messages whose first try is still to come, oldest first."""
    return [
        row
        for row in of_submission(session, submission_id)
        if row.state == MessageState.DUE
        and row.attempts == 0
        and row.next_try_at is not None
        and row.next_try_at > now
    ]


def take_out(session: Session, submission_id: str, kind: str, now: datetime) -> datetime | None:
    """Remove a message that no sender has touched yet; return when it was written.

    None when it is on its way: the condition is the database's, so no sender has it too.
    """
    return session.scalar(
        delete(OutboxMessage)
        .where(
            OutboxMessage.submission_id == submission_id,
            OutboxMessage.kind == kind,
            OutboxMessage.state == MessageState.DUE,
            OutboxMessage.attempts == 0,
            OutboxMessage.leased_until.is_(None),
            OutboxMessage.next_try_at > now,
        )
        .returning(OutboxMessage.created_at)
    )


def keep_back(session: Session, submission_id: str, reason: str, now: datetime) -> int:
    """Let what no sender has in its hands stay here, receipts left out; return how many.

    A receipt says only that something came, and was promised when it did.
    """
    kept = session.scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.submission_id == submission_id,
            OutboxMessage.kind != "R1",
            OutboxMessage.state == MessageState.DUE,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now),
        )
        .values(state=MessageState.SUPPRESSED, reason=reason)
        .returning(OutboxMessage.id)
    )
    return len(list(kept))
