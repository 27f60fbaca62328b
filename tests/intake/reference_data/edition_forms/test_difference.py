"""Check the difference for the approver: row by row, and word by word inside texts."""

from typing import Any

import pytest

from intake.reference_data import editions
from intake.reference_data.edition_forms.difference import (
    Change,
    LineChange,
    PieceState,
    changes,
    lines,
    pieces,
)
from intake.reference_data.edition_forms.kinds import FIELDS
from portal.administration import office_words
from storage.editions import EditionKind

COUNTRIES = {"source": "S23", "countries": ["IRQ", "SYR"]}
CHECKLIST = editions.shipped(EditionKind.CHECKLIST)[0].content
CLOCKS = editions.shipped(EditionKind.CLOCKS)[0].content


def differ(kind: EditionKind, before: Any, after: Any, language: str = "") -> list[LineChange]:
    return list(changes(FIELDS[kind], before, after, office_words.CODES, language))


def told(found: list[LineChange]) -> list[tuple[str, str, str]]:
    """Return (change, label, text) with what goes in [] and what comes in {}."""
    marks = {PieceState.GOES: "[{}]", PieceState.COMES: "{{{}}}", PieceState.STAYS: "{}"}
    return [
        (
            each.change.value,
            each.label,
            "".join(marks[piece.state].format(piece.text) for piece in each.pieces),
        )
        for each in found
    ]


def test_countries_come_and_go_one_by_one() -> None:
    after = {"source": "S24", "countries": ["SLV", "IRQ"]}

    assert told(differ(EditionKind.COUNTRIES, COUNTRIES, after)) == [
        ("changed", "Where this comes from", "[S23]{S24}"),
        ("added", "Countries", "{El Salvador}"),
        ("removed", "Countries", "[Syria]"),
    ]


def test_without_a_rule_before_all_is_new() -> None:
    found = differ(EditionKind.COUNTRIES, None, COUNTRIES)

    assert {each.change for each in found} == {Change.ADDED}


def test_a_row_that_changes_shows_only_its_changed_words() -> None:
    items = [dict(item) for item in CHECKLIST["items"]]
    items[0] = items[0] | {"requirement": "if_applicable"}

    found = told(differ(EditionKind.CHECKLIST, CHECKLIST, CHECKLIST | {"items": items}))

    assert found == [
        (
            "changed",
            "Referral form",
            "[Needed]{Asked for where it applies} · Remissblankett / Referral form",
        )
    ]


def test_rows_that_come_go_and_move_are_told_apart() -> None:
    items = list(CHECKLIST["items"])
    last = {"type": "OTHER", "requirement": "mandatory", "wording": {"sv": "Å", "en": "A"}}
    moved = [items[1], items[2], items[0], *items[4:], last]

    found = told(differ(EditionKind.CHECKLIST, CHECKLIST, CHECKLIST | {"items": moved}))

    assert [(change, label) for change, label, _ in found] == [
        ("added", "OTHER"),
        ("removed", "Consent to lift secrecy (social services)"),
        ("moved", "Referral form"),
    ]
    assert found[-1][2].startswith("now after «")


def test_clocks_are_told_in_words_of_the_desk() -> None:
    after = CLOCKS | {"targets": CLOCKS["targets"] | {"Q2": {"working_hours": 3}}}

    assert told(differ(EditionKind.CLOCKS, CLOCKS, after)) == [
        (
            "changed",
            "What waits in a queue is handled: New referrals",
            "[by the end of the next working day]{within 3 working hours}",
        )
    ]


def test_a_text_is_compared_word_by_word_in_its_own_language() -> None:
    before = {"text": "شكرا لرسالتك. اتصل بنا اليوم من فضلك."}
    after = {"text": "شكرا لرسالتك. اتصل بنا غدا من فضلك."}

    (found,) = differ(EditionKind.ANSWER, before, after, "ar")

    assert found.language == "ar"
    assert told([found])[0][2] == "شكرا لرسالتك. اتصل بنا [اليوم]{غدا} من فضلك."


def test_words_that_change_beside_each_other_are_one_change() -> None:
    found = pieces("We call you on the next day.", "We write to you on the next day.")

    assert [(piece.state, piece.text) for piece in found] == [
        (PieceState.STAYS, "We "),
        (PieceState.GOES, "call"),
        (PieceState.COMES, "write to"),
        (PieceState.STAYS, " you on the next day."),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("one two", "three four five six"), ("", "x"), ("x", ""), ("a  b\n\nc", "a b\nc d")],
)
def test_both_texts_can_be_read_from_the_difference(before: str, after: str) -> None:
    found = pieces(before, after)

    assert "".join(p.text for p in found if p.state is not PieceState.COMES) == before
    assert "".join(p.text for p in found if p.state is not PieceState.GOES) == after


def test_two_rows_of_one_title_are_two_lines() -> None:
    wording = {"sv": "Foto", "en": "Photo"}
    items = [
        {"type": "PHOTO", "requirement": "mandatory", "wording": wording, "when": {"age": [age]}}
        for age in ("adult", "child")
    ]

    found = lines(FIELDS[EditionKind.CHECKLIST], {"source": "x", "items": items}, {})

    assert len(found) == 3
