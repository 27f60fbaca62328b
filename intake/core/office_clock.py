"""Count the office's working time: until when a person must have looked at what came in.

The targets are data with validity dates (`intake/core/data/service_clocks.json`, and approved
editions), not constants. Times in and out are aware UTC; days and hours are counted in the
office's zone, so that a change to summer time moves nothing. A working day is one on which
the office works. The coordinators' holidays change no due time; pages only mention them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from holidays.constants import DE_FACTO, PUBLIC

# Editions from before these were asked for have the defaults.
SHOWN_DAYS = ("show_days", "passport_days")
SERVICE_CLOCKS = Path(__file__).parent / "data" / "service_clocks.json"
# The days of the week as in the data, Monday first.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Less working time than this is promised to nobody.
MIN_PROMISED = timedelta(minutes=30)
# The priorities of submissions, the gravest first.
FROM_GRAVEST = ("emergency", "urgent", "unknown", "normal")


@dataclass(frozen=True)
class Target:
    """How long a queue may wait: so many working hours, or to the end of the nth working day."""

    working_hours: float | None = None
    end_of_working_day: int | None = None


@dataclass(frozen=True)
class LegalRule:
    """How many calendar days before a legal date it counts as near.

    See requirements 24 and 112. `emergency_days` holds {kind of date: days}; a
    date counts for `passed_days` after it. It stands on lists and cases as a clock from
    `show_days` before it on, and a passport's from `passport_days` on.
    """

    warn_days: tuple[int, ...]
    emergency_days: dict[str, int]
    passed_days: int
    show_days: int = 30
    passport_days: int = 183


@dataclass(frozen=True)
class EnquiryRule:
    """The target of enquiries in other languages than those in which the office answers at once."""

    queue: str
    languages: frozenset[str]
    others: Target

    def is_other(self, language: str) -> bool:
        """Tell whether a known language is none of the helpline's; a region of one counts as it."""
        return bool(language) and language.partition("-")[0] not in self.languages


@dataclass(frozen=True)
class Office:
    """The office's hours and targets from one date to another.

    `hours` holds {weekday, 0 for Monday: (opens, closes)}; a weekday without hours is no working
    day, and neither are the days `closed` from first to last and the holidays of `country`. Those
    of `coordinators_country` are only mentioned on pages. `confirmation` holds R2's targets by
    priority.
    """

    valid_from: date
    valid_to: date | None
    zone: ZoneInfo
    hours: dict[int, tuple[time, time]]
    closed: tuple[tuple[date, date], ...]
    country: str
    targets: dict[str, Target]
    coordinators_country: str
    coordinators_zone: ZoneInfo
    confirmation: dict[str, Target]
    reminder_days: tuple[int, ...]
    legal: LegalRule
    enquiries: EnquiryRule | None = None

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on a day."""
        is_closed = any(first <= day <= last for first, last in self.closed)
        is_open = day.weekday() in self.hours and not is_closed
        return is_open and day not in holidays_of(self.country, day.year)


def load_offices(path: Path = SERVICE_CLOCKS) -> tuple[Office, ...]:
    """Read the dated rules, oldest first. Raises ValueError for a rule that is incomplete."""
    return tuple(office_of(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def due_at(
    offices: tuple[Office, ...], queue: str, opened_at: datetime, language: str = ""
) -> datetime:
    """Return the due time (aware, UTC) of something that was put into a queue at a time.

    `language` (BCP 47) is that of an enquiry; while it is not known, the nearer target counts.

    >>> due_at(load_offices(), "Q2", datetime(2026, 11, 24, 8, 42, tzinfo=UTC))
    datetime.datetime(2026, 11, 25, 14, 0, tzinfo=datetime.timezone.utc)
    """
    office = in_force(offices, opened_at)
    enquiries = office.enquiries
    if enquiries is not None and queue == enquiries.queue and enquiries.is_other(language):
        return _after(office, enquiries.others, opened_at)
    return _after(office, office.targets[queue], opened_at)


def confirm_by(offices: tuple[Office, ...], priority: str, received_at: datetime) -> datetime:
    """Return until when R2 must be written for a priority (requirement 4).

    It is never later than for one that can wait longer: two working hours of an emergency that
    comes on a Friday afternoon end on Monday, but an urgent one's day ends now. Nor is less than
    half an hour of work promised, which nobody could keep.

    >>> confirm_by(load_offices(), "emergency", datetime(2026, 12, 4, 12, 30, tzinfo=UTC))
    datetime.datetime(2026, 12, 4, 14, 0, tzinfo=datetime.timezone.utc)
    """
    office = in_force(offices, received_at)
    milder = FROM_GRAVEST[FROM_GRAVEST.index(priority) :]
    least = _after_working_time(office, received_at.astimezone(office.zone), MIN_PROMISED)
    due = min(_after(office, office.confirmation[each], received_at) for each in milder)
    return max(due, least.astimezone(received_at.tzinfo))


def part_of(
    offices: tuple[Office, ...], since: datetime, until: datetime, share: Fraction
) -> datetime:
    """Return when a share of the working time between two times has passed; aware like `since`.

    For 0 < `share` < 1 that lies strictly between them. Where no working time lies between them,
    such as on a Saturday, the share of the time itself is returned. The rules of `since` count.
    """
    office = in_force(offices, since)
    start, end = since.astimezone(office.zone), until.astimezone(office.zone)
    whole = sum((part for _, part in _working_parts(office, start, end)), timedelta(0))
    if not whole:
        return since + (until - since) * share.numerator / share.denominator
    left = whole * share.numerator / share.denominator
    for begins, part in _working_parts(office, start, end):
        if left < part:
            return (begins + left).astimezone(since.tzinfo)
        left -= part
    return until


def _working_parts(
    office: Office, start: datetime, end: datetime
) -> Iterator[tuple[datetime, timedelta]]:
    """Yield (beginning, length) of each piece of working time between two times of the office."""
    day = start.date()
    while day <= end.date():
        opens, closes = _hours(office, day)
        begins, ends = max(start, opens), min(end, closes)
        if office.is_working_day(day) and begins < ends:
            yield begins, ends - begins
        day += timedelta(days=1)


def is_working_time(office: Office, local: datetime) -> bool:
    """Tell whether the office works at a time that is told in its zone."""
    opens, closes = _hours(office, local.date())
    return office.is_working_day(local.date()) and opens <= local < closes


def close_of_day(offices: tuple[Office, ...], at: datetime) -> datetime:
    """Return the end of this working day, and the time itself while the office is closed.

    So it comes before any later calendar day, which may begin before the office opens again.
    """
    office = in_force(offices, at)
    local = at.astimezone(office.zone)
    closes = _hours(office, local.date())[1]
    if not office.is_working_day(local.date()) or local >= closes:
        return at
    return closes.astimezone(at.tzinfo)


def working_days_after(offices: tuple[Office, ...], at: datetime, days: int) -> datetime:
    """Return the opening of the nth working day after the day of a time; aware like the time."""
    office = in_force(offices, at)
    day = at.astimezone(office.zone).date()
    for _ in range(days):
        day = _next_working_day(office, day)
    return _hours(office, day)[0].astimezone(at.tzinfo)


def working_day_before(offices: tuple[Office, ...], now: datetime, day: date) -> date | None:
    """Return the last working day before a day that is not over, None when there is none."""
    office = in_force(offices, now)
    today = now.astimezone(office.zone).date()
    before = day - timedelta(days=1)
    while before >= today and not office.is_working_day(before):
        before -= timedelta(days=1)
    return before if before >= today else None


def office_day(offices: tuple[Office, ...], at: datetime) -> date:
    """Return the office's calendar day at a time."""
    return at.astimezone(in_force(offices, at).zone).date()


def coordinators_holiday(offices: tuple[Office, ...], at: datetime) -> str | None:
    """Return the name of the coordinators' holiday that a time falls on, or None.

    Days on which Sweden does not work by custom, such as Midsummer Eve, count too.
    """
    office = in_force(offices, at)
    day = at.astimezone(office.coordinators_zone).date()
    return _named_holidays(office.coordinators_country, day.year).get(day)


def with_hours_by_day(entry: dict[str, Any]) -> dict[str, Any]:  # Any: a rule as JSON
    """Return a rule with hours for each weekday; its keys keep their order.

    `opens` and `closes`, as older rules have them, are those of every working day.
    """
    older = {key: entry[key] for key in ("opens", "closes") if key in entry}
    if not older:
        return entry
    by_day = entry.get("hours") or {day: {} for day in WEEKDAYS[:5]}
    hours = {day: {**span, **older} for day, span in by_day.items()}
    place = next(iter(older)) if "hours" not in entry else "hours"
    return {
        ("hours" if key == place else key): (hours if key == place else value)
        for key, value in entry.items()
        if key == place or key not in older
    }


def office_of(dated: dict[str, Any]) -> Office:  # Any: a rule as JSON
    """Read one dated rule. Raises ValueError for one that is incomplete."""
    entry = with_hours_by_day(dated)
    legal = entry.get("legal", {})
    try:
        return Office(
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_to=date.fromisoformat(entry["valid_to"]) if entry["valid_to"] else None,
            zone=ZoneInfo(entry["time_zone"]),
            hours={
                WEEKDAYS.index(day): (
                    time.fromisoformat(span["opens"]),
                    time.fromisoformat(span["closes"]),
                )
                for day, span in entry["hours"].items()
            },
            closed=tuple(
                (date.fromisoformat(each["from"]), date.fromisoformat(each["to"]))
                for each in entry.get("closed", ())
            ),
            country=entry["holidays_of"],
            targets={queue: Target(**target) for queue, target in entry["targets"].items()},
            coordinators_country=entry["coordinators_holidays_of"],
            coordinators_zone=ZoneInfo(entry["coordinators_time_zone"]),
            confirmation={name: Target(**each) for name, each in entry["confirmation"].items()},
            reminder_days=tuple(entry["reminders_after_working_days"]),
            legal=LegalRule(
                tuple(legal["warn_days"]),
                dict(legal["emergency_days"]),
                legal["passed_days"],
                **{name: legal[name] for name in SHOWN_DAYS if name in legal},
            ),
            enquiries=_enquiries(entry.get("enquiries")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a rule of the service clocks is incomplete: {error}") from error


def _enquiries(entry: dict[str, Any] | None) -> EnquiryRule | None:  # Any: see office_of
    """Read the rule of enquiries; editions from before there was one have none."""
    if entry is None:
        return None
    return EnquiryRule(
        queue="Q11", languages=frozenset(entry["languages"]), others=Target(**entry["others"])
    )


def in_force(offices: tuple[Office, ...], at: datetime) -> Office:
    """Return the newest rule that is valid at a time; when none is, the newest of all."""
    for office in reversed(offices):
        day = at.astimezone(office.zone).date()
        if office.valid_from <= day and (office.valid_to is None or day <= office.valid_to):
            return office
    # A gap in the dates must not stop a referral: the newest rule is nearest to the truth.
    return offices[-1]


def _after(office: Office, target: Target, opened_at: datetime) -> datetime:
    local = opened_at.astimezone(office.zone)
    if target.working_hours is not None:
        due = _after_working_time(office, local, timedelta(hours=target.working_hours))
    else:
        due = _end_of_day(office, local, target.end_of_working_day or 0)
    return due.astimezone(opened_at.tzinfo)


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
    # What arrives after hours counts as arrived on the next working day.
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
    """Return when a day begins and ends; one without hours is over at its beginning."""
    opens, closes = office.hours.get(day.weekday(), (time(), time()))
    return (
        datetime.combine(day, opens, office.zone),
        datetime.combine(day, closes, office.zone),
    )


@lru_cache(maxsize=64)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of a country (ISO 3166-1 alpha-2) in a year."""
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=64)
def _named_holidays(country: str, year: int) -> dict[date, str]:
    known = holidays.country_holidays(country)
    kinds = tuple(kind for kind in (PUBLIC, DE_FACTO) if kind in known.supported_categories)
    language = "en_US" if "en_US" in known.supported_languages else None
    named = holidays.country_holidays(country, years=year, categories=kinds, language=language)
    return dict(named.items())
