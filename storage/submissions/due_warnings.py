"""Store the warnings that went out before an item's due time, and the webhook calls they made.

A warning is decided once for an item, for each time that it began to wait, and for each step: the
database holds that, so a process that dies in between, or a clock that is set back, repeats none.
A call has no personal data: a reference, a queue, a step and a time.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, and_, exists, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Priority


class WarningStep(StrEnum):
    """Which warning it is: at half of the time, at four fifths, or of an unseen emergency."""

    HALF = "half"
    FOUR_FIFTHS = "four_fifths"
    UNSEEN = "unseen"


class CallState(StrEnum):
    """What became of a webhook call."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class DueWarning(Base):
    """One decided warning. `began_at` is when the item began to wait, the time that is counted.

    `mails` counts those that were written. `overtaken` tells that a later step was due as well, so
    that this one was passed over.
    """

    __tablename__ = "due_warnings"
    __table_args__ = (Index("ix_due_warnings_once", "item_id", "began_at", "step", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("queue_items.id"))
    began_at: Mapped[datetime] = mapped_column(UtcTime)
    step: Mapped[str] = mapped_column(String(12))
    decided_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    mails: Mapped[int] = mapped_column(Integer, default=0)
    overtaken: Mapped[bool] = mapped_column(default=False)


class HookCall(Base):
    """One call of the office's webhook about a warning; `body` is the JSON that is signed."""

    __tablename__ = "hook_calls"
    __table_args__ = (Index("ix_hook_calls_due", "state", "next_try_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    warning_id: Mapped[str] = mapped_column(ForeignKey("due_warnings.id"), unique=True)
    url: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


# What nobody may leave unseen: the queue of emergencies, and a stranger's cry for help where such
# mail waits. What an officer holds was seen.
IS_EMERGENCY = and_(
    # The queues first, by which the index of open items is searched.
    QueueItem.queue.in_([Queue.EMERGENCY, Queue.MAIL_TO_MATCH, Queue.ENQUIRIES]),
    or_(QueueItem.queue == Queue.EMERGENCY, QueueItem.priority == Priority.EMERGENCY),
)


def waiting(session: Session, now: datetime) -> list[tuple[str, datetime, datetime]]:
    """Return (id, since when, until when) of open items that are not due yet nor warned of fully.

    Nothing sealed is read, and the index holds open items only. What a manager has to see to is
    escalated when it is made, and needs no warning.
    """
    is_warned = exists().where(
        DueWarning.item_id == QueueItem.id,
        DueWarning.began_at == QueueItem.opened_at,
        DueWarning.step == WarningStep.FOUR_FIFTHS,
    )
    rows = session.execute(
        select(QueueItem.id, QueueItem.opened_at, QueueItem.due_at).where(
            QueueItem.queue.in_(list(Queue)),
            QueueItem.closed_at.is_(None),
            QueueItem.due_at > now,
            QueueItem.kind != TaskKind.NOBODY_WARNED,
            ~is_warned,
        )
    )
    return [(row.id, row.opened_at, row.due_at) for row in rows]


def unseen(session: Session, began_before: datetime) -> list[str]:
    """Return ids of open emergencies of submissions (`IS_EMERGENCY`) that waited since a time.

    Those of which the telephones were told are left out.
    """
    is_told = exists().where(
        DueWarning.item_id == QueueItem.id,
        DueWarning.began_at == QueueItem.opened_at,
        DueWarning.step == WarningStep.UNSEEN,
    )
    return list(
        session.scalars(
            select(QueueItem.id).where(
                IS_EMERGENCY,
                QueueItem.kind == TaskKind.SUBMISSION,
                QueueItem.closed_at.is_(None),
                QueueItem.opened_at <= began_before,
                ~is_told,
            )
        )
    )


def to_be_called_about(session: Session, programmes: list[str]) -> list[tuple[QueueItem, datetime]]:
    """Return open emergencies of which the telephones were told, with when, the oldest first."""
    rows = session.execute(
        select(QueueItem, DueWarning.decided_at)
        .join(
            DueWarning,
            and_(DueWarning.item_id == QueueItem.id, DueWarning.began_at == QueueItem.opened_at),
        )
        .where(
            IS_EMERGENCY,
            QueueItem.closed_at.is_(None),
            QueueItem.programme.in_(programmes),
            DueWarning.step == WarningStep.UNSEEN,
        )
        .order_by(QueueItem.opened_at, QueueItem.id)
    )
    return [(item, at) for item, at in rows]


def open_gaps(session: Session, programme: str) -> list[QueueItem]:
    """Return the open tasks of a programme that say that nobody was warned, oldest first."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(
                QueueItem.queue.in_(list(Queue)),
                QueueItem.kind == TaskKind.NOBODY_WARNED,
                QueueItem.programme == programme,
                QueueItem.closed_at.is_(None),
            )
            .order_by(QueueItem.opened_at, QueueItem.id)
        )
    )


def untold(session: Session, programme: str) -> list[str]:
    """Return ids of the newest warning of each open item that was given and reached nobody.

    Each item since when it began to wait; the oldest first.
    """
    rows = session.execute(
        select(DueWarning.id, DueWarning.item_id, DueWarning.mails, HookCall.id.label("call_id"))
        .join(
            QueueItem,
            and_(QueueItem.id == DueWarning.item_id, QueueItem.opened_at == DueWarning.began_at),
        )
        .outerjoin(HookCall, HookCall.warning_id == DueWarning.id)
        .where(
            QueueItem.queue.in_(list(Queue)),
            QueueItem.closed_at.is_(None),
            QueueItem.programme == programme,
            DueWarning.overtaken.is_(False),
        )
        .order_by(DueWarning.decided_at, DueWarning.id)
    )
    newest = {row.item_id: row for row in rows}
    return [row.id for row in newest.values() if not row.mails and row.call_id is None]


def known_steps(session: Session, item: QueueItem) -> set[str]:
    """Return the steps that were decided since an item began to wait."""
    return set(
        session.scalars(
            select(DueWarning.step).where(
                DueWarning.item_id == item.id, DueWarning.began_at == item.opened_at
            )
        )
    )


def of_item(session: Session, item_id: str) -> list[DueWarning]:
    """Return all warnings of an item, oldest first."""
    return list(
        session.scalars(
            select(DueWarning)
            .where(DueWarning.item_id == item_id)
            .order_by(DueWarning.decided_at, DueWarning.step)
        )
    )


def lease_call(session: Session, now: datetime, until: datetime) -> HookCall | None:
    """Take the call that is due longest; other senders skip it until the lease ends."""
    call = session.scalar(
        select(HookCall)
        .where(
            HookCall.state == CallState.DUE,
            HookCall.next_try_at <= now,
            or_(HookCall.leased_until.is_(None), HookCall.leased_until < now),
        )
        .order_by(HookCall.next_try_at, HookCall.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if call is not None:
        call.leased_until, call.attempts = until, call.attempts + 1
        session.flush()
    return call


def any_call_due(session: Session, now: datetime) -> bool:
    """Say, without a lock, whether any call waits to be made."""
    found = session.scalar(
        select(HookCall.id)
        .where(HookCall.state == CallState.DUE, HookCall.next_try_at <= now)
        .limit(1)
    )
    return found is not None


def end_call(session: Session, call_id: str, state: CallState, reason: str, now: datetime) -> bool:
    """End a call that is due; False when another sender ended it."""
    ended = session.execute(
        update(HookCall)
        .where(HookCall.id == call_id, HookCall.state == CallState.DUE)
        .values(state=state, reason=reason, leased_until=None, ended_at=now)
        .returning(HookCall.id)
    )
    return ended.first() is not None


def put_off_call(session: Session, call_id: str, next_try_at: datetime, reason: str) -> None:
    """Let a call wait for its next try."""
    session.execute(
        update(HookCall)
        .where(HookCall.id == call_id, HookCall.state == CallState.DUE)
        .values(next_try_at=next_try_at, reason=reason, leased_until=None)
    )


def last_call(session: Session) -> HookCall | None:
    """Return the call that ended last, None when none has ended."""
    return session.scalar(
        select(HookCall)
        .where(HookCall.ended_at.is_not(None), HookCall.state != CallState.DROPPED)
        .order_by(HookCall.ended_at.desc())
        .limit(1)
    )


def item_of_warning(session: Session, warning_id: str) -> QueueItem | None:
    """Return the item that a warning is about, None when it is not there."""
    return session.scalar(
        select(QueueItem)
        .join(DueWarning, DueWarning.item_id == QueueItem.id)
        .where(DueWarning.id == warning_id)
    )
