"""Check editions in words: every line says one thing, and a change shows as was and is."""

import pytest

from intake.reference_data import editions
from intake.reference_data.edition_text import LineDifference, changes, lines
from storage.editions import EditionKind

OLD = {"source": "S23", "countries": ["IRQ", "SYR"]}
NEW = {"source": "S24", "countries": ["IRQ", "SLV"]}


def test_a_change_is_what_comes_and_what_goes() -> None:
    assert set(changes("countries", OLD, NEW)) == {
        LineDifference(None, "El Salvador (SLV)"),
        LineDifference("Syria (SYR)", None),
        LineDifference("Source: S23", "Source: S24"),
    }


def test_without_a_rule_before_all_is_new() -> None:
    assert [change.was for change in changes("countries", None, NEW)] == [None, None, None]


def test_the_same_again_changes_nothing() -> None:
    assert changes("countries", OLD, OLD) == ()


def test_amounts_are_told_with_their_currency() -> None:
    content = editions.shipped(EditionKind.AMOUNTS)[-1].content

    assert lines("amounts", content)["family_cap"] == "A family, at most: 75,000 SEK."


def test_a_checklist_is_told_with_its_conditions() -> None:
    content = editions.shipped(EditionKind.CHECKLIST)[0].content
    told = lines("checklist", content)

    assert told["CHD-FAM"] == (
        "CHD-FAM (Familjeutredning / Family assessment): needed, "
        "if age is child and unaccompanied is yes."
    )
    assert "needed, or DOC-REQ instead." in told["ID-PASS"]
    assert len(told) == len(content["items"]) + 1


def test_two_items_of_a_type_are_two_lines() -> None:
    wording = {"sv": "Foto", "en": "Photo"}
    items = [
        {"type": "PHOTO", "requirement": "mandatory", "wording": wording, "when": {"age": [age]}}
        for age in ("adult", "child")
    ]

    assert len(lines("checklist", {"source": "A test", "items": items})) == 3


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("targets Q1 working hours", "Targets Q1 working hours: 2"),
        ("legal warn days", "Legal warn days: 14, 7, 3"),
    ],
)
def test_clocks_are_told_value_by_value(key: str, sentence: str) -> None:
    content = editions.shipped(EditionKind.CLOCKS)[0].content

    assert lines("clocks", content)[key] == sentence
