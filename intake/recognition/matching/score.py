"""Score how likely two documents speak of one person.

The score only orders a list that a person looks through. The weights are this project's choice,
made on the tables of its tests and on no real data.
"""

from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from intake.recognition.matching.name_keys import word_keys, words_of
from intake.recognition.matching.person import PartialDate, PersonFacts

MAX_NAMES = 6
NAME_WEIGHT, BIRTH_WEIGHT = 0.65, 0.35
# The highest score of a name without birth dates, and of a name whose birth dates disagree.
NAME_ALONE, NAME_AGAINST_BIRTH = 0.75, 0.6
SAME_NUMBER_SCORE = 0.97
MIN_NAME, WITHOUT_NAME = 0.4, 0.3
SAME_SPELLING, SIMILAR_SPELLING = 0.9, 0.85
OTHER_NATIONALITY = 0.9


@dataclass(frozen=True)
class Likeness:
    """Hold a score from 0 to 1 and codes for what it rests on, the weightiest first."""

    score: float
    reasons: tuple[str, ...]


def compare(left: PersonFacts, right: PersonFacts) -> Likeness:
    """Return how well two persons' facts agree; the order of the two does not matter."""
    name, reasons = _best_name(left, right)
    birth, birth_reason = compare_births(left.born, right.born)
    reasons += [birth_reason]
    if birth is None:
        score = NAME_ALONE * name
    else:
        score = NAME_WEIGHT * name + BIRTH_WEIGHT * birth
        if birth == 0:
            score = min(score, NAME_AGAINST_BIRTH * name)
    if name < MIN_NAME:
        score = min(score, WITHOUT_NAME)
    if left.nationality and right.nationality and left.nationality != right.nationality:
        score *= OTHER_NATIONALITY
        reasons.append("other_nationality")
    if left.identifiers & right.identifiers:
        # Families share a case number, and passports are copied: a high score, but not certainty.
        score = max(score, SAME_NUMBER_SCORE)
        reasons.insert(0, "same_number")
    return Likeness(round(min(score, 1.0), 3), tuple(reasons))


def compare_births(left: PartialDate | None, right: PartialDate | None) -> tuple[float | None, str]:
    """Return how well two birth dates agree, 0 to 1, None when there is nothing to compare.

    The first of January and a bare year often stand for an unknown day. So equal ones say little
    for one person, and a difference of a year or two says little against it.
    """
    if left is None or right is None:
        return None, "birth_unknown"
    is_vague = any(not each.is_whole or each.is_first_of_january for each in (left, right))
    if left == right and not is_vague:
        return 1.0, "same_birth_date"
    if left.year == right.year and is_vague:
        same_month = left.month == right.month and left.month not in (None, 1)
        return (0.75, "same_birth_month") if same_month else (0.6, "same_birth_year_day_unknown")
    if is_vague:
        return (
            (0.4, "birth_years_near") if abs(left.year - right.year) <= 2 else (0.0, "other_birth")
        )
    if left.year == right.year and (left.month, left.day) == (right.day, right.month):
        return 0.85, "day_and_month_swapped"
    if DamerauLevenshtein.distance(_digits(left), _digits(right)) == 1:
        return 0.7, "birth_differs_in_one_digit"
    return (0.2, "same_birth_year_other_day") if left.year == right.year else (0.0, "other_birth")


def _best_name(left: PersonFacts, right: PersonFacts) -> tuple[float, list[str]]:
    """Return the best agreement between a name of one person and a name of the other."""
    best: tuple[float, list[str]] = (0.0, ["other_name"])
    for one in left.names[:MAX_NAMES]:
        for other in right.names[:MAX_NAMES]:
            best = max(
                best, _compare_names(words_of(one), words_of(other)), key=lambda each: each[0]
            )
    return best


def _compare_names(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[float, list[str]]:
    """Return the agreement of two names, word by word in any order.

    A word that only one has counts half: documents leave out a father's and grandfather's names.
    """
    short, long = sorted((_joined(left), _joined(right)), key=lambda words: (len(words), words))
    if not short:
        return 0.0, ["other_name"]
    pairs = sorted(
        ((_compare_words(a, b), i, j) for i, a in enumerate(short) for j, b in enumerate(long)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_short: set[int] = set()
    used_long: set[int] = set()
    matched: list[float] = []
    for value, i, j in pairs:
        if value > 0 and i not in used_short and j not in used_long:
            used_short.add(i)
            used_long.add(j)
            matched.append(value)
    score = sum(matched) / ((len(short) + len(long)) / 2)
    return score, [_name_reason(matched, len(short), len(long), short == long)]


def _name_reason(matched: list[float], short: int, long: int, is_equal: bool) -> str:
    if not matched:
        return "other_name"
    if is_equal:
        return "same_name"
    if len(matched) < short:
        return "part_of_the_name"
    if min(matched) < SAME_SPELLING:
        return "name_looks_alike"
    return "name_spelled_differently" if short == long else "name_with_parts_left_out"


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words, with Abd and the word after it as one, since they are one name."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in ("abd", "abdul", "abdel", "abdal", "abdol", "abdur", "*bd"):
            joined[-1] = f"abdul{word}"
        else:
            joined.append(word)
    return tuple(joined)


def _compare_words(left: str, right: str) -> float:
    if left == right:
        return 1.0
    left_keys, right_keys = word_keys(left), word_keys(right)
    if left_keys & right_keys:
        return SAME_SPELLING
    # What is left are slips of the pen; short words differ by too few letters to tell.
    if min(len(left), len(right)) < 4 or JaroWinkler.similarity(left, right) < SIMILAR_SPELLING:
        return 0.0
    is_slip = DamerauLevenshtein.distance(left, right) == 1
    return 0.7 if is_slip else 0.0


def _digits(date: PartialDate) -> str:
    return f"{date.year:04}{date.month or 0:02}{date.day or 0:02}"
