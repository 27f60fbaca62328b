"""Gather all values that one document says, within limits on their number.

The functions are pure: pages, fields and words in, values out. Every value is a suggestion to a
person; nothing that a document says is believed (requirement 33).
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from intake.recognition.extraction import (
    case_numbers,
    cash_decision,
    form_facts,
    labelled_dates,
    mrz_search,
)
from intake.recognition.extraction.folding import fold
from intake.recognition.extraction.mrz import Zone
from intake.recognition.extraction.value import ExtractedValue, ValueKind
from intake.recognition.extraction.vocabulary import FieldVocabulary
from intake.sandbox.protocol.pdf import MAX_FIELDS, FormField

MAX_PAGES = 200
MAX_PAGE_CHARS = 100_000
MAX_TOTAL_CHARS = 1_000_000
MAX_VALUES = 200
MAX_OF_KIND = 40


def extract_values(
    pages: Sequence[str], fields: Sequence[FormField], vocabulary: FieldVocabulary
) -> tuple[ExtractedValue, ...]:
    """Return the values of a document: those of form fields first, then in the pages' order.

    Text beyond the limits is not looked at. Of each kind the first MAX_OF_KIND are kept, so that a
    page full of one kind leaves room for the others.
    """
    counts: Counter[ValueKind] = Counter()
    kept: list[ExtractedValue] = []
    found = itertools.chain(
        form_facts.find_form_facts(fields[:MAX_FIELDS], vocabulary), _of_pages(pages, vocabulary)
    )
    for value in found:
        if counts[value.kind] < MAX_OF_KIND and len(kept) < MAX_VALUES:
            counts[value.kind] += 1
            kept.append(value)
    return tuple(kept)


def cut_pages(pages: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each page, from one, and as much of its text as is looked at."""
    left = MAX_TOTAL_CHARS
    for number, text in enumerate(pages[:MAX_PAGES], start=1):
        cut = text[: min(left, MAX_PAGE_CHARS)]
        left -= len(cut)
        if cut:
            yield number, cut


def _of_pages(pages: Sequence[str], vocabulary: FieldVocabulary) -> Iterator[ExtractedValue]:
    for page, text in cut_pages(pages):
        folded = fold(text)
        labelled = list(labelled_dates.find_labelled_dates(text, page))
        values = itertools.chain(
            case_numbers.find_references(text, page),
            _of_zones(text, page),
            labelled,
            case_numbers.find_k_numbers(text, page),
            case_numbers.find_dossier_numbers(text, folded, page),
            cash_decision.find_cash_decision(text, folded, labelled, page, vocabulary),
        )
        yield from sorted(values, key=lambda value: (value.start, value.end))


def _of_zones(text: str, page: int) -> Iterator[ExtractedValue]:
    for seen in mrz_search.find_zones(text):
        shown = text[seen.start : seen.end]
        place = (page, seen.start, seen.end)
        read = seen.read
        if not isinstance(read, Zone):
            yield ExtractedValue(
                ValueKind.MRZ_UNPROVED, "", shown, *place, reasons=(read.layout, *read.reasons)
            )
            continue
        reasons = (read.layout, *read.corrections)
        yield ExtractedValue(ValueKind.MRZ, "\n".join(read.lines), shown, *place, True, reasons)
        if read.expires:
            yield ExtractedValue(
                ValueKind.PASSPORT_EXPIRY, read.expires, shown, *place, True, ("mrz",)
            )
        if read.born:
            yield ExtractedValue(ValueKind.BIRTH_DATE, read.born, shown, *place, True, ("mrz",))
