"""Store how tasks ended: one row each time that somebody did one, never overwritten.

A task that is raised again opens its queue item anew (`queue_items.put`), and what was done before
stays here. `note` is sealed with the key of the submission or the case, the outcome with that of
sealed columns.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import SealedText
from storage.hanging import exactly_one


class TaskOutcome(Base):
    """What somebody did about a task, and whether it was opened again afterwards."""

    __tablename__ = "task_outcomes"
    __table_args__ = (
        # Of two who report at once only one is next.
        Index("ix_task_outcomes_item", "item_id", "number", unique=True),
        Index("ix_task_outcomes_submission", "submission_id", "at"),
        Index("ix_task_outcomes_case", "case_id", "at"),
        exactly_one("ck_task_outcomes_one_subject", "submission_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("queue_items.id"))
    # Which one it is of its item's, from 1 on.
    number: Mapped[int] = mapped_column(Integer)
    # Of an item about a case its case, else the submission that the item is about in the end.
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    # The programme in which it was done: a submission that is handed on takes no note with it.
    programme: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(24))
    outcome: Mapped[str] = mapped_column("sealed_outcome", SealedText("task_outcomes.outcome"))
    note: Mapped[bytes] = mapped_column(LargeBinary)
    done_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    # The sender's verdict before a call changed it, to set it back.
    verdict_before: Mapped[str | None] = mapped_column(String(16))
    reopened_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(UtcTime)


def by_id(session: Session, outcome_id: str) -> TaskOutcome | None:
    """Return one outcome or None."""
    return session.get(TaskOutcome, outcome_id)


def of_submission(session: Session, submission_id: str) -> list[TaskOutcome]:
    """Return all outcomes about a submission, oldest first."""
    return list(
        session.scalars(
            select(TaskOutcome)
            .where(TaskOutcome.submission_id == submission_id)
            .order_by(TaskOutcome.at, TaskOutcome.number)
        )
    )


def of_submissions(session: Session, submission_ids: list[str], kind: str) -> list[TaskOutcome]:
    """Return the outcomes of one kind of task about some submissions, oldest first."""
    if not submission_ids:
        return []
    return list(
        session.scalars(
            select(TaskOutcome)
            .where(TaskOutcome.submission_id.in_(submission_ids), TaskOutcome.kind == kind)
            .order_by(TaskOutcome.at, TaskOutcome.number)
        )
    )


def of_items(session: Session, item_ids: list[str]) -> list[TaskOutcome]:
    """Return all outcomes of some items, oldest first."""
    return list(
        session.scalars(
            select(TaskOutcome)
            .where(TaskOutcome.item_id.in_(item_ids))
            .order_by(TaskOutcome.at, TaskOutcome.number)
        )
    )


def newest_of_case(session: Session, case_id: str, kind: str) -> TaskOutcome | None:
    """Return the last outcome of a kind of task that hangs on a case, or None."""
    return session.scalar(
        select(TaskOutcome)
        .where(TaskOutcome.case_id == case_id, TaskOutcome.kind == kind)
        .order_by(TaskOutcome.at.desc(), TaskOutcome.number.desc())
        .limit(1)
    )


def newest_of_item(session: Session, item_id: str) -> TaskOutcome | None:
    """Return the last outcome of an item, None when nobody has done it yet."""
    return session.scalar(
        select(TaskOutcome)
        .where(TaskOutcome.item_id == item_id)
        .order_by(TaskOutcome.number.desc())
        .limit(1)
    )
