"""Check drafts: a form is read as a whole, and every fault is told at once."""

import json

import pytest

from intake.reference_data.edition_drafts import EditionInvalid, read_draft
from storage.editions import EditionKind

FORM = {
    "code": "iom_payable",
    "language": "",
    "valid_from": "2027-01-01",
    "valid_to": "",
    "content": json.dumps({"source": "A test", "countries": ["IRQ"]}),
    "note": "  The agency has\n published a list. ",
}


def faults(**changes: str) -> dict[str, tuple[str, ...]]:
    with pytest.raises(EditionInvalid) as raised:
        read_draft(EditionKind.COUNTRIES, FORM | changes)
    return raised.value.faults


def test_a_right_form_is_read() -> None:
    draft = read_draft(EditionKind.COUNTRIES, FORM)

    assert (draft.valid_from.isoformat(), draft.valid_to) == ("2027-01-01", None)
    assert draft.content["countries"] == ["IRQ"]
    assert draft.note == "The agency has published a list."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"valid_from": ""}, "valid_from", "Write the day as year, month and day"),
        ({"valid_from": "31.1.2027"}, "valid_from", "Write the day as year, month and day"),
        ({"valid_from": "2027-02-30"}, "valid_from", "Write the day as year, month and day"),
        ({"valid_from": "1027-01-01"}, "valid_from", "The day must lie between"),
        ({"valid_to": "2026-12-31"}, "valid_to", "The last day is before the first day."),
        ({"content": ""}, "content", "Line 1, column 1: this is not JSON."),
        ({"content": '{\n "a" 1}'}, "content", "Line 2, column 6: this is not JSON."),
        ({"content": '{"a": 1, "a": 2}'}, "content", "«a» stands twice in one object"),
        ({"content": "[" * 40_000}, "content", "This is not JSON that can be read"),
        ({"content": " " * 20 + "{}" * 30_000}, "content", "longer than 48000 characters"),
        ({"content": "3"}, "content", "The content must be a JSON object"),
        ({"note": "because"}, "note", "Say in 10 to 500 characters"),
        ({"note": "x" * 501}, "note", "Say in 10 to 500 characters"),
        ({"language": "sv"}, "language", "Only answers have a language."),
    ],
)
def test_a_fault_stands_at_its_field(changes: dict[str, str], field: str, sentence: str) -> None:
    found = faults(**changes)

    assert list(found) == [field]
    assert sentence in found[field][0]


def test_all_faults_are_told_at_once() -> None:
    assert set(faults(code="x", language="sv", valid_from="", content="", note="")) == {
        "code",
        "language",
        "valid_from",
        "content",
        "note",
    }


def test_one_day_is_a_span() -> None:
    assert read_draft(EditionKind.COUNTRIES, FORM | {"valid_to": "2027-01-01"}).valid_to is not None
