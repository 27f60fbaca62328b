"""Read a machine-readable zone and prove it, also after a poor scan (ICAO 9303).

A zone is read only when all its check digits hold. Signs that machines confuse are changed where
the field's alphabet allows one reading only, or where, in a document number, the change of one sign
makes all digits hold and no other change does. In a document number G and 6, or L and 1, weigh
alike: no check digit could tell them apart, so they stay as they were read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.recognition.extraction.dates import calendar_day
from intake.recognition.extraction.mrz_layout import FILLER, Layout, Place, check_digit

AS_DIGIT = str.maketrans("OQDILZSGBT", "0001125687")
AS_LETTER = str.maketrans("0125678", "OIZSGTB")
# Pairs within a document number whose weights differ, so that a check digit tells them apart.
CONFUSED = {"0": "O", "O": "0", "1": "I", "I": "1", "2": "Z", "Z": "2"}
CONFUSED |= {"5": "S", "S": "5", "8": "B", "B": "8"}
PIVOT_YEAR = 80


@dataclass(frozen=True)
class Zone:
    """Hold a zone whose check digits hold.

    `lines` are as corrected; `corrections` are codes. `born` and `expires` are ISO 8601, a birth
    date without a day or month is cut (`1990-05`, `1990`), and empty when nothing is given.
    `surname` and `given_names` are in the zone's letters, without fillers. Nationality is the
    three-letter code as printed.
    """

    layout: str
    lines: tuple[str, ...] = field(repr=False)
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    number: str = field(repr=False)
    nationality: str
    born: str = field(repr=False)
    expires: str
    corrections: tuple[str, ...]


@dataclass(frozen=True)
class Unproved:
    """Hold why text in the layout of a zone is not proved to be one."""

    layout: str
    reasons: tuple[str, ...]


def read_zone(layout: Layout, lines: tuple[str, ...]) -> Zone | Unproved:
    """Return the zone in lines of the right length, in capitals; Unproved when digits are wrong.

    ("P<UTODEMO<<PERSON<ONE<<<...", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
    -> born 1974-08-12, expires 2012-04-15: the digits of the specimen in ICAO 9303-4.
    """
    read = "".join(lines)
    text = _as_alphabets_demand(layout, read)
    reasons = ("letter_or_digit_by_its_place",) if text != read else ()
    wrong = tuple(wrong_digits(layout, text))
    if wrong:
        proved = [each for each in _candidates(layout, text) if not wrong_digits(layout, each)]
        if len(proved) != 1:
            return Unproved(layout.name, (*wrong, "several_readings") if proved else wrong)
        [text] = proved
        reasons = (*reasons, "confused_sign_proved_by_digits")
    expires = _expiry(_at(text, layout.expires))
    born = _birth(_at(text, layout.born), int(expires[:4])) if expires else None
    if expires is None or born is None:
        return Unproved(layout.name, ("birth_or_expiry_is_no_date",))
    return _zone(layout, text, born, expires, reasons)


def _zone(layout: Layout, text: str, born: str, expires: str, corrections: tuple[str, ...]) -> Zone:
    surname, _, given = _at(text, layout.names).partition(FILLER * 2)
    size = layout.line_chars
    return Zone(
        layout=layout.name,
        lines=tuple(text[at : at + size] for at in range(0, len(text), size)),
        surname=_words(surname),
        given_names=_words(given),
        number=_document_number(layout, text)[0],
        nationality=_at(text, layout.nationality).strip(FILLER),
        born=born,
        expires=expires,
        corrections=corrections,
    )


def wrong_digits(layout: Layout, text: str) -> list[str]:
    """Return a code for each check digit that does not hold."""
    number, digit = _document_number(layout, text)
    checks = [
        ("number_check_wrong", number, digit),
        ("birth_check_wrong", _at(text, layout.born), text[layout.born_check]),
        ("expiry_check_wrong", _at(text, layout.expires), text[layout.expires_check]),
    ]
    if layout.optional_check is not None:
        checks.append(
            ("personal_check_wrong", _at(text, layout.optional), text[layout.optional_check])
        )
    if layout.composite_check is not None:
        covered = "".join(_at(text, place) for place in layout.composite)
        checks.append(("composite_check_wrong", covered, text[layout.composite_check]))
    return [code for code, value, digit in checks if not _is_check_digit(value, digit)]


def _is_check_digit(value: str, digit: str) -> bool:
    """Say whether a digit holds; an empty field may have a filler for its digit."""
    return digit == check_digit(value) or (digit == FILLER and not value.strip(FILLER))


def _at(text: str, place: Place) -> str:
    return text[place[0] : place[1]]


def _document_number(layout: Layout, text: str) -> tuple[str, str]:
    """Return the number and its check digit; a long number goes on in the optional field."""
    number, digit = _at(text, layout.number), text[layout.number_check]
    if digit != FILLER or layout.optional_check is not None or FILLER in number:
        return number.rstrip(FILLER) if digit != FILLER else number, digit
    rest = _at(text, layout.optional).split(FILLER)[0]
    return (number + FILLER + rest[:-1], rest[-1]) if rest else (number, digit)


def _as_alphabets_demand(layout: Layout, text: str) -> str:
    """Return the text with digits where only digits may stand, and letters likewise."""
    signs = list(text)
    digits = [layout.born, layout.expires, (layout.born_check, layout.born_check + 1)]
    digits.append((layout.expires_check, layout.expires_check + 1))
    digits.append((layout.number_check, layout.number_check + 1))
    for single in (layout.optional_check, layout.composite_check):
        digits += [(single, single + 1)] if single is not None else []
    for places, table in (
        (digits, AS_DIGIT),
        ([layout.issuer, layout.nationality, layout.names], AS_LETTER),
    ):
        for start, end in places:
            signs[start:end] = "".join(signs[start:end]).translate(table)
    return "".join(signs)


def _candidates(layout: Layout, text: str) -> Iterator[str]:
    """Yield the readings with one confused sign of the document number changed.

    The number's own digit and the composite one weigh its signs alike, so they are one proof, not
    two: with more changes, wrong readings would hold by chance.
    """
    start, end = layout.number
    for at in range(start, end):
        if text[at] in CONFUSED:
            yield text[:at] + CONFUSED[text[at]] + text[at + 1 :]


def _expiry(written: str) -> str | None:
    """Return YYMMDD in ISO 8601, None for no date; from 80 on, years are of the last century."""
    if not written.isdigit():
        return None
    year = int(written[:2])
    year += 2000 if year < PIVOT_YEAR else 1900
    day = calendar_day(year, int(written[2:4]), int(written[4:]))
    return day.isoformat() if day else None


def _birth(written: str, expiry_year: int) -> str | None:
    """Return a birth date in ISO 8601, cut where fillers stand; None when it is no date.

    The century is the later one in which the birth lies before the year of expiry.
    """
    year, month, day = written[:2], written[2:4], written[4:]
    if year == FILLER * 2:
        return ""
    if not year.isdigit():
        return None
    full = int(year) + (2000 if int(year) + 2000 < expiry_year else 1900)
    if month == FILLER * 2:
        return str(full)
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return None
    if day == FILLER * 2:
        return f"{full}-{month}"
    known = calendar_day(full, int(month), int(day)) if day.isdigit() else None
    return known.isoformat() if known else None


def _words(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
