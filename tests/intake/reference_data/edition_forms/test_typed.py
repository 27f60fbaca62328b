"""Check what was typed: rows are added, moved, opened and removed, and nothing typed is lost."""

import pytest

from intake.reference_data.edition_forms.typed import (
    MAX_ROWS,
    Typed,
    change_rows,
    fold,
    rows_of,
    unfold,
)

TYPED: Typed = {
    "items": ["4", "0", "7"],
    "items.4.type": ["PHOTO"],
    "items.0.type": ["ID-CARD"],
    "items.0.instead": ["PHOTO", "ID-PASS"],
    "items.7.wording.sv": ["Å & ä = ö\r\n"],
    "note": ["why"],
}


@pytest.mark.parametrize(
    ("act", "rows"),
    [
        ("up:items.0", ["0", "4", "7"]),
        ("up:items.4", ["4", "0", "7"]),
        ("down:items.4", ["0", "4", "7"]),
        ("down:items.7", ["4", "0", "7"]),
        ("remove:items.0", ["4", "7"]),
        ("add:items", ["4", "0", "7", "8"]),
        ("open:items.0", ["4", "0", "7"]),
        ("remove:items.9", ["4", "0", "7"]),
        ("up:note.0", ["4", "0", "7"]),
        ("", ["4", "0", "7"]),
        ("remove:items.0; drop", ["4", "0", "7"]),
        ("remove:items.٣", ["4", "0", "7"]),
    ],
)
def test_an_act_changes_the_order_of_rows(act: str, rows: list[str]) -> None:
    assert rows_of(change_rows(TYPED, act), "items") == rows


def test_a_removed_row_takes_its_values_with_it_and_no_others() -> None:
    found = change_rows(TYPED, "remove:items.0")

    assert set(TYPED) - set(found) == {"items.0.type", "items.0.instead"}


def test_a_new_row_is_open() -> None:
    assert change_rows(TYPED, "add:items")["open"] == ["items.8"]


def test_a_folded_row_comes_back_as_it_was() -> None:
    folded = {
        "items": TYPED["items"],
        **{f"items.{number}": [fold(TYPED, f"items.{number}")] for number in TYPED["items"]},
        "note": ["why"],
    }

    assert unfold(folded, ["items"]) == TYPED


@pytest.mark.parametrize("folded", ["", "&&&", "a" * 100_000, "x=1&" * 5000, "%%%=%"])
def test_what_nobody_folded_breaks_nothing(folded: str) -> None:
    assert unfold({"items": ["1"], "items.1": [folded]}, ["items"])["items"] == ["1"]


def test_there_are_no_more_rows_than_a_person_can_read() -> None:
    many: Typed = {"items": [str(number) for number in range(1000)]}

    assert len(rows_of(many, "items")) == MAX_ROWS
    assert change_rows(many, "add:items") == many


def test_a_number_that_is_none_is_no_row() -> None:
    assert rows_of({"items": ["1", "1", "x", "", "-1", "12345", "²"]}, "items") == ["1"]
