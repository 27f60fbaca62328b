"""Narrowing: what an officer's list is narrowed to, and how much each choice would leave.

Values only; the queries are in `work_list`.
"""

from dataclasses import dataclass

from storage.access.own_matters import Submissions

# What a list can be narrowed to beside the fields, in the order in which it is offered. The first
# two are an item's priority; the others are kept in `marks` by the database (migration 0008).
URGENT, RISK_UNKNOWN = "urgent", "risk_unknown"
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
# Stands for what has no value in a field.
NOT_KNOWN = "unknown"
NOBODY = "nobody"


@dataclass(frozen=True)
class Narrow:
    """What a list is narrowed to; `programmes` are those that its reader may see at all.

    An empty field lets everything through; `holder` is an account's id or NOBODY.
    """

    programmes: tuple[str, ...]
    # Submissions beside which nothing is shown (`access.own_matters`), None for all of the
    # programmes.
    only: Submissions | None = None
    programme: str = ""
    region: str = ""
    language: str = ""
    state: str = ""
    holder: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Group:
    """Open items that are alike in every field that a list can be narrowed by; codes."""

    programme: str
    region: str
    language: str
    state: str
    holder: str
    marks: frozenset[str]
    number: int

    def passes(self, narrow: Narrow) -> bool:
        """Tell whether a filter lets these items through, as `page` would."""
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
    """How much is open in a queue, in groups of what is alike."""

    groups: tuple[Group, ...]

    @property
    def open_items(self) -> int:
        """Count all of them."""
        return sum(group.number for group in self.groups)

    def found(self, narrow: Narrow) -> int:
        """Count what a filter lets through."""
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
