"""Find the persons that a document names, in machine-readable zones, form fields and lines.

A line "Namn:" begins a person; what stands shortly after it belongs to that person until the next
one. Whether two of them are one person is for `recognition.matching` to rank and for an officer to
decide.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from intake.recognition.extraction import mrz_search
from intake.recognition.extraction.dates import find_dates
from intake.recognition.extraction.extract import cut_pages
from intake.recognition.extraction.folding import fold
from intake.recognition.extraction.form_facts import meaning_of
from intake.recognition.extraction.mrz import Zone
from intake.recognition.extraction.personal_number import (
    find_personal_numbers,
    read_personal_number,
)
from intake.recognition.extraction.vocabulary import FieldVocabulary
from intake.recognition.matching.person import PartialDate, PersonFacts, parse_partial_date
from intake.sandbox.protocol.pdf import MAX_FIELDS, FormField

MAX_PEOPLE = 40
MAX_NAME_CHARS = 120
# How far after a name its birth date may stand.
REACH_CHARS = 300
NAME_LABEL = re.compile(
    r"(?:^|\n)[ ]{0,20}(?:fullstandigt namn|personens namn|namn|full name|name)[ ]{0,3}:[ ]{0,10}"
    r"([^\n]{1,120})"
)
# What follows a name on the same line begins with another label or a wide gap.
NAME_END = re.compile(r" {3,}|,? (?=(?:fodd|fodelse|born|date of birth|personnummer|dob)\b)|[;|]")
BIRTH_LABEL = re.compile(
    r"(?<!\w)(?:fodelsedatum|fodelsetid|fodd|date of birth|birth date|dob|born)[ ]{0,3}:?[ ]{0,10}"
)
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class SeenPerson:
    """Hold one person as a document names them; one of a form's fields has page 0 and no place."""

    facts: PersonFacts
    source: str
    page: int
    start: int
    end: int
    is_checked: bool
    reasons: tuple[str, ...] = ()


def find_people(
    pages: Sequence[str], fields: Sequence[FormField], vocabulary: FieldVocabulary
) -> tuple[SeenPerson, ...]:
    """Return the persons, that of the form first, then in the pages' order; at most MAX_PEOPLE."""
    found = list(_of_form(fields[:MAX_FIELDS], vocabulary))
    for page, text in cut_pages(pages):
        on_page = [*_of_zones(text, page), *_of_lines(text, page)]
        found += sorted(on_page, key=lambda person: person.start)
        if len(found) >= MAX_PEOPLE:
            break
    return tuple(found[:MAX_PEOPLE])


def _of_zones(text: str, page: int) -> Iterator[SeenPerson]:
    for seen in mrz_search.find_zones(text):
        zone = seen.read
        name = f"{zone.given_names} {zone.surname}".strip() if isinstance(zone, Zone) else ""
        if not isinstance(zone, Zone) or not name:
            continue
        facts = PersonFacts(
            names=(name,),
            born=parse_partial_date(zone.born),
            identifiers=frozenset({zone.number.replace("<", "")}) - {""},
            nationality=zone.nationality,
        )
        yield SeenPerson(facts, "mrz", page, seen.start, seen.end, True, zone.corrections)


def _of_form(fields: Sequence[FormField], vocabulary: FieldVocabulary) -> Iterator[SeenPerson]:
    """Yield the person of the form; one form is about one person."""
    values: dict[str, str] = {}
    for each in fields:
        meaning = meaning_of(each.name, vocabulary.person_fields)
        if meaning is not None and each.value.strip():
            values.setdefault(meaning, each.value.strip()[:MAX_NAME_CHARS])
    parts = f"{values.get('given_names', '')} {values.get('surname', '')}".strip()
    names = tuple(dict.fromkeys(name for name in (values.get("name", ""), parts) if name))
    if not names:
        return
    number = read_personal_number(values.get("identity_number", ""))
    born, reason = _born(values.get("born", ""))
    facts = PersonFacts(
        names=names,
        born=born or (number.born if number else None),
        identifiers=frozenset({number.digits[-10:]}) if number else frozenset(),
    )
    yield SeenPerson(facts, "form", 0, 0, 0, False, reason)


def _of_lines(text: str, page: int) -> Iterator[SeenPerson]:
    folded = fold(text)
    labels = list(NAME_LABEL.finditer(folded))[:MAX_PEOPLE]
    for number, label in enumerate(labels, start=1):
        end = labels[number].start() if number < len(labels) else len(text)
        start = label.start(1)
        cut = NAME_END.search(label[1])
        name = text[start : start + (cut.start() if cut else len(label[1]))].strip()
        if not LETTER.search(name):
            continue
        reach = min(end, start + REACH_CHARS)
        person = SeenPerson(PersonFacts((name,)), "labelled", page, start, start + len(name), False)
        yield _with_birth(person, text[start:reach], folded[start:reach])


def _with_birth(person: SeenPerson, text: str, folded: str) -> SeenPerson:
    """Return the person with the number and the birth date that stand after the name."""
    number = next(find_personal_numbers(text), None)
    label = BIRTH_LABEL.search(folded)
    born, reasons = _born(text[label.end() : label.end() + 40]) if label else (None, ())
    facts = replace(
        person.facts,
        born=born or (number.born if number else None),
        identifiers=frozenset({number.digits[-10:]}) if number else frozenset(),
    )
    return replace(person, facts=facts, reasons=reasons)


def _born(written: str) -> tuple[PartialDate | None, tuple[str, ...]]:
    """Return a birth date and reasons; only the year when that is all or two days can be meant."""
    year = re.match(r"(?:19|20)[0-9]{2}(?![0-9./-])", written.strip())
    if year:
        return PartialDate(int(year[0])), ()
    seen = find_dates(written, limit=1)
    if not seen:
        return None, ()
    day = seen[0].readings[0]
    if len(seen[0].readings) > 1:
        return PartialDate(day.year), ("day_or_month_first",)
    return PartialDate(day.year, day.month, day.day), ()
