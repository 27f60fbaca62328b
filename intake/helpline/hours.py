"""Tell when the helpline is open, and when next, at the place where somebody reads it.

Its hours stand in the zone that the office's data names, and only there: most countries of return
change no clocks and Sweden does, so every other time is computed and none is written down
(requirement 51). Times in and out are aware; what is returned is UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intake.core.office_clock import WEEKDAYS, holidays_of, office_day
from intake.reference_data import editions
from storage.editions import EditionKind

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

HELPLINE = "helpline"
# Rows of closed days end after a month, so a helpline that opens at all opens within this.
MAX_DAYS_AHEAD = 400


@dataclass(frozen=True)
class Span:
    """One time of opening, from `opens` to just before `closes`; both aware, UTC."""

    opens: datetime
    closes: datetime

    def contains(self, at: datetime) -> bool:
        """Tell whether a time lies within it."""
        return self.opens <= at < self.closes


@dataclass(frozen=True)
class Helpline:
    """What the office says of its helpline.

    `hours` holds {weekday, 0 for Monday: (opens, closes)} in `zone`; `closed` the days from first
    to last on which nobody answers, beside the holidays of `country` (ISO 3166-1 alpha-2).
    `spoken` are languages (BCP 47) in which a call is answered, `written` those for writing alone.
    `apps` are the ones in which the number can be called.
    """

    number: str
    zone: ZoneInfo
    hours: dict[int, tuple[time, time]]
    closed: tuple[tuple[date, date], ...]
    country: str
    spoken: tuple[str, ...]
    written: tuple[str, ...]
    apps: tuple[str, ...]

    def on(self, day: date) -> Span | None:
        """Return when it is open on a day of its zone, None when it is closed all day."""
        hours = self.hours.get(day.weekday())
        is_closed = any(first <= day <= last for first, last in self.closed)
        if hours is None or is_closed or day in holidays_of(self.country, day.year):
            return None
        opens, closes = (datetime.combine(day, each, self.zone) for each in hours)
        return Span(opens.astimezone(UTC), closes.astimezone(UTC))

    def next_span(self, at: datetime) -> Span | None:
        """Return the time of opening that holds `at`, or the next one; None when there is none."""
        day = at.astimezone(self.zone).date()
        for _ in range(MAX_DAYS_AHEAD):
            span = self.on(day)
            if span is not None and at < span.closes:
                return span
            day += timedelta(days=1)
        return None


def in_force(services: "Services", session: "Session", at: datetime) -> Helpline | None:
    """Return the helpline as the office's data have it at a time; None: the office says nothing.

    What is in force is asked for in the office's own calendar days.
    """
    day = office_day(editions.offices(services, session), at)
    found = editions.in_force(session, EditionKind.HELPLINE, HELPLINE, day)
    return read(found.content) if found is not None else None


def read(content: dict[str, Any]) -> Helpline:  # Any: an edition's JSON, checked when it was stored
    """Read the content of an edition."""
    return Helpline(
        number=content["number"],
        zone=ZoneInfo(content["time_zone"]),
        hours={
            WEEKDAYS.index(day): (
                time.fromisoformat(span["opens"]),
                time.fromisoformat(span["closes"]),
            )
            for day, span in content["hours"].items()
        },
        closed=tuple(
            (date.fromisoformat(each["from"]), date.fromisoformat(each["to"]))
            for each in content.get("closed", ())
        ),
        country=content["holidays_of"],
        spoken=tuple(content["spoken"]),
        written=tuple(content.get("written", ())),
        apps=tuple(content.get("apps", ())),
    )
