"""Check rules for clocks: a target of no time, a queue without a clock, days in the wrong order."""

import copy
from typing import Any

import pytest

from intake.reference_data import editions
from intake.reference_data.edition_rules import content_problems
from storage.editions import EditionKind

SHIPPED = editions.shipped(EditionKind.CLOCKS)[0].content


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the shipped clocks with one value changed: `targets.Q1.working_hours`."""
    content = copy.deepcopy(SHIPPED)
    *outer, last = path.split(".")
    inner = content
    for name in outer:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("targets.Q1.working_hours", 0, "handled, Q1: Write a number of hours, more than 0"),
        ("targets.Q1.working_hours", -2, "Q1: Write a number of hours, more than 0"),
        ("targets.Q1.working_hours", "two", "Q1: There must be a number here."),
        ("targets.Q1.working_hours", True, "Q1: There must be a number here."),
        ("targets.Q1.working_hours", 401, "at most 400."),
        ("targets.Q1", {"hours": 2}, "either working hours or a working day"),
        ("targets.Q1", {"working_hours": 2, "end_of_working_day": 1}, "either working hours"),
        ("targets.Q2.end_of_working_day", -1, "Q2: Write a whole number of days from 0 to 365"),
        ("targets.Q3", None, "handled, Q3: This is missing."),
        ("targets.Q77", {"working_hours": 2}, "«Q77» means nothing here"),
        ("targets", [], "There must be an object here."),
        ("confirmation.unknown", None, "in writing, unknown: This is missing."),
        ("reminders_after_working_days", [3, 7], "There must be 3 numbers."),
        ("reminders_after_working_days", [7, 3, 14], "Each reminder must come later"),
        ("reminders_after_working_days", [3, 3, 14], "A number stands there twice."),
        ("reminders_after_working_days", [0, 3, 14], "a whole number from 1 to 365."),
        ("legal.warn_days", [], "Warned of so many days before: This is missing."),
        ("legal.warn_days", [3, 7], "Each warning must come later"),
        ("legal.emergency_days.birthday", 3, "«birthday» means nothing here"),
        ("legal.emergency_days.removal", 0, "Write a whole number from 1 to 365."),
        ("legal.passed_days", 0, "Write a whole number from 1 to 365."),
        ("legal.passed_days", None, "Shown so many days after: This is missing."),
        ("hours.mon", {"opens": "16:00", "closes": "08:00"}, "The hours end before they begin."),
        ("hours.mon", {"opens": "08:00", "closes": "08:00"}, "The hours end before they begin."),
        ("hours.mon", {"opens": "eight", "closes": "16:00"}, "Write a time of day such as 08:00."),
        ("hours.mon", {"opens": "08:00+02:00", "closes": "16:00"}, "Write a time of day"),
        ("hours.mon", {"opens": "08:00"}, "Hours, Monday: This is missing."),
        ("hours", {}, "Hours: This is missing."),
        ("time_zone", "Europe/Nowhere", "There is no time zone «Europe/Nowhere»."),
        ("holidays_of", "XX", "There is no calendar of «XX»."),
        ("coordinators_holidays_of", ["SE"], "There must be a text here."),
    ],
)
def test_faulty_clocks_are_told_their_fault(path: str, value: object, sentence: str) -> None:
    problems = content_problems(EditionKind.CLOCKS, changed(path, value))

    assert any(sentence in problem for problem in problems), problems


def closed(*days: tuple[str, str]) -> tuple[str, ...]:
    """Return what is wrong with closed days."""
    rows = [{"what": "Moving", "from": first, "to": last} for first, last in days]
    return content_problems(EditionKind.CLOCKS, {**SHIPPED, "closed": rows})


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([("2026-12-24", "2026-12-23")], "The last day is before the first day."),
        ([("2026-12-01", "2027-01-01")], "At most 31 days can be closed."),
        (
            [("2026-12-24", "2026-12-27"), ("2026-12-27", "2026-12-28")],
            "These days overlap with «Moving», 2026-12-24 to 2026-12-27.",
        ),
        ([("2026-12-24", "soon")], "Write the day as year, month and day"),
    ],
)
def test_closed_days_are_right_and_do_not_overlap(
    days: list[tuple[str, str]], sentence: str
) -> None:
    assert any(sentence in problem for problem in closed(*days)), closed(*days)


def test_closed_days_beside_each_other_are_right() -> None:
    assert closed(("2026-12-24", "2026-12-27"), ("2026-12-28", "2026-12-28")) == ()


def test_what_ships_and_what_older_editions_say_has_no_fault() -> None:
    older = {key: value for key, value in SHIPPED.items() if key != "hours"}

    assert content_problems(EditionKind.CLOCKS, SHIPPED) == ()
    assert (
        content_problems(EditionKind.CLOCKS, {**older, "opens": "08:00", "closes": "16:00"}) == ()
    )
