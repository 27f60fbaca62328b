"""Suggest what a document is: page ranges, each with a type, its confidence and reasons.

The functions are pure, from pages and facts to an answer. "UNK" is an answer with its own reason,
and a doubt about where a document ends leaves it whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.recognition.classification.features import MAX_WORDS, features_of
from intake.recognition.classification.mentions import MAX_FEW_WORDS, without_mentions
from intake.recognition.classification.model import TypeModel, probabilities, telling_words
from intake.recognition.classification.page_splitting import (
    beginning_cost,
    changes_size,
    split_pages,
)
from intake.recognition.classification.rules import (
    DocumentFacts,
    Score,
    headed_types,
    looks_like_photo,
    score,
)
from intake.recognition.classification.tokens import words_of
from intake.reference_data.document_types import UNKNOWN

# Below this chance of being right the answer is "UNK".
MIN_CONFIDENCE = 0.6
# Documents of no known type seldom hold a phrase of the taxonomy. So an answer without such a
# phrase has to be surer.
MIN_WITHOUT_RULE = 0.9
MIN_WORDS, MIN_LETTERS = 5, 25
MIN_FAMILIAR = 0.12
CLOSE = 0.5
# How many pages of one range are read.
MAX_RANGE_PAGES = 8
MAX_REASONS, MAX_LEARNT = 4, 3


@dataclass(frozen=True)
class ClassifiedPages:
    """Pages `first_page` to `last_page`, from 1, both included, and what they are.

    `confidence` is the calibrated chance that `document_type` is right, 0.0 for "UNK"; where the
    heading of a page of few words decides, it is MIN_CONFIDENCE at least. Reasons are
    codes with what was found: "title:…", "word:…", "form:…", "field:…", "mrz",
    "layout:message", "learnt:…" (words of the training texts, so never a name from here);
    for "UNK" first why not, then perhaps "nearest:CODE".
    """

    first_page: int
    last_page: int
    document_type: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Page:
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Evidence:
    chances: Mapping[str, float]
    scores: Mapping[str, Score]
    counted: Mapping[str, int]
    words: tuple[str, ...]
    headed: frozenset[str]


def classify_document(
    pages: Sequence[str], facts: DocumentFacts, model: TypeModel
) -> tuple[ClassifiedPages, ...]:
    """Return what a document is; ranges cover every page, in order, at least one.

    `pages` is the text of each page, from its text layer or from OCR, "" for one without.
    """
    # A document without text still has its pages: the facts know how many.
    count = max(len(pages), facts.page_count, 1)
    told = [without_mentions(model.book, text) for text in pages]
    read = [_Page(text, words_of(text)) for text in told]
    begins = _beginnings(read, facts, model) if len(read) > 1 else [0]
    ends = [*begins[1:], count]
    # Facts such as field names belong to the whole file, so they say nothing about one range of it.
    known = facts if len(begins) == 1 else DocumentFacts()
    found = [
        _classify_range(read[start:end], known, model, (start + 1, end))
        for start, end in zip(begins, ends, strict=True)
    ]
    return _merged(found)


def _classify_range(
    pages: Sequence[_Page], facts: DocumentFacts, model: TypeModel, span: tuple[int, int]
) -> ClassifiedPages:
    evidence = _weigh(pages[:MAX_RANGE_PAGES], facts, model)
    ranked = sorted(evidence.chances.items(), key=lambda item: -item[1])
    (best, chance), (_, second) = ranked[0], ranked[1]
    headed = _headed_alone(evidence)
    if headed is not None:
        sure = max(evidence.chances[headed], MIN_CONFIDENCE)
        return ClassifiedPages(*span, headed, sure, _reasons(evidence, model, headed))
    reason = _why_not(evidence, model, best)
    if reason is None and best == UNKNOWN:
        reason = "none_of_the_kinds"
    least = MIN_CONFIDENCE if best in evidence.scores else MIN_WITHOUT_RULE
    if reason is None and chance < least:
        reason = "two_kinds_close" if second > CLOSE * chance else "not_sure"
    if reason is not None:
        return ClassifiedPages(*span, UNKNOWN, 0.0, (reason, *_nearest(reason, facts, ranked)))
    return ClassifiedPages(*span, best, chance, _reasons(evidence, model, best))


def _nearest(
    reason: str, facts: DocumentFacts, ranked: Sequence[tuple[str, float]]
) -> tuple[str, ...]:
    """Return the type that a person may try first; a hint and no answer."""
    if reason in {"two_kinds_close", "not_sure"}:
        return (f"nearest:{next(code for code, _ in ranked if code != UNKNOWN)}",)
    return ("nearest:PHOTO",) if reason == "no_text" and looks_like_photo(facts) else ()


def _weigh(pages: Sequence[_Page], facts: DocumentFacts, model: TypeModel) -> _Evidence:
    found = score(model.book, [page.words for page in pages], [p.text for p in pages], facts)
    words = tuple(word for page in pages for word in page.words)[:MAX_WORDS]
    counted = features_of(words)
    headed = headed_types(model.book, pages[0].text) if pages else frozenset[str]()
    return _Evidence(probabilities(model, counted, found), found, counted, words, headed)


def _headed_alone(evidence: _Evidence) -> str | None:
    """Return the one type that the heading of few words names, None where anything else speaks."""
    is_alone = len(evidence.headed) == 1 and len(evidence.words) <= MAX_FEW_WORDS
    return next(iter(evidence.headed)) if is_alone and not _is_marked(evidence) else None


def _why_not(evidence: _Evidence, model: TypeModel, best: str) -> str | None:
    """Return why a text cannot be judged at all, or None.

    A hard mark is enough without words, and so is a heading that names the likeliest type, `best`,
    with a number of its kind.
    """
    if best in evidence.headed:
        return None
    if _is_marked(evidence):
        return None
    real = [word for word in evidence.words if len(word) > 1 and not word.isdigit()]
    letters = sum(map(len, real))
    if letters == 0:
        return "no_text"
    if len(real) < MIN_WORDS or letters < MIN_LETTERS:
        return "too_little_text"
    familiar = sum(word in model.vocabulary.places for word in real) / len(real)
    return "unfamiliar_words" if familiar < MIN_FAMILIAR and not evidence.scores else None


def _is_marked(evidence: _Evidence) -> bool:
    return any(_is_hard(reason) for each in evidence.scores.values() for reason in each.reasons)


def _is_hard(reason: str) -> bool:
    return reason == "mrz" or reason.startswith(("form:", "field:"))


def _beginnings(pages: Sequence[_Page], facts: DocumentFacts, model: TypeModel) -> list[int]:
    """Return the places, from zero, where a document begins; always the first page."""
    judged = [_chances_of_page(page, model) for page in pages]
    # Sizes that do not match the pages one to one cannot say which page differs.
    sizes = facts.page_sizes_mm if len(facts.page_sizes_mm) == len(pages) else ()
    costs = [
        beginning_cost(
            model.book, page.text, page.words, is_of_other_size=changes_size(sizes, place)
        )
        for place, page in enumerate(pages)
    ]
    return split_pages(judged, costs)


def _chances_of_page(page: _Page, model: TypeModel) -> list[float] | None:
    """Return the chance of each code for one page alone, or None when it says nothing."""
    evidence = _weigh([page], DocumentFacts(), model)
    best = max(evidence.chances, key=lambda code: evidence.chances[code])
    is_mute = _why_not(evidence, model, best) is not None
    return None if is_mute else list(evidence.chances.values())


def _reasons(evidence: _Evidence, model: TypeModel, code: str) -> tuple[str, ...]:
    by_rule = evidence.scores[code].reasons[:MAX_REASONS] if code in evidence.scores else ()
    by_word = telling_words(model, evidence.counted, code, MAX_LEARNT)
    learnt = tuple(f"learnt:{word}" for word in by_word)
    # A torn scan may leave no whole word: then pieces of words decided, and the reason says so.
    return (*by_rule, *learnt) or ("learnt:parts_of_words",)


def _merged(found: Sequence[ClassifiedPages]) -> tuple[ClassifiedPages, ...]:
    """Join neighbours of one type: two passports in a row are one range of passports."""
    joined: list[ClassifiedPages] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is not None and last.document_type == each.document_type:
            joined[-1] = ClassifiedPages(
                last.first_page,
                each.last_page,
                last.document_type,
                min(last.confidence, each.confidence),
                tuple(dict.fromkeys((*last.reasons, *each.reasons))),
            )
        else:
            joined.append(each)
    return tuple(joined)
