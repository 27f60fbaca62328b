"""Say which quarters statistics are of: whole ISO weeks, so that no two of them overlap."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from intake.core import office_clock
from intake.core.errors import NotFound

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from intake.core.services import Services

MAX_PERIODS = 8
# The weeks with which the quarters of an ISO year begin; the last has 13 weeks, or 14.
FIRST_WEEKS = (1, 14, 27, 40)


@dataclass(frozen=True)
class Period:
    """A quarter of an ISO year; `weeks` are its Mondays."""

    year: int
    quarter: int
    weeks: tuple[date, ...]

    @property
    def code(self) -> str:
        """Return the quarter's code as in addresses of pages: `2026-Q4`."""
        return f"{self.year}-Q{self.quarter}"


def periods(services: "Services") -> list[Period]:
    """Return the running quarter and those before it, the newest first."""
    return periods_until(office_clock.office_day(services.offices, services.now()))


def periods_until(today: date) -> list[Period]:
    """Return the newest quarters at a day, whole ones, with the weeks that are still to come."""
    this_year = today.isocalendar().year
    found = [
        Period(year, quarter, _weeks(year, quarter))
        for year in range(this_year, this_year - 3, -1)
        for quarter in (4, 3, 2, 1)
    ]
    return [period for period in found if period.weeks[0] <= today][:MAX_PERIODS]


def chosen_period(services: "Services", code: str) -> Period:
    """Return the quarter of a code, the running one for an empty code. Raises NotFound."""
    known = periods(services)
    if not code:
        return known[0]
    for period in known:
        if period.code == code:
            return period
    raise NotFound


def ended_weeks(period: Period, today: date) -> tuple[date, ...]:
    """Return the Mondays of a quarter whose weeks have ended before a day."""
    return tuple(monday for monday in period.weeks if monday + timedelta(weeks=1) <= today)


def begun_weeks(period: Period, today: date) -> tuple[date, ...]:
    """Return the Mondays of a quarter whose weeks have begun by a day."""
    return tuple(monday for monday in period.weeks if monday <= today)


def first_day_of_year(period: Period) -> date:
    """Return the Monday with which the ISO year of a quarter begins."""
    return date.fromisocalendar(period.year, 1, 1)


def bounds(weeks: tuple[date, ...], zone: "ZoneInfo") -> tuple[datetime, datetime]:
    """Return when weeks begin and when the week after them does, at a zone's midnight."""
    return midnight(weeks[0], zone), midnight(weeks[-1] + timedelta(weeks=1), zone)


def monday_of(at: datetime, zone: "ZoneInfo") -> date:
    """Return the Monday of a time's week, as a zone counts its days."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: "ZoneInfo") -> datetime:
    """Return when a day begins in a zone."""
    return datetime.combine(day, time(), zone)


def _weeks(year: int, quarter: int) -> tuple[date, ...]:
    edges = [date.fromisocalendar(year, week, 1) for week in FIRST_WEEKS]
    edges.append(date.fromisocalendar(year + 1, 1, 1))
    first, after = list(pairwise(edges))[quarter - 1]
    return tuple(first + timedelta(weeks=each) for each in range((after - first).days // 7))
