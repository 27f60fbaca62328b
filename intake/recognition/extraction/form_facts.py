"""Find which facts the fields of the referral form say, by their names and in its words.

An unticked box says nothing: it may have been forgotten, and unknown never counts as no
(requirement 27).
"""

import re
from collections.abc import Iterator, Sequence

from intake.recognition.extraction.dates import find_dates
from intake.recognition.extraction.value import READINGS_MARK, ExtractedValue, ValueKind
from intake.recognition.extraction.vocabulary import FieldVocabulary, compact
from intake.sandbox.protocol.pdf import FormField

MAX_VALUE_CHARS = 500
MAX_COUNT = 99
INDEX = re.compile(r"\[[0-9]{0,4}\]")
CAMEL = re.compile(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])")
# What form editors put before a name, and the number that they put after it.
PREFIX = re.compile(r"(?:txt|text|chk|check|cb|cmb|ddl|dd|rb|fld|field|falt|box)(?=[a-z]{3})")
NUMBER_BEHIND = re.compile(r"[0-9]{1,4}\Z")


def find_form_facts(
    fields: Sequence[FormField], vocabulary: FieldVocabulary
) -> Iterator[ExtractedValue]:
    """Yield a value for each filled field whose name is known.

    A box "CountryOfReturn[0]" with "Irak" -> form_field, fact country_of_return, value IQ
    """
    for field in fields:
        shown = field.value[:MAX_VALUE_CHARS].strip()
        fact = meaning_of(field.name, vocabulary.facts)
        if fact is None or not shown:
            continue
        kind = vocabulary.fact_kinds[fact]
        value, reason = _read(vocabulary, fact, kind, shown, field.kind)
        yield ExtractedValue(
            kind=ValueKind.FORM_FIELD,
            value=value,
            shown=shown,
            page=0,
            start=0,
            end=0,
            reasons=("field_of_a_form", *([reason] if reason else [])),
            fact=fact,
        )


def meaning_of(name: str, meanings: dict[str, str]) -> str | None:
    """Return what a field's name means, by its last part, then by its last two; None if unknown."""
    parts = [part for part in INDEX.sub("", name).split(".") if part]
    for count in (1, 2):
        spaced = CAMEL.sub(" ", " ".join(parts[-count:]))
        whole = compact(spaced)
        for form in (whole, NUMBER_BEHIND.sub("", whole)):
            for known in (form, PREFIX.sub("", form, count=1) if PREFIX.match(form) else form):
                if known in meanings:
                    return meanings[known]
    return None


def _read(
    vocabulary: FieldVocabulary, fact: str, kind: str, shown: str, field_kind: str
) -> tuple[str, str]:
    """Return the canonical value and "", or the text as it stands and why it was not understood."""
    written = compact(shown)
    value: str | None
    if kind == "text":
        return shown, ""
    if kind == "date":
        return _date(shown)
    if kind == "count":
        is_count = shown.isascii() and shown.isdigit() and int(shown[:9]) <= MAX_COUNT
        value = str(int(shown)) if is_count else None
    elif kind == "country":
        value = vocabulary.countries.get(written)
    elif kind == "language":
        value = vocabulary.languages.get(written)
    else:
        value = vocabulary.choices[fact].get(written)
        if value is None and field_kind == "checkbox" and kind == "yes_no":
            value = "yes"  # the state of a ticked box may have any name
    return (shown, "value_not_understood") if value is None else (value, "")


def _date(shown: str) -> tuple[str, str]:
    seen = find_dates(shown, limit=2)
    if not seen:
        return shown, "value_not_understood"
    # Of "from … to …" in a field for the end of something, the later date counts.
    readings = max(each.readings for each in seen)
    value = READINGS_MARK.join(day.isoformat() for day in readings)
    return value, "day_or_month_first" if len(readings) > 1 else ""
