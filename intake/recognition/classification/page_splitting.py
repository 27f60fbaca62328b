"""Find where one scan holds several documents: the likeliest cut, at a price for each cut.

A cut costs little where a page shows that a document begins, and much where it does not, so that
one odd page leaves a document whole.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intake.recognition.classification import page_marks
from intake.recognition.classification.rules import DocumentFacts, RuleBook, score

# A heading that begins a document stands nearer to the top than one that names its subject.
HEADING_WORDS = 15
# Prices are natural logarithms of chances, as the scores of pages are.
COST_WITH_SIGN, COST_WITHOUT, COST_AGAINST = 1.0, 4.2, 8.0
# A chance counts as at least this, so that one page cannot outweigh the pages around it.
MIN_CHANCE = 0.01
# A page is of another size when a side differs by more than this share (A4 and Letter do not).
OTHER_SIZE = 0.12


def beginning_cost(
    book: RuleBook, text: str, words: Sequence[str], *, is_of_other_size: bool = False
) -> float:
    """Return what it costs to let a document begin at a page, from its text and folded words."""
    number = page_marks.page_number(text)
    if number is not None:
        return COST_WITH_SIGN if number == 1 else COST_AGAINST
    if is_of_other_size or page_marks.mrz_of(text):
        return COST_WITH_SIGN
    found = score(book, [words[:HEADING_WORDS]], [""], DocumentFacts())
    is_headed = any(each.is_titled for each in found.values())
    return COST_WITH_SIGN if is_headed else COST_WITHOUT


def changes_size(sizes_mm: Sequence[tuple[float, float]], place: int) -> bool:
    """Say whether a page, counted from zero, is of another size than the one before it."""
    if not 0 < place < len(sizes_mm):
        return False
    pairs = zip(sizes_mm[place - 1], sizes_mm[place], strict=True)
    return any(abs(one - other) > OTHER_SIZE * max(one, other) for one, other in pairs)


def split_pages(chances: Sequence[Sequence[float] | None], costs: Sequence[float]) -> list[int]:
    """Return the places, from zero, where documents begin; the first is always 0.

    `chances` has for each page the chance of each type, or None for a page that says nothing;
    `costs` has for each page the price of beginning a document there. The answer is the Viterbi
    path over types.
    """
    scored = [_logarithms(page) for page in chances]
    width = max((len(each) for each in scored if each is not None), default=1)
    best = np.zeros(width)
    came: list[NDArray[np.intp]] = []
    for place, page in enumerate(scored):
        stay = np.arange(width)
        if place:
            leader = int(best.argmax())
            moves = best[leader] - costs[place] > best
            stay = np.where(moves, leader, stay)
            best = np.maximum(best, best[leader] - costs[place])
        came.append(stay)
        if page is not None:
            best = best + page
    return _cuts(came, int(best.argmax()))


def _cuts(came: Sequence[NDArray[np.intp]], last: int) -> list[int]:
    places: list[int] = []
    code = last
    for place in range(len(came) - 1, 0, -1):
        before = int(came[place][code])
        if before != code:
            places.append(place)
        code = before
    return [0, *reversed(places)]


def _logarithms(page: Sequence[float] | None) -> NDArray[np.float64] | None:
    return None if page is None else np.log(np.maximum(np.asarray(page), MIN_CHANCE))
