"""Query the work list: the open items of a queue, narrowed, in its order, page by page.

All queries read one index that holds open items only (`ix_queue_items_open`): they cost as much as
is open in a queue, however much was ever closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    String,
    case,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from storage.access.own_submissions import Submissions
from storage.base import UtcTime
from storage.submissions.queue_items import Queue, QueueItem
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


@dataclass(frozen=True)
class Group:
    """How many open items have the same codes in every field that a list can be narrowed by."""

    programme: str
    region: str
    language: str
    state: str
    holder: str
    marks: frozenset[str]
    number: int

    def passes(self, narrow: Narrow) -> bool:
        """Say whether a filter lets these items through, as `page` would."""
        pairs = (
            (narrow.programme, self.programme),
            (narrow.region, self.region),
            (narrow.language, self.language),
            (narrow.state, self.state),
            (narrow.holder, self.holder),
        )
        is_marked = not narrow.mark or narrow.mark in self.marks
        return is_marked and all(not wanted or wanted == code for wanted, code in pairs)


@dataclass(frozen=True)
class Counts:
    """How much is open in a queue, in groups of items with the same codes."""

    groups: tuple[Group, ...]

    @property
    def open_items(self) -> int:
        """Count all of them."""
        return sum(group.number for group in self.groups)

    def found(self, narrow: Narrow) -> int:
        """Count the items that a filter lets through."""
        return sum(group.number for group in self.groups if group.passes(narrow))

    def by(self, field: str) -> dict[str, int]:
        """Return {code: number} for a field of `Group`, or for its marks in their order."""
        counted: dict[str, int] = {}
        for group in self.groups:
            codes = group.marks if field == "marks" else (getattr(group, field),)
            for code in codes:
                counted[code] = counted.get(code, 0) + group.number
        if field == "marks":
            return {mark: counted[mark] for mark in MARKS if mark in counted}
        return counted


def overview(
    session: Session, programmes: Sequence[str], *, only: Submissions | None = None
) -> dict[str, tuple[int, datetime]]:
    """Return {queue: (open items, nearest due time)}; a queue without open items is absent.

    `only` is as in `Narrow`.
    """
    rows = session.execute(
        select(QueueItem.queue, func.count(), func.min(QueueItem.due_at))
        .where(
            # The queues are named, so that the index is entered at each and not read as a whole.
            QueueItem.queue.in_(list(Queue)),
            QueueItem.programme.in_(programmes),
            QueueItem.closed_at.is_(None),
            true() if only is None else QueueItem.submission_id.in_(only),
        )
        .group_by(QueueItem.queue)
    )
    return {queue: (number, due_at) for queue, number, due_at in rows}


def page(
    session: Session, queue: str, narrow: Narrow, *, after: QueueItem | None = None, limit: int
) -> list[QueueItem]:
    """Return open items, the nearest due time first, then by priority, then by age.

    With `after`, the last item that was shown, the items that follow its place are returned; it may
    be closed by now.
    """
    return list(
        session.scalars(
            select(QueueItem)
            .where(*_matching(queue, narrow), *_behind(after))
            .order_by(*_order())
            .limit(limit)
        )
    )


def next_free(
    session: Session,
    queue: str,
    narrow: Narrow,
    *,
    after: QueueItem | None,
    user_id: str,
    kind: str = "",
    other_than: str,
) -> QueueItem | None:
    """Return the first item after another that can be assigned to a user, or None.

    `other_than` is the id of a submission or an item that is passed over; `kind` looks for items
    of one kind only.
    """
    return session.scalar(
        select(QueueItem)
        .where(
            *_matching(queue, narrow),
            *_behind(after),
            QueueItem.kind == kind if kind else true(),
            QueueItem.submission_id != other_than,
            QueueItem.id != other_than,
            or_(QueueItem.claimed_by.is_(None), QueueItem.claimed_by == user_id),
        )
        .order_by(*_order())
        .limit(1)
    )


def count_behind(session: Session, queue: str, narrow: Narrow, item: QueueItem) -> int:
    """Count the open items that a filter lets through and that come after another."""
    return (
        session.scalar(
            select(func.count())
            .select_from(QueueItem)
            .where(*_matching(queue, narrow), *_behind(item))
        )
        or 0
    )


def count_since(session: Session, queue: str, narrow: Narrow, since: datetime) -> int:
    """Count the open items that a filter lets through and that came after a time."""
    return (
        session.scalar(
            select(func.count())
            .select_from(QueueItem)
            .where(*_matching(queue, narrow), QueueItem.opened_at > since)
        )
        or 0
    )


def counts(session: Session, queue: str, narrow: Narrow) -> Counts:
    """Count the items of a queue that its reader may see, by one pass over an index.

    The index is `ix_queue_items_counts`.
    """
    fields = (
        QueueItem.programme,
        QueueItem.region,
        QueueItem.language,
        QueueItem.state,
        QueueItem.claimed_by,
        QueueItem.priority,
        QueueItem.marks,
    )
    everything = _matching(queue, Narrow(narrow.programmes, narrow.only))
    rows = session.execute(select(*fields, func.count()).where(*everything).group_by(*fields))
    return Counts(
        tuple(
            Group(
                programme=programme,
                region=region or NOT_KNOWN,
                language=language or NOT_KNOWN,
                state=state or NOT_KNOWN,
                holder=holder or NOBODY,
                marks=_marks(priority, marks),
                number=number,
            )
            for programme, region, language, state, holder, priority, marks, number in rows
        )
    )


def _marks(priority: str, kept: str) -> frozenset[str]:
    """Return an item's marks: those that the database keeps, and one for its priority."""
    marks = frozenset(kept.split())
    if priority in {Priority.EMERGENCY, Priority.URGENT}:
        return marks | {URGENT}
    return marks | {RISK_UNKNOWN} if priority == Priority.UNKNOWN else marks


def _matching(queue: str, narrow: Narrow) -> list[ColumnElement[bool]]:
    conditions = [
        QueueItem.queue == queue,
        QueueItem.closed_at.is_(None),
        QueueItem.programme.in_(narrow.programmes),
    ]
    if narrow.only is not None:
        conditions.append(QueueItem.submission_id.in_(narrow.only))
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
