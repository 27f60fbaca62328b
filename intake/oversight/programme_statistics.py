"""Count a programme's arrivals, waiting times, backlog and shares without disclosing people.

Four rules prevent disclosure (requirement 61):


- A number under eleven, zero included, is never shown; nor is a share with such a part.
- Totals are sums of the cells that are shown, so that no hidden cell comes out by subtraction.
- Periods are whole quarters of ISO weeks that never overlap, and weeks that have ended: two
  periods cannot be subtracted from each other, and today's arrivals cannot be watched. Somebody
  who notes the running quarter's shares each Monday can still compare them; that is accepted.
- There is no choice of region, nationality or person, and programmes are never added up.

The backlog is of this moment. Percentiles are computed here, from at most `MAX_ROWS` rows; a
quarter with more is refused rather than shown in part.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.core import audit, office_clock
from intake.core.errors import IntakeError, NotFound
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.operations import programme_statistics as rows_of
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Outcome, Programme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.operations.programme_statistics import ArrivalRow

FEWEST = 11
MAX_ROWS = 50_000
MAX_PERIODS = 8
# Who sent these waits for no decision, and a machine's mail is finished at once.
NOBODY_WAITED = frozenset({Outcome.AUTOMATIC, Outcome.FORGED, Outcome.DUPLICATE})
# The weeks with which the quarters of an ISO year begin; the last has 13 weeks, or 14.
FIRST_WEEKS = (1, 14, 27, 40)


class TooMuchToCount(IntakeError):
    """More arrived in a quarter than can be counted at once; a wrong number would mislead."""

    reason = "too_much_to_count"
    public = "More arrived in this quarter than can be counted here."
    status = 503


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


@dataclass(frozen=True)
class Wait:
    """How long something took: median and 90th percentile, None for fewer than eleven cases."""

    median: timedelta | None
    ninetieth: timedelta | None


@dataclass(frozen=True)
class Arrivals:
    """Arrivals of ended weeks by channel; None in a cell is a number that is not shown.

    `cells` is {Monday: {channel: number}}, with every channel in every week.
    """

    cells: dict[date, dict[Channel, int | None]]

    def of_week(self, monday: date) -> int:
        """Return the sum of a week's shown cells; there may have been more."""
        return sum(number or 0 for number in self.cells[monday].values())

    def is_whole(self, monday: date) -> bool:
        """Tell whether no cell of a week is hidden."""
        return None not in self.cells[monday].values()


@dataclass(frozen=True)
class ProgrammeStatistics:
    """The statistics of one programme in one quarter; None is what may not be shown.

    `filed_by_rule` is a share in per cent, rounded to five; `quarantined` is a number.
    `backlog` is {queue: open items now}, with every queue.
    """

    programme: Programme
    arrivals: Arrivals
    to_receipt: Wait
    to_decision: Wait
    to_confirmation: Wait
    filed_by_rule: int | None
    quarantined: int | None
    backlog: dict[Queue, int | None]


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


def count_programmes(
    services: "Services", role: Role, period: Period, *, most_rows: int = MAX_ROWS
) -> list[ProgrammeStatistics]:
    """Count a quarter's ended weeks for each programme of a role. Raises TooMuchToCount."""
    zone = office_clock.in_force(services.offices, services.now()).zone
    weeks = ended_weeks(period, office_clock.office_day(services.offices, services.now()))
    counted = []
    with services.database.reading() as session:
        for programme in programmes.counted_for(role):
            rows: list[ArrivalRow] = []
            if weeks:
                since, until = bounds(weeks, zone)
                rows = rows_of.arrivals(session, programme, since, until, limit=most_rows + 1)
            if len(rows) > most_rows:
                raise TooMuchToCount
            waiting = rows_of.backlog(session, programme)
            counted.append(_statistics(programme, rows, weeks, waiting, zone))
    return counted


def note_export(services: "Services", viewer: "SignedInUser", period: Period) -> None:
    """Record that a user exports a quarter's statistics."""
    with services.database.transaction() as session:
        audit.note(services, session, viewer, Act.NUMBERS_EXPORTED, ("numbers", period.code))


def ended_weeks(period: Period, today: date) -> tuple[date, ...]:
    """Return the Mondays of a quarter whose weeks have ended before a day."""
    return tuple(monday for monday in period.weeks if _next(monday) <= today)


def bounds(weeks: tuple[date, ...], zone: "ZoneInfo") -> tuple[datetime, datetime]:
    """Return when weeks begin and when the week after them does, at a zone's midnight."""
    return _midnight(weeks[0], zone), _midnight(_next(weeks[-1]), zone)


def shown(number: int) -> int | None:
    """Return a number that may be shown, None for one that may not."""
    return number if number >= FEWEST else None


def per_cent(part: int, whole: int) -> int | None:
    """Return a part of a whole in per cent, rounded to five, None when part or rest is too small.

    A small rest discloses as much as a small part. A rounded share without its part as a number
    does not disclose the whole, and with it the hidden cells.
    """
    if min(part, whole - part) < FEWEST:
        return None
    return 5 * round(20 * part / whole)


def wait(lengths: "Iterable[timedelta]") -> Wait:
    """Return the median and the 90th percentile of waits, by nearest rank.


    >>> wait([timedelta(minutes=each) for each in range(1, 21)]).ninetieth
    datetime.timedelta(seconds=1080)
    """
    ordered = sorted(lengths)
    if len(ordered) < FEWEST:
        return Wait(None, None)
    return Wait(_percentile(ordered, 50), _percentile(ordered, 90))


def _percentile(ordered: list[timedelta], per_cent: int) -> timedelta:
    # Rounded up to a minute: to the second, the length would be that of one person.
    exact = ordered[math.ceil(per_cent * len(ordered) / 100) - 1]
    return timedelta(minutes=math.ceil(exact / timedelta(minutes=1)))


def _statistics(
    programme: Programme,
    rows: "list[ArrivalRow]",
    weeks: tuple[date, ...],
    waiting: dict[str, int],
    zone: "ZoneInfo",
) -> ProgrammeStatistics:
    return ProgrammeStatistics(
        programme=programme,
        arrivals=_arrivals(rows, weeks, zone),
        to_receipt=wait(row.receipted_at - row.received_at for row in rows if row.receipted_at),
        to_decision=wait(
            row.decided_at - row.received_at
            for row in rows
            if row.decided_at and row.outcome not in NOBODY_WAITED
        ),
        to_confirmation=wait(
            row.confirmed_at - row.received_at for row in rows if row.confirmed_at
        ),
        filed_by_rule=per_cent(sum(row.is_filed_by_rule for row in rows), len(rows)),
        quarantined=shown(sum(row.was_quarantined for row in rows)),
        backlog={queue: shown(waiting.get(queue, 0)) for queue in Queue},
    )


def _arrivals(rows: "list[ArrivalRow]", weeks: tuple[date, ...], zone: "ZoneInfo") -> Arrivals:
    counted = Counter((_monday(row.received_at, zone), row.channel) for row in rows)
    return Arrivals(
        {
            monday: {channel: shown(counted[monday, channel]) for channel in Channel}
            for monday in weeks
        }
    )


def _monday(at: datetime, zone: "ZoneInfo") -> date:
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _weeks(year: int, quarter: int) -> tuple[date, ...]:
    edges = [date.fromisocalendar(year, week, 1) for week in FIRST_WEEKS]
    edges.append(date.fromisocalendar(year + 1, 1, 1))
    first, after = list(pairwise(edges))[quarter - 1]
    return tuple(first + timedelta(weeks=each) for each in range((after - first).days // 7))


def _next(monday: date) -> date:
    return monday + timedelta(weeks=1)


def _midnight(day: date, zone: "ZoneInfo") -> datetime:
    return datetime.combine(day, time(), zone)
