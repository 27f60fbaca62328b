"""Store bulk exports: lists of submissions that one person asked for and another decided on.

The rows themselves are never kept: they are read when the list is fetched. Queries are bounded by a
limit, and by the indexed `submissions.received_at`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, and_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.mail.outbox import MailKind, OutboxMessage
from storage.submissions.submissions import Submission


class BulkExport(Base):
    """One request. `reason` is sealed with the system's key at `bulk_exports.reason:ID`.

    `period` is a quarter's code, `2026-Q4`. `is_approved` is None until somebody decided.
    """

    __tablename__ = "bulk_exports"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    programme: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(8))
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    is_approved: Mapped[bool | None]


@dataclass(frozen=True)
class ListedRow:
    """One submission in a list: codes and times, no name and nothing sealed.

    `receipted_at` is when R1 left, None before; `decided_at` is None while nobody decided.
    """

    reference: str
    channel: str
    state: str
    received_at: datetime
    receipted_at: datetime | None
    decided_at: datetime | None


def locked(session: Session, export_id: str) -> BulkExport | None:
    """Return one request as it is now, and keep others from deciding it until the commit."""
    return session.scalar(
        select(BulkExport)
        .where(BulkExport.id == export_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def asked_since(session: Session, since: datetime, *, limit: int) -> list[BulkExport]:
    """Return the requests since a time, the newest first."""
    return list(
        session.scalars(
            select(BulkExport)
            .where(BulkExport.asked_at > since)
            .order_by(BulkExport.asked_at.desc(), BulkExport.id)
            .limit(limit)
        )
    )


def rows(
    session: Session, programme: str, since: datetime, until: datetime, *, limit: int
) -> list[ListedRow]:
    """Return the submissions received from `since` to before `until`, oldest first."""
    found = session.execute(
        select(
            Submission.reference,
            Submission.channel,
            Submission.state,
            Submission.received_at,
            OutboxMessage.sent_at,
            Submission.decided_at,
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
        .order_by(Submission.received_at, Submission.id)
        .limit(limit)
    )
    return [ListedRow(*row) for row in found]
