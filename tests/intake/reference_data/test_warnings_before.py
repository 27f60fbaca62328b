"""Check that warnings come before the due time: in order, in working time, whatever the calendar.

The property of the promise: for every priority, weekday, hour and holiday both warnings lie
strictly after the arrival and strictly before the promised moment.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.core.office_clock import close_of_day, confirm_by, due_at, load_offices
from intake.reference_data.promises import SHARES, unseen_at, warnings_before
from storage.submissions.due_warnings import WarningStep
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority
from tests.intake.reference_data.test_promises import arrivals, hurried

OFFICES = {"shipped": load_offices(), "approved": (*load_offices(), hurried())}
HELSINKI = ZoneInfo("Europe/Helsinki")
STEPS = (WarningStep.HALF, WarningStep.FOUR_FIFTHS)


@pytest.mark.parametrize("named", OFFICES)
@pytest.mark.parametrize("queue", list(Queue))
@pytest.mark.parametrize("priority", list(Priority))
def test_both_warnings_lie_between_arrival_and_promise(
    named: str, queue: Queue, priority: Priority
) -> None:
    offices, wrong = OFFICES[named], []

    for at in arrivals():
        due = min(due_at(offices, queue, at), confirm_by(offices, priority, at))
        found = warnings_before(offices, at, due)
        if due <= at:
            wrong += [at] if found else []
        elif not (tuple(found) == STEPS and at < found[STEPS[0]] < found[STEPS[1]] < due):
            wrong.append(at)

    assert wrong == []


@settings(max_examples=400, deadline=None)
@given(
    since=st.datetimes(datetime(2026, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given
    span=st.timedeltas(timedelta(seconds=1), timedelta(days=60)),
)
def test_they_do_between_any_two_times(since: datetime, span: timedelta) -> None:
    found = warnings_before(OFFICES["shipped"], since, since + span)

    assert since < found[WarningStep.HALF] < found[WarningStep.FOUR_FIFTHS] < since + span


@pytest.mark.parametrize(
    ("since", "due", "half", "four_fifths"),
    [
        # Tuesday 10:42 to Wednesday 16:00: 13 hours 18 minutes of work.
        ("2026-11-24T10:42", "2026-11-25T16:00", "2026-11-25T09:21", "2026-11-25T13:20:24"),
        # Friday 15:50, two working hours: Monday 09:50. Danger of the weekend is the telephone's.
        ("2026-11-27T15:50", "2026-11-30T09:50", "2026-11-30T08:50", "2026-11-30T09:26"),
        # Over Christmas: the 24th to the 26th and the weekend are no working time.
        ("2026-12-23T15:00", "2026-12-28T09:00", "2026-12-28T08:00", "2026-12-28T08:36"),
        # The clocks go forward on 28 March 2027; eight hours of Monday are eight hours.
        ("2027-03-26T12:00", "2027-03-30T16:00", "2027-03-30T12:00", "2027-03-30T14:24"),
        # A Saturday has no working time, so the time itself is divided.
        ("2026-11-28T10:00", "2026-11-28T12:00", "2026-11-28T11:00", "2026-11-28T11:36"),
    ],
)
def test_the_shares_are_those_of_working_time(
    since: str, due: str, half: str, four_fifths: str
) -> None:
    at = [
        datetime.fromisoformat(text).replace(tzinfo=HELSINKI)
        for text in (since, due, half, four_fifths)
    ]

    found = warnings_before(OFFICES["shipped"], at[0].astimezone(UTC), at[1].astimezone(UTC))

    assert [moment.astimezone(HELSINKI) for moment in found.values()] == at[2:]


def test_what_is_due_already_has_no_warning_left() -> None:
    closed = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)

    assert warnings_before(OFFICES["shipped"], closed, close_of_day(load_offices(), closed)) == {}


def test_an_unseen_emergency_waits_half_an_hour_whatever_the_day() -> None:
    saturday = datetime(2026, 11, 28, 23, 50, tzinfo=UTC)

    assert unseen_at(saturday) == saturday + timedelta(minutes=30)
    assert list(SHARES) == list(STEPS)
