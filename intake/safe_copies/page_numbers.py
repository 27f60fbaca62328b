"""Find from printed page numbers whether pages of a document are missing or out of order.

Numbers are read in the first and the last lines of a page: "Page 2 of 5", "Sida 2 av 5",
"Sivu 2/5", "2 (5)", and in Arabic and Persian. A page without a number may be any page that is
missing, so it proves nothing. The result is advice: one file may hold several texts, each with its
own numbers, and one text may come as several files.
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
# Without a word before it a number counts only if the line holds nothing else: 2/5 may be a date.
BARE = re.compile(rf"[-–— ]*{NUMBER} ?(?:/ ?{NUMBER}|\( ?{NUMBER} ?\)|(?:of|av) {NUMBER})[-–— ]*")


@dataclass(frozen=True)
class Mark:
    """Hold what one page says of itself, and which page of the file it is, counted from 0."""

    place: int
    number: int
    total: int


def advise_on_pages(texts: Sequence[str]) -> set[str]:
    """Return `advice_missing_pages` when the page numbers cannot be those of whole texts.

    `texts` are the texts of the pages, in order; every page of the document must be there.

    >>> advise_on_pages(["... Page 1 of 3", "... Page 3 of 3"])
    {'advice_missing_pages'}
    """
    marks = [mark for place, text in enumerate(texts) if (mark := _mark(place, text)) is not None]
    runs = _runs(marks)
    starts = [run[0].place for run in runs] + [len(texts)]
    ends = [-1] + [run[-1].place for run in runs]
    for run, before, after in zip(runs, ends, starts[1:], strict=False):
        if not _is_whole(run, before, after):
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


def _runs(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Divide the marks by text: a new one begins at page 1, or where the total changes."""
    runs: list[list[Mark]] = []
    for mark in marks:
        if not runs or mark.number == 1 or mark.total != runs[-1][0].total:
            runs.append([])
        runs[-1].append(mark)
    return runs


def _is_whole(run: Sequence[Mark], before: int, after: int) -> bool:
    """Say whether the pages between the marks are enough for the numbers that are not seen.

    `before` and `after` are the places of the nearest marks of the runs around this one.
    """
    first, last = run[0], run[-1]
    if first.number > first.place - before or last.total - last.number > after - last.place - 1:
        return False
    return all(0 < two.number - one.number <= two.place - one.place for one, two in pairwise(run))
