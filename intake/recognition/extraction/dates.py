"""Find the dates in Swedish and English text, and say where two dates can be meant.

Each search starts at a number and looks at a bounded piece of text, so the time grows with the
length of the text and not faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2100
DASH = "-\u2010-\u2015"
# A number of one to eight digits that is no part of a longer one. The pattern begins with a plain
# class of digits, to which the engine skips quickly; a look-behind in front would prevent that.
NUMBER = re.compile(r"[0-9](?<![0-9]{2})[0-9]{0,7}(?![0-9])")
YEAR_FIRST = re.compile(rf"([0-9]{{4}})[{DASH}./]([0-9]{{1,2}})[{DASH}./]([0-9]{{1,2}})(?![0-9])")
COMPACT = re.compile(rf"((?:19|20)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}})(?![0-9]|[{DASH}+][0-9])")
YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([{DASH}./]) ?([0-9]{{1,2}})\2 ?([0-9]{{4}})(?![0-9])")
DAY_MONTH_YEAR = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|:e|:a)?\.? (?:of |dagen i )?([A-Za-z]{3,9})\.?"
    r"(?: ?/ ?[A-Za-z]{3,9}\.?)?,? ([0-9]{4})(?![0-9])"
)
DAY_YEAR = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})(?![0-9])")
MONTH_BEFORE = re.compile(r"([A-Za-z]{3,9})\.? \Z")
MONTH_CHARS = 12
SPACES = "\n\t\u00a0\u202f"
MONTHS = {
    "jan": 1, "januari": 1, "january": 1, "feb": 2, "februari": 2, "february": 2,
    "mar": 3, "mars": 3, "march": 3, "apr": 4, "april": 4, "maj": 5, "may": 5,
    "jun": 6, "juni": 6, "june": 6, "jul": 7, "juli": 7, "july": 7,
    "aug": 8, "augusti": 8, "august": 8, "sep": 9, "sept": 9, "september": 9,
    "okt": 10, "oct": 10, "oktober": 10, "october": 10, "nov": 11, "november": 11,
    "dec": 12, "december": 12,
}  # fmt: skip


@dataclass(frozen=True)
class SeenDate:
    """Hold a date and its place in the text.

    There are two `readings`, the earlier first, when both can be meant.
    """

    readings: tuple[date, ...]
    start: int
    end: int


def find_dates(text: str, *, limit: int) -> list[SeenDate]:
    """Return the first `limit` dates of a text, in order.

    "24 november 2026" -> 2026-11-24; "03/04/2026" -> 2026-03-04 or 2026-04-03; "31.02.2026" is
    none. Dots mean day first, as everywhere in Europe; only slashes and dashes leave it open.
    """
    found: list[SeenDate] = []
    spaced = text
    for sign in SPACES:
        spaced = spaced.replace(sign, " ")  # one character for one, so places stay
    end = 0
    for number in NUMBER.finditer(spaced):
        if number.start() < end:
            continue
        seen = _at(spaced, number.start())
        if seen is not None and seen.start >= end:
            found.append(seen)
            end = seen.end
            if len(found) == limit:
                break
    return found


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return the date, None when the calendar has no such day or it is outside 1900 to 2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _at(text: str, start: int) -> SeenDate | None:
    """Return the date that begins with the number at `start`."""
    if _ends_a_number(text, start):
        return None
    for pattern in (YEAR_FIRST, COMPACT):
        match = pattern.match(text, start)
        if match:
            year, month, day = map(int, match.groups())
            return _seen_date(match, [(year, month, day)])
    match = YEAR_LAST.match(text, start)
    if match:
        return _seen_date(
            match, list(_orders(int(match[1]), int(match[3]), int(match[4]), match[2]))
        )
    match = DAY_MONTH_YEAR.match(text, start)
    if match and match[2].lower() in MONTHS:
        return _seen_date(match, [(int(match[3]), MONTHS[match[2].lower()], int(match[1]))])
    match = DAY_YEAR.match(text, start)
    before = MONTH_BEFORE.search(text[max(0, start - MONTH_CHARS) : start]) if match else None
    if match and before and before[1].lower() in MONTHS:
        seen = _seen_date(match, [(int(match[2]), MONTHS[before[1].lower()], int(match[1]))])
        return seen and SeenDate(seen.readings, start - len(before[0]), seen.end)
    return None


def _ends_a_number(text: str, start: int) -> bool:
    """Say whether the number at `start` is the end of a longer number or code."""
    before = text[max(0, start - 2) : start]
    return before[-1:].isalnum() or (before[-1:] in ("-", ".", "/") and before[:1].isdigit())


def _orders(first: int, second: int, year: int, sign: str) -> Iterator[tuple[int, int, int]]:
    yield year, second, first
    if sign != "." and first != second:
        yield year, first, second


def _seen_date(match: re.Match[str], claims: list[tuple[int, int, int]]) -> SeenDate | None:
    days = sorted(day for day in (calendar_day(*claim) for claim in claims) if day is not None)
    return SeenDate(tuple(days), match.start(), match.end()) if days else None
