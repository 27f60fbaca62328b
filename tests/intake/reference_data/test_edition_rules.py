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
        ({}, "«items» must be a list with at least one type of document."),
        (checklist(), "«items» must be a list with at least one type of document."),
        ({"items": [PHOTO]}, "«source» must say where this comes from."),
        (checklist("PHOTO"), "Item 1 must be an object with «type»"),
        (checklist(PHOTO, photo(type="PHOTOS")), "Item 2: there is no document type «PHOTOS»."),
        (checklist(photo(type=["PHOTO"])), "Item 1: there is no document type"),
        (checklist(photo(requirement="wanted")), "the requirement must be one of mandatory,"),
        (checklist(photo(wording={"en": "Photo"})), "the wording in «sv» is missing."),
        (checklist(photo(wording="Photo")), "the wording in «en» is missing."),
        (checklist(photo(instead="ID-CARD")), "«instead» must be a list of document types."),
        (checklist(photo(instead=[["ID-CARD"]])), "«instead» must be a list of document types."),
        (checklist(photo(instead=["PHOTO"])), "a type cannot stand for itself."),
        (checklist(photo(when=["age"])), "«when» must be an object of facts"),
        (checklist(photo(when={"ages": ["child"]})), "there is no fact «ages»."),
        (checklist(photo(when={"age": "child"})), "«age» needs a list of at least one value."),
        (checklist(photo(when={"age": []})), "«age» needs a list of at least one value."),
        (checklist(photo(when={"age": ["old"]})), "«age» can be adult or child, not «old»."),
        (checklist(photo(when={"age": ["unknown"]})), "«unknown» is no condition."),
        (checklist(photo(wen={})), "Item 1 has «wen», which means nothing here."),
        (checklist(PHOTO) | {"item": 1}, "The content has «item», which means nothing here."),
    ],
)
def test_a_faulty_checklist_is_told_its_fault(content: dict[str, Any], sentence: str) -> None:
    assert any(sentence in problem for problem in content_problems("checklist", content))


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (photo(requirement="not_wanted"), "PHOTO is mandatory and not wanted"),
        (
            photo(requirement="not_wanted", when={"age": ["child"]}),
            "PHOTO is mandatory and not wanted",
        ),
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

    assert problems == (
        "PHOTO may stand for ID-CARD and is not wanted under conditions that can hold together.",
    )


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([], "«countries» must be a list with at least one country."),
        ("IRQ", "«countries» must be a list with at least one country."),
        (["IQ"], "There is no country «IQ»."),
        (["irq"], "There is no country «irq»."),
        ([["IRQ"]], "There is no country «['IRQ']»."),
        (["IRQ", "SOM", "IRQ"], "The country «IRQ» stands there twice."),
    ],
)
def test_a_faulty_country_list_is_told_its_fault(codes: object, sentence: str) -> None:
    problems = content_problems("countries", {"source": "A test", "countries": codes})

    assert any(sentence in problem for problem in problems)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"currency": "EUR"}, "The currency must be SEK"),
        ({"adult": 0}, "«adult» must be a whole number of kronor"),
        ({"child": 1.5}, "«child» must be a whole number of kronor"),
        ({"child": True}, "«child» must be a whole number of kronor"),
        ({"family_cap": "75000"}, "«family_cap» must be a whole number of kronor"),
        ({"family_cap": 2}, "The family's cap is lower than the amount for one person."),
        ({"family_cap": None}, "«family_cap» must be a whole number of kronor"),
    ],
)
def test_faulty_amounts_are_told_their_fault(change: dict[str, Any], sentence: str) -> None:
    assert content_problems("amounts", AMOUNTS) == ()
    assert any(sentence in one for one in content_problems("amounts", AMOUNTS | change))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "The text of the answer is missing."),
        ({"text": " "}, "The text of the answer is missing."),
        ({"text": "x" * 4001}, "The text has 4001 characters; 4000 are allowed."),
        ({"text": "Hello {name}, {reference}"}, "Nothing can be put in for {name}."),
        ({"text": "Hello", "subject": "a\r\nBcc: x"}, "The subject must be one line."),
    ],
)
def test_a_faulty_answer_is_told_its_fault(content: dict[str, Any], sentence: str) -> None:
    assert content_problems("answer", content) == (sentence,)


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
