"""Hold that likeness ranks, says why, and never treats a common word as a person."""

import pytest

from intake.recognition.matching import (
    Likeness,
    PartialDate,
    PersonFacts,
    compare,
    parse_partial_date,
)
from intake.recognition.matching.score import compare_births

BIRTHS = [
    ("1990-05-03", "1990-05-03", 1.0, "same_birth_date"),
    ("1990-05-03", "1990-03-05", 0.85, "day_and_month_swapped"),
    ("1990-05-03", "1990-05-08", 0.7, "birth_differs_in_one_digit"),
    ("1990-05-03", "1980-05-03", 0.7, "birth_differs_in_one_digit"),
    ("1990-05-03", "1990-05", 0.75, "same_birth_month"),
    ("1990-01-01", "1990-01-01", 0.6, "same_birth_year_day_unknown"),
    ("1990-01-01", "1990-05-03", 0.6, "same_birth_year_day_unknown"),
    ("1990", "1990", 0.6, "same_birth_year_day_unknown"),
    ("1990", "1991-01-01", 0.4, "birth_years_near"),
    ("1990-01-01", "1995-01-01", 0.0, "other_birth"),
    ("1990-05-03", "1990-11-27", 0.2, "same_birth_year_other_day"),
    ("1990-05-03", "1972-11-27", 0.0, "other_birth"),
]


def person(name: str, born: str = "", *identifiers: str, nationality: str = "") -> PersonFacts:
    """Return facts of a person; an empty date is an unknown one."""
    return PersonFacts((name,), parse_partial_date(born), frozenset(identifiers), nationality)


@pytest.mark.parametrize(("left", "right", "value", "reason"), BIRTHS)
def test_births_are_compared_as_far_as_they_are_known(
    left: str, right: str, value: float, reason: str
) -> None:
    assert compare_births(parse_partial_date(left), parse_partial_date(right)) == (value, reason)
    assert compare_births(parse_partial_date(right), parse_partial_date(left)) == (value, reason)


def test_unknown_birth_is_neither_for_nor_against() -> None:
    assert compare_births(None, PartialDate(1990)) == (None, "birth_unknown")


@pytest.mark.parametrize("text", ["", "x", "1990-05-03-01", "-", "199x", "١٩٩٠"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_partial_date(text) is None


# From the likest to the least like, each with the reason that comes first.
RANKED = [
    (person("Ali Hassan", "1990-05-03"), person("Ali Hassan", "1990-05-03"), "same_name"),
    (
        person("Ali Hassan", "1990-05-03"),
        person("حسن علي", "1990-05-03"),
        "name_spelled_differently",
    ),
    (
        person("Ali Hassan", "1990-05-03"),
        person("Aly Hasan", "1990-03-05"),
        "name_spelled_differently",
    ),
    (person("Ali Hassan", "1990-01-01"), person("Aly Hasan", "1990"), "name_spelled_differently"),
    (person("Ali Hassan"), person("Aly Hasan"), "name_spelled_differently"),
    (
        person("Ali Hassan", "1990-05-03"),
        person("Aly Hasan", "1971-12-24"),
        "name_spelled_differently",
    ),
    (person("Mohammed Ali"), person("Mohammed Hassan"), "part_of_the_name"),
    (person("Ali Hassan", "1990-05-03"), person("Omar Yusuf", "1990-05-03"), "other_name"),
    (person("Ali Hassan"), person("Omar Yusuf"), "other_name"),
]


def test_pairs_are_ranked_from_the_likest_down() -> None:
    scores = [compare(left, right).score for left, right, _ in RANKED]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert scores[0] == 1.0
    assert scores[-1] == 0.0


@pytest.mark.parametrize(("left", "right", "reason"), RANKED)
def test_first_reason_says_what_of_the_name_agrees(
    left: PersonFacts, right: PersonFacts, reason: str
) -> None:
    assert compare(left, right).reasons[0] == reason


@pytest.mark.parametrize(("left", "right", "_reason"), RANKED)
def test_order_of_the_two_does_not_matter(
    left: PersonFacts, right: PersonFacts, _reason: str
) -> None:
    assert compare(left, right) == compare(right, left)


def test_same_number_ranks_high_but_is_not_certain() -> None:
    likeness = compare(person("Ali Hassan", "", "X1"), person("Omar Yusuf", "", "X1", "X2"))

    assert likeness.score == 0.97
    assert likeness.reasons[0] == "same_number"


def test_same_birth_date_alone_stays_low() -> None:
    likeness = compare(person("Ali Hassan", "1990-05-03"), person("Olena", "1990-05-03"))

    assert likeness == Likeness(0.3, ("other_name", "same_birth_date"))


def test_other_nationality_lowers_and_is_said() -> None:
    alike = compare(person("Ali Hassan", nationality="IQ"), person("Ali Hassan", nationality="IQ"))
    other = compare(person("Ali Hassan", nationality="IQ"), person("Ali Hassan", nationality="IR"))

    assert other.score < alike.score
    assert "other_nationality" in other.reasons


def test_best_of_several_names_counts() -> None:
    left = PersonFacts(("Omar Yusuf", "Ali Hassan"))

    assert compare(left, person("Hasan Aly")).reasons[0] == "name_spelled_differently"


def test_facts_do_not_show_in_logs() -> None:
    written = repr(person("Ali Hassan", "1990-05-03", "X1", nationality="IQ"))

    assert "Ali" not in written
    assert "1990" not in written
    assert "X1" not in written
