"""Know from the page numbers printed on a document whether pages of it are absent or out of order.

Pure; imports the standard library only. Numbers are read as letters carry them, in the first and
the last lines of a page: "Page 2 of 5", "Sida 2 av 5", "Sivu 2/5", "2 (5)", and in Arabic and
Persian. A page without a number proves nothing, so it may stand for any page that is not seen. It
is advice: one file may hold several letters, and one letter may come as several files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MISSING_PAGES = "advice_missing_pages"
EDGE_LINES = 3
MAX_LINE_CHARS = 200
MAX_PAGES = 500
# Digits of every script count: int() reads ٢ as 2. The words of Arabic and Persian follow.
NUMBER = r"(\d{1,3})"
WORDED = re.compile(
    rf"\b(?:pages?|pg|sidan?|sid|sivu|side|seite|صفحة|صفحه|الصفحة)\.?[ :]*"
    rf"{NUMBER} ?(?:/|\(|of|av|von|من|از) ?{NUMBER}(?!\d)",
    re.IGNORECASE,
)
# Without a word before it, only when the line holds nothing else: 2/5 may be a date or a share.
BARE = re.compile(rf"[-–— ]*{NUMBER} ?(?:/ ?{NUMBER}|\( ?{NUMBER} ?\)|(?:of|av) {NUMBER})[-–— ]*")


@dataclass(frozen=True)
class Mark:
    """Hold what one page says of itself, and which page of the file it is, counted from 0."""

    place: int
    number: int
    total: int


def advise_on_pages(texts: Sequence[str]) -> set[str]:
    """Return `advice_missing_pages` when the pages' numbers cannot be those of whole letters.

    `texts` are the pages' texts in order; the document must be complete as far as it was drawn.

    >>> advise_on_pages(["... Page 1 of 3", "... Page 3 of 3"])
    {'advice_missing_pages'}
    """
    marks = [mark for place, text in enumerate(texts) if (mark := _mark(place, text)) is not None]
    letters = _letters(marks)
    starts = [letter[0].place for letter in letters] + [len(texts)]
    ends = [-1] + [letter[-1].place for letter in letters]
    for letter, before, after in zip(letters, ends, starts[1:], strict=False):
        if not _is_whole(letter, before, after):
            return {MISSING_PAGES}
    return set()


def _mark(place: int, text: str) -> Mark | None:
    """Return the number of a page; None when it has none, or several that differ."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    edges = lines if len(lines) <= 2 * EDGE_LINES else lines[:EDGE_LINES] + lines[-EDGE_LINES:]
    found = {pair for line in edges for pair in _pairs(line[:MAX_LINE_CHARS])}
    if len(found) != 1:
        return None
    ((number, total),) = found
    return Mark(place, number, total) if 1 <= number <= total <= MAX_PAGES else None


def _pairs(line: str) -> list[tuple[int, int]]:
    bare = BARE.fullmatch(line)
    groups = [bare.groups()] if bare else [match.groups() for match in WORDED.finditer(line)]
    return [(int(first), int(next(filter(None, rest)))) for first, *rest in groups]


def _letters(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Divide the marks: another letter begins at its page 1, or where the total changes."""
    letters: list[list[Mark]] = []
    for mark in marks:
        if not letters or mark.number == 1 or mark.total != letters[-1][0].total:
            letters.append([])
        letters[-1].append(mark)
    return letters


def _is_whole(letter: Sequence[Mark], before: int, after: int) -> bool:
    """Say whether the pages between the marks are enough for the numbers that are not seen.

    `before` and `after` are the places of the neighbouring letters' nearest marks.
    """
    first, last = letter[0], letter[-1]
    if first.number > first.place - before or last.total - last.number > after - last.place - 1:
        return False
    return all(
        0 < two.number - one.number <= two.place - one.place for one, two in pairwise(letter)
    )
