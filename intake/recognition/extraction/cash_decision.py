"""Find what a decision on reestablishment support says: country, day, amount and persons.

Requirement 103 infers what such a decision holds; none was seen. Only the decision itself counts.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from intake.recognition.extraction.value import ExtractedValue, ValueKind
from intake.recognition.extraction.vocabulary import FieldVocabulary

MAX_FACTS_OF_PAGE = 12
SUBJECT = re.compile(
    r"ateretableringsstod|kontantstod|re-?establishment support|reintegration cash|2008:778"
)
DECIDED = re.compile(r"bevilja|granted|grants you|beslut|decision")
AMOUNT = re.compile(
    r"[0-9](?<![\w.,-][0-9])[0-9]{0,2}(?:[ .,]?[0-9]{3}){1,2}(?![0-9])"
    r"(?=(?:,-|:-|,00|\.00)? ?(?:kr|sek|kronor))"
    r"|sek ?([0-9]{1,3}(?:[ .,]?[0-9]{3}){1,2})(?![0-9])"
)
NUMBER_WORDS = {
    "en": 1, "ett": 1, "one": 1, "tva": 2, "two": 2, "tre": 3, "three": 3, "fyra": 4, "four": 4,
    "fem": 5, "five": 5, "sex": 6, "six": 6,
}  # fmt: skip
COUNTED = f"([0-9]{{1,2}}|{'|'.join(NUMBER_WORDS)})"
ADULTS = re.compile(rf"(?<![\w.,-]){COUNTED} (?:vuxna|vuxen|adults?)(?!\w)")
CHILDREN = re.compile(rf"(?<![\w.,-]){COUNTED} (?:barn|minderariga|children|child)(?!\w)")
LETTERS = re.compile(r"[^\W\d_]")


def find_cash_decision(
    text: str,
    folded: str,
    labelled: Sequence[ExtractedValue],
    page: int,
    vocabulary: FieldVocabulary,
) -> Iterator[ExtractedValue]:
    """Yield the facts of a page if it speaks of a decision on the support.

    `folded` is the folded text, of the same length; `labelled` are the page's labelled dates.
    Amounts are SEK in digits alone: "30 000 kr" -> 30000.
    """
    if SUBJECT.search(folded) and DECIDED.search(folded):
        facts = _facts(text, folded, labelled, page, vocabulary)
        yield from itertools.islice(facts, MAX_FACTS_OF_PAGE)


def _facts(
    text: str,
    folded: str,
    labelled: Sequence[ExtractedValue],
    page: int,
    vocabulary: FieldVocabulary,
) -> Iterator[ExtractedValue]:
    for each in labelled:
        if each.kind is ValueKind.DECISION_DATE:
            yield _extracted(text, page, (each.start, each.end), "decided_on", each.value)
    for name, code in vocabulary.spoken_countries.items():
        at = _whole_word(folded, name)
        if at >= 0:
            yield _extracted(text, page, (at, at + len(name)), "country", code)
    for match in AMOUNT.finditer(folded):
        digits = re.sub(r"[ .,]", "", match[1] or match[0])
        yield _extracted(
            text, page, match.span(1) if match[1] else match.span(), "amount_sek", digits
        )
    for fact, pattern in (("adults", ADULTS), ("children", CHILDREN)):
        for match in pattern.finditer(folded):
            number = NUMBER_WORDS.get(match[1])
            value = str(number if number is not None else int(match[1]))
            yield _extracted(text, page, match.span(), fact, value)


def _whole_word(folded: str, name: str) -> int:
    """Return where a name first stands as a word of its own, -1 when nowhere."""
    at = folded.find(name)
    while at >= 0:
        end = at + len(name)
        before, after = folded[at - 1 : at], folded[end : end + 1]
        if not (LETTERS.match(before) or LETTERS.match(after)):
            return at
        at = folded.find(name, end)
    return -1


def _extracted(
    text: str, page: int, place: tuple[int, int], fact: str, value: str
) -> ExtractedValue:
    start, end = place
    return ExtractedValue(
        ValueKind.CASH_DECISION,
        value,
        text[start:end],
        page,
        start,
        end,
        reasons=("page_speaks_of_a_decision_on_support",),
        fact=fact,
    )
