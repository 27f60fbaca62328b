"""Query a work list: the open items of one queue or of several, narrowed, in order, by pages.

All queries read one index that holds open items only (`ix_queue_items_open`): they cost as much as
is open in a queue, however much was ever closed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from storage.access.own_submissions import Submissions, in_cases_of
from storage.base import UtcTime
from storage.lists.work_subjects import is_among
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Priority

# Marks that a list can be narrowed by, in the order in which they are offered. The first two follow
# from an item's priority; the database keeps the others in `marks` (migration 0008).
URGENT = "urgent"
RISK_UNKNOWN = "risk_unknown"
MARKS = (
    URGENT,
    RISK_UNKNOWN,
    "not_proven",
    "repeated",
    "alike",
    "locked",
    "kept_back",
    "wrong_door",
    "not_read",
)
# Stands for a field without a value.
NOT_KNOWN = "unknown"
NOBODY = "nobody"

# Which of two items with the same due time comes first; unknown risk never sorts as low.
PRIORITY_ORDER = (Priority.EMERGENCY, Priority.URGENT, Priority.UNKNOWN, Priority.NORMAL)


@dataclass(frozen=True)
class WorkList:
    """Which open items a list holds: those of some queues.

    A grouped list has one queue after the other, in their order here; else the nearest due time
    of all comes first. `holders` are the accounts of which one has its items, empty for all;
    items that nobody has of cases of an account in `covers` belong to them too. `due_before`
    leaves out what is due later.
    """

    queues: tuple[str, ...]
    is_grouped: bool = True
    holders: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    due_before: datetime | None = None


@dataclass(frozen=True)
class Narrow:
    """What a list is narrowed to; `programmes` are those that its reader may see at all.

    An empty field lets everything through; `holder` is an account's id or NOBODY.
    """

    programmes: tuple[str, ...]
    # The only submissions that are shown (`access.own_submissions`), None for all of them.
    only: Submissions | None = None
    programme: str = ""
    region: str = ""
    language: str = ""
    state: str = ""
    holder: str = ""
    mark: str = ""


def page(
    session: Session,
    listed: WorkList,
    narrow: Narrow,
    *,
    after: QueueItem | None = None,
    limit: int,
) -> list[QueueItem]:
    """Return open items, the nearest due time first, then by priority, then by age.

    With `after`, the last item that was shown, the items that follow its place are returned; it may
    be closed by now.
    """
    return _first(session, listed, narrow, after, (), limit)


def next_free(
    session: Session,
    listed: WorkList,
    narrow: Narrow,
    *,
    after: QueueItem | None,
    user_ids: Collection[str],
    kind: str = "",
    other_than: str,
) -> QueueItem | None:
    """Return the first item after another that a user can work on now, or None.

    `user_ids` are the user's own and those for whom they act. `other_than` is the id of a
    submission or an item that is passed over; `kind` looks for items of one kind only.
    """
    wanted = (
        QueueItem.kind == kind if kind else true(),
        or_(QueueItem.submission_id.is_(None), QueueItem.submission_id != other_than),
        QueueItem.id != other_than,
        or_(QueueItem.claimed_by.is_(None), QueueItem.claimed_by.in_(user_ids)),
        # What an officer holds comes back by itself, and is not worked on before.
        QueueItem.held_until.is_(None),
    )
    found = _first(session, listed, narrow, after, wanted, 1)
    return found[0] if found else None


def count_behind(session: Session, listed: WorkList, narrow: Narrow, item: QueueItem) -> int:
    """Count the open items that a filter lets through and that come after another."""
    places = [
        and_(QueueItem.queue == queue, *_behind(edge))
        for queue, edge in _queues_behind(listed, item)
    ]
    return _count(session, listed, narrow, or_(*places))


def count_since(session: Session, listed: WorkList, narrow: Narrow, since: datetime) -> int:
    """Count the open items that a filter lets through and that came after a time."""
    return _count(session, listed, narrow, QueueItem.opened_at > since)


def _count(session: Session, listed: WorkList, narrow: Narrow, where: ColumnElement[bool]) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(QueueItem)
            .where(in_queues(listed), *matching(listed, narrow), where)
        )
        or 0
    )


def _first(
    session: Session,
    listed: WorkList,
    narrow: Narrow,
    after: QueueItem | None,
    wanted: tuple[ColumnElement[bool], ...],
    limit: int,
) -> list[QueueItem]:
    """Return the first items of a list, by one query that asks each queue for no more than these.

    So each queue is read in the order of the index, and not all that is open is sorted.
    """
    parts = []
    for place, (queue, edge) in enumerate(_queues_behind(listed, after)):
        part = (
            select(QueueItem.id, literal(place).label("place"))
            .where(QueueItem.queue == queue, *matching(listed, narrow), *wanted, *_behind(edge))
            .order_by(*_order())
            .limit(limit)
            .subquery()
        )
        parts.append(select(part))
    if not parts:
        return []
    found = union_all(*parts).subquery()
    grouped = (found.c.place,) if listed.is_grouped else ()
    return list(
        session.scalars(
            select(QueueItem)
            .join(found, found.c.id == QueueItem.id)
            .order_by(*grouped, *_order())
            .limit(limit)
        )
    )


def _queues_behind(listed: WorkList, item: QueueItem | None) -> list[tuple[str, QueueItem | None]]:
    """Return (queue, the item behind which its items come next, None for all of them)."""
    if item is None or not listed.is_grouped:
        return [(queue, item) for queue in listed.queues]
    if item.queue not in listed.queues:
        return []
    at = listed.queues.index(item.queue)
    return [(item.queue, item), *((queue, None) for queue in listed.queues[at + 1 :])]


def in_queues(listed: WorkList) -> ColumnElement[bool]:
    """Return the condition for items of a list's queues."""
    # The queues are named, so that the index is entered at each and not read as a whole.
    return QueueItem.queue.in_(listed.queues)


def matching(listed: WorkList, narrow: Narrow) -> list[ColumnElement[bool]]:
    """Return the conditions for open items that a list holds and a filter lets through."""
    conditions: list[ColumnElement[bool]] = [
        QueueItem.closed_at.is_(None),
        QueueItem.programme.in_(narrow.programmes),
    ]
    if listed.holders:
        conditions.append(is_with(listed.holders, listed.covers))
    if listed.due_before is not None:
        conditions.append(QueueItem.due_at < listed.due_before)
    if narrow.only is not None:
        conditions.append(is_among(narrow.only))
    wanted = (
        (QueueItem.programme, narrow.programme),
        (QueueItem.region, narrow.region),
        (QueueItem.language, narrow.language),
        (QueueItem.state, narrow.state),
    )
    for column, code in wanted:
        if code == NOT_KNOWN:
            conditions.append(column.is_(None))
        elif code:
            conditions.append(column == code)
    if narrow.holder == NOBODY:
        conditions.append(QueueItem.claimed_by.is_(None))
    elif narrow.holder:
        conditions.append(QueueItem.claimed_by == narrow.holder)
    if narrow.mark:
        conditions.append(_has_mark(narrow.mark))
    return conditions


def is_with(holders: Collection[str], covers: Collection[str]) -> ColumnElement[bool]:
    """Return the condition for items that one of some accounts has.

    `covers` are those of them that are away: what nobody has of their cases counts as theirs.
    """
    has_it = QueueItem.claimed_by.in_(holders)
    return or_(has_it, in_cases_of(covers)) if covers else has_it


def _has_mark(mark: str) -> ColumnElement[bool]:
    if mark == URGENT:
        return QueueItem.priority.in_([Priority.EMERGENCY, Priority.URGENT])
    if mark == RISK_UNKNOWN:
        return QueueItem.priority == Priority.UNKNOWN
    return QueueItem.marks.contains(f" {mark} ", autoescape=True)


def _behind(item: QueueItem | None) -> list[ColumnElement[bool]]:
    """Return the conditions for items that come after another in the list's order."""
    if item is None:
        return []
    place = tuple_(QueueItem.due_at, _rank(), QueueItem.opened_at, QueueItem.id)
    edge = tuple_(
        literal(item.due_at, UtcTime),
        literal(_RANKS.get(item.priority, _RANKS[Priority.UNKNOWN])),
        literal(item.opened_at, UtcTime),
        literal(item.id, String),
    )
    # The first condition follows from the second, but only with it the index is used.
    return [QueueItem.due_at >= item.due_at, place > edge]


_RANKS: dict[str, int] = {priority.value: at for at, priority in enumerate(PRIORITY_ORDER)}


def _rank() -> Case[int]:
    # An unknown priority does not sort as low either.
    return case(_RANKS, value=QueueItem.priority, else_=_RANKS[Priority.UNKNOWN])


def _order() -> tuple[Any, ...]:  # Any: columns of three types
    return (QueueItem.due_at, _rank(), QueueItem.opened_at, QueueItem.id)
