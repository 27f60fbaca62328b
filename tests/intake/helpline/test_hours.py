"""Check the helpline's hours over clock changes, holidays, closed days and years.

Whatever is computed is held against going through time minute by minute.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.core.office_clock import WEEKDAYS, holidays_of
from intake.helpline import hours
from intake.helpline.hours import Helpline, Span
from intake.reference_data import editions
from intake.reference_data.edition_rules import content_problems
from storage.editions import EditionKind

(SHIPPED,) = editions.shipped(EditionKind.HELPLINE)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MINUTE = timedelta(minutes=1)
# Zones that change their clocks in the other half of the year, at odd hours, or never.
ZONES = [
    ZoneInfo(each)
    for each in ("Europe/Stockholm", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu")
]
MINUTES = 6 * 365 * 24 * 60
TIMES = st.integers(0, MINUTES).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + n * MINUTE)


def helpline(**changed: Any) -> Helpline:  # Any: an edition's JSON
    """Return the shipped helpline with some of its content changed."""
    return hours.read({**SHIPPED.content, **changed})


def is_open(line: Helpline, at: datetime) -> bool:
    """Tell by the clock on the wall whether the helpline is open, in the plainest way."""
    local = at.astimezone(line.zone)
    on_wall = line.hours.get(local.weekday())
    is_closed = any(first <= local.date() <= last for first, last in line.closed)
    if on_wall is None or is_closed or local.date() in holidays_of(line.country, local.year):
        return False
    return on_wall[0] <= local.time() < on_wall[1]


@given(at=TIMES)
def test_a_span_holds_the_time_or_comes_next(at: datetime) -> None:
    line = helpline()

    span = line.next_span(at)

    assert span is not None
    assert span.contains(at) == is_open(line, at)
    assert span.closes > at
    # Nothing opens between now and then.
    quarter = timedelta(minutes=15)
    looked = at
    while looked < span.opens:
        assert not is_open(line, looked)
        looked += quarter
    assert is_open(line, span.opens)
    assert is_open(line, span.closes - MINUTE)
    assert not is_open(line, span.closes)


@given(
    at=TIMES,
    zone=st.sampled_from(ZONES),
    opens=st.integers(0, 22),
    length=st.integers(1, 6),
    days=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_any_hours_in_any_zone_hold_by_the_clock_on_the_wall(
    at: datetime, zone: ZoneInfo, opens: int, length: int, days: set[str]
) -> None:
    closes = min(opens + length, 23)
    each = {"opens": f"{opens:02}:00", "closes": f"{closes:02}:30"}
    line = helpline(time_zone=str(zone), hours=dict.fromkeys(sorted(days), each))

    span = line.next_span(at)

    assert span is not None
    assert span.contains(at) == (span.opens <= at)
    local = span.opens.astimezone(zone)
    assert WEEKDAYS[local.weekday()] in days
    # A clock change may skip the hour of opening; then it opens with the first minute there is.
    assert local.time() >= time(opens)
    assert is_open(line, span.opens)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        # The clocks go forward in Sweden on 28 March 2027 and back on 31 October 2027.
        (datetime(2027, 3, 26, 15, tzinfo=UTC), datetime(2027, 3, 30, 11, tzinfo=UTC)),
        (datetime(2027, 10, 29, 15, tzinfo=UTC), datetime(2027, 11, 1, 12, tzinfo=UTC)),
        # Tomorrow is Finland's independence day.
        (datetime(2027, 12, 5, 15, tzinfo=UTC), datetime(2027, 12, 7, 12, tzinfo=UTC)),
        # The last minute, and the first that is too late.
        (datetime(2026, 11, 30, 13, 59, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)),
        (datetime(2026, 11, 30, 14, 0, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)),
    ],
)
def test_the_next_time_is_told_over_changes_and_holidays(at: datetime, opens: datetime) -> None:
    span = helpline().next_span(at)

    assert span is not None
    assert span.opens == opens


def test_closed_days_are_skipped() -> None:
    line = helpline(closed=[{"what": "Moving", "from": "2026-12-01", "to": "2026-12-04"}])

    span = line.next_span(datetime(2026, 11, 30, 15, tzinfo=UTC))

    assert span is not None
    assert span.opens.astimezone(STOCKHOLM).date() == date(2026, 12, 7)


def test_a_helpline_that_never_opens_has_no_next_time() -> None:
    assert helpline(hours={}).next_span(datetime(2026, 11, 30, tzinfo=UTC)) is None


def test_a_span_ends_just_before_it_closes() -> None:
    span = Span(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 14, tzinfo=UTC))

    assert span.contains(span.opens)
    assert not span.contains(span.closes)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"hours": {}}, "Hours: This is missing."),
        ({"written": ["ar"]}, "«ar» is spoken already: name it once."),
        ({"spoken": []}, "Languages that are spoken: Choose at least one."),
        ({"time_zone": "Europe/Atlantis"}, "time zone"),
        ({"hours": {"mon": {"opens": "15:00", "closes": "13:00"}}}, "The hours end before"),
        (
            {"closed": [{"what": "x", "from": "2026-12-04", "to": "2026-12-01"}]},
            "The last day is before the first day.",
        ),
        ({"apps": ["telegram"]}, "app"),
        ({"number": ""}, "missing"),
    ],
)
def test_faulty_content_is_refused_in_words(changed: dict[str, Any], sentence: str) -> None:
    problems = content_problems(EditionKind.HELPLINE, {**SHIPPED.content, **changed})

    assert any(sentence in each for each in problems), problems


def test_what_ships_may_be_proposed() -> None:
    assert content_problems(EditionKind.HELPLINE, SHIPPED.content) == ()
