"""Check programme statistics.

What is too little is never told, and nothing of it comes out by calculation.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from intake.core.errors import NotFound
from intake.core.services import Services
from intake.oversight import exported_statistics, programme_statistics, quarters
from intake.oversight.exported_statistics import ExportedStatistics
from intake.oversight.programme_statistics import (
    BothCounts,
    InTime,
    ProgrammeStatistics,
    TooMuchToCount,
)
from storage.accounts.users import Role
from storage.base import new_id
from storage.cases.confirmations import Confirmation, PaperKind
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Outcome, Programme
from tests.support.building import Clock
from tests.support.rows import Planter

# The clock's day is Tuesday 24 Nov 2026, in week 48; the last week that ended began on the 16th.
LAST_WEEK = date(2026, 11, 16)
IN_LAST_WEEK = datetime(2026, 11, 17, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def plant(services: Services, clock: Clock, count: int, **changes: object) -> None:
    """Store submissions that arrived in the last week that ended."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        for _ in range(count):
            planter.submission(has_arrival=False, **({"received_at": IN_LAST_WEEK} | changes))


def count(services: Services, role: Role = Role.INTAKE) -> BothCounts:
    found = programme_statistics.count_programmes(
        services, role, quarters.chosen_period(services, "")
    )
    return next(each for each in found if each.now.programme is Programme.REFERRALS)


def of_referrals(services: Services) -> ProgrammeStatistics:
    return count(services).now


def given_out(services: Services) -> ExportedStatistics:
    return exported_statistics.exported(count(services))


@pytest.mark.parametrize(
    ("number", "shown"), [(0, None), (1, None), (10, None), (11, 11), (5000, 5000)]
)
def test_a_number_under_eleven_is_not_shown(number: int, shown: int | None) -> None:
    assert exported_statistics.given(number) == shown


@pytest.mark.parametrize(
    ("part", "whole", "per_cent"),
    [
        (0, 0, None),
        (10, 100, None),
        (11, 100, 10),
        (89, 100, 90),
        (90, 100, None),
        (100, 100, None),
        (33, 100, 35),
        (11, 22, 50),
    ],
)
def test_a_share_needs_eleven_on_both_sides(part: int, whole: int, per_cent: int | None) -> None:
    assert exported_statistics.per_cent(part, whole) == per_cent


@pytest.mark.parametrize(
    ("minutes", "median", "ninetieth"),
    [
        ([], None, None),
        ([7], 7, 7),
        (range(1, 11), 5, 9),
        (range(1, 12), 6, 10),
        (range(1, 21), 10, 18),
        ([5] * 11, 5, 5),
        ([*range(1, 11), 9000], 6, 10),
    ],
)
def test_waits_are_told_by_nearest_rank(
    minutes: list[int], median: int | None, ninetieth: int | None
) -> None:
    found = programme_statistics.wait(each * MINUTE for each in reversed(list(minutes)))

    told = [length and length // MINUTE for length in (found.median, found.ninetieth)]
    assert told == [median, ninetieth]


def test_a_wait_is_told_in_whole_minutes() -> None:
    found = programme_statistics.wait([timedelta(seconds=61)] * 11)

    assert found.median == 2 * MINUTE


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-Q4", date(2026, 9, 28), date(2026, 12, 28)),
        ("2026-Q1", date(2025, 12, 29), date(2026, 3, 23)),
    ],
)
def test_a_quarter_is_whole_weeks(code: str, first: date, last: date) -> None:
    found = {period.code: period.weeks for period in quarters.periods_until(date(2026, 11, 24))}

    assert (found[code][0], found[code][-1]) == (first, last)


def test_quarters_follow_each_other_without_gap_and_overlap() -> None:
    days = [date(2020, 1, 1) + timedelta(days=each) for each in range(0, 2600, 13)]

    for today in days:
        weeks = [
            week for period in reversed(quarters.periods_until(today)) for week in period.weeks
        ]
        steps = {after - before for before, after in pairwise(weeks)}
        assert steps == {timedelta(weeks=1)}, today
        assert len(quarters.periods_until(today)) == quarters.MAX_PERIODS


@pytest.mark.parametrize(
    ("today", "ended"),
    [
        (date(2026, 9, 28), 0),
        (date(2026, 10, 4), 0),
        (date(2026, 10, 5), 1),
        (date(2027, 6, 1), 14),
    ],
)
def test_only_weeks_that_ended_are_counted(today: date, ended: int) -> None:
    period = next(
        each for each in quarters.periods_until(date(2026, 11, 24)) if each.code == "2026-Q4"
    )

    assert len(quarters.ended_weeks(period, today)) == ended


@pytest.mark.parametrize("code", ["2026-Q5", "2030-Q1", "1999-Q1", "x", "2026-Q4 "])
def test_another_period_is_not_there(sqlite_services: Services, code: str) -> None:
    with pytest.raises(NotFound):
        quarters.chosen_period(sqlite_services, code)


def test_arrivals_stand_by_week_and_channel(services: Services, clock: Clock) -> None:
    plant(services, clock, 12)
    plant(services, clock, 10, channel=Channel.UPLOAD)

    exact, given = of_referrals(services), given_out(services)

    assert exact.weeks[LAST_WEEK] == {
        Channel.EMAIL: 12,
        Channel.UPLOAD: 10,
        Channel.CONTACT: 0,
        Channel.PHONE: 0,
    }
    assert given.weeks[LAST_WEEK] == {
        Channel.EMAIL: 12,
        Channel.UPLOAD: None,
        Channel.CONTACT: None,
        Channel.PHONE: None,
    }


def test_the_running_week_is_on_the_page_and_never_leaves(
    sqlite_services: Services, clock: Clock
) -> None:
    plant(sqlite_services, clock, 30, received_at=clock.now())

    exact, given = of_referrals(sqlite_services), given_out(sqlite_services)

    assert exact.quarter.arrived == 30
    assert max(exact.weeks) == LAST_WEEK + timedelta(weeks=1)
    assert max(given.weeks) == LAST_WEEK
    assert {number for week in given.weeks.values() for number in week.values()} == {None}


def test_the_page_is_told_which_cells_the_file_hides(
    sqlite_services: Services, clock: Clock
) -> None:
    for channel in Channel:
        plant(sqlite_services, clock, 11, channel=channel)

    hidden = {
        each.what: each for each in exported_statistics.hidden_cells(given_out(sqlite_services))
    }

    weeks = len(given_out(sqlite_services).weeks)
    assert (hidden["arrivals"].hidden, hidden["arrivals"].of) == (4 * weeks - 4, 4 * weeks)
    assert hidden["backlog now"].hidden == len(Queue)
    assert hidden["quarantined"].of == 1


def test_no_total_leaves_beside_its_cells(sqlite_services: Services, clock: Clock) -> None:
    plant(sqlite_services, clock, 12)
    plant(sqlite_services, clock, 1, channel=Channel.UPLOAD)

    given = given_out(sqlite_services)

    assert "13" not in repr(given)


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime(2026, 11, 15, 21, 59, tzinfo=UTC), date(2026, 11, 9)),
        (datetime(2026, 11, 15, 22, 0, tzinfo=UTC), date(2026, 11, 16)),
    ],
)
def test_a_week_begins_at_the_offices_midnight(
    sqlite_services: Services, clock: Clock, at: datetime, week: date
) -> None:
    plant(sqlite_services, clock, 11, received_at=at)

    assert sum(of_referrals(sqlite_services).weeks[week].values()) == 11


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_nobody_waited_for_is_no_waiting_time(
    sqlite_services: Services, clock: Clock, outcome: Outcome
) -> None:
    decided_at = IN_LAST_WEEK + timedelta(hours=1)
    plant(sqlite_services, clock, 11, decided_at=decided_at)
    plant(sqlite_services, clock, 40, decided_at=IN_LAST_WEEK + MINUTE, outcome=outcome)

    found = of_referrals(sqlite_services)

    is_counted = outcome not in {Outcome.AUTOMATIC, Outcome.FORGED, Outcome.DUPLICATE}
    assert found.to_decision.median == (MINUTE if is_counted else timedelta(hours=1))
    assert sum(found.weeks[LAST_WEEK].values()) == 51


def test_waits_and_quarantine_are_of_the_whole_quarter(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        for each in range(1, 12):
            submission = planter.submission(
                has_arrival=False,
                received_at=IN_LAST_WEEK - timedelta(weeks=each % 3),
                decided_at=IN_LAST_WEEK - timedelta(weeks=each % 3) + each * MINUTE,
            )
            planter.item(submission, queue=Queue.QUARANTINE, kind="quarantine")

    found = of_referrals(services)

    assert (found.to_decision.median, found.to_decision.ninetieth) == (6 * MINUTE, 10 * MINUTE)
    assert found.to_receipt.median is None
    assert found.quarter.quarantined == 11
    assert found.backlog[Queue.QUARANTINE] == 11
    assert found.backlog[Queue.NEW_REFERRALS] == 0
    assert given_out(services).backlog[Queue.NEW_REFERRALS] is None


def test_every_queue_is_told_of_alike(sqlite_services: Services) -> None:
    assert set(of_referrals(sqlite_services).backlog) == set(Queue)


HOUR = timedelta(hours=1)


def confirm(services: Services, clock: Clock, after: timedelta, **changes: object) -> None:
    """Store a referral that was promised within four hours and confirmed after a time."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        row = planter.submission(
            has_arrival=False,
            **({"received_at": IN_LAST_WEEK, "promised_at": IN_LAST_WEEK + 4 * HOUR} | changes),
        )
        session.add(
            Confirmation(
                id=new_id(),
                submission_id=row.id,
                number=1,
                kind=PaperKind.CONFIRMATION,
                content=b"sealed",
                pdf_blob_id=row.raw_blob_id,
                digest=new_id(),
                signature="s",
                signed_at=row.received_at + after,
            )
        )


def test_every_genuine_referral_is_confirmed_closed_for_a_reason_or_waits(
    services: Services, clock: Clock
) -> None:
    promised = {"promised_at": IN_LAST_WEEK + 4 * HOUR}
    confirm(services, clock, HOUR)
    confirm(services, clock, 5 * HOUR)
    confirm(services, clock, HOUR, promised_at=None)
    plant(services, clock, 1, closed_without="covered", decided_at=IN_LAST_WEEK + HOUR, **promised)
    plant(services, clock, 1, closed_without="covered", decided_at=clock.now(), **promised)
    plant(services, clock, 1, closed_without="withdrawn", decided_at=clock.now(), **promised)
    plant(services, clock, 2, promised_at=clock.now() + HOUR)
    plant(services, clock, 1, **promised)
    plant(services, clock, 4, outcome=Outcome.AUTOMATIC, decided_at=clock.now())

    found = of_referrals(services)

    assert (found.quarter.arrived, found.quarter.genuine) == (13, 9)
    assert found.quarter.confirmed == InTime(3, 1)
    assert found.quarter.closed_without == {"covered": InTime(2, 1), "withdrawn": InTime(1, 0)}
    assert found.quarter.waiting == InTime(3, 2)
    assert found.year == found.quarter


def test_a_median_of_few_is_exact_in_the_house_and_never_leaves(
    services: Services, clock: Clock
) -> None:
    before = IN_LAST_WEEK - timedelta(weeks=20)
    for hours in range(1, 10):
        confirm(services, clock, hours * HOUR, received_at=before + hours * HOUR)
    for _ in range(3):
        confirm(services, clock, 20 * HOUR)

    found = of_referrals(services)

    assert found.quarter.confirmed.number == 3
    assert found.year.confirmed.number == 12
    assert (found.to_confirmation.count, found.to_confirmation.is_older) == (3, False)
    assert found.to_confirmation.median == 20 * HOUR
    assert given_out(services).to_confirmation.median is None


def test_a_quarter_without_a_wait_has_the_median_of_the_last_eleven(
    services: Services, clock: Clock
) -> None:
    before = IN_LAST_WEEK - timedelta(weeks=20)
    for hours in range(1, 13):
        confirm(services, clock, hours * HOUR, received_at=before + hours * HOUR)

    found = of_referrals(services).to_confirmation

    assert (found.count, found.is_older) == (11, True)
    # Of the twelve the oldest, of one hour, is the one too many.
    assert found.median == 7 * HOUR
    assert given_out(services).to_confirmation.median is None


def test_what_is_older_than_a_year_counts_for_no_median(services: Services, clock: Clock) -> None:
    for _ in range(9):
        confirm(services, clock, HOUR, received_at=IN_LAST_WEEK - timedelta(weeks=80))

    found = of_referrals(services).to_confirmation

    assert (found.median, found.count) == (None, 0)


@pytest.mark.parametrize(("count", "is_given"), [(10, False), (11, True)])
def test_a_median_leaves_from_eleven_waits_on(count: int, is_given: bool) -> None:
    found = exported_statistics.given_wait(programme_statistics.wait([HOUR] * count))

    assert (found.median is not None) is is_given


@pytest.mark.parametrize(
    ("role", "programmes"),
    [
        (Role.MGR, ["referrals", "cash"]),
        (Role.DPO, ["referrals", "cash"]),
        (Role.INTAKE, ["referrals"]),
        (Role.CASH, ["cash"]),
        (Role.CASEW, []),
        (Role.ADMIN, []),
        (Role.COORD, []),
    ],
)
def test_a_role_sees_its_programmes(
    sqlite_services: Services, role: Role, programmes: list[str]
) -> None:
    found = programme_statistics.count_programmes(
        sqlite_services, role, quarters.chosen_period(sqlite_services, "")
    )

    assert [each.now.programme for each in found] == programmes


def test_more_than_can_be_counted_is_not_counted_in_part(
    sqlite_services: Services, clock: Clock
) -> None:
    plant(sqlite_services, clock, 12)
    period = quarters.chosen_period(sqlite_services, "")

    with pytest.raises(TooMuchToCount):
        programme_statistics.count_programmes(sqlite_services, Role.INTAKE, period, max_rows=11)
