"""Check rules for editions: each fault has its sentence, and what ships has none."""

import copy
from typing import Any

import pytest

from intake.reference_data import editions
from intake.reference_data.edition_rules import (
    code_problem,
    content_problems,
    country_names,
    language_problem,
)
from storage.editions import EditionKind

WORDING = {"sv": "Foto", "en": "Photo"}
PHOTO = {"type": "PHOTO", "requirement": "mandatory", "wording": WORDING}
AMOUNTS = {"source": "S27", "currency": "SEK", "adult": 3, "child": 2, "family_cap": 5}


def checklist(*items: object) -> dict[str, Any]:
    return {"source": "A test", "items": list(items)}


def photo(**changes: Any) -> dict[str, Any]:
    return {**PHOTO, **changes}


@pytest.mark.parametrize("kind", list(EditionKind))
def test_what_ships_has_no_fault(kind: EditionKind) -> None:
    for edition in editions.shipped(kind):
        assert content_problems(kind, edition.content) == ()
        assert code_problem(kind, edition.code) is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "Documents: Add at least one document."),
        (checklist(), "Documents: Add at least one document."),
        ({"items": [PHOTO]}, "Where this comes from: This is missing."),
        (checklist("PHOTO"), "Documents 1: There must be an object here."),
        (checklist(PHOTO, photo(type="PHOTOS")), "There is no document type «PHOTOS»."),
        (checklist(PHOTO, photo(type="PHOTOS")), "Documents 2, Type of document: "),
        (checklist(photo(type=["PHOTO"])), "Type of document: There must be a text here."),
        (checklist(photo(requirement="wanted")), "There is no choice «wanted»."),
        (checklist(photo(wording={"en": "Photo"})), "In Swedish: This is missing."),
        (checklist(photo(wording="Photo")), "What it is called: There must be an object here."),
        (checklist(photo(instead="ID-CARD")), "As good instead: There must be a list here."),
        (checklist(photo(instead=[["ID-CARD"]])), 'There is no document type «["ID-CARD"]».'),
        (checklist(photo(instead=["PHOTO"])), "A type cannot stand for itself."),
        (checklist(photo(when=["age"])), "Only if: There must be an object here."),
        (checklist(photo(when={"ages": ["child"]})), "«ages» means nothing here"),
        (checklist(photo(when={"age": "child"})), "Only if, Age: There must be a list here."),
        (checklist(photo(when={"age": ["old"]})), "There is no value «old»."),
        (checklist(photo(when={"age": ["unknown"]})), "There is no value «unknown»."),
        (checklist(photo(wen={})), "Documents 1: «wen» means nothing here"),
        (checklist(PHOTO) | {"item": 1}, "«item» means nothing here"),
        (checklist(PHOTO, PHOTO), "Passport photo stands there twice: it is row 1 as well."),
    ],
)
def test_a_faulty_checklist_is_told_its_fault(content: dict[str, Any], sentence: str) -> None:
    problems = content_problems("checklist", content)

    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (photo(requirement="not_wanted", when={"age": ["child"]}), "is needed and not wanted"),
        (
            {**PHOTO, "type": "ID-CARD", "requirement": "if_applicable", "instead": ["PHOTO"]},
            None,
        ),
        (photo(when={"age": ["child"]}), None),
    ],
)
def test_a_checklist_may_not_contradict_itself(
    second: dict[str, Any], sentence: str | None
) -> None:
    problems = content_problems("checklist", checklist(PHOTO, second))

    assert problems == () if sentence is None else sentence in problems[0]


def test_conditions_that_exclude_each_other_are_no_contradiction() -> None:
    child = photo(requirement="not_wanted", when={"age": ["child"]})
    adult = photo(when={"age": ["adult"]})

    assert content_problems("checklist", checklist(child, adult)) == ()
    assert (
        len(content_problems("checklist", checklist(child, photo(when={"family": ["yes"]})))) == 1
    )


def test_what_is_not_wanted_may_not_stand_for_another() -> None:
    card = {**PHOTO, "type": "ID-CARD", "instead": ["PHOTO"]}
    problems = content_problems("checklist", checklist(photo(requirement="not_wanted"), card))

    assert "may stand for" in problems[0]
    assert "under conditions that can hold together." in problems[0]


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([], "Countries: Choose at least one."),
        ("IRQ", "Countries: There must be a list here."),
        (["IQ"], "There is no country «IQ»."),
        (["irq"], "There is no country «irq»."),
        ([["IRQ"]], 'There is no country «["IRQ"]».'),
        (["IRQ", "SOM", "IRQ"], "Iraq stands there twice."),
    ],
)
def test_a_faulty_country_list_is_told_its_fault(codes: object, sentence: str) -> None:
    problems = content_problems("countries", {"source": "A test", "countries": codes})

    assert any(sentence in problem for problem in problems)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"currency": "EUR"}, "Currency: There is no choice «EUR»."),
        ({"adult": 0}, "An adult: Write a whole number from 1 to 10,000,000."),
        ({"child": 1.5}, "A child: There must be a whole number here."),
        ({"child": True}, "A child: There must be a whole number here."),
        ({"family_cap": "75000"}, "A family, at most: There must be a whole number here."),
        ({"family_cap": 2}, "A family, at most: This is lower than the amount for one person."),
        ({"family_cap": None}, "A family, at most: There must be a whole number here."),
    ],
)
def test_faulty_amounts_are_told_their_fault(change: dict[str, Any], sentence: str) -> None:
    assert content_problems("amounts", AMOUNTS) == ()
    assert any(sentence in one for one in content_problems("amounts", AMOUNTS | change))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "Text: This is missing."),
        ({"text": " "}, "Text: This is missing."),
        ({"text": "x" * 4001}, "Text: The text has 4001 characters; 4000 are allowed."),
        ({"text": "Hello {name}, {reference}"}, "Text: Nothing can be put in for {name}."),
        ({"text": "Hello", "subject": "a\r\nBcc: x"}, "Subject: This must be one line."),
        ({"text": "Hello\0"}, "Text: There is a character that cannot be written."),
    ],
)
def test_a_faulty_answer_is_told_its_fault(content: dict[str, Any], sentence: str) -> None:
    (problem,) = content_problems("answer", content)

    assert problem.startswith(sentence)


def test_rules_look_without_changing() -> None:
    content = checklist(PHOTO)
    before = copy.deepcopy(content)

    content_problems("checklist", content)

    assert content == before


@pytest.mark.parametrize(
    ("kind", "code", "language", "is_right"),
    [
        ("checklist", "referrals", "", True),
        ("checklist", "other", "", False),
        ("answer", "call_us", "sv", True),
        ("answer", "call_us", "", False),
        ("answer", "call us", "sv", False),
        ("answer", "call_us", "svenska", False),
        ("countries", "iom_payable", "sv", False),
        ("clocks", "service", "", True),
    ],
)
def test_names_and_languages_are_those_of_the_kind(
    kind: str, code: str, language: str, is_right: bool
) -> None:
    problems = [code_problem(kind, code), language_problem(kind, language)]

    assert (problems == [None, None]) is is_right


def test_countries_are_those_of_the_standard() -> None:
    names = country_names()

    assert len(names) == 249
    assert names["COD"] == "Democratic Republic of the Congo"
