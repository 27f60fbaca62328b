"""Read what arrived in a period and how far it got, without anybody in it.

Only codes and times are read, never a sealed value. `intake.oversight.programme_statistics` counts
them, and `exported_statistics` hides the counts that are too small to leave the house. Every query
is bounded: by a period on the indexed `submissions.received_at` and a limit, or by the open items
of a programme.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from storage.cases.confirmations import Confirmation, PaperKind
from storage.cases.filing_acts import FilingAct, FilingActKind
from storage.mail.outbox import MailKind, OutboxMessage
from storage.submissions.queue_items import Queue, QueueItem
from storage.submissions.submissions import Submission

BY_RULE = (FilingActKind.FILED_BY_RULE, FilingActKind.OPENED_BY_RULE)


@dataclass(frozen=True)
class ArrivalRow:
    """One submission as it is counted.

    `receipted_at` is when R1 left, `confirmed_at` when the first R2 was signed, each None before
    that. `is_filed_by_rule` is false if a person undid the filing that a rule made; `outcome`
    says how it ended without a case, `closed_without` why nobody confirms it in writing.
    """

    channel: str
    received_at: datetime
    decided_at: datetime | None
    outcome: str | None
    receipted_at: datetime | None
    is_filed_by_rule: bool
    was_quarantined: bool
    confirmed_at: datetime | None
    promised_at: datetime | None
    closed_without: str | None


def arrivals(
    session: Session, programme: str, since: datetime, until: datetime, *, limit: int
) -> list[ArrivalRow]:
    """Return the submissions received from `since` to before `until`, oldest first."""
    rows = session.execute(
        select(
            Submission.channel,
            Submission.received_at,
            Submission.decided_at,
            Submission.outcome,
            OutboxMessage.sent_at.label("receipted_at"),
            exists()
            .where(
                FilingAct.submission_id == Submission.id,
                FilingAct.act.in_(BY_RULE),
                FilingAct.undone_at.is_(None),
            )
            .label("is_filed_by_rule"),
            exists()
            .where(
                QueueItem.submission_id == Submission.id,
                QueueItem.queue == Queue.QUARANTINE,
            )
            .label("was_quarantined"),
            select(func.min(Confirmation.signed_at))
            .where(
                Confirmation.submission_id == Submission.id,
                Confirmation.kind == PaperKind.CONFIRMATION,
            )
            .scalar_subquery()
            .label("confirmed_at"),
            Submission.promised_at,
            Submission.closed_without,
        )
        .outerjoin(
            OutboxMessage,
            and_(
                OutboxMessage.submission_id == Submission.id, OutboxMessage.kind == MailKind.RECEIPT
            ),
        )
        .where(
            Submission.programme == programme,
            Submission.received_at >= since,
            Submission.received_at < until,
        )
        .order_by(Submission.received_at)
        .limit(limit)
    )
    return [ArrivalRow(**row) for row in rows.mappings()]


def backlog(session: Session, programme: str) -> dict[str, int]:
    """Return {queue: open items} of a programme; a queue without open items is absent."""
    rows = session.execute(
        select(QueueItem.queue, func.count())
        .where(
            QueueItem.queue.in_(list(Queue)),
            QueueItem.programme == programme,
            QueueItem.closed_at.is_(None),
        )
        .group_by(QueueItem.queue)
    )
    return {queue: number for queue, number in rows}  # noqa: C416 - a Row is no tuple to mypy
