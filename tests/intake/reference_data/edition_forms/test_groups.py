"""Check fields that hold several values: words a line each, hours, and how long something takes."""

from typing import TYPE_CHECKING

import pytest

from intake.reference_data.edition_forms.difference import Change, changes
from intake.reference_data.edition_forms.fields import ABSENT, Fault
from intake.reference_data.edition_forms.groups import (
    GroupField,
    HoursField,
    TargetField,
    WordsField,
)

if TYPE_CHECKING:
    from intake.reference_data.edition_forms.typed import Typed

DAY = "end_of_working_day"
WORDS = WordsField("block", "Must not be written", is_needed=False, max_entries=3, max_chars=8)


def read_words(text: str) -> tuple[object, list[str]]:
    faults: list[Fault] = []
    value = WORDS.read({"block": [text]}, "block", faults)
    return value, [fault.sentence for fault in faults]


@pytest.mark.parametrize("value", [[], ["asyl*"], ["åmp", "safe house"]])
def test_words_come_back_as_they_were(value: list[str]) -> None:
    typed: Typed = {}

    assert list(WORDS.flatten(value, "block", typed)) == []
    assert WORDS.read(typed, "block", []) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\r\nb\r\na", "«a» stands there twice."),
        ("x" * 9, "has more than 8 characters."),
        ("a\nb\nc\nd", "At most 3 can stand here."),
    ],
)
def test_faulty_words_are_told(text: str, sentence: str) -> None:
    assert sentence in read_words(text)[1][0]


def test_empty_lines_are_no_words() -> None:
    assert read_words("\r\n a \r\n\r\n") == (["a"], [])


@pytest.mark.parametrize("wrong", [None, "a", {"a": 1}, [1]])
def test_what_is_no_list_of_words_is_told(wrong: object) -> None:
    assert [fault.path for fault in WORDS.flatten(wrong, "block", {})] == ["block"]


def test_a_word_that_comes_and_one_that_goes_are_told_one_by_one() -> None:
    fields = (GroupField("leaves", "In mail", fields=(WORDS,)),)

    found = changes(
        fields, {"leaves": {"block": ["a", "b"]}}, {"leaves": {"block": ["b", "c"]}}, {}
    )

    assert [(each.change, each.label, each.pieces[0].text) for each in found] == [
        (Change.ADDED, "In mail: Must not be written", "c"),
        (Change.REMOVED, "In mail: Must not be written", "a"),
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"),
    [
        ("08:00", "16:00", ""),
        ("16:00", "08:00", "The hours end before they begin."),
        ("08:00", "", "This is missing."),
        ("8", "16:00", "Write a time of day such as 08:00."),
        ("24:00", "25:00", "Write a time of day such as 08:00."),
    ],
)
def test_hours_are_from_and_to(opens: str, closes: str, sentence: str) -> None:
    faults: list[Fault] = []
    typed: Typed = {"mon.opens": [opens], "mon.closes": [closes]}

    HoursField("mon", "Monday").read(typed, "mon", faults)

    assert [fault.sentence for fault in faults] == ([sentence] if sentence else [])


def test_a_day_without_hours_is_absent_where_it_may_be() -> None:
    assert HoursField("sat", "Saturday", is_needed=False).read({}, "sat", []) is ABSENT


@pytest.mark.parametrize(
    ("amount", "unit", "value", "words"),
    [
        ("2", "working_hours", {"working_hours": 2}, "within 2 working hours"),
        ("1,5", "working_hours", {"working_hours": 1.5}, "within 1.5 working hours"),
        (
            "0",
            "end_of_working_day",
            {"end_of_working_day": 0},
            "by the end of the same working day",
        ),
        (
            "1",
            "end_of_working_day",
            {"end_of_working_day": 1},
            "by the end of the next working day",
        ),
    ],
)
def test_how_long_something_takes_is_hours_or_days(
    amount: str, unit: str, value: dict[str, float], words: str
) -> None:
    field = TargetField("Q1", "Emergency")
    typed: Typed = {"Q1.amount": [amount], "Q1.unit": [unit]}

    assert field.read(typed, "Q1", []) == value
    assert field.tell(value, {}) == words
