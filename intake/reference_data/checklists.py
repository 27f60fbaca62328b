"""Compare a case with a checklist: which document types it needs, and which are missing.

The list itself is the office's data (`intake/reference_data/data/checklists.json` and approved
editions); this module holds how it is read against the facts of a case (requirements 13,
14, 20 and 23). An unknown fact is no «no»: an item that depends on it is unclear, not missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
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
    """What a checklist says of a document type."""

    MANDATORY = "mandatory"
    IF_APPLICABLE = "if_applicable"
    NOT_WANTED = "not_wanted"


@dataclass(frozen=True)
class CaseFacts:
    """The facts on which a checklist depends, each a value of FACT_VALUES or UNKNOWN."""

    nationality_group: str = UNKNOWN
    third_country_return: str = UNKNOWN
    age: str = UNKNOWN
    unaccompanied: str = UNKNOWN
    health: str = UNKNOWN
    family: str = UNKNOWN

    def value(self, fact: str) -> str:
        """Return a fact by its name."""
        value: str = getattr(self, fact)
        return value


FACTS = tuple(field.name for field in fields(CaseFacts))


@dataclass(frozen=True)
class ChecklistItem:
    """One line: a document type, its requirement, its conditions, and the types that replace it.

    `when` holds (fact, allowed values), all of which must hold; empty means always. A document
    of a type in `instead` is as good as one of `type`.
    """

    type: str
    requirement: Requirement
    wording_sv: str
    wording_en: str
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checklist:
    """The items of one edition of a checklist, with the edition's id and number."""

    edition_id: str
    edition_number: int
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class SeenDocument:
    """A document type that a case has; without `is_confirmed` it is a suggestion only."""

    type: str
    is_confirmed: bool


@dataclass(frozen=True)
class Present:
    """An item for which the case has a document; `is_confirmed` when a person said its type."""

    item: ChecklistItem
    is_confirmed: bool


@dataclass(frozen=True)
class Completeness:
    """What a case has and lacks by one edition of a checklist.

    `unclear` are mandatory items that depend on a fact which nobody noted. `if_children` are those
    that are missing if children are part of the case, while nobody has said whether they are:
    somebody whose age is not known is treated as a child (requirement 20), so they are named, and
    not asked for as if there were one. `unwanted` are types that the case has and should not have.
    `is_complete` counts confirmed documents only.
    """

    missing: tuple[ChecklistItem, ...]
    present: tuple[Present, ...]
    unclear: tuple[ChecklistItem, ...]
    unwanted: tuple[str, ...]
    is_complete: bool
    edition_id: str
    edition_number: int
    if_children: tuple[ChecklistItem, ...] = ()

    @property
    def seems_complete(self) -> bool:
        """Tell whether nothing is missing or unclear, but some documents are not confirmed."""
        return not (self.missing or self.unclear or self.if_children or self.is_complete)


def read_items(content: dict[str, Any]) -> tuple[ChecklistItem, ...]:  # Any: an edition's JSON
    """Read the items of a checklist's content, which was checked before it was stored."""
    return tuple(
        ChecklistItem(
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
    checklist: Checklist, facts: CaseFacts, documents: Iterable[SeenDocument]
) -> Completeness:
    """Return what is missing, present, unclear and unwanted for a case."""
    confirmed: dict[str, bool] = {}
    for one in documents:
        confirmed[one.type] = confirmed.get(one.type, False) or one.is_confirmed
    missing: dict[str, ChecklistItem] = {}
    unclear: dict[str, ChecklistItem] = {}
    if_children: dict[str, ChecklistItem] = {}
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
            is_of_child = applies is None and _applies(item, replace(facts, age="child")) is True
            asked = missing if applies else if_children if is_of_child else unclear
            asked.setdefault(item.type, item)
    for code in missing:
        unclear.pop(code, None)
        if_children.pop(code, None)
    is_whole = not missing and not unclear and not if_children
    needed = (one for one in present.values() if one.item.requirement is Requirement.MANDATORY)
    return Completeness(
        missing=tuple(missing.values()),
        present=tuple(present.values()),
        unclear=tuple(unclear.values()),
        unwanted=tuple(unwanted),
        is_complete=is_whole and all(one.is_confirmed for one in needed),
        edition_id=checklist.edition_id,
        edition_number=checklist.edition_number,
        if_children=tuple(if_children.values()),
    )


def overlap(first: ChecklistItem, second: ChecklistItem) -> bool:
    """Tell whether the conditions of two items can hold at the same time."""
    other = dict(second.when)
    return all(fact not in other or values & other[fact] for fact, values in first.when)


def _strictest_first(items: tuple[ChecklistItem, ...]) -> list[ChecklistItem]:
    # Of two items that ask for one type the stricter counts; the order is kept otherwise.
    return sorted(items, key=lambda item: item.requirement is not Requirement.MANDATORY)


def _applies(item: ChecklistItem, facts: CaseFacts) -> bool | None:
    """Return whether an item's conditions hold, None when an unknown fact decides."""
    values = [(facts.value(fact), allowed) for fact, allowed in item.when]
    if any(value != UNKNOWN and value not in allowed for value, allowed in values):
        return False
    return None if any(value == UNKNOWN for value, _ in values) else True
