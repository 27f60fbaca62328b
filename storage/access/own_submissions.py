"""Find which submissions are somebody's own, as a query that narrows lists."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select, union
from sqlalchemy.orm import Session

from storage.access.grants import CONTENT, AccessGrant, was_there
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission, SubmissionState

# Ids of submissions, as a query inside another.
Submissions = CompoundSelect[tuple[str]]


def with_assignment(
    session: Session, user_ids: Collection[str], submission_ids: Collection[str]
) -> frozenset[str]:
    """Return those submissions of which an open item is assigned to one of some users."""
    return frozenset(
        session.scalars(
            select(QueueItem.submission_id).where(
                QueueItem.submission_id.in_(submission_ids),
                QueueItem.claimed_by.in_(user_ids),
                QueueItem.closed_at.is_(None),
            )
        )
    )


def ended_by(session: Session, user_id: str, submission_ids: Collection[str]) -> frozenset[str]:
    """Return those submissions that a user had and ended without a case."""
    return frozenset(
        session.scalars(_ended_by(user_id).where(QueueItem.submission_id.in_(submission_ids)))
    )


def in_queue(session: Session, submission_ids: Collection[str], queue: str) -> frozenset[str]:
    """Return those submissions of which an open item is in a queue."""
    return frozenset(
        session.scalars(
            select(QueueItem.submission_id).where(
                QueueItem.submission_id.in_(submission_ids),
                QueueItem.queue == queue,
                QueueItem.closed_at.is_(None),
            )
        )
    )


def own_submissions(user_id: str, now: datetime, *, acts_as: Collection[str] = ()) -> Submissions:
    """Return the ids of a user's own submissions, as a query that narrows a list.

    A user's own are the submissions of cases that they own, those of which an item is assigned to
    them, those that they had and ended without a case, and those that they opened with a reason, as
    long as that lasts. Of the accounts in `acts_as`, for which the user acts, the first two count
    too.
    """
    owners = {user_id, *acts_as}
    of_owned_cases = (
        select(Submission.id)
        .join(Case, Case.id == Submission.case_id)
        .where(Case.owner_id.in_(owners))
    )
    assigned = select(QueueItem.submission_id).where(
        QueueItem.submission_id.is_not(None),
        QueueItem.claimed_by.in_(owners),
        QueueItem.closed_at.is_(None),
    )
    open_now = (
        AccessGrant.user_id == user_id,
        AccessGrant.ends_at > now,
        AccessGrant.scope == CONTENT,
    )
    opened = select(AccessGrant.submission_id).where(
        *open_now, AccessGrant.submission_id.is_not(None)
    )
    of_opened_cases = (
        select(Submission.id)
        .join(AccessGrant, AccessGrant.case_id == Submission.case_id)
        .where(*open_now, was_there(Submission))
    )
    return union(of_owned_cases, assigned, _ended_by(user_id), opened, of_opened_cases)


def _ended_by(user_id: str) -> "Select[str | None]":
    """Return the ids of what a user had and ended without a case: nobody else answers for it."""
    return (
        select(QueueItem.submission_id)
        .join(Submission, Submission.id == QueueItem.submission_id)
        .where(
            QueueItem.claimed_by == user_id,
            QueueItem.kind == TaskKind.SUBMISSION,
            Submission.decided_by == user_id,
            Submission.case_id.is_(None),
            Submission.state.in_([SubmissionState.CLOSED, SubmissionState.REDIRECTED]),
        )
    )


def owned_cases(session: Session, user_id: str) -> list[Case]:
    """Return the cases that a user owns, locked to the commit."""
    return list(
        session.scalars(
            select(Case).where(Case.owner_id == user_id).order_by(Case.id).with_for_update()
        )
    )


def assigned_items(session: Session, user_id: str) -> list[QueueItem]:
    """Return the open items that are assigned to a user, locked to the commit."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(QueueItem.claimed_by == user_id, QueueItem.closed_at.is_(None))
            .order_by(QueueItem.id)
            .with_for_update()
        )
    )


def waiting_with(
    session: Session, user_id: str, programmes: list[str], *, limit: int
) -> list[QueueItem]:
    """Return the open items that a user has, and those of their cases that nobody has, by due time.

    Only items of some programmes.
    """
    return list(
        session.scalars(
            select(QueueItem)
            .where(
                or_(QueueItem.claimed_by == user_id, in_cases_of([user_id])),
                QueueItem.programme.in_(programmes),
                QueueItem.closed_at.is_(None),
            )
            .order_by(QueueItem.due_at, QueueItem.id)
            .limit(limit)
        )
    )


def in_cases_of(user_ids: Collection[str]) -> ColumnElement[bool]:
    """Return the condition for items that nobody has, of cases that some users own."""
    owned = select(Case.id).where(Case.owner_id.in_(user_ids))
    of_owned_cases = select(Submission.id).where(Submission.case_id.in_(owned))
    return and_(
        QueueItem.claimed_by.is_(None),
        or_(QueueItem.submission_id.in_(of_owned_cases), QueueItem.case_id.in_(owned)),
    )


def locked_item(session: Session, item_id: str) -> QueueItem | None:
    """Return one item as it is now, locked to the commit, or None."""
    return session.scalar(
        select(QueueItem)
        .where(QueueItem.id == item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def whose_item(session: Session, item: QueueItem) -> str | None:
    """Return who has an item, or else who owns its case; None for nobody."""
    if item.claimed_by is not None:
        return item.claimed_by
    if item.case_id is not None:
        return session.scalar(select(Case.owner_id).where(Case.id == item.case_id))
    return session.scalar(
        select(Case.owner_id)
        .join(Submission, Submission.case_id == Case.id)
        .where(Submission.id == item.submission_id)
    )


def held_items(session: Session, submission_ids: list[str], case_ids: list[str]) -> list[QueueItem]:
    """Return the open items of submissions and cases that somebody has, locked to the commit."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(
                or_(QueueItem.submission_id.in_(submission_ids), QueueItem.case_id.in_(case_ids)),
                QueueItem.claimed_by.is_not(None),
                QueueItem.closed_at.is_(None),
            )
            .order_by(QueueItem.id)
            .with_for_update()
        )
    )


def holders_that_ended(session: Session, now: datetime, *, limit: int) -> list[str]:
    """Return the ids of ended accounts that still own a case or have an item or an opening."""
    owns = exists().where(Case.owner_id == User.id)
    has_item = exists().where(QueueItem.claimed_by == User.id, QueueItem.closed_at.is_(None))
    reads = exists().where(AccessGrant.user_id == User.id, AccessGrant.ends_at > now)
    return list(
        session.scalars(
            select(User.id)
            .where(
                or_(User.expires_at <= now, User.disabled_at.is_not(None)),
                or_(owns, has_item, reads),
            )
            .order_by(User.id)
            .limit(limit)
        )
    )
