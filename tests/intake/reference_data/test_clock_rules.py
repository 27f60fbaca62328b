"""Check rules for clocks: a target of no time, a queue without a clock, days in the wrong order."""

import copy
from typing import Any

import pytest

from intake.reference_data import editions
from intake.reference_data.clock_rules import clock_problems
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
        ("targets.Q1.working_hours", 0, "«targets», Q1: the working hours must be more than 0"),
        ("targets.Q1.working_hours", -2, "«targets», Q1: the working hours must be more than 0"),
        ("targets.Q1.working_hours", "2", "«targets», Q1: the working hours must be a number."),
        ("targets.Q1.working_hours", True, "«targets», Q1: the working hours must be a number."),
        ("targets.Q1.working_hours", 401, "«targets», Q1: the working hours must be more than 0"),
        ("targets.Q1", {"hours": 2}, "«targets», Q1: give either «working_hours» or"),
        ("targets.Q1", {"working_hours": 2, "end_of_working_day": 1}, "give either"),
        ("targets.Q2.end_of_working_day", -1, "«targets», Q2: the working day must be"),
        ("targets.Q3", None, "«targets» has no clock for Q3."),
        ("targets.Q77", {"working_hours": 2}, "«targets», Q77: there is no such clock."),
        ("targets", [], "«targets» must be an object of"),
        ("confirmation.unknown", None, "«confirmation» has no clock for unknown."),
        ("reminders_after_working_days", [3, 7], "must be three numbers of days."),
        ("reminders_after_working_days", [7, 3, 14], "Each reminder must come later"),
        ("reminders_after_working_days", [3, 3, 14], "Each reminder must come later"),
        ("reminders_after_working_days", [0, 3, 14], "whole numbers from 1 to 365."),
        ("legal.warn_days", [], "«warn_days» must be whole numbers"),
        ("legal.emergency_days.birthday", 3, "«emergency_days» must be an object of"),
        ("legal.emergency_days.removal", 0, "«emergency_days» must be whole numbers"),
        ("legal.passed_days", 0, "«passed_days» must be a whole number"),
        ("legal.passed_days", None, "«legal» must have emergency_days, passed_days, warn_days."),
        ("opens", "16:00", "The office must open before it closes."),
        ("opens", "eight", "The clocks cannot be read"),
        ("opens", "08:00+02:00", "The hours must be times of day without a zone"),
        ("time_zone", "Europe/Nowhere", "The clocks cannot be read"),
        ("closes", None, "The clocks cannot be read"),
        ("holidays_of", "XX", "«holidays_of»: no holidays are known for «XX»."),
        ("coordinators_holidays_of", ["SE"], "«coordinators_holidays_of»: no holidays are known"),
    ],
)
def test_faulty_clocks_are_told_their_fault(path: str, value: object, sentence: str) -> None:
    problems = list(clock_problems(changed(path, value)))

    assert any(sentence in problem for problem in problems), problems


def test_what_ships_has_no_fault() -> None:
    assert list(clock_problems(SHIPPED)) == []
