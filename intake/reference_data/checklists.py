"""Checklists: which types of document a referral needs, and which of them are missing.

Rules from values to values; imports the standard library only. The list itself is the
office's data (`intake/reference_data/data/checklists.json` and approved editions): here is only how
it is read against the facts of a case (domain.md, requirements 13, 14, 20 and 23). What nobody
knows is no «no»: an item whose need hangs on an unknown fact is unclear, not missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

UNKNOWN = "unknown"
YES_NO = ("yes", "no")
# What a condition may ask for. «unknown» is no condition: it makes the item unclear.
FACT_VALUES: dict[str, tuple[str, ...]] = {
    "nationality_group": ("eu_eea", "non_eu"),
    "third_country_return": YES_NO,
    "age": ("adult", "child"),
    "unaccompanied": YES_NO,
    "health": YES_NO,
    "family": YES_NO,
}


class Requirement(StrEnum):
    """What a checklist says of a type."""

    MANDATORY = "mandatory"
    IF_APPLICABLE = "if_applicable"
    NOT_WANTED = "not_wanted"


@dataclass(frozen=True)
class CaseFacts:
    """What decides the checklist; each a value of FACT_VALUES or UNKNOWN."""

    nationality_group: str = UNKNOWN
    third_country_return: str = UNKNOWN
    age: str = UNKNOWN
    unaccompanied: str = UNKNOWN
    health: str = UNKNOWN
    family: str = UNKNOWN

    def value(self, fact: str) -> str:
        """Return a fact as the rules read it: an unknown age is a child's (requirement 20)."""
        value: str = getattr(self, fact)
        return "child" if fact == "age" and value == UNKNOWN else value


FACTS = tuple(field.name for field in fields(CaseFacts))


@dataclass(frozen=True)
class Item:
    """One line: a type, what is said of it, under which conditions, and what may stand for it.

    `when` holds (fact, allowed values), all of which must hold; empty is always.
    """

    type: str
    requirement: Requirement
    wording_sv: str
    wording_en: str
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checklist:
    """A checklist and which edition of it this is."""

    edition_id: str
    edition_number: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class SeenDocument:
    """A type that a case's documents show; not confirmed is the machine's word alone."""

    type: str
    is_confirmed: bool


@dataclass(frozen=True)
class Present:
    """An item that is there; one that is not confirmed only seems to be."""

    item: Item
    is_confirmed: bool


@dataclass(frozen=True)
class Completeness:
    """How a case stands against one edition.

    `unclear` are mandatory items whose need hangs on a fact that nobody noted. `unwanted`
    are types that are there and should not be. `is_complete` takes confirmed documents only.
    """

    missing: tuple[Item, ...]
    present: tuple[Present, ...]
    unclear: tuple[Item, ...]
    unwanted: tuple[str, ...]
    is_complete: bool
    edition_id: str
    edition_number: int

    @property
    def seems_complete(self) -> bool:
        """Tell whether nothing is missing or unclear, but some documents are not confirmed."""
        return not (self.missing or self.unclear or self.is_complete)


def read_items(content: dict[str, Any]) -> tuple[Item, ...]:  # Any: an edition's JSON
    """Read the items of a checklist's content, which was checked before it was stored."""
    return tuple(
        Item(
            type=entry["type"],
            requirement=Requirement(entry["requirement"]),
            wording_sv=entry["wording"]["sv"],
            wording_en=entry["wording"]["en"],
            when=tuple((fact, frozenset(values)) for fact, values in entry.get("when", {}).items()),
            instead=tuple(entry.get("instead", ())),
        )
        for entry in content["items"]
    )


def completeness(
    checklist: Checklist, facts: CaseFacts, seen: Iterable[SeenDocument]
) -> Completeness:
    """Return what is missing, present, unclear and unwanted for a case."""
    confirmed: dict[str, bool] = {}
    for one in seen:
        confirmed[one.type] = confirmed.get(one.type, False) or one.is_confirmed
    missing: dict[str, Item] = {}
    unclear: dict[str, Item] = {}
    present: dict[str, Present] = {}
    unwanted: list[str] = []
    for item in _strictest_first(checklist.items):
        applies = _applies(item, facts)
        if applies is False:
            continue
        if item.requirement is Requirement.NOT_WANTED:
            if applies and item.type in confirmed:
                unwanted.append(item.type)
            continue
        there = [confirmed[code] for code in (item.type, *item.instead) if code in confirmed]
        if there:
            present.setdefault(item.type, Present(item, any(there)))
        elif item.requirement is Requirement.MANDATORY:
            (missing if applies else unclear).setdefault(item.type, item)
    for code in missing:
        unclear.pop(code, None)
    is_whole = not missing and not unclear
    needed = (one for one in present.values() if one.item.requirement is Requirement.MANDATORY)
    return Completeness(
        missing=tuple(missing.values()),
        present=tuple(present.values()),
        unclear=tuple(unclear.values()),
        unwanted=tuple(unwanted),
        is_complete=is_whole and all(one.is_confirmed for one in needed),
        edition_id=checklist.edition_id,
        edition_number=checklist.edition_number,
    )


def overlap(first: Item, second: Item) -> bool:
    """Tell whether the conditions of two items can hold at the same time."""
    other = dict(second.when)
    return all(fact not in other or values & other[fact] for fact, values in first.when)


def _strictest_first(items: tuple[Item, ...]) -> list[Item]:
    # A type that two items ask for takes the stricter one; the order is kept otherwise.
    return sorted(items, key=lambda item: item.requirement is not Requirement.MANDATORY)


def _applies(item: Item, facts: CaseFacts) -> bool | None:
    """Return whether an item's conditions hold, None when an unknown fact decides."""
    values = [(facts.value(fact), allowed) for fact, allowed in item.when]
    if any(value != UNKNOWN and value not in allowed for value, allowed in values):
        return False
    return None if any(value == UNKNOWN for value, _ in values) else True
