"""Say when the people of the office sit down to work, and when one of them is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tests.flow.desk_month.arrivals import FIRST_MONDAY, WEEKS

# From 8:45 in the office on, which closes at 16: at 8:45, 10:45, 13:00 and 15:15.
ROUNDS = tuple(
    timedelta(hours=hours, minutes=minutes) for hours, minutes in ((0, 0), (2, 0), (4, 15), (6, 30))
)
# At 15:48 somebody looks once more, so that what came in the last half hour, and is due on the same
# day, is not left to the next one.
CLOSING = timedelta(hours=7, minutes=3)
# Officer 2 works the last round of a day; these two days they are away, and their deputy works it.
LEAVE = (FIRST_MONDAY + timedelta(days=17), FIRST_MONDAY + timedelta(days=18))


class Work(Enum):
    """What is done in a round."""

    BY_FIRST = "officer 1 works the desk off"
    BY_SECOND = "officer 2 works the desk off"
    LEAVES_IN_A_HURRY = "officer 2 takes what waits, sets an absence, and goes"
    COVERED = "officer 1 takes over what officer 2 has, then works the desk off"


@dataclass(frozen=True)
class Round:
    """One round of work at a time (UTC)."""

    at: datetime
    work: Work


def plan_rounds() -> list[Round]:
    """Plan the rounds of the month, and of the week after it, when papers still come."""
    days = [
        FIRST_MONDAY + timedelta(days=7 * week + weekday)
        for week in range(WEEKS + 1)
        for weekday in range(5)
    ]
    rounds = [Round(day + after, _work(day, after)) for day in days for after in ROUNDS]
    rounds += [Round(day + CLOSING, Work.BY_FIRST) for day in days]
    monday = FIRST_MONDAY + timedelta(days=7 * (WEEKS + 1))
    return [*rounds, Round(monday, Work.BY_FIRST), Round(monday + ROUNDS[1], Work.BY_SECOND)]


def _work(day: datetime, after: timedelta) -> Work:
    is_last = after == ROUNDS[-1]
    if day in LEAVE:
        return Work.COVERED
    if is_last and day == LEAVE[0] - timedelta(days=1):
        return Work.LEAVES_IN_A_HURRY
    return Work.BY_SECOND if is_last else Work.BY_FIRST
