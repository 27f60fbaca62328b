"""Store queue items: what waits for a person, in which queue, until when.

`lists.work_list` has the queries of the lists.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime, new_id
from storage.crypto.column_types import SealedText
from storage.hanging import exactly_one
from storage.submissions.submissions import Submission


class Queue(StrEnum):
    """Queues of requirement 112 that exist so far, in the order in which they are worked off."""

    EMERGENCY = "Q1"
    NEW_REFERRALS = "Q2"
    REPLIES = "Q15"
    MAIL_TO_MATCH = "Q3"
    ON_HOLD = "Q4"
    MISSING = "Q5"
    QUARANTINE = "Q6"
    CASH_DECISIONS = "Q9"
    ENQUIRIES = "Q11"
    PROTECTION = "Q12"


class TaskKind(StrEnum):
    """What a queue item asks a person to do: decide a submission, or a task about one."""

    SUBMISSION = "submission"
    RECEIPT_FAILED = "receipt_failed"
    RECEIPT_BOUNCED = "receipt_bounced"
    NO_USABLE_SENDER = "no_usable_sender"
    CALL_SENDER = "call_sender"
    CALL_BACK = "call_back"
    COORDINATOR_WROTE = "coordinator_wrote"
    WRONG_READER = "wrong_reader"
    PROTECTION_SIGN = "protection_sign"
    PROTECTION_ESCALATED = "protection_escalated"
    MISSING_DOCUMENTS = "missing_documents"
    TOO_LARGE = "too_large"
    NOT_OPENED = "not_opened"
    NOT_INSPECTED = "not_inspected"
    QUARANTINE = "quarantine"
    VITAL_INTEREST = "vital_interest"
    LEGAL_DAY = "legal_day"
    # For managers: nobody could be told of another item before its clock runs out.
    NOBODY_WARNED = "nobody_warned"


# The columns of which exactly one says what an item is about.
SUBJECTS = ("submission_id", "case_id", "task_id", "grant_id")


class QueueItem(Base):
    """One piece of work. `kind` says which: a submission, or a task about one."""

    __tablename__ = "queue_items"
    __table_args__ = (
        # For the work list: every column that it asks for, of open items only.
        Index(
            "ix_queue_items_open",
            "queue",
            "due_at",
            "priority",
            "opened_at",
            "id",
            "kind",
            "programme",
            "region",
            "language",
            "state",
            "marks",
            "claimed_by",
            "closed_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        # In the order in which the list's filters are counted.
        Index(
            "ix_queue_items_counts",
            "queue",
            "programme",
            "region",
            "language",
            "state",
            "claimed_by",
            "priority",
            "marks",
            "closed_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_queue_items_clock",
            "due_at",
            sqlite_where=text("closed_at IS NULL AND escalated_at IS NULL"),
            postgresql_where=text("closed_at IS NULL AND escalated_at IS NULL"),
        ),
        # For the list of late items of which somebody was notified.
        Index(
            "ix_queue_items_told",
            "programme",
            "due_at",
            "id",
            sqlite_where=text("closed_at IS NULL AND escalated_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NULL AND escalated_at IS NOT NULL"),
        ),
        # For holds that are over.
        Index(
            "ix_queue_items_held",
            "held_until",
            sqlite_where=text("held_until IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=text("held_until IS NOT NULL AND closed_at IS NULL"),
        ),
        # For a user's own submissions (`access.own_submissions`).
        Index("ix_queue_items_claimed", "claimed_by", "closed_at"),
        Index("ix_queue_items_submission", "submission_id", "queue", "kind", unique=True),
        Index("ix_queue_items_case", "case_id", "queue", "kind", unique=True),
        Index("ix_queue_items_task", "task_id", "queue", "kind", unique=True),
        Index("ix_queue_items_grant", "grant_id", "queue", "kind", unique=True),
        exactly_one("ck_queue_items_one_subject", *SUBJECTS),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    queue: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(24))
    # What the work is about: exactly one of the four. A task is another queue item, and a grant is
    # a row of `cash_decisions` until it has a table of its own.
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("queue_items.id"))
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("cash_decisions.id"))
    programme: Mapped[str] = mapped_column(String(16))
    # Reason and clock may name a legal date.
    reason: Mapped[str] = mapped_column("sealed_reason", SealedText("queue_items.reason"))
    priority: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # What sets `due_at`: the queue's own service time, or that a legal date is near.
    clock: Mapped[str] = mapped_column(
        "sealed_clock", SealedText("queue_items.clock"), default="service"
    )
    escalated_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # Until when an officer holds it; then it comes back by itself.
    held_until: Mapped[datetime | None] = mapped_column(UtcTime)
    # Copies of the submission's columns, and its marks. The database keeps them by triggers
    # (migration 0008): they are for the queries of the work list and never written here.
    region: Mapped[str | None] = mapped_column(String(8))
    language: Mapped[str | None] = mapped_column(String(12))
    state: Mapped[str | None] = mapped_column(String(16))
    marks: Mapped[str] = mapped_column(String(96), default=" ", server_default=" ")


def put(session: Session, item: QueueItem) -> bool:
    """Put an item into its queue; False when the same one is open there already.

    One that was closed before is opened again, with its new reason and due time.
    """
    existing = session.scalar(
        select(QueueItem).where(
            *_about_the_same(item),
            QueueItem.queue == item.queue,
            QueueItem.kind == item.kind,
        )
    )
    if existing is not None and existing.closed_at is None:
        return False
    if existing is not None:
        existing.closed_at = existing.claimed_by = existing.claimed_at = None
        existing.reason, existing.priority = item.reason, item.priority
        existing.programme = item.programme
        existing.opened_at, existing.due_at = item.opened_at, item.due_at
        existing.clock, existing.escalated_at = item.clock or "service", item.escalated_at
        existing.held_until = item.held_until
        session.flush()
        return True
    item.id = item.id or new_id()
    session.add(item)
    session.flush()
    return True


def by_id(session: Session, item_id: str) -> QueueItem | None:
    """Return one item or None."""
    return session.get(QueueItem, item_id)


def locked(session: Session, item_id: str) -> QueueItem | None:
    """Return one item as it is now, locked to the commit, or None."""
    return session.scalar(
        select(QueueItem)
        .where(QueueItem.id == item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def is_on_hold(session: Session, submission_id: str) -> bool:
    """Tell whether a submission waits on hold; its tasks there do not count."""
    return any(
        item.queue == Queue.ON_HOLD and item.kind == TaskKind.SUBMISSION and item.closed_at is None
        for item in of_submission(session, submission_id)
    )


def of_submission(session: Session, submission_id: str) -> list[QueueItem]:
    """Return all items of a submission, oldest first."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(QueueItem.submission_id == submission_id)
            .order_by(QueueItem.opened_at, QueueItem.queue)
        )
    )


def claim(session: Session, item_id: str, user_id: str, now: datetime) -> bool:
    """Assign an open item to a user; False when it is somebody else's or closed."""
    result = session.execute(
        update(QueueItem)
        .where(
            QueueItem.id == item_id,
            QueueItem.closed_at.is_(None),
            or_(QueueItem.claimed_by.is_(None), QueueItem.claimed_by == user_id),
        )
        .values(claimed_by=user_id, claimed_at=now)
        .returning(QueueItem.id)
    )
    return result.first() is not None


def release(session: Session, item_id: str, user_id: str) -> bool:
    """Take an item's assignment back; False when it is not assigned to this user."""
    result = session.execute(
        update(QueueItem)
        .where(and_(QueueItem.id == item_id, QueueItem.claimed_by == user_id))
        .values(claimed_by=None, claimed_at=None)
        .returning(QueueItem.id)
    )
    return result.first() is not None


def assign(
    session: Session, item_id: str, seen_holder_id: str | None, to_id: str, now: datetime
) -> bool:
    """Assign an open item to somebody; False when it is closed or has another holder than was seen.

    `seen_holder_id` is the one whom the caller saw, None for nobody.
    """
    is_as_seen = (
        QueueItem.claimed_by.is_(None)
        if seen_holder_id is None
        else QueueItem.claimed_by == seen_holder_id
    )
    result = session.execute(
        update(QueueItem)
        .where(QueueItem.id == item_id, QueueItem.closed_at.is_(None), is_as_seen)
        .values(claimed_by=to_id, claimed_at=now)
        .returning(QueueItem.id)
    )
    return result.first() is not None


def close_kind(session: Session, submission_id: str, kind: TaskKind, now: datetime) -> None:
    """Close a submission's open items of one kind."""
    session.execute(
        update(QueueItem)
        .where(
            QueueItem.submission_id == submission_id,
            QueueItem.kind == kind,
            QueueItem.closed_at.is_(None),
        )
        .values(closed_at=now)
    )


def close_all(session: Session, submission_id: str, now: datetime) -> None:
    """Close all open items of a submission."""
    session.execute(
        update(QueueItem)
        .where(QueueItem.submission_id == submission_id, QueueItem.closed_at.is_(None))
        .values(closed_at=now)
        .execution_options(synchronize_session="fetch")
    )


def open_of_kind(session: Session, submission_id: str, kind: TaskKind) -> QueueItem | None:
    """Return a submission's open item of a kind, locked to the commit, or None.

    Of several the one with the nearest due time is returned. It is read anew, since what was read
    before the lock may be old.
    """
    return session.scalar(
        select(QueueItem)
        .where(
            QueueItem.submission_id == submission_id,
            QueueItem.kind == kind,
            QueueItem.closed_at.is_(None),
        )
        .order_by(QueueItem.due_at)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def waits_for_sender(session: Session, submission: Submission, kind: TaskKind, reason: str) -> bool:
    """Tell whether a task of a kind and reason is open about any mail of a submission's sender."""
    reasons = session.scalars(
        select(QueueItem.reason)
        .join(Submission, Submission.id == QueueItem.submission_id)
        .where(
            Submission.sender_id == submission.sender_id,
            QueueItem.kind == kind,
            QueueItem.closed_at.is_(None),
        )
    )
    return reason in set(reasons)


def open_ones(session: Session, kind: TaskKind) -> list[QueueItem]:
    """Return all open items of a kind, oldest first."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(
                QueueItem.queue.in_(list(Queue)),
                QueueItem.kind == kind,
                QueueItem.closed_at.is_(None),
            )
            .order_by(QueueItem.opened_at, QueueItem.id)
        )
    )


def move(session: Session, item: QueueItem, queue: str, now: datetime) -> QueueItem:
    """Move an open item to another queue and return the row that it now is.

    What an item is about has one item of a kind in a queue. So if that queue has one already, that
    row is opened again with the values of this item, and this item is closed.
    """
    there = session.scalar(
        select(QueueItem).where(
            *_about_the_same(item),
            QueueItem.queue == queue,
            QueueItem.kind == item.kind,
            QueueItem.id != item.id,
        )
    )
    if there is None:
        item.queue = queue
        session.flush()
        return item
    there.reason, there.priority, there.clock = item.reason, item.priority, item.clock
    there.opened_at, there.due_at = item.opened_at, item.due_at
    there.claimed_by, there.claimed_at = item.claimed_by, item.claimed_at
    there.closed_at, there.escalated_at = None, item.escalated_at
    there.held_until = item.held_until
    item.closed_at = now
    session.flush()
    return there


def _about_the_same(item: QueueItem) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions for items that are about what another is about."""
    for name in SUBJECTS:
        value = getattr(item, name)
        if value is not None:
            yield getattr(QueueItem, name) == value
