"""Find and prove Swedish personal identity numbers and coordination numbers.

Source: Folkbokföringslagen (1991:481) 18 § and 18 a §. The check digit is Luhn's over the nine
digits before it, and a coordination number has sixty added to the day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.recognition.extraction.dates import calendar_day
from intake.recognition.matching.person import PartialDate

MAX_OF_PAGE = 40
NUMBER = re.compile(
    r"[0-9](?<![\w-][0-9])[0-9]{5}(?:[0-9]{2})? ?[-\u2010-\u2013+]? ?[0-9]{4}(?![\w-])"
)
COORDINATION_DAYS = 60


@dataclass(frozen=True)
class PersonalNumber:
    """Hold a number whose check digit holds: ten or twelve digits, with no sign between.

    `born` is None when the year has only two digits: the century would be a guess.
    """

    digits: str = field(repr=False)
    born: PartialDate | None = field(repr=False)
    is_coordination: bool
    start: int
    end: int


def find_personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """Yield the numbers of a text that begin with a possible date and whose check digit holds."""
    count = 0
    for match in NUMBER.finditer(text):
        found = read_personal_number(match[0], match.start())
        if found is not None:
            yield found
            count += 1
            if count == MAX_OF_PAGE:
                return


def read_personal_number(written: str, start: int = 0) -> PersonalNumber | None:
    """Return the number in `written`, None when it is not valid; `start` is its place in a text.

    "20990101-2386" -> born 2099-01-01; "990161-2383" -> a coordination number, century unknown
    """
    digits = re.sub(r"[^0-9]", "", written)
    if len(digits) not in (10, 12) or luhn_digit(digits[-10:-1]) != int(digits[-1]):
        return None
    month, day = int(digits[-8:-6]), int(digits[-6:-4])
    is_coordination = day > COORDINATION_DAYS
    day -= COORDINATION_DAYS * is_coordination
    is_whole = len(digits) == 12
    year = int(digits[:-8])
    years = [year] if is_whole else [1900 + year, 2000 + year]
    if not any(calendar_day(year, month, day) for year in years):
        return None
    born = PartialDate(years[0], month, day) if is_whole else None
    return PersonalNumber(digits, born, is_coordination, start, start + len(written))


def luhn_digit(digits: str) -> int:
    """Return the check digit of Luhn (ISO/IEC 7812-1 annex B) for the digits before it."""
    total = 0
    for at, sign in enumerate(reversed(digits)):
        doubled = int(sign) * (2 if at % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10
