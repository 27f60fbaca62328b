"""Check service clocks: over weekends, holidays, nights and both changes of the hour.

Times are written as the office's clock shows them, in Helsinki.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.core.office_clock import (
    FROM_GRAVEST,
    SERVICE_CLOCKS,
    close_of_day,
    confirm_by,
    coordinators_holiday,
    due_at,
    load_offices,
    office_day,
    working_days_after,
)
from intake.queues.tasks import QUEUE_OF_KIND
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority

HELSINKI = ZoneInfo("Europe/Helsinki")
OFFICES = load_offices()


def local(text: str) -> datetime:
    """Read an office's time such as `2026-11-24 10:42`."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-11-24 10:42", "2026-11-25 16:00"),  # a Tuesday
        ("2026-11-24 00:00", "2026-11-25 16:00"),
        ("2026-11-24 15:59", "2026-11-25 16:00"),
        ("2026-11-24 16:00", "2026-11-26 16:00"),  # exactly at closing: the next day's mail
        ("2026-11-24 23:59", "2026-11-26 16:00"),
        ("2026-11-27 10:00", "2026-11-30 16:00"),  # a Friday
        ("2026-11-27 16:00", "2026-12-01 16:00"),
        ("2026-11-28 10:00", "2026-12-01 16:00"),  # a Saturday
        ("2026-11-29 10:00", "2026-12-01 16:00"),  # a Sunday
        ("2026-12-23 10:00", "2026-12-28 16:00"),  # before Christmas Eve, Christmas, a weekend
        ("2026-12-23 16:00", "2026-12-29 16:00"),
        ("2026-12-24 10:00", "2026-12-29 16:00"),
        ("2026-12-31 10:00", "2027-01-04 16:00"),  # New Year's Eve is a working day
        ("2027-01-05 10:00", "2027-01-07 16:00"),  # Epiphany
        ("2026-04-02 10:00", "2026-04-07 16:00"),  # Easter
        ("2026-04-30 10:00", "2026-05-04 16:00"),  # Vappu on a Friday
        ("2026-05-13 10:00", "2026-05-15 16:00"),  # Ascension Day
        ("2026-06-18 10:00", "2026-06-22 16:00"),  # Juhannus
        ("2026-06-18 16:00", "2026-06-23 16:00"),
        ("2026-12-04 10:00", "2026-12-07 16:00"),  # Independence Day on a Sunday
        ("2026-03-27 10:00", "2026-03-30 16:00"),  # the night to summer time between
        ("2026-10-23 10:00", "2026-10-26 16:00"),  # the night to winter time between
    ],
)
def test_new_referrals_wait_to_the_end_of_the_next_working_day(opened: str, due: str) -> None:
    assert due_at(OFFICES, Queue.NEW_REFERRALS, local(opened)) == local(due)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-11-24 10:42", "2026-11-24 16:00"),
        ("2026-11-24 15:59", "2026-11-24 16:00"),
        ("2026-11-24 16:00", "2026-11-25 16:00"),
        ("2026-11-27 16:01", "2026-11-30 16:00"),
        ("2026-11-28 10:00", "2026-11-30 16:00"),
        ("2026-06-19 10:00", "2026-06-22 16:00"),
    ],
)
def test_holds_wait_to_the_end_of_the_working_day(opened: str, due: str) -> None:
    assert due_at(OFFICES, Queue.ON_HOLD, local(opened)) == local(due)


@pytest.mark.parametrize(
    ("queue", "opened", "due"),
    [
        ("Q1", "2026-11-24 10:42", "2026-11-24 12:42"),
        ("Q1", "2026-11-24 14:00", "2026-11-24 16:00"),
        ("Q1", "2026-11-24 14:01", "2026-11-25 08:01"),
        ("Q1", "2026-11-24 16:00", "2026-11-25 10:00"),
        ("Q1", "2026-11-24 05:00", "2026-11-24 10:00"),
        ("Q1", "2026-11-27 15:30", "2026-11-30 09:30"),
        ("Q1", "2026-12-23 15:00", "2026-12-28 09:00"),
        ("Q1", "2026-03-27 15:00", "2026-03-30 09:00"),
        ("Q1", "2026-10-23 15:00", "2026-10-26 09:00"),
        ("Q1", "2026-03-29 03:30", "2026-03-30 10:00"),  # an hour that does not exist
        ("Q3", "2026-11-24 10:42", "2026-11-24 14:42"),
        ("Q3", "2026-11-24 12:00", "2026-11-24 16:00"),
        ("Q3", "2026-11-24 14:00", "2026-11-25 10:00"),
        ("Q3", "2026-06-18 14:00", "2026-06-22 10:00"),
    ],
)
def test_working_hours_are_counted_while_the_office_is_open(
    queue: str, opened: str, due: str
) -> None:
    assert due_at(OFFICES, queue, local(opened)) == local(due)


def test_what_comes_in_utc_is_answered_in_utc() -> None:
    due = due_at(OFFICES, "Q2", datetime(2026, 11, 24, 8, 42, tzinfo=UTC))

    assert due == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    assert due.tzinfo is UTC


@pytest.mark.parametrize("queue", list(Queue))
def test_every_queue_has_a_clock_that_runs_out_later(queue: Queue) -> None:
    opened = local("2026-01-01 00:00")
    for hours in range(0, 24 * 366, 5):
        at = opened + timedelta(hours=hours)

        assert at < due_at(OFFICES, queue, at) < at + timedelta(days=12)


def test_every_task_goes_to_a_queue_with_a_clock() -> None:
    assert set(QUEUE_OF_KIND.values()) <= set(OFFICES[0].targets)


def rules(tmp_path: Path, *changes: dict[str, object]) -> Path:
    """Write dated rules: each is the shipped one with changes."""
    shipped = json.loads(SERVICE_CLOCKS.read_text())[0]
    path = tmp_path / "clocks.json"
    path.write_text(json.dumps([{**shipped, **change} for change in changes]))
    return path


def test_the_rule_in_force_on_the_day_decides(tmp_path: Path) -> None:
    path = rules(
        tmp_path,
        {"valid_from": "2026-01-01", "valid_to": "2026-11-23"},
        {"valid_from": "2026-11-24", "closes": "12:00"},
    )
    offices = load_offices(path)

    assert due_at(offices, "Q4", local("2026-11-23 10:00")) == local("2026-11-23 16:00")
    assert due_at(offices, "Q4", local("2026-11-24 10:00")) == local("2026-11-24 12:00")


@pytest.mark.parametrize("opened", ["2025-11-25 10:00", "2026-11-25 10:00"])
def test_a_day_without_a_rule_takes_the_newest(tmp_path: Path, opened: str) -> None:
    path = rules(
        tmp_path,
        {"valid_from": "2026-01-01", "valid_to": "2026-06-30"},
        {"valid_from": "2027-01-01", "closes": "12:00"},
    )

    due = due_at(load_offices(path), "Q4", local(opened))

    assert due.astimezone(HELSINKI).hour == 12


@pytest.mark.parametrize(
    "change", [{"valid_from": None}, {"targets": {"Q1": {"hours": 2}}}, {"opens": 8}]
)
def test_an_incomplete_rule_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="incomplete"):
        load_offices(rules(tmp_path, change))


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        (Priority.EMERGENCY, "2026-11-24 12:42"),
        (Priority.URGENT, "2026-11-24 16:00"),
        (Priority.UNKNOWN, "2026-11-25 16:00"),
        (Priority.NORMAL, "2026-11-25 16:00"),
    ],
)
def test_the_priority_decides_until_when_a_person_confirms(priority: Priority, due: str) -> None:
    assert confirm_by(OFFICES, priority, local("2026-11-24 10:42")) == local(due)


def test_what_is_graver_never_waits_longer() -> None:
    for quarters in range(0, 24 * 30 * 4, 7):
        at = local("2026-12-01 00:00") + timedelta(minutes=15 * quarters)
        dues = [confirm_by(OFFICES, priority, at) for priority in FROM_GRAVEST]

        assert dues == sorted(dues)


def test_every_priority_has_its_place() -> None:
    assert sorted(FROM_GRAVEST) == sorted(Priority)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ("2026-12-04 14:30", "2026-12-04 16:00"),
        ("2026-12-04 15:30", "2026-12-04 16:00"),
        ("2026-12-04 15:50", "2026-12-07 08:20"),
        ("2026-12-04 16:10", "2026-12-07 08:30"),
    ],
)
@pytest.mark.parametrize("priority", [Priority.EMERGENCY, Priority.URGENT])
def test_who_comes_late_on_a_friday_is_promised_what_can_be_kept(
    priority: Priority, came: str, due: str
) -> None:
    expected = {"2026-12-04 16:10": {Priority.EMERGENCY: "10:00", Priority.URGENT: "16:00"}}
    hour = expected.get(came, {}).get(priority)
    wanted = due if hour is None else f"2026-12-07 {hour}"

    assert confirm_by(OFFICES, priority, local(came)) == local(wanted)


@pytest.mark.parametrize(
    ("at", "days", "opens"),
    [
        ("2026-11-24 10:42", 3, "2026-11-27 08:00"),
        ("2026-11-24 23:59", 3, "2026-11-27 08:00"),
        ("2026-11-27 10:00", 1, "2026-11-30 08:00"),
        ("2026-12-23 10:00", 1, "2026-12-28 08:00"),
        ("2026-11-28 10:00", 1, "2026-11-30 08:00"),
        ("2026-11-24 10:42", 0, "2026-11-24 08:00"),
    ],
)
def test_working_days_are_counted_from_the_day_after(at: str, days: int, opens: str) -> None:
    assert working_days_after(OFFICES, local(at), days) == local(opens)


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2026-06-05 16:00", None),
        ("2026-06-06 16:00", "National Day"),  # Sweden's, no holiday in Finland
        ("2026-06-19 16:00", "Midsummer Eve"),  # by custom
        ("2026-12-06 16:00", None),  # Finland's Independence Day
        ("2026-06-07 00:30", "National Day"),  # still the day before in Sweden
        ("2026-11-29 12:00", None),  # any Sunday
    ],
)
def test_the_coordinators_holidays_are_told(at: str, name: str | None) -> None:
    assert coordinators_holiday(OFFICES, local(at)) == name


def test_the_offices_day_begins_at_its_own_midnight() -> None:
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)

    assert office_day(OFFICES, late).isoformat() == "2026-11-25"


@pytest.mark.parametrize(
    ("at", "close"),
    [
        ("2026-11-24 03:00", "2026-11-24 16:00"),
        ("2026-11-24 10:42", "2026-11-24 16:00"),
        # After hours, on a Saturday and on a holiday.
        ("2026-11-24 16:00", "2026-11-24 16:00"),
        ("2026-11-24 20:00", "2026-11-24 20:00"),
        ("2026-11-28 10:00", "2026-11-28 10:00"),
        ("2026-12-25 10:00", "2026-12-25 10:00"),
    ],
)
def test_a_closed_office_has_its_close_at_once(at: str, close: str) -> None:
    assert close_of_day(OFFICES, local(at)) == local(close)
