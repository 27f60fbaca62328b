"""Check cash checks.

The list of the day of decision, payability today, figures (scenarios 8 and 9).
"""

from datetime import date

import pytest

from intake.cases.cash_checks import (
    AmountCheck,
    Amounts,
    Answer,
    Calculated,
    Decision,
    Lists,
    Obstacle,
    calculate_support,
    check_against_lists,
)

TODAY = date(2026, 11, 24)
AMOUNTS = Amounts(30_000, 15_000, 75_000)
LISTS = Lists(frozenset({"AFG", "IRQ"}), frozenset({"IRQ", "SOM"}), frozenset({"IRQ"}), AMOUNTS)
IRAQ = Decision("IRQ", date(2021, 5, 3), None, 1, 0, 30_000)


@pytest.mark.parametrize(
    ("country", "eligible", "changed", "payable", "obstacles"),
    [
        ("IRQ", Answer.YES, False, Answer.YES, ()),
        ("AFG", Answer.YES, True, Answer.NO, (Obstacle.NOT_PAYABLE_TODAY,)),
        (
            "SOM",
            Answer.NO,
            True,
            Answer.NO,
            (Obstacle.NOT_ELIGIBLE_ON_DECISION_DAY, Obstacle.NOT_PAYABLE_TODAY),
        ),
    ],
)
def test_the_decisions_day_and_today_are_two_questions(
    country: str,
    eligible: Answer,
    changed: bool,
    payable: Answer,
    obstacles: tuple[Obstacle, ...],
) -> None:
    found = check_against_lists(
        Decision(country, date(2021, 5, 3), None, 1, 0, 30_000), LISTS, TODAY
    )

    assert (found.was_eligible, found.list_changed_since) == (eligible, changed)
    assert (found.is_payable, found.obstacles) == (payable, obstacles)
    assert found.is_valid is (eligible is Answer.YES)


def test_a_day_without_lists_is_no_refusal() -> None:
    found = check_against_lists(IRAQ, Lists(None, None, None, None), TODAY)

    assert (found.was_eligible, found.is_payable) == (Answer.NO_RULE, Answer.NO_RULE)
    assert found.obstacles == (Obstacle.ELIGIBILITY_UNKNOWN, Obstacle.PAYABILITY_UNKNOWN)
    assert found.amount_check is AmountCheck.CANNOT_TELL
    assert not found.is_valid


@pytest.mark.parametrize(
    ("adults", "children", "uncapped", "amount"),
    [
        (1, 0, 30_000, 30_000),
        (0, 1, 15_000, 15_000),
        (1, 3, 75_000, 75_000),
        (2, 1, 75_000, 75_000),
        (2, 2, 90_000, 75_000),
        (2, 3, 105_000, 75_000),
        (0, 0, 0, 0),
    ],
)
def test_the_sum_is_capped(adults: int, children: int, uncapped: int, amount: int) -> None:
    found = calculate_support(adults, children, AMOUNTS)

    assert found == Calculated(uncapped, amount)
    assert found.is_capped is (uncapped > amount)


@pytest.mark.parametrize(
    ("adults", "children", "amounts"), [(None, 1, AMOUNTS), (1, None, AMOUNTS), (1, 1, None)]
)
def test_what_is_not_known_is_not_calculated(
    adults: int | None, children: int | None, amounts: Amounts | None
) -> None:
    assert calculate_support(adults, children, amounts) is None


@pytest.mark.parametrize(
    ("decided", "expected", "is_flagged"),
    [
        (75_000, AmountCheck.SAME, False),
        (60_000, AmountCheck.DIFFERS, True),
        (105_000, AmountCheck.DIFFERS, True),
        (None, AmountCheck.CANNOT_TELL, False),
    ],
)
def test_the_decisions_figure_wins_and_a_difference_is_flagged(
    decided: int | None, expected: AmountCheck, is_flagged: bool
) -> None:
    found = check_against_lists(
        Decision("IRQ", date(2021, 5, 3), None, 2, 3, decided), LISTS, TODAY
    )

    assert found.amount_check is expected
    assert found.amount_sek == decided
    assert (Obstacle.AMOUNT_DIFFERS in found.obstacles) is is_flagged


@pytest.mark.parametrize(
    ("collect_by", "is_late"),
    [(None, False), (TODAY, False), (date(2026, 11, 23), True), (date(2027, 1, 1), False)],
)
def test_a_passed_collection_day_is_told(collect_by: date | None, is_late: bool) -> None:
    found = check_against_lists(
        Decision("IRQ", date(2021, 5, 3), collect_by, 1, 0, 30_000), LISTS, TODAY
    )

    assert (Obstacle.COLLECTION_DAY_PASSED in found.obstacles) is is_late


def test_no_obstacle_is_a_refusal() -> None:
    assert not any("refus" in obstacle or "reject" in obstacle for obstacle in Obstacle)
