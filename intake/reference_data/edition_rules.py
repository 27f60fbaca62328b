"""Check the content of editions against the rules of their kind.

The rules for clocks are in `clock_rules`. Every message says where the fault is and what is
expected, because it is shown beside the field. Content with a fault is never stored.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from intake.core.regions import REGIONS
from intake.reference_data.checklists import (
    FACT_VALUES,
    UNKNOWN,
    ChecklistItem,
    Requirement,
    overlap,
    read_items,
)
from intake.reference_data.clock_rules import clock_problems, is_whole
from intake.reference_data.document_types import load_taxonomies

COUNTRY_CODES = Path(__file__).parent / "data" / "country_codes.json"
COUNTRY_LISTS = ("agency_eligible", "iom_payable")
CHECKLISTS = ("referrals", "cash")
AMOUNT_TABLES = ("reestablishment",)
CLOCK_TABLES = ("service",)
REGION_TABLES = ("fallbacks",)
MAX_CONTACT_CHARS = 200
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
MAX_ANSWER_CHARS = 4000
MAX_KRONOR = 10_000_000
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
    }
    return known.get(kind, ())


def code_problem(kind: str, code: str) -> str | None:
    """Return what is wrong with the code of an edition, or None."""
    known = things_of(kind)
    if known and code not in known:
        return f"The code must be one of {', '.join(known)}."
    if not CODE.fullmatch(code):
        return "The code must be small letters, digits and _, and begin with a letter."
    return None


def language_problem(kind: str, language: str) -> str | None:
    """Return what is wrong with a language, or None. Only answers have one."""
    if kind != "answer":
        return "Only answers have a language. Leave it empty." if language else None
    if not LANGUAGE.fullmatch(language):
        return "An answer needs a language, such as sv, en or ckb."
    return None


def content_problems(kind: str, content: Content) -> tuple[str, ...]:
    """Return everything wrong with content of a kind; empty when it may be proposed."""
    rules: dict[str, Callable[[Content], Iterator[str]]] = {
        "checklist": _checklist,
        "countries": _countries,
        "amounts": _amounts,
        "clocks": _clocks,
        "regions": _regions,
        "answer": _answer,
    }
    return tuple(rules[kind](content))


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return {ISO 3166-1 alpha-3: English name}."""
    names: dict[str, str] = json.loads(COUNTRY_CODES.read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=1)
def type_codes() -> frozenset[str]:
    """Return the codes of all document types in any dated list."""
    return frozenset(each.code for listed in load_taxonomies() for each in listed.types)


def _unknown_keys(content: Content, known: set[str], where: str = "The content") -> Iterator[str]:
    for key in sorted(set(content) - known):
        yield f"{where} has «{key}», which means nothing here."


def _checklist(content: Content) -> Iterator[str]:
    yield from _unknown_keys(content, {"source", "items"})
    yield from _source(content)
    items = content.get("items")
    if not isinstance(items, list) or not items:
        yield "«items» must be a list with at least one type of document."
        return
    faults = [fault for place, item in enumerate(items, 1) for fault in _item(place, item)]
    yield from faults
    if not faults:
        yield from _contradictions(read_items(content))


def _item(place: int, item: object) -> Iterator[str]:
    where = f"Item {place}"
    if not isinstance(item, dict):
        yield f"{where} must be an object with «type», «requirement» and «wording»."
        return
    yield from _unknown_keys(item, {"type", "requirement", "wording", "when", "instead"}, where)
    code = item.get("type")
    if not _is_type(code):
        yield f"{where}: there is no document type «{code}»."
    if item.get("requirement") not in list(Requirement):
        yield f"{where} ({code}): the requirement must be one of {', '.join(Requirement)}."
    wording = item.get("wording")
    for language in ("sv", "en"):
        text = wording.get(language) if isinstance(wording, dict) else None
        if not isinstance(text, str) or not text.strip():
            yield f"{where} ({code}): the wording in «{language}» is missing."
    instead = item.get("instead", [])
    if not isinstance(instead, list) or not all(map(_is_type, instead)):
        yield f"{where} ({code}): «instead» must be a list of document types."
    elif code in instead:
        yield f"{where} ({code}): a type cannot stand for itself."
    yield from _conditions(f"{where} ({code})", item.get("when", {}))


def _conditions(where: str, when: object) -> Iterator[str]:
    if not isinstance(when, dict):
        yield f"{where}: «when» must be an object of facts and lists of values."
        return
    for fact, values in when.items():
        if fact not in FACT_VALUES:
            yield f"{where}: there is no fact «{fact}». Facts are {', '.join(FACT_VALUES)}."
            continue
        if not isinstance(values, list) or not values:
            yield f"{where}: «{fact}» needs a list of at least one value."
            continue
        for value in values:
            if value == UNKNOWN:
                yield (
                    f"{where}: «unknown» is no condition. "
                    "What depends on an unknown fact is shown as unclear."
                )
            elif value not in FACT_VALUES[fact]:
                allowed = " or ".join(FACT_VALUES[fact])
                yield f"{where}: «{fact}» can be {allowed}, not «{value}»."


def _contradictions(items: tuple[ChecklistItem, ...]) -> Iterator[str]:
    for first, second in combinations(items, 2):
        if not overlap(first, second):
            continue
        for one, other in ((first, second), (second, first)):
            if other.requirement is not Requirement.NOT_WANTED:
                continue
            if one.requirement is Requirement.NOT_WANTED:
                continue
            if one.type == other.type:
                yield (
                    f"{one.type} is {one.requirement.replace('_', ' ')} and not wanted "
                    "under conditions that can hold together."
                )
            if other.type in one.instead:
                yield (
                    f"{other.type} may stand for {one.type} and is not wanted "
                    "under conditions that can hold together."
                )


def _countries(content: Content) -> Iterator[str]:
    yield from _unknown_keys(content, {"source", "countries"})
    yield from _source(content)
    codes = content.get("countries")
    if not isinstance(codes, list) or not codes:
        yield "«countries» must be a list with at least one country."
        return
    for code in codes:
        if not isinstance(code, str) or code not in country_names():
            yield f"There is no country «{code}». Use the three letters of ISO 3166-1, such as IRQ."
    for code in sorted({str(code) for code in codes if codes.count(code) > 1}):
        yield f"The country «{code}» stands there twice."


def _amounts(content: Content) -> Iterator[str]:
    yield from _unknown_keys(content, {"source", "currency", "adult", "child", "family_cap"})
    yield from _source(content)
    if content.get("currency") != "SEK":
        yield "The currency must be SEK: decisions are made in Swedish kronor."
    amounts = {name: content.get(name) for name in ("adult", "child", "family_cap")}
    for name, amount in amounts.items():
        if not is_whole(amount, 1, MAX_KRONOR):
            yield f"«{name}» must be a whole number of kronor from 1 to {MAX_KRONOR:,}."
            return
    adult, child, cap = (int(str(amount)) for amount in amounts.values())
    if cap < max(adult, child):
        yield "The family's cap is lower than the amount for one person."


def _clocks(content: Content) -> Iterator[str]:
    yield from _source(content)
    yield from clock_problems(content)


def _regions(content: Content) -> Iterator[str]:
    yield from _unknown_keys(content, {"source", "fallbacks", "contact"})
    yield from _source(content)
    contact, chosen = content.get("contact", ""), content.get("fallbacks")
    if chosen == {} and not contact:
        yield "Without any fallback, «contact» must say who is called."
    if not isinstance(contact, str) or len(contact) > MAX_CONTACT_CHARS or "\n" in contact:
        yield f"«contact» must be one line of up to {MAX_CONTACT_CHARS} characters."
    if not isinstance(chosen, dict):
        yield '«fallbacks» must be an object of regions, such as {"VAST": "SYD"}.'
        return
    for region, fallback in chosen.items():
        for named in (region, fallback):
            if named not in REGIONS:
                yield f"There is no region «{named}». Regions are {', '.join(REGIONS)}."
        if region == fallback:
            yield f"{region} cannot stand in for itself."


def _answer(content: Content) -> Iterator[str]:
    yield from _unknown_keys(content, {"source", "subject", "text"})
    text = content.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "The text of the answer is missing."
    elif len(text) > MAX_ANSWER_CHARS:
        yield f"The text has {len(text)} characters; {MAX_ANSWER_CHARS} are allowed."
    subject = content.get("subject", "")
    # Imported here: the reader of answers reads editions, whose rules these are.
    from intake.reference_data.answer_template import unknown_fields

    for field in dict.fromkeys(unknown_fields(f"{subject}\n{text}")):
        yield f"Nothing can be put in for {{{field}}}."
    if not isinstance(subject, str) or "\n" in subject or "\r" in subject:
        yield "The subject must be one line."


def _source(content: Content) -> Iterator[str]:
    source = content.get("source")
    if not isinstance(source, str) or not source.strip():
        yield "«source» must say where this comes from."


def _is_type(code: object) -> bool:
    return isinstance(code, str) and code in type_codes()
