"""Query the cases of one owner, by what is due in them, page by page.

The index of a case's owner is entered, then that of its submissions and of their items: a page
costs as much as its owner has, however large the tables are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, case, func, literal, select, true, tuple_
from sqlalchemy.orm import Session

from storage.base import UtcTime
from storage.cases.cases import OVER, Case
from storage.cases.messages import CaseMessage, MessageKind
from storage.crypto.keys import DataKeyRow
from storage.lists import work_subjects
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission

# Cases in which nothing is due come last.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class DueCase:
    """A case, and when its nearest open item is due; None when nothing of it waits."""

    case: Case
    due_at: datetime | None


def of_owner(
    session: Session, owner_id: str, *, limit: int, after: str | None = None
) -> list[DueCase]:
    """Return cases of an owner that are not over, those due next first.

    `after` is the id of the case that the last page ended with.
    """
    due = _due()
    order = tuple_(due, Case.id)
    start = session.scalar(select(due).where(Case.id == after)) if after is not None else None
    rows = session.execute(
        select(Case, due)
        .join(DataKeyRow, DataKeyRow.id == Case.data_key_id)
        .where(
            Case.owner_id == owner_id,
            Case.state.not_in(OVER),
            Case.merged_into.is_(None),
            DataKeyRow.destroyed_at.is_(None),
            order > tuple_(literal(start, UtcTime), literal(after)) if start else true(),
        )
        .order_by(due, Case.id)
        .limit(limit)
    )
    return [DueCase(one, None if at == NEVER else at) for one, at in rows]


def _due() -> ColumnElement[datetime]:
    """Return when the nearest open item is due, of a submission or of the case; NEVER for none."""
    of_submissions = _nearest(
        select(func.min(QueueItem.due_at))
        .join(Submission, Submission.id == QueueItem.submission_id)
        .where(Submission.case_id == Case.id, QueueItem.closed_at.is_(None))
    )
    of_the_case = _nearest(
        select(func.min(QueueItem.due_at)).where(
            QueueItem.case_id == Case.id, QueueItem.closed_at.is_(None)
        )
    )
    return case((of_submissions < of_the_case, of_submissions), else_=of_the_case)


def _nearest(query: Select[datetime]) -> ColumnElement[datetime]:
    return func.coalesce(query.correlate(Case).scalar_subquery(), literal(NEVER, UtcTime))


def open_items(session: Session, case_ids: list[str]) -> list[tuple[str, str, QueueItem]]:
    """Return (case's id, code of the page, item) of all that is open, the nearest due first.

    What hangs on a case itself stands on the page of its newest submission.
    """
    rows = session.execute(
        select(Submission.case_id, Submission.reference, QueueItem)
        .join(Submission, Submission.id == QueueItem.submission_id)
        .where(Submission.case_id.in_(case_ids), QueueItem.closed_at.is_(None))
    )
    found = [(case_id or "", reference, item) for case_id, reference, item in rows]
    on_cases = list(
        session.scalars(
            select(QueueItem).where(QueueItem.case_id.in_(case_ids), QueueItem.closed_at.is_(None))
        )
    )
    about = work_subjects.about(session, on_cases)
    found += [
        (each.case_id or "", about[each.id].reference, each)
        for each in on_cases
        if each.id in about
    ]
    return sorted(found, key=lambda row: (row[2].due_at, row[2].id))


def unread(session: Session, case_ids: list[str]) -> dict[str, int]:
    """Return {case's id: how many messages of coordinators nobody has read}; others are absent."""
    rows = session.execute(
        select(CaseMessage.case_id, func.count())
        .where(
            CaseMessage.case_id.in_(case_ids),
            CaseMessage.kind == MessageKind.FROM_COORDINATOR,
            CaseMessage.read_at.is_(None),
        )
        .group_by(CaseMessage.case_id)
    )
    return {row[0]: row[1] for row in rows}
