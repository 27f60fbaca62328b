"""Count a programme's arrivals, waiting times and backlog, exactly, for those who work in it.

Who may see a programme's numbers is a table by role (`access.programmes.COUNTERS`). What leaves
the house is another matter: `exported_statistics` hides there what is too small. Numbers are of
whole quarters, and of the year up to the quarter's end; the backlog is of this moment.

A genuine referral is one that did not end without a case: no machine's mail, forged, duplicate or
foreign mail. Each is confirmed in writing (R2), closed without for a reason that is kept, or waits;
each of these is in time when it came by what its receipt promised.

A median is of the quarter's waits; a quarter without one has that of the last eleven before its
end, within a year. Everything is computed here, from at most `MAX_ROWS` rows; more are refused
rather than shown in part.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.core import audit, office_clock
from intake.core.errors import IntakeError
from intake.oversight.quarters import (
    Period,
    begun_weeks,
    ended_weeks,
    first_day_of_year,
    midnight,
    monday_of,
)
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.operations import programme_statistics as rows_of
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Outcome, Programme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from zoneinfo import ZoneInfo

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.operations.programme_statistics import ArrivalRow

# So many waits of before stand for a quarter that has none.
LAST_WAITS = 11
MAX_ROWS = 50_000
LOOK_BACK = timedelta(weeks=52)
# Who sent these waits for no decision, and a machine's mail is finished at once.
NOBODY_WAITED = frozenset({Outcome.AUTOMATIC, Outcome.FORGED, Outcome.DUPLICATE})


class TooMuchToCount(IntakeError):
    """More arrived than can be counted at once; a wrong number would mislead."""

    reason = "too_much_to_count"
    public = "More arrived in this time than can be counted here."
    status = 503


@dataclass(frozen=True)
class Wait:
    """How long something took: median and 90th percentile of `count` cases, None without a case.

    `is_older` says that the quarter had none, so that the last ones before its end are counted.
    """

    median: timedelta | None
    ninetieth: timedelta | None
    count: int = 0
    is_older: bool = False


@dataclass(frozen=True)
class InTime:
    """How many there were, and how many of them by what was promised; without a promise none."""

    number: int
    in_time: int


@dataclass(frozen=True)
class Totals:
    """The totals of a stretch of time. `closed_without` is {why: how many and in time}.

    `waiting` are genuine referrals that nobody has confirmed or closed, in time before their
    promise has passed; `filed_by_rule` and `quarantined` are numbers of arrivals.
    """

    by_channel: dict[Channel, int]
    genuine: int
    receipted: int
    confirmed: InTime
    closed_without: dict[str, InTime]
    waiting: InTime
    filed_by_rule: int
    quarantined: int

    @property
    def arrived(self) -> int:
        """Return how many arrived in all."""
        return sum(self.by_channel.values())


@dataclass(frozen=True)
class ProgrammeStatistics:
    """The statistics of one programme in one quarter, and in its year up to the quarter's end.

    `weeks` is {Monday: {channel: number}}, with every channel in every week that has begun;
    `backlog` is {queue: open items now}, with every queue.
    """

    programme: Programme
    weeks: dict[date, dict[Channel, int]]
    quarter: Totals
    year: Totals
    to_receipt: Wait
    to_decision: Wait
    to_confirmation: Wait
    backlog: dict[Queue, int]


@dataclass(frozen=True)
class Stretch:
    """What is counted: a quarter, at a time (UTC), by the days of a zone."""

    period: Period
    now: datetime
    zone: "ZoneInfo"


@dataclass(frozen=True)
class BothCounts:
    """The statistics of a programme: with the running week, and of weeks that have ended alone."""

    now: ProgrammeStatistics
    ended: ProgrammeStatistics


def count_programmes(
    services: "Services", role: Role, period: Period, *, max_rows: int = MAX_ROWS
) -> list[BothCounts]:
    """Count a quarter and its year for each programme of a role. Raises TooMuchToCount."""
    now = services.now()
    zone = office_clock.in_force(services.offices, now).zone
    begins = midnight(period.weeks[0], zone)
    ends = midnight(period.weeks[-1] + timedelta(weeks=1), zone)
    since = min(begins - LOOK_BACK, midnight(first_day_of_year(period), zone))
    counted = []
    with services.database.reading() as session:
        for programme in programmes.counted_for(role):
            rows = rows_of.arrivals(session, programme, since, ends, limit=max_rows + 1)
            if len(rows) > max_rows:
                raise TooMuchToCount
            waiting = rows_of.backlog(session, programme)
            stretch = Stretch(period, now, zone)
            counted.append(
                BothCounts(
                    _statistics(programme, rows, waiting, stretch),
                    _statistics(programme, rows, waiting, stretch, only_ended=True),
                )
            )
    return counted


def note_export(services: "Services", viewer: "SignedInUser", period: Period) -> None:
    """Record that a user exports a quarter's statistics."""
    with services.database.transaction() as session:
        audit.note(services, session, viewer, Act.NUMBERS_EXPORTED, ("numbers", period.code))


def wait(lengths: "Iterable[timedelta]", *, is_older: bool = False) -> Wait:
    """Return the median and the 90th percentile of waits, by nearest rank.

    >>> wait([timedelta(minutes=each) for each in range(1, 21)]).ninetieth
    datetime.timedelta(seconds=1080)
    """
    ordered = sorted(lengths)
    if not ordered:
        return Wait(None, None)
    return Wait(_percentile(ordered, 50), _percentile(ordered, 90), len(ordered), is_older)


def _percentile(ordered: list[timedelta], per_cent: int) -> timedelta:
    # Rounded up to a minute: what leaves must not tell the length of one case to the second.
    exact = ordered[math.ceil(per_cent * len(ordered) / 100) - 1]
    return timedelta(minutes=math.ceil(exact / timedelta(minutes=1)))


def _statistics(
    programme: Programme,
    every: "list[ArrivalRow]",
    waiting: dict[str, int],
    stretch: Stretch,
    *,
    only_ended: bool = False,
) -> ProgrammeStatistics:
    period, zone = stretch.period, stretch.zone
    today = stretch.now.astimezone(zone).date()
    begins, year = period.weeks[0], first_day_of_year(period)
    weeks = ended_weeks(period, today) if only_ended else begun_weeks(period, today)
    ends = midnight(weeks[-1] + timedelta(weeks=1) if weeks else begins, zone)
    rows = [row for row in every if row.received_at < ends]
    own = [row for row in rows if row.received_at >= midnight(begins, zone)]

    def took(measure: "Callable[[ArrivalRow], timedelta | None]") -> Wait:
        return _wait_of(rows, own, measure)

    return ProgrammeStatistics(
        programme=programme,
        weeks=_by_week(own, weeks, zone),
        quarter=_totals(own, stretch.now),
        year=_totals([row for row in rows if row.received_at >= midnight(year, zone)], stretch.now),
        to_receipt=took(lambda row: _between(row.received_at, row.receipted_at)),
        to_decision=took(_to_decision),
        to_confirmation=took(lambda row: _between(row.received_at, row.confirmed_at)),
        backlog={queue: waiting.get(queue, 0) for queue in Queue},
    )


def _between(since: datetime, until: datetime | None) -> timedelta | None:
    return until - since if until is not None else None


def _to_decision(row: "ArrivalRow") -> timedelta | None:
    return None if row.outcome in NOBODY_WAITED else _between(row.received_at, row.decided_at)


def _wait_of(
    rows: "list[ArrivalRow]",
    own: "list[ArrivalRow]",
    measure: "Callable[[ArrivalRow], timedelta | None]",
) -> Wait:
    """Count the quarter's own waits; of a quarter without one the last before its end."""
    lengths = [length for length in map(measure, own) if length is not None]
    if lengths:
        return wait(lengths)
    last = [length for length in map(measure, rows) if length is not None][-LAST_WAITS:]
    return wait(last, is_older=True)


def _totals(rows: "list[ArrivalRow]", now: datetime) -> Totals:
    channels = Counter(row.channel for row in rows)
    genuine = [row for row in rows if row.outcome is None]
    closed = [row for row in genuine if row.confirmed_at is None and row.closed_without]
    waits = [row for row in genuine if row.confirmed_at is None and not row.closed_without]
    reasons = sorted({row.closed_without or "" for row in closed})
    return Totals(
        by_channel={channel: channels[channel] for channel in Channel},
        genuine=len(genuine),
        receipted=sum(row.receipted_at is not None for row in genuine),
        confirmed=_in_time([row for row in genuine if row.confirmed_at], lambda r: r.confirmed_at),
        closed_without={
            why: _in_time([r for r in closed if r.closed_without == why], lambda r: r.decided_at)
            for why in reasons
        },
        waiting=_in_time(waits, lambda _row: now),
        filed_by_rule=sum(row.is_filed_by_rule for row in rows),
        quarantined=sum(row.was_quarantined for row in rows),
    )


def _in_time(rows: "list[ArrivalRow]", ended: "Callable[[ArrivalRow], datetime | None]") -> InTime:
    return InTime(len(rows), sum(_is_in_time(row, ended(row)) for row in rows))


def _is_in_time(row: "ArrivalRow", ended_at: datetime | None) -> bool:
    return row.promised_at is not None and ended_at is not None and ended_at <= row.promised_at


def _by_week(
    rows: "list[ArrivalRow]", weeks: tuple[date, ...], zone: "ZoneInfo"
) -> dict[date, dict[Channel, int]]:
    counted = Counter((monday_of(row.received_at, zone), row.channel) for row in rows)
    return {monday: {channel: counted[monday, channel] for channel in Channel} for monday in weeks}
