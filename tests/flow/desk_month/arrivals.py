"""Plan what comes in during a month, with the truth about each: who wrote it and how it must end.

The noise is an assumption, said here so that its result can be judged: a small office gets some two
referrals a working day, and beside them more of what is no referral.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

# 8:45 in the office, which is in Helsinki and works from 8 to 16.
FIRST_MONDAY = datetime(2026, 11, 2, 6, 45, tzinfo=UTC)
WEEKS = 4
WORKING_DAYS = 5 * WEEKS
# A Friday in the third week, ten minutes before the office closes.
FRIDAY_LATE = datetime(2026, 11, 20, 13, 50, tzinfo=UTC)
# The afternoon on which one of the officers has to leave in a hurry.
HURRY = datetime(2026, 11, 18, 11, 20, tzinfo=UTC)


class Kind(Enum):
    """What it is."""

    REFERRAL = "a referral by a registered coordinator, with papers"
    EMERGENCY = "a referral of somebody in danger"
    ADDITION = "further papers for a case that is known"
    COMPLETION = "the papers that a referral lacked"
    DUPLICATE = "the very same mail once more"
    SPAM = "an advertisement"
    ROBOT = "a machine's mail that says so"
    ABSENCE = "an absence note in answer to a receipt"
    BOUNCE = "a receipt that could not be delivered"
    WRONG_DOOR = "a question about another scheme"
    THIRD_PARTY = "a question by somebody who is no coordinator"
    FORGED = "a registered address that its domain disowns"
    LOOK_ALIKE = "an address that resembles a registered one"
    HELPLINE = "a call that the helpline wrote down"
    WITHDRAWAL = "the person does not want to go on"
    AFTER_WITHDRAWAL = "further papers for a person who does not want to go on"
    UPLOAD = "a referral that a coordinator uploads, with papers"
    TRY_OUT = "an upload to try the service"
    NO_CONSENT = "a referral of somebody who said no to it"
    CONSENT = "the signed consent of somebody who had said no"
    DANGER = "a letter with signs of danger"


# How many of each come on the working days; the others have a time of their own.
NOISE = {
    Kind.REFERRAL: 16,
    Kind.ADDITION: 7,
    Kind.DUPLICATE: 2,
    Kind.SPAM: 10,
    Kind.ROBOT: 10,
    Kind.ABSENCE: 5,
    Kind.WRONG_DOOR: 6,
    Kind.THIRD_PARTY: 6,
    Kind.FORGED: 5,
    Kind.LOOK_ALIKE: 4,
    Kind.HELPLINE: 5,
    Kind.UPLOAD: 3,
    Kind.TRY_OUT: 1,
}
# These have their time of day: the one between two rounds of one day, the other so that those who
# look at signs of danger are still there.
SAYS_NO, SIGNS_AFTER, WRITES_OF_DANGER = (
    timedelta(hours=1), timedelta(hours=2, minutes=30), timedelta(hours=3, minutes=40),
)  # fmt: skip
NOS, DANGERS = 1, 2
# The first referrals come from addresses that take no mail; when the report of it comes.
BOUNCES_AFTER = (timedelta(minutes=5), timedelta(days=1), timedelta(days=4))
# What belongs to no case; of these a try-out alone opens one, which ends with it.
NO_CASE = frozenset(
    {
        Kind.SPAM, Kind.ROBOT, Kind.ABSENCE, Kind.BOUNCE, Kind.WRONG_DOOR, Kind.THIRD_PARTY,
        Kind.FORGED, Kind.LOOK_ALIKE, Kind.HELPLINE, Kind.TRY_OUT, Kind.DANGER,
    }
)  # fmt: skip


def lacks_papers(number: int) -> bool:
    """Tell whether a referral of a number comes without all its papers; they come a week later."""
    return number % 4 == 0 and number >= len(BOUNCES_AFTER)


@dataclass(frozen=True)
class Arrival:
    """One arrival as planned; `number` tells those of a kind apart."""

    at: datetime
    kind: Kind
    number: int


def plan_arrivals(seed: int = 13, times: int = 1) -> list[Arrival]:
    """Plan a month, the earliest first: the same seed gives the same month.

    `times` is how many times as much comes in as in an ordinary month; one person alone withdraws.
    """
    chance = random.Random(seed)
    planned = [
        Arrival(_some_time(chance, first_day=0 if kind is Kind.REFERRAL else 2), kind, number)
        for kind, count in NOISE.items()
        for number in range(count * times)
    ]
    # A server says within minutes, or after days of trying, that a receipt cannot be delivered.
    planned += [
        Arrival(each.at + BOUNCES_AFTER[each.number], Kind.BOUNCE, each.number)
        for each in planned
        if each.kind is Kind.REFERRAL and each.number < len(BOUNCES_AFTER)
    ]
    for number in range(NOS * times):
        said = _day(3 + number) + SAYS_NO
        planned += [
            Arrival(said, Kind.NO_CONSENT, number),
            Arrival(said + SIGNS_AFTER, Kind.CONSENT, number),
        ]
    planned += [
        Arrival(_day(2 + 3 * number) + WRITES_OF_DANGER, Kind.DANGER, number)
        for number in range(DANGERS * times)
    ]
    planned += [
        Arrival(_day(4 + number) + timedelta(hours=2, minutes=10), Kind.EMERGENCY, 2 + number)
        for number in range(2 * (times - 1))
    ]
    planned += [
        # Just after a round, so that nobody looks before somebody is warned.
        Arrival(FIRST_MONDAY + timedelta(days=8, hours=2, minutes=10), Kind.EMERGENCY, 0),
        Arrival(FRIDAY_LATE, Kind.EMERGENCY, 1),
        Arrival(FIRST_MONDAY + timedelta(days=9), Kind.WITHDRAWAL, 0),
        Arrival(FIRST_MONDAY + timedelta(days=14), Kind.AFTER_WITHDRAWAL, 0),
        Arrival(FIRST_MONDAY + timedelta(days=15), Kind.AFTER_WITHDRAWAL, 1),
        *(
            Arrival(HURRY + timedelta(minutes=20 * number), kind, NOISE[kind] * times)
            for number, kind in enumerate((Kind.REFERRAL, Kind.SPAM, Kind.THIRD_PARTY))
        ),
    ]
    planned += [
        Arrival(each.at + timedelta(days=7), Kind.COMPLETION, each.number)
        for each in planned
        if each.kind is Kind.REFERRAL and lacks_papers(each.number)
    ]
    return sorted(planned, key=lambda each: (each.at, each.kind.value, each.number))


def _some_time(chance: random.Random, *, first_day: int) -> datetime:
    day = _day(chance.randrange(first_day, WORKING_DAYS))
    return day + timedelta(minutes=chance.randrange(7 * 60))


def _day(number: int) -> datetime:
    """Return the beginning of a working day, counted from 0 and anew after the last one."""
    weeks, weekday = divmod(number % WORKING_DAYS, 5)
    return FIRST_MONDAY + timedelta(days=7 * weeks + weekday)
