"""Check the content of editions against the rules of their kind.

What one field may hold is said by the table of fields (`edition_forms.kinds`); here are the rules
that look at several fields, and those for the names of editions. The rules for clocks are in
`clock_rules`, those for words in `word_lists`. Every fault has the path of its field, because it is
shown beside it. Content with a fault is never stored.
"""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from intake.reference_data.checklists import ChecklistItem, Requirement, overlap, read_items
from intake.reference_data.clock_rules import clock_faults, helpline_faults
from intake.reference_data.duty_rules import duty_faults
from intake.reference_data.edition_forms import kinds, options, reading
from intake.reference_data.edition_forms.fields import Fault, Field
from intake.reference_data.edition_forms.groups import GroupField, RowsField, TableField
from intake.reference_data.edition_forms.options import COUNTRY_CODES, country_names, type_names
from intake.reference_data.word_lists import word_list_problems
from storage.editions import EditionKind

__all__ = ["COUNTRY_CODES", "country_names"]

COUNTRY_LISTS = ("agency_eligible", "iom_payable")
CHECKLISTS = ("referrals", "cash")
AMOUNT_TABLES = ("reestablishment",)
CLOCK_TABLES = ("service",)
REGION_TABLES = ("fallbacks",)
WORD_LISTS = ("words",)
DUTY_LISTS = ("warnings",)
HELPLINES = ("helpline",)
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# An edition's JSON: any shape until these rules have looked at it.
Content = dict[str, Any]


def things_of(kind: str) -> tuple[str, ...]:
    """Return the codes that editions of a kind may have; empty when any code may be chosen."""
    known = {
        "checklist": CHECKLISTS,
        "countries": COUNTRY_LISTS,
        "amounts": AMOUNT_TABLES,
        "clocks": CLOCK_TABLES,
        "regions": REGION_TABLES,
        "words": WORD_LISTS,
        "duty": DUTY_LISTS,
        "helpline": HELPLINES,
    }
    return known.get(kind, ())


def code_problem(kind: str, code: str) -> str | None:
    """Return what is wrong with the code of an edition, or None."""
    known = things_of(kind)
    if known and code not in known:
        return "There is no such thing among these data. Begin with a file that was exported here."
    if not CODE.fullmatch(code):
        return "The code must be small letters, digits and underscores, and begin with a letter."
    return None


def language_problem(kind: str, language: str) -> str | None:
    """Return what is wrong with a language, or None. Only answers have one."""
    if kind != "answer":
        return "Only answers have a language. Leave it empty." if language else None
    if not LANGUAGE.fullmatch(language):
        return "An answer needs a language, such as sv, en or ckb."
    return None


def content_faults(kind: str, content: object) -> tuple[Fault, ...]:
    """Return everything wrong with content of a kind; empty when it may be proposed."""
    checked = EditionKind(kind)
    typed, faults = reading.to_typed(checked, content)
    read, more = reading.from_typed(checked, typed)
    # A field whose value has the wrong shape has one fault, not two.
    known = {fault.path for fault in faults}
    faults += [fault for fault in more if fault.path not in known]
    return tuple(faults or rule_faults(checked, read))


def rule_faults(kind: EditionKind, content: Content) -> list[Fault]:
    """Return what the rules that look at several fields find; each field is right by itself."""
    rules: dict[EditionKind, Callable[[Content], Iterator[Fault]]] = {
        EditionKind.CHECKLIST: _checklist,
        EditionKind.AMOUNTS: _amounts,
        EditionKind.CLOCKS: clock_faults,
        EditionKind.REGIONS: _regions,
        EditionKind.ANSWER: _answer,
        EditionKind.WORDS: _words,
        EditionKind.DUTY: duty_faults,
        EditionKind.HELPLINE: helpline_faults,
    }
    return list(rules[kind](content)) if kind in rules else []


def content_problems(kind: str, content: object) -> tuple[str, ...]:
    """Return everything wrong with content as sentences, each with its place in words."""
    fields = kinds.FIELDS[EditionKind(kind)]
    return tuple(
        f"{place}: {fault.sentence}"
        if (place := _place(fields, fault.path.split(".")))
        else fault.sentence
        for fault in content_faults(kind, content)
    )


def _place(fields: tuple[Field, ...], parts: list[str]) -> str:
    """Return a path in words: `items.3.wording.sv` is «Documents 4, What it is called, …»."""
    here = next((each for each in fields if each.key == parts[0]), None)
    if here is None:
        return ""
    rest, words = parts[1:], here.label
    inner: tuple[Field, ...] = ()
    if isinstance(here, RowsField) and rest:
        words, rest, inner = f"{words} {int(rest[0]) + 1}", rest[1:], here.fields
    elif isinstance(here, GroupField):
        inner = here.fields
    elif isinstance(here, TableField) and rest:
        return f"{words}, {here.of.word(rest[0], {})}"
    return ", ".join(filter(None, (words, _place(inner, rest) if rest else "")))


def _checklist(content: Content) -> Iterator[Fault]:
    yield from _twice(content["items"])
    numbered = enumerate(read_items(content))
    for (_, first), (place, second) in combinations(numbered, 2):
        if overlap(first, second):
            yield from _contradictions(place, first, second)


def _twice(items: list[Content]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for place, item in enumerate(items):
        same = (item["type"], repr(sorted(item.get("when", {}).items())))
        if same in seen:
            yield Fault(
                f"items.{place}.type",
                f"{_type(item['type'])} stands there twice: it is row {seen[same] + 1} as well.",
            )
        seen.setdefault(same, place)
    for place, item in enumerate(items):
        if item["type"] in item.get("instead", ()):
            yield Fault(f"items.{place}.instead", "A type cannot stand for itself.")


def _contradictions(place: int, first: ChecklistItem, second: ChecklistItem) -> Iterator[Fault]:
    for one, other in ((first, second), (second, first)):
        if other.requirement is not Requirement.NOT_WANTED:
            continue
        if one.requirement is Requirement.NOT_WANTED:
            continue
        if one.type == other.type:
            asked = options.REQUIREMENTS[one.requirement].lower()
            yield Fault(
                f"items.{place}.requirement",
                f"{_type(one.type)} is {asked} and not wanted, under conditions that can hold "
                "together.",
            )
        if other.type in one.instead:
            yield Fault(
                f"items.{place}.requirement",
                f"{_type(other.type)} may stand for {_type(one.type)} and is not wanted, under "
                "conditions that can hold together.",
            )


def _amounts(content: Content) -> Iterator[Fault]:
    if content["family_cap"] < max(content["adult"], content["child"]):
        yield Fault("family_cap", "This is lower than the amount for one person.")


def _regions(content: Content) -> Iterator[Fault]:
    for region, fallback in content["fallbacks"].items():
        if region == fallback:
            yield Fault(f"fallbacks.{region}", "A region cannot stand in for itself.")
    if not content["fallbacks"] and not content.get("contact"):
        yield Fault("contact", "Say who is called, because no region stands in for another.")


def _words(content: Content) -> Iterator[Fault]:
    for path, sentence in word_list_problems(content):
        yield Fault(path, sentence)


def _answer(content: Content) -> Iterator[Fault]:
    # Imported here: the reader of answers reads editions, whose rules these are.
    from intake.reference_data.answer_template import FIELDS, unknown_fields

    known = " and ".join(f"{{{name}}}" for name in sorted(FIELDS))
    for key in ("subject", "text"):
        text = content.get(key, "")
        for name in dict.fromkeys(unknown_fields(text)):
            yield Fault(key, f"Nothing can be put in for {{{name}}}. There are {known}.")
        if CONTROLS.search(text):
            yield Fault(key, "There is a character that cannot be written.")


def _type(code: str) -> str:
    return type_names().get(code, code)
