"""Compare a cash decision of Migrationsverket with the office's lists; never refuse it.

The list in force on the day of the decision says whether its country was eligible; whether IOM
can pay there today is another question with another list (requirement 102). Amounts are
information: the decision's figure always counts (requirements 42 and 43). A day without a list is
«no rule», not «no».
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """What a list says of a country."""

    YES = "yes"
    NO = "no"
    NO_RULE = "no_rule"


class AmountCheck(StrEnum):
    """How a decision's amount compares with the calculated one."""

    SAME = "same"
    DIFFERS = "differs"
    CANNOT_TELL = "cannot_tell"


class Obstacle(StrEnum):
    """A finding that an officer reports to Migrationsverket or asks about; IOM decides nothing."""

    NOT_ELIGIBLE_ON_DECISION_DAY = "country_not_eligible_on_decision_day"
    ELIGIBILITY_UNKNOWN = "country_eligibility_unknown"
    NOT_PAYABLE_TODAY = "country_not_payable_today"
    PAYABILITY_UNKNOWN = "country_payability_unknown"
    COLLECTION_DAY_PASSED = "collection_day_passed"
    AMOUNT_DIFFERS = "amount_differs"


@dataclass(frozen=True)
class Decision:
    """What the decision says. `country` is ISO 3166-1 alpha-3, amounts are whole kronor.

    None means that it is not known.
    """

    country: str
    decided_on: date
    collect_by: date | None = None
    adults: int | None = None
    children: int | None = None
    amount_sek: int | None = None


@dataclass(frozen=True)
class Amounts:
    """Kronor for one adult, for one child, and the most for a family."""

    adult_sek: int
    child_sek: int
    family_cap_sek: int


@dataclass(frozen=True)
class Calculated:
    """The sum by the table, before and after the family's cap."""

    uncapped_sek: int
    amount_sek: int

    @property
    def is_capped(self) -> bool:
        """Tell whether the cap lowered it."""
        return self.amount_sek < self.uncapped_sek


@dataclass(frozen=True)
class Lists:
    """The lists that a decision is compared with; None where none is in force.

    `eligible_then` and `amounts` are those of the decision's day, `eligible_now` and
    `payable_now` today's.
    """

    eligible_then: Collection[str] | None
    eligible_now: Collection[str] | None
    payable_now: Collection[str] | None
    amounts: Amounts | None


@dataclass(frozen=True)
class CashChecks:
    """What the checks found. `amount_sek` is the decision's own amount, None when it has none."""

    was_eligible: Answer
    list_changed_since: bool
    is_payable: Answer
    calculated: Calculated | None
    amount_check: AmountCheck
    amount_sek: int | None
    obstacles: tuple[Obstacle, ...]

    @property
    def is_valid(self) -> bool:
        """Tell whether the list of the decision's day held its country."""
        return self.was_eligible is Answer.YES


def check_against_lists(decision: Decision, lists: Lists, today: date) -> CashChecks:
    """Compare a decision with the lists of its day and of today."""
    was_eligible = _answer(decision.country, lists.eligible_then)
    now_eligible = _answer(decision.country, lists.eligible_now)
    is_payable = _answer(decision.country, lists.payable_now)
    calculated = calculate_support(decision.adults, decision.children, lists.amounts)
    amount_check = _compare(decision.amount_sek, calculated)
    is_late = decision.collect_by is not None and decision.collect_by < today
    found = (
        (was_eligible is Answer.NO, Obstacle.NOT_ELIGIBLE_ON_DECISION_DAY),
        (was_eligible is Answer.NO_RULE, Obstacle.ELIGIBILITY_UNKNOWN),
        (is_payable is Answer.NO, Obstacle.NOT_PAYABLE_TODAY),
        (is_payable is Answer.NO_RULE, Obstacle.PAYABILITY_UNKNOWN),
        (is_late, Obstacle.COLLECTION_DAY_PASSED),
        (amount_check is AmountCheck.DIFFERS, Obstacle.AMOUNT_DIFFERS),
    )
    return CashChecks(
        was_eligible=was_eligible,
        list_changed_since=was_eligible is not now_eligible,
        is_payable=is_payable,
        calculated=calculated,
        amount_check=amount_check,
        amount_sek=decision.amount_sek,
        obstacles=tuple(obstacle for applies, obstacle in found if applies),
    )


def calculate_support(
    adults: int | None, children: int | None, amounts: Amounts | None
) -> Calculated | None:
    """Return the sum by the table, None when the people or the table are not known.

    >>> calculate(2, 3, Amounts(30_000, 15_000, 75_000))
    Calculated(uncapped_sek=105000, amount_sek=75000)
    """
    if adults is None or children is None or amounts is None:
        return None
    total = adults * amounts.adult_sek + children * amounts.child_sek
    return Calculated(total, min(total, amounts.family_cap_sek))


def _answer(country: str, listed: Collection[str] | None) -> Answer:
    if listed is None:
        return Answer.NO_RULE
    return Answer.YES if country in listed else Answer.NO


def _compare(decided_sek: int | None, calculated: Calculated | None) -> AmountCheck:
    if decided_sek is None or calculated is None:
        return AmountCheck.CANNOT_TELL
    return AmountCheck.SAME if decided_sek == calculated.amount_sek else AmountCheck.DIFFERS
