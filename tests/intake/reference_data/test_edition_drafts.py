"""Check drafts: a form is read as a whole, and every fault is told at once."""

import pytest

from intake.reference_data.edition_drafts import EditionInvalid, read_draft
from intake.reference_data.edition_forms.typed import Typed
from storage.editions import EditionKind

FORM: Typed = {
    "code": ["iom_payable"],
    "language": [""],
    "valid_from": ["2027-01-01"],
    "valid_to": [""],
    "source": [" A test "],
    "countries": ["SOM", "IRQ"],
    "note": ["  The agency has\n published a\0 list. "],
}


def faults(**changes: str | list[str]) -> dict[str, tuple[str, ...]]:
    typed = {name: [each] if isinstance(each, str) else each for name, each in changes.items()}
    with pytest.raises(EditionInvalid) as raised:
        read_draft(EditionKind.COUNTRIES, FORM | typed)
    return raised.value.faults


def test_a_right_form_is_read() -> None:
    draft = read_draft(EditionKind.COUNTRIES, FORM)

    assert (draft.valid_from.isoformat(), draft.valid_to) == ("2027-01-01", None)
    assert draft.content == {"source": "A test", "countries": ["SOM", "IRQ"]}
    assert draft.note == "The agency has published a list."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"valid_from": ""}, "valid_from", "Write the day as year, month and day"),
        ({"valid_from": "31.1.2027"}, "valid_from", "Write the day as year, month and day"),
        ({"valid_from": "2027-02-30"}, "valid_from", "Write the day as year, month and day"),
        ({"valid_from": "1027-01-01"}, "valid_from", "The day must lie between"),
        ({"valid_to": "2026-12-31"}, "valid_to", "The last day is before the first day."),
        ({"source": ""}, "source", "This is missing."),
        ({"source": "a\nb"}, "source", "This must be one line."),
        ({"source": "x" * 501}, "source", "This has 501 characters; 500 are allowed."),
        ({"countries": []}, "countries", "Choose at least one."),
        ({"countries": ["IRQ", "IRK"]}, "countries", "There is no country «IRK»."),
        ({"countries": ["IRQ", "IRQ"]}, "countries", "Iraq stands there twice."),
        ({"note": "because"}, "note", "Say in 10 to 500 characters"),
        ({"note": "x" * 501}, "note", "Say in 10 to 500 characters"),
        ({"language": "sv"}, "language", "Only answers have a language."),
    ],
)
def test_a_fault_stands_at_its_field(
    changes: dict[str, str | list[str]], field: str, sentence: str
) -> None:
    found = faults(**changes)

    assert list(found) == [field]
    assert sentence in found[field][0]


def test_all_faults_are_told_at_once() -> None:
    wrong = {"code": "x", "language": "sv", "valid_from": "", "source": "", "note": ""}

    assert set(faults(**wrong)) == set(wrong)


def test_a_fault_of_a_rule_stands_at_the_row_as_it_is_numbered_on_the_form() -> None:
    row = {"requirement": ["mandatory"], "wording.sv": ["Å"], "wording.en": ["A"]}
    typed: Typed = {"code": ["referrals"], "items": ["7", "3"], "source": ["x"]}
    for number in typed["items"]:
        typed[f"items.{number}.type"] = ["PHOTO"]
        typed |= {f"items.{number}.{name}": value for name, value in row.items()}

    with pytest.raises(EditionInvalid) as raised:
        read_draft(EditionKind.CHECKLIST, FORM | typed)

    assert list(raised.value.faults) == ["items.3.type"]


def test_more_than_can_be_stored_is_refused() -> None:
    typed: Typed = {"code": ["referrals"], "items": [str(each) for each in range(200)]}
    for number in typed["items"]:
        typed |= {f"items.{number}.wording.{each}": ["x" * 199] for each in ("sv", "en")}

    with pytest.raises(EditionInvalid) as raised:
        read_draft(EditionKind.CHECKLIST, FORM | typed)

    assert "more than 48,000 characters" in raised.value.faults[""][0]


def test_one_day_is_a_span() -> None:
    assert (
        read_draft(EditionKind.COUNTRIES, FORM | {"valid_to": ["2027-01-01"]}).valid_to is not None
    )
