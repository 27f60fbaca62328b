"""Keep the outbox: every message that leaves, written in the transaction that decides it.

A message is sent at least once: it is due until an SMTP server took it. Its Message-ID is made from
the submission, so a repetition is the same message again.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.hanging import exactly_one


class MessageState(StrEnum):
    """What became of an outgoing message."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class MailKind(StrEnum):
    """What an outgoing message is for; `codes_of` has the codes that the column holds."""

    RECEIPT = "R1"
    CONFIRMATION = "R2"
    RESEND_REQUEST = "ASK"
    REMINDER = "REM"
    ANSWER = "ANS"
    NOTICE = "MSG"
    LINK = "LINK"
    INVITATION = "INV"
    WARNING = "WRN"


# A submission has one message of a code. Of these kinds it may have several, so their codes count:
# a reminder's are days of waiting. The second confirmation and later ones carry the paper's number.
REMINDER_DAYS = (3, 7, 14)
COUNTED = (MailKind.ANSWER, MailKind.NOTICE, MailKind.LINK)
MAX_OF_A_KIND = 9
# What an officer decides to send, now: it waits for as long as it can be taken back. The others
# are written without anybody deciding about this one, or warn of what must not wait.
BY_OFFICERS = (
    MailKind.ANSWER,
    MailKind.NOTICE,
    MailKind.LINK,
    MailKind.RESEND_REQUEST,
    MailKind.CONFIRMATION,
)


def codes_of(kind: MailKind) -> tuple[str, ...]:
    """Return the codes of messages of one kind, in the order in which they are used."""
    if kind is MailKind.REMINDER:
        return tuple(f"{kind}{days}" for days in REMINDER_DAYS)
    if kind in COUNTED:
        return tuple(f"{kind}{number}" for number in range(1, MAX_OF_A_KIND + 1))
    return (kind.value,)


def is_by_officer(code: str) -> bool:
    """Tell by a message's code whether an officer sent it."""
    return code.startswith(BY_OFFICERS)


# The columns of which exactly one says what a message is about.
SUBJECTS = ("submission_id", "case_id", "task_id", "grant_id", "user_id")


class OutboxMessage(Base):
    """One outgoing message. `recipient` and `content` are sealed with the submission's key.

    A message about an account or a task is sealed with the system's key.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "next_try_at"),
        Index("ix_outbox_submission", "submission_id", "kind", unique=True),
        Index("ix_outbox_case", "case_id", "kind", unique=True),
        Index("ix_outbox_task", "task_id", "kind", unique=True),
        Index("ix_outbox_grant", "grant_id", "kind", unique=True),
        exactly_one("ck_outbox_one_subject", *SUBJECTS),
        Index("ix_outbox_recipient", "recipient_hash", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # What the message is about: exactly one of the five. A task is a queue item, and a grant is a
    # row of `cash_decisions` until it has a table of its own.
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("queue_items.id"))
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("cash_decisions.id"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(64), default="")
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary)
    recipient_hash: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # Set when the message came back: the delivery report's status code (RFC 3463), such as 5.1.1.
    bounced_at: Mapped[datetime | None] = mapped_column(UtcTime)
    bounce_status: Mapped[str | None] = mapped_column(String(16))


def of_submission(session: Session, submission_id: str) -> list[OutboxMessage]:
    """Return the messages about a submission, oldest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.submission_id == submission_id)
            .order_by(OutboxMessage.created_at)
        )
    )


def newest_of_accounts(session: Session, user_ids: list[str]) -> dict[str, OutboxMessage]:
    """Return {account: the newest message about it}; accounts without one are absent."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.user_id.in_(user_ids))
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    )
    return {row.user_id: row for row in rows if row.user_id is not None}


def has(session: Session, submission_id: str, kind: str) -> bool:
    """Say whether a message of this kind was decided already."""
    return (
        session.scalar(
            select(OutboxMessage.id).where(
                OutboxMessage.submission_id == submission_id, OutboxMessage.kind == kind
            )
        )
        is not None
    )


def next_warning(session: Session, item_id: str) -> str:
    """Return the code of the next warning about a task; the caller has locked the task."""
    written = session.scalar(
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.task_id == item_id)
    )
    return f"{MailKind.WARNING}{(written or 0) + 1}"


def answers(session: Session, message_ids: list[str]) -> list[str]:
    """Return the ids of the submissions that messages of ours answered, by their Message-IDs."""
    found = session.scalars(
        select(OutboxMessage.submission_id)
        .where(OutboxMessage.message_id.in_(message_ids))
        .distinct()
    )
    return [submission_id for submission_id in found if submission_id is not None]


def answered_by(
    session: Session, message_ids: list[str], recipient_hash: str
) -> list[tuple[str, str | None]]:
    """Return (kind, submission it is about) of the messages to one address with Message-IDs."""
    found = session.execute(
        select(OutboxMessage.kind, OutboxMessage.submission_id).where(
            OutboxMessage.message_id.in_(message_ids),
            OutboxMessage.recipient_hash == recipient_hash,
        )
    )
    return [(row.kind, row.submission_id) for row in found]


def answers_to(session: Session, message_ids: list[str], recipient_hashes: list[str]) -> list[str]:
    """Return the ids of the submissions that were answered to one of these addresses.

    This is `answers` for messages to `recipient_hashes` that were not suppressed.
    """
    found = session.scalars(
        select(OutboxMessage.submission_id)
        .where(
            OutboxMessage.message_id.in_(message_ids),
            OutboxMessage.recipient_hash.in_(recipient_hashes),
            OutboxMessage.state != MessageState.SUPPRESSED,
        )
        .distinct()
    )
    return [submission_id for submission_id in found if submission_id is not None]


def leaves(session: Session, submission_id: str, kind: str) -> bool:
    """Tell whether a message of a kind was written about a submission and not suppressed."""
    return any(
        row.kind == kind and row.state != MessageState.SUPPRESSED
        for row in of_submission(session, submission_id)
    )


def has_left(
    session: Session, submission_ids: list[str], since: datetime, *, other_than: tuple[str, ...]
) -> bool:
    """Say whether a message of another kind was written about submissions since a time.

    A message that is due counts: it may be on its way already.
    """
    found = session.scalar(
        select(OutboxMessage.id)
        .where(
            OutboxMessage.submission_id.in_(submission_ids),
            OutboxMessage.created_at >= since,
            OutboxMessage.kind.not_in(other_than),
            OutboxMessage.state != MessageState.SUPPRESSED,
        )
        .limit(1)
    )
    return found is not None


def by_message_ids(session: Session, message_ids: list[str]) -> list[OutboxMessage]:
    """Return our messages with these Message-IDs that were sent or are due, oldest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.message_id.in_(message_ids),
                OutboxMessage.state.in_([MessageState.DUE, MessageState.SENT]),
                OutboxMessage.recipient_hash.is_not(None),
            )
            .order_by(OutboxMessage.created_at)
        )
    )


def sent_or_due(session: Session, submission_id: str, kind: str) -> OutboxMessage | None:
    """Return the message of a kind about a submission if it was sent or is due, or None."""
    return session.scalar(
        select(OutboxMessage).where(
            OutboxMessage.submission_id == submission_id,
            OutboxMessage.kind == kind,
            OutboxMessage.state.in_([MessageState.DUE, MessageState.SENT]),
        )
    )


def about_accounts(session: Session, kind: str, start: str) -> list[OutboxMessage]:
    """Return the messages of a kind about accounts that were sent or are due, oldest first.

    `start` is how their Message-IDs begin.
    """
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.submission_id.is_(None),
                OutboxMessage.kind == kind,
                OutboxMessage.message_id.startswith(start, autoescape=True),
                OutboxMessage.state.in_([MessageState.DUE, MessageState.SENT]),
                OutboxMessage.recipient.is_not(None),
            )
            .order_by(OutboxMessage.created_at)
        )
    )


def note_bounce(session: Session, message_id: str, status: str, now: datetime) -> bool:
    """Record that a message came back; False when an earlier report said so already.

    `message_id` is the row's id. `status` is as in RFC 3463, empty when the report named none.
    """
    result = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.bounced_at.is_(None))
        .values(bounced_at=now, bounce_status=status or None)
        .returning(OutboxMessage.id)
    )
    return result.first() is not None


def bounced_of(session: Session, submission_ids: list[str]) -> list[OutboxMessage]:
    """Return the messages of several submissions that came back, the newest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.submission_id.in_(submission_ids),
                OutboxMessage.bounced_at.is_not(None),
            )
            .order_by(OutboxMessage.bounced_at.desc())
        )
    )


def count_to(
    session: Session, recipient_hash: str, since: datetime, *, kind: str | None = None
) -> int:
    """Count the messages to one address since a time, without suppressed ones.

    `kind` None counts those of all kinds.
    """
    of_kind = () if kind is None else (OutboxMessage.kind == kind,)
    return (
        session.scalar(
            select(func.count())
            .select_from(OutboxMessage)
            .where(
                OutboxMessage.recipient_hash == recipient_hash,
                OutboxMessage.created_at >= since,
                OutboxMessage.state != MessageState.SUPPRESSED,
                *of_kind,
            )
        )
        or 0
    )


def left_between(session: Session, recipient_hash: str, since: datetime, until: datetime) -> bool:
    """Say whether a message to one address left, or was written, from `since` on before `until`."""
    left_at = func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at)
    found = session.scalar(
        select(OutboxMessage.id)
        .where(
            OutboxMessage.recipient_hash == recipient_hash,
            OutboxMessage.state != MessageState.SUPPRESSED,
            left_at >= since,
            left_at < until,
        )
        .limit(1)
    )
    return found is not None


def oldest_due(session: Session) -> datetime | None:
    """Return when the oldest message that is due was written, or None."""
    return session.scalar(
        select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state == MessageState.DUE)
    )


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

    Returns None when it is on its way. The database checks the condition, so no sender can have the
    message at the same time.
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
