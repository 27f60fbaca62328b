"""Decide what a user sees of one document, page by page.

A scan may hold several documents: the pages of one type can be closed while the rest is read. What
was found inside a document, such as a picture in a text, is closed where the document is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

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


class Origin(StrEnum):
    """From where it comes that pages are closed."""

    OWN = "own"  # from a type of the document, or of one that says the same
    AROUND = "around"  # from the document that it was found in
    PARTS = "parts"  # from what was found inside it


@dataclass(frozen=True)
class Closing:
    """Some pages that are in one compartment, and whether a person said so."""

    first: int
    last: int
    compartment: Compartment
    is_confirmed: bool
    origin: Origin = Origin.OWN

    def whole(self, origin: Origin) -> "Closing":
        """Return the same for all pages of another document."""
        return replace(self, first=1, last=MAX_PAGES, origin=origin)


@dataclass(frozen=True)
class VisiblePages:
    """Some pages of a document and the compartments they are in.

    A person said of each in `confirmed_to` that they are. Who reads one in `opens_to` alone reads
    them: what was only found inside the document closes them, but opens them to nobody.
    """

    first: int
    last: int
    closed_to: frozenset[Compartment]
    confirmed_to: frozenset[Compartment]
    opens_to: frozenset[Compartment] = frozenset()


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


def closings_of(
    types: Iterable[tuple[int, int, str, bool]], *, is_body: bool = False
) -> frozenset[Closing]:
    """Return what closes a document by its own types: (first, last, type, is confirmed).

    A message body (`is_body`) is closed by a person only, never by a suggestion.
    """
    return frozenset(
        Closing(first, last, compartment, is_decided)
        for first, last, code, is_decided in types
        if is_decided or not is_body
        for compartment in compartments_of(code)
    )


def pages_of(
    spans: Iterable[tuple[int, int]], closings: Iterable[Closing]
) -> tuple[VisiblePages, ...]:
    """Return the ranges of a document from (first, last) of its types and all that closes it.

    No two overlap: pages are in every compartment that any closing says. Whether that is confirmed
    is kept for each of them, for a suggestion beside it takes nothing from what a person said.
    """
    known, closing = sorted(set(spans)), set(closings)
    covered = {*known, *((each.first, each.last) for each in closing)}
    cuts = sorted({first for first, _ in covered} | {last + 1 for _, last in covered})
    typed_as = [_opens_to(closing, first) for first, _ in known]
    # Where all typed pages are in a compartment, the others are taken to be in it too.
    of_all = frozenset[Compartment].intersection(*typed_as) if typed_as else frozenset()
    found = []
    for first, after in pairwise(cuts):
        if any(begin <= first <= end for begin, end in covered):
            is_typed = any(begin <= first <= end for begin, end in known)
            opens_to = _opens_to(closing, first) | (frozenset() if is_typed else of_all)
            over = [each for each in closing if each.first <= first <= each.last]
            closed_to = frozenset(each.compartment for each in over)
            confirmed_to = frozenset(each.compartment for each in over if each.is_confirmed)
            found.append(VisiblePages(first, after - 1, closed_to, confirmed_to, opens_to))
    return tuple(found)


def _opens_to(closings: Iterable[Closing], page: int) -> frozenset[Compartment]:
    """Return the compartments that a person said of a page, and not of a part of the document."""
    return frozenset(
        each.compartment
        for each in closings
        if each.is_confirmed and each.origin is not Origin.PARTS
        if each.first <= page <= each.last
    )


def visibility_of(relationship: Relationship, pages: tuple[VisiblePages, ...]) -> Visibility:
    """Return what a user sees of a document with these ranges; without any it has no type yet."""
    shown = [each for each in pages if _reads(relationship, each)]
    hidden = [each for each in pages if not _reads(relationship, each)]
    # Nobody said what a page in no range is, so where any is closed it may be one of those.
    shows_rest = relationship.reads and not hidden
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
    if relationship.is_alone and not pages.closed_to <= pages.opens_to:
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
        is_judging = relationship.has_item and compartment not in pages.confirmed_to
        return is_judging or compartment in relationship.opened
    return False


def _flag(relationship: Relationship, closed: frozenset[Compartment]) -> Level:
    """Return FLAG when a user learns of a document whose pages are all closed, else NONE."""
    knows = relationship.reads and all(_knows(relationship, each) for each in closed)
    return Level.FLAG if knows else Level.NONE


def _knows(relationship: Relationship, compartment: Compartment) -> bool:
    """Tell whether a user learns that something is in a compartment; the service always does."""
    return relationship.role is None or right_of(relationship.role, compartment) is not Right.NONE
