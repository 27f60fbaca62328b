"""Service clocks: until when a person must have looked, in the office's working time.

The targets are data with validity dates (`intake/data/service_clocks.json`), not
constants. Times in and out are aware UTC; days and hours are counted in the
office's zone, so that a change to summer time moves nothing.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

SERVICE_CLOCKS = Path(__file__).parent / "data" / "service_clocks.json"


@dataclass(frozen=True)
class Target:
    """How long a queue may wait: so many working hours, or to the end of the nth working day."""

    working_hours: float | None = None
    end_of_working_day: int | None = None


@dataclass(frozen=True)
class Office:
    """The office's hours and targets from one date to another; `closed_on` are its holidays."""

    valid_from: date
    valid_to: date | None
    zone: ZoneInfo
    opens: time
    closes: time
    country: str
    targets: dict[str, Target]

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on a day."""
        return day.weekday() < 5 and day not in _holidays(self.country, day.year)


def load_offices(path: Path = SERVICE_CLOCKS) -> tuple[Office, ...]:
    """Read the dated rules, oldest first. Raises ValueError for a rule that is incomplete."""
    return tuple(_office(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def due_at(offices: tuple[Office, ...], queue: str, opened_at: datetime) -> datetime:
    """Return when a queue's clock runs out for something that was opened at a time (UTC).

    >>> due_at(load_offices(), "Q2", datetime(2026, 11, 24, 8, 42, tzinfo=UTC))
    datetime.datetime(2026, 11, 25, 14, 0, tzinfo=datetime.timezone.utc)
    """
    office = _in_force(offices, opened_at)
    target = office.targets[queue]
    local = opened_at.astimezone(office.zone)
    if target.working_hours is not None:
        due = _after_working_time(office, local, timedelta(hours=target.working_hours))
    else:
        due = _end_of_day(office, local, target.end_of_working_day or 0)
    return due.astimezone(opened_at.tzinfo)


def _in_force(offices: tuple[Office, ...], at: datetime) -> Office:
    for office in reversed(offices):
        day = at.astimezone(office.zone).date()
        if office.valid_from <= day and (office.valid_to is None or day <= office.valid_to):
            return office
    # A gap in the dates must not stop a referral: the newest rule is nearest to the truth.
    return offices[-1]


def _after_working_time(office: Office, start: datetime, left: timedelta) -> datetime:
    day, at = start.date(), start
    while True:
        opens, closes = _hours(office, day)
        begin = max(at, opens)
        if office.is_working_day(day) and begin < closes:
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
        day += timedelta(days=1)
        at = _hours(office, day)[0]


def _end_of_day(office: Office, start: datetime, days: int) -> datetime:
    day = start.date()
    # What comes after hours counts as come on the next working day.
    if not office.is_working_day(day) or start >= _hours(office, day)[1]:
        day = _next_working_day(office, day)
    for _ in range(days):
        day = _next_working_day(office, day)
    return _hours(office, day)[1]


def _next_working_day(office: Office, day: date) -> date:
    day += timedelta(days=1)
    while not office.is_working_day(day):
        day += timedelta(days=1)
    return day


def _hours(office: Office, day: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, office.opens, office.zone),
        datetime.combine(day, office.closes, office.zone),
    )


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def _office(entry: dict[str, Any]) -> Office:
    try:
        return Office(
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_to=date.fromisoformat(entry["valid_to"]) if entry["valid_to"] else None,
            zone=ZoneInfo(entry["time_zone"]),
            opens=time.fromisoformat(entry["opens"]),
            closes=time.fromisoformat(entry["closes"]),
            country=entry["holidays_of"],
            targets={queue: Target(**target) for queue, target in entry["targets"].items()},
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a rule of the service clocks is incomplete: {error}") from error
