"""Count open items: of each queue, and by the codes that a list can be narrowed by.

Like the lists themselves (`work_list`), these read indexes that hold open items only.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, false, func, select, true
from sqlalchemy.orm import Session

from storage.access.own_submissions import Submissions
from storage.lists.work_list import (
    MARKS,
    NOBODY,
    NOT_KNOWN,
    RISK_UNKNOWN,
    URGENT,
    Narrow,
    WorkList,
    in_queues,
    is_with,
    matching,
)
from storage.lists.work_subjects import is_among
from storage.submissions.queue_items import Queue, QueueItem
from storage.submissions.submissions import Priority


@dataclass(frozen=True)
class Group:
    """How many open items have the same codes in every field that a list can be narrowed by."""

    queue: str
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
    """How much is open in a list, in groups of items with the same codes."""

    groups: tuple[Group, ...]

    @property
    def open_items(self) -> int:
        """Count all of them."""
        return sum(group.number for group in self.groups)

    def found(self, narrow: Narrow) -> int:
        """Count the items that a filter lets through."""
        return sum(group.number for group in self.groups if group.passes(narrow))

    def found_in(self, narrow: Narrow) -> dict[str, int]:
        """Return {queue: the items that a filter lets through}; queues without one are absent."""
        counted: dict[str, int] = {}
        for group in self.groups:
            if group.passes(narrow):
                counted[group.queue] = counted.get(group.queue, 0) + group.number
        return counted

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


class OpenInQueue(NamedTuple):
    """How many items are open in a queue, and the nearest due time of them.

    `own` counts those that are with somebody, `soon` those that are due before a time.
    """

    number: int
    due_at: datetime
    own: int = 0
    soon: int = 0


def overview(
    session: Session,
    programmes: Sequence[str],
    *,
    only: Submissions | None = None,
    holders: Collection[str] = (),
    covers: Collection[str] = (),
    due_before: datetime | None = None,
) -> dict[str, OpenInQueue]:
    """Return {queue: what is open in it}; a queue without open items is absent.

    `only` is as in `Narrow`, `holders` and `covers` as in `WorkList`. Without `holders` or
    `due_before` none counts as own or soon.
    """
    is_soon = QueueItem.due_at < due_before if due_before is not None else false()
    rows = session.execute(
        select(
            QueueItem.queue,
            func.count(),
            func.min(QueueItem.due_at),
            func.sum(case((is_with(holders, covers), 1), else_=0)),
            func.sum(case((is_soon, 1), else_=0)),
        )
        .where(
            # The queues are named, so that the index is entered at each and not read as a whole.
            QueueItem.queue.in_(list(Queue)),
            QueueItem.programme.in_(programmes),
            QueueItem.closed_at.is_(None),
            true() if only is None else is_among(only),
        )
        .group_by(QueueItem.queue)
    )
    return {row[0]: OpenInQueue(*row[1:]) for row in rows}


def counts(session: Session, listed: WorkList, narrow: Narrow) -> Counts:
    """Count the items of a list that its reader may see, by one pass over an index.

    The index is `ix_queue_items_counts`.
    """
    fields = (
        QueueItem.queue,
        QueueItem.programme,
        QueueItem.region,
        QueueItem.language,
        QueueItem.state,
        QueueItem.claimed_by,
        QueueItem.priority,
        QueueItem.marks,
    )
    everything = [in_queues(listed), *matching(listed, Narrow(narrow.programmes, narrow.only))]
    rows = session.execute(select(*fields, func.count()).where(*everything).group_by(*fields))
    return Counts(
        tuple(
            Group(
                queue=queue,
                programme=programme,
                region=region or NOT_KNOWN,
                language=language or NOT_KNOWN,
                state=state or NOT_KNOWN,
                holder=holder or NOBODY,
                marks=marks_of(priority, marks),
                number=number,
            )
            for queue, programme, region, language, state, holder, priority, marks, number in rows
        )
    )


def marks_of(priority: str, kept: str) -> frozenset[str]:
    """Return an item's marks: those that the database keeps, and one for its priority."""
    marks = frozenset(kept.split())
    if priority in {Priority.EMERGENCY, Priority.URGENT}:
        return marks | {URGENT}
    return marks | {RISK_UNKNOWN} if priority == Priority.UNKNOWN else marks
