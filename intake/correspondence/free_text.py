"""Find what an officer's own words must not contain (requirements 45 and 116).

What leaves by mail is held to more than what stays behind the sign-in: `Rules` has one for each,
and `checked_words` says which text is held to which. A finding that is `block` must be changed; one
that is `warn` must be read and confirmed. The check finds what has a typical form or is known; it
cannot know every name, so no finding does not mean that a text is harmless. Every pattern takes
linear time: parts that repeat are bounded or cannot overlap.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.reference_data.word_lists import WordList

MAX_CHARS = 2000
MIN_NAME_CHARS = 3


class Severity(StrEnum):
    """Whether a finding must be changed or only confirmed."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing found: a code, how severe, and where (`start` and `end` count characters)."""

    code: str
    severity: Severity
    start: int
    end: int


@dataclass(frozen=True)
class Rules:
    """What a text is held to: how severe each finding is; what is not named is allowed.

    `block` and `warn` are the codes of the words that the office listed. With `is_number_told`,
    a number that is told for what it is (of a case or a person, a day, an amount) is no telephone
    number.
    """

    severities: Mapping[str, Severity]
    block: str
    warn: str
    is_number_told: bool = False


# The outbox takes these (requirement 116).
MAIL = Rules(
    {
        "known_name": Severity.BLOCK,
        "identity_number": Severity.BLOCK,
        "mail_address": Severity.WARN,
        "case_number": Severity.WARN,
        "date": Severity.WARN,
        "street_address": Severity.WARN,
        "long_number": Severity.WARN,
        "birth": Severity.WARN,
    },
    block="programme_word",
    warn="sensitive_word",
)
# A coordinator who signed in knows the person and the programme, but need not know where they are.
SERVICE = Rules(
    {
        "identity_number": Severity.WARN,
        "mail_address": Severity.WARN,
        "street_address": Severity.BLOCK,
        "long_number": Severity.BLOCK,
    },
    block="whereabouts_word",
    warn="whereabouts_hint",
    is_number_told=True,
)


@dataclass(frozen=True)
class Known:
    """What a text is compared with.

    `names` are the people of the case and the submission whom the writer may know. A name that is
    closed to them is not among these: to warn of it would tell that it stands in a closed paper
    (threat P10). So a writer who has such a name from elsewhere is not warned; who may not know
    that it belongs here cannot be told that it does. `own_addresses`, `own_numbers` and
    `own_references` may be in our mail. `today` is the office's day: a date after it is no date of
    birth.
    """

    names: tuple[str, ...]
    own_addresses: frozenset[str]
    own_numbers: tuple[str, ...]
    own_references: frozenset[str]
    today: date


EMAIL = re.compile(r"(?<![^\s<>(\[,;:\"'])[^\s@<>()\[\],;:\"']{1,64}@[a-z0-9][a-z0-9.-]{0,251}")
# 870501-1234, 19870501-1234, 198705011234, with +60 in the day for a coordination number.
SWEDISH_ID = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d|\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
    r"(?P<mark>[-+ \u2013]?)\d{4}(?!\d)"
)
MARKED_ID = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+\u2013]\d{4}(?!\d)")
# 070-123 45 67 is written as 070123-4567 too, and behind any word.
TELEPHONE = re.compile(r"(?<!\d)(?:(?:\+|00)(?:46|358)|0)[1-9]\d{7,9}(?!\d)")
FINNISH_ID = re.compile(
    r"(?<!\w)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+u-za-f]\d{3}[0-9a-y](?!\w)"
)
NUMERIC_DATE = re.compile(
    r"(?<!\d)(?:(?P<y1>(?:19|20)\d\d)[-./ ](?P<m1>\d\d?)[-./ ](?P<d1>\d\d?)"
    r"|(?P<d2>\d\d?)[-./ ](?P<m2>\d\d?)[-./ ](?P<y2>(?:19|20)\d\d))(?!\d)"
)
MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:s|ch)?|apr(?:il)?|maj|may|jun[ie]?|jul[iy]?"
    "|aug(?:usti|ust)?|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
WRITTEN_DATE = re.compile(
    rf"(?<!\w)\d\d?(?:st|nd|rd|th|:e)?\.?[ ](?:of[ ])?(?:{MONTHS})\.?,?[ ](?P<year>(?:19|20)\d\d)"
    r"(?!\d)"
)
BORN = re.compile(r"\b(?:född(?:\s(?:den|år))?|fodd|born(?:\s(?:on|in))?|dob|date of birth)\b")
# A word for a telephone may stand before the number without a blank.
CALLED = "".join(
    f"|(?<={word})"
    for word in ("tel", "tfn", "telefon", "mob", "mobil", "mobile", "phone", "nr", "no", "nummer",
                 "number", "ring", "call", "sms", "whatsapp", "viber", "signal")
)  # fmt: skip
NUMBER = re.compile(
    rf"(?:(?<![\w.])|(?<=[^\W\d]\.){CALLED})\+?\d(?:[ ()/.\u2013-]{{0,3}}\d){{6,19}}(?!\w)"
)
AMOUNT = re.compile(r"(?<!\w)[1-9]\d{0,2}(?:[ .]?\d{3}){1,3}[ ]?(?:kr|kronor|sek|eur|euro)\b")
# 5000-K123456-26 and K123456-26 of the police, B 1234-26 of a court.
CASE_NUMBER = re.compile(
    r"(?<!\w)(?:(?:\d{4}-)?k\d{4,8}(?:-\d\d){0,1}|(?:b|t|ä|um|pmt) ?\d{1,6}-\d\d)(?!\w)"
)
NUMBER_BEHIND_WORD = re.compile(
    r"\b(?:dossier\w{0,12}|dnr|diarienummer|ärende(?:nummer|nr)|beslutsnummer|beslutsnr"
    r"|lma(?:-kort)?|case (?:no|number)|decision (?:no|number)|målnummer"
    r"|mål nr|passnummer|passport (?:no|number))"
    r"\b[.: ]{0,4}(?=[\w-]{0,6}\d)[\w/-]{3,24}"
)
STREET = re.compile(
    r"\b\w{2,30}(?:gatan|vägen|vagen|gränden|gränd|torget|stigen|allén|backen|plan)[ ]\d{1,4}"
    r"[a-z]?\b"
    r"|\b\d{1,5}[ ](?:[\w'.]{1,30}[ ]){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|square)\b"
)
POSTAL_CODE = re.compile(r"(?<!\d)(?:se-?)?\d{3}[ ]\d{2}[ ](?=[a-zåäö]{3})")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def find(text: str, known: Known, rules: Rules, words: "WordList") -> tuple[Finding, ...]:
    """Return what is found, in the order of the text; of findings that overlap the most severe.

    A text longer than MAX_CHARS is itself the only finding.
    """
    if len(text) > MAX_CHARS:
        return (Finding("too_long", Severity.BLOCK, MAX_CHARS, len(text)),)
    folded = fold(text)
    listed = [
        *_of(words.block, folded, rules.block, Severity.BLOCK),
        *_of(words.warn, folded, rules.warn),
    ]
    return _without_overlaps([*_formed(folded, known, rules), *listed])


def find_pointing(text: str, known: Known, codes: Collection[str]) -> tuple[Finding, ...]:
    """Return what points at a person by its form, of some codes, as severe as in mail."""
    found = _without_overlaps(_formed(fold(text[:MAX_CHARS]), known, MAIL))
    return tuple(each for each in found if each.code in codes)


def _formed(folded: str, known: Known, rules: Rules) -> list[Finding]:
    """Return what is found by its form or because it is known, as severe as the rules say."""
    told = _without_told_numbers(folded) if rules.is_number_told else folded
    found = (
        *_names(folded, known.names),
        *_identity_numbers(folded),
        *_addresses(folded, known.own_addresses),
        *_case_numbers(folded, known.own_references),
        *_dates(folded, known.today),
        *_of(STREET, folded, "street_address"),
        *_of(POSTAL_CODE, folded, "street_address"),
        *_runs_of_digits(told, known.own_numbers),
        *_of(BORN, folded, "birth"),
    )
    return [
        Finding(each.code, rules.severities[each.code], each.start, each.end)
        for each in found
        if each.code in rules.severities
    ]


def must_change(findings: Collection[Finding]) -> bool:
    """Tell whether a text must be changed before it is sent."""
    return any(finding.severity is Severity.BLOCK for finding in findings)


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the telephone numbers in a text of the office, for `Known.own_numbers`."""
    return tuple(match.group() for match in NUMBER.finditer(fold(text)))


def fold(text: str) -> str:
    """Return the text in lower case and with Western digits, at the same length.


    >>> fold("\u0661\u0669\u0668\u0667 \u00c5sa")
    '1987 åsa'
    """
    return "".join(map(_folded, text))


def _folded(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    lowered = character.lower()
    # Some capitals become two characters in lower case; the places must stay the same.
    return lowered if len(lowered) == 1 else character


def _of(
    pattern: re.Pattern[str], text: str, code: str, severity: Severity = Severity.WARN
) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding(code, severity, match.start(), match.end())


def _names(text: str, names: tuple[str, ...]) -> Iterator[Finding]:
    """Yield each part of a known name that is a whole word of the text, accents aside."""
    parts = {_plain(word.group()) for name in names for word in WORD.finditer(fold(name))}
    wanted = {part for part in parts if len(part) >= MIN_NAME_CHARS}
    for word in WORD.finditer(text):
        if _plain(word.group()) in wanted or _genitive(_plain(word.group())) in wanted:
            yield Finding("known_name", Severity.BLOCK, word.start(), word.end())


def _plain(word: str) -> str:
    """Return a word without accents and joiners, so that `Åsa` and `Asa` are one name."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(each for each in decomposed if unicodedata.category(each) not in {"Mn", "Cf"})


def _genitive(word: str) -> str:
    for ending in ("'s", "\u2019s", "s"):
        if word.endswith(ending):
            return word.removesuffix(ending)
    return word


def _identity_numbers(text: str) -> Iterator[Finding]:
    for match in SWEDISH_ID.finditer(text):
        # Ten digits without a sign may be a telephone number, unless their check digit is right.
        if match["mark"] in {"-", "+", "\u2013"} or _has_check_digit(match.group()):
            yield Finding("identity_number", Severity.BLOCK, match.start(), match.end())
    yield from _of(FINNISH_ID, text, "identity_number", Severity.BLOCK)


def _has_check_digit(written: str) -> bool:
    """Tell whether the last of ten digits is right (Luhn, as in SKV 704)."""
    digits = [int(each) for each in written if each.isdigit()][-10:]
    doubled = [digit * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _addresses(text: str, own: frozenset[str]) -> Iterator[Finding]:
    for match in EMAIL.finditer(text):
        if match.group().rstrip(".") not in own:
            yield Finding("mail_address", Severity.WARN, match.start(), match.end())


def _case_numbers(text: str, own: frozenset[str]) -> Iterator[Finding]:
    for pattern in (CASE_NUMBER, NUMBER_BEHIND_WORD):
        for match in pattern.finditer(text):
            if not any(reference.lower() in match.group() for reference in own):
                yield Finding("case_number", Severity.WARN, match.start(), match.end())


def _dates(text: str, today: date) -> Iterator[Finding]:
    for match in NUMERIC_DATE.finditer(text):
        year, month, day = (int(match[f"{part}1"] or match[f"{part}2"]) for part in ("y", "m", "d"))
        if not _is_to_come(year, month, day, today):
            yield Finding("date", Severity.WARN, match.start(), match.end())
    for match in WRITTEN_DATE.finditer(text):
        if int(match["year"]) < today.year:
            yield Finding("date", Severity.WARN, match.start(), match.end())


def _is_to_come(year: int, month: int, day: int, today: date) -> bool:
    try:
        return date(year, month, day) >= today
    except ValueError:
        return False  # a date such as 13/13/2027: a person looks at it


def _runs_of_digits(text: str, own: tuple[str, ...]) -> Iterator[Finding]:
    known = {_digits(number) for number in own}
    for match in NUMBER.finditer(text):
        # Dates were checked already, and one that is still to come is harmless.
        is_date = NUMERIC_DATE.fullmatch(match.group()) is not None
        if not is_date and _digits(match.group()) not in known:
            yield Finding("long_number", Severity.WARN, match.start(), match.end())


def _without_told_numbers(text: str) -> str:
    """Return a text of the same length, blank where a number says itself what it is.

    What may be a telephone number as well stays, whatever it says that it is: ten digits with no
    sign between them, and what begins as one and has not the check digit of a person's number.
    """
    for pattern in (CASE_NUMBER, NUMBER_BEHIND_WORD, MARKED_ID, FINNISH_ID, NUMERIC_DATE, AMOUNT):
        text = pattern.sub(_blank_if_told, text)
    return text


def _blank_if_told(match: re.Match[str]) -> str:
    told = match.group()
    if match.re is MARKED_ID:
        may_be_called = told.startswith("0") and not _has_check_digit(told)
    else:
        may_be_called = TELEPHONE.search(told) is not None
    return told if may_be_called else " " * len(told)


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def _without_overlaps(found: list[Finding]) -> tuple[Finding, ...]:
    """Keep of findings that overlap the most severe, then the one that was found first."""
    severe_first = sorted(found, key=lambda finding: finding.severity is not Severity.BLOCK)
    kept: list[Finding] = []
    for finding in severe_first:
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda finding: finding.start))
