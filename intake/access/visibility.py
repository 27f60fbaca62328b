"""Decide what a user sees of one document, page by page.

A scan may hold several documents: the pages of one type can be closed while the rest is read. What
was found inside a document, such as a picture in a text, is closed where the document is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from intake.access.compartments import (
    ALONE,
    READS_ALL,
    READS_OWN,
    SEES_FLAG,
    Compartment,
    Right,
    compartments_of,
    right_of,
)
from storage.accounts.users import Role

# More pages than any document has: what is found inside a closed one is closed whole.
MAX_PAGES = 1_000_000


class Level(StrEnum):
    """How much of a document a user sees."""

    NONE = "none"
    FLAG = "flag"  # that it is there, of which compartment, and its state
    PART = "part"  # some of its pages
    WHOLE = "whole"


@dataclass(frozen=True)
class Relationship:
    """How a person stands to a submission.

    `reads` tells that they may read its contents, `is_assigned` that its case or its item is
    assigned to them, `is_assigned_or_opened` also that they opened it with a reason, `has_item`
    that they took its item from the queue. `opened` are the compartments that they opened with a
    reason. `role` None is the service itself, for the operator's commands: it reads what is in no
    compartment.
    """

    role: Role | None
    programme: str
    reads: bool = False
    is_assigned_or_opened: bool = False
    is_assigned: bool = False
    has_item: bool = False
    opened: frozenset[Compartment] = frozenset()

    @property
    def is_alone(self) -> bool:
        """Tell whether the user reads a compartment of it, and nothing around it."""
        return self.role is not None and ALONE.get(self.role) == self.programme


@dataclass(frozen=True)
class VisiblePages:
    """Some pages of a document and the compartments they are in."""

    first: int
    last: int
    closed_to: frozenset[Compartment]
    is_confirmed: bool


@dataclass(frozen=True)
class Visibility:
    """What a user sees of a document. `closed` are the compartments that are closed to them.

    `looked_into` are the compartments of what they see: an audit event of looking names them.
    `hidden` and `shown` are ranges (first page, last page), counted from 1; `shows_rest` decides
    about pages in neither.
    """

    level: Level
    closed: frozenset[Compartment] = frozenset()
    looked_into: frozenset[Compartment] = frozenset()
    hidden: tuple[tuple[int, int], ...] = ()
    shown: tuple[tuple[int, int], ...] = ()
    shows_rest: bool = True

    def shows(self, page: int) -> bool:
        """Tell whether the user sees a page, counted from 1."""
        if any(first <= page <= last for first, last in self.hidden):
            return False
        return self.shows_rest or any(first <= page <= last for first, last in self.shown)

    def shows_all(self, first: int, last: int) -> bool:
        """Tell whether the user sees every page from `first` to `last`."""
        return all(self.shows(page) for page in range(first, last + 1))

    @property
    def is_whole(self) -> bool:
        """Tell whether the user sees all of it: its name, its file, its safe PDF."""
        return self.level is Level.WHOLE


def pages_of(
    types: Iterable[tuple[int, int, str, bool]],
    around: VisiblePages | None = None,
    *,
    is_body: bool = False,
) -> tuple[VisiblePages, ...]:
    """Return the ranges of a document from (first, last, type, is confirmed by a person).

    `around` are the closing pages of the documents that it was found in (`around_of`), None when
    they are open. A message body (`is_body`) is closed by a person only, never by a suggestion.
    """
    ranges = tuple(
        VisiblePages(
            first,
            last,
            compartments_of(code) if is_decided or not is_body else frozenset(),
            is_decided,
        )
        for first, last, code, is_decided in types
    )
    if around is None:
        return ranges
    # A document found in a closed one stays closed, whatever its own type, or without a type.
    return tuple(
        VisiblePages(
            each.first,
            each.last,
            each.closed_to | around.closed_to,
            each.is_confirmed and around.is_confirmed,
        )
        for each in ranges
    ) or (around,)


def around_of(pages: tuple[VisiblePages, ...]) -> VisiblePages | None:
    """Return the pages that close everything found inside a document, None when none does."""
    closing = [each for each in pages if each.closed_to]
    if not closing:
        return None
    return VisiblePages(
        1,
        MAX_PAGES,
        frozenset[Compartment]().union(*(each.closed_to for each in closing)),
        all(each.is_confirmed for each in closing),
    )


def visibility_of(relationship: Relationship, pages: tuple[VisiblePages, ...]) -> Visibility:
    """Return what a user sees of a document with these ranges; without any it has no type yet."""
    shown = [each for each in pages if _reads(relationship, each)]
    hidden = [each for each in pages if not _reads(relationship, each)]
    shows_rest = relationship.reads and (bool(shown) or not hidden)
    looked_into = frozenset[Compartment]().union(*(each.closed_to for each in shown))
    if not hidden:
        level = Level.WHOLE if shown or shows_rest else Level.NONE
        return Visibility(
            level, looked_into=looked_into, shown=_spans(shown), shows_rest=shows_rest
        )
    closed = frozenset[Compartment]().union(*(each.closed_to for each in hidden))
    return Visibility(
        level=Level.PART if shown else _flag(relationship, closed),
        closed=frozenset(each for each in closed if _knows(relationship, each)),
        looked_into=looked_into,
        hidden=_spans(hidden),
        shown=_spans(shown),
        shows_rest=shows_rest,
    )


def _spans(ranges: list[VisiblePages]) -> tuple[tuple[int, int], ...]:
    return tuple((each.first, each.last) for each in ranges)


def _reads(relationship: Relationship, pages: VisiblePages) -> bool:
    if not pages.closed_to:
        return relationship.reads
    if relationship.is_alone and not pages.is_confirmed:
        return False
    return all(_reads_compartment(relationship, each, pages) for each in pages.closed_to)


def _reads_compartment(
    relationship: Relationship, compartment: Compartment, pages: VisiblePages
) -> bool:
    if relationship.role is None or not (relationship.reads or relationship.is_alone):
        return False
    right = right_of(relationship.role, compartment)
    if right in READS_ALL:
        return True
    if right in READS_OWN:
        return relationship.is_assigned_or_opened
    if right in SEES_FLAG:
        is_judging = relationship.has_item and not pages.is_confirmed
        return is_judging or compartment in relationship.opened
    return False


def _flag(relationship: Relationship, closed: frozenset[Compartment]) -> Level:
    """Return FLAG when a user learns of a document whose pages are all closed, else NONE."""
    knows = relationship.reads and all(_knows(relationship, each) for each in closed)
    return Level.FLAG if knows else Level.NONE


def _knows(relationship: Relationship, compartment: Compartment) -> bool:
    """Tell whether a user learns that something is in a compartment; the service always does."""
    return relationship.role is None or right_of(relationship.role, compartment) is not Right.NONE
