"""Hold that persons are found with what is written of them, and numbers only when proved."""

import pytest

from intake.recognition.extraction import load_vocabulary
from intake.recognition.extraction.people import find_people
from intake.recognition.extraction.personal_number import (
    find_personal_numbers,
    luhn_digit,
    read_personal_number,
)
from intake.recognition.matching import PartialDate, PersonFacts
from intake.sandbox.protocol.pdf import FormField
from tests.intake.recognition.extraction import zones

WORDS = load_vocabulary()
# Born in 2099, so that they are nobody's.
PROVED = "20990101-2386"
LINES = f"""Namn: DEMO Person One   Födelsedatum: 2099-05-03
Name: TEST Applicant, born 03/04/2098
Namn: DEMO Two
Personnummer: {PROVED}
Namn:
"""


def test_lines_name_people_with_what_follows_them() -> None:
    people = find_people([LINES], [], WORDS)

    assert [person.facts for person in people] == [
        PersonFacts(("DEMO Person One",), PartialDate(2099, 5, 3)),
        PersonFacts(("TEST Applicant",), PartialDate(2098)),
        PersonFacts(("DEMO Two",), PartialDate(2099, 1, 1), frozenset({"9901012386"})),
    ]
    assert all(LINES[person.start : person.end] == person.facts.names[0] for person in people)


def test_zone_names_a_person() -> None:
    [person] = find_people(["\n".join(zones.passport())], [], WORDS)

    assert person.facts == PersonFacts(
        ("PERSON ONE DEMO",), PartialDate(1990, 5, 3), frozenset({"X12B45O70"}), "UTO"
    )
    assert (person.source, person.is_checked) == ("mrz", True)


def test_form_names_one_person() -> None:
    fields = [FormField("Efternamn", "text", "DEMO"), FormField("txtFornamn", "text", "One")]

    [person] = find_people([], [*fields, FormField("dob", "text", "1 maj 2099")], WORDS)

    assert person.facts == PersonFacts(("One DEMO",), PartialDate(2099, 5, 1))


@pytest.mark.parametrize(
    ("written", "born", "is_coordination"),
    [(PROVED, PartialDate(2099, 1, 1), False), ("990161-2383", None, True)],
)
def test_proved_number_is_read(
    written: str, born: PartialDate | None, is_coordination: bool
) -> None:
    number = read_personal_number(written)

    assert number is not None
    assert (number.born, number.is_coordination) == (born, is_coordination)


@pytest.mark.parametrize(
    "written", ["", "1", "20990101-2387", "20991301-" + "238", "20990230-2380", "070-123 45 67"]
)
def test_number_that_is_not_proved_is_none(written: str) -> None:
    assert read_personal_number(written) is None


def test_only_one_last_digit_proves_a_number() -> None:
    proved = [last for last in range(10) if read_personal_number(f"20990101-238{last}")]

    assert proved == [luhn_digit("990101238")] == [6]


def test_number_inside_a_longer_one_is_none() -> None:
    assert list(find_personal_numbers(f"1{PROVED} {PROVED}1 A{PROVED}")) == []
