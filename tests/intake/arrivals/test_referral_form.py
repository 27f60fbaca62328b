"""Check the referral form: what is typed is kept, what cannot be meant is said beside its field."""

import pytest

from intake.arrivals.referral_form import MAX_NOTE_CHARS, check_form
from intake.core.submission_facts import ReferralForm


def test_an_empty_form_is_valid_and_knows_nothing() -> None:
    checked = check_form({})

    assert checked.is_valid
    assert checked.form == ReferralForm()
    assert checked.form.priority == "unknown"


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("priority", "emergency", "emergency"),
        ("country", " RO ", "RO"),
        ("language", "fa-AF", "fa-AF"),
        ("adults", "2", 2),
        ("children", "0", 0),
        ("reflection_end", "2026-12-31", "2026-12-31"),
        ("consent", "given", "given"),
        ("safe_contact", "coordinator", "coordinator"),
        ("escort", "yes", "yes"),
        ("detention", "no", "no"),
        ("note", "  två\r\nrader ", "två\nrader"),
    ],
)
def test_an_answer_becomes_its_value(name: str, typed: str, value: object) -> None:
    checked = check_form({name: typed})

    assert checked.errors == {}
    assert getattr(checked.form, name) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("priority", "low"),
        ("country", "<b>"),
        ("country", "X" * 13),
        ("language", "svenska språket"),
        ("adults", "two"),
        ("adults", "-1"),
        ("adults", "31"),
        ("adults", "٣"),
        ("children", "1.5"),
        ("reflection_end", "31/12/2026"),
        ("reflection_end", "2026-02-30"),
        ("consent", "perhaps"),
        ("safe_contact", "x"),
        ("escort", "y"),
        ("detention", "?"),
        ("note", "x" * (MAX_NOTE_CHARS + 1)),
    ],
)
def test_what_cannot_be_meant_is_said_beside_its_field(name: str, typed: str) -> None:
    assert set(check_form({name: typed}).errors) == {name}


def test_one_wrong_answer_loses_no_other() -> None:
    checked = check_form({"adults": "many", "children": "2", "note": "kommer i morgon"})

    assert set(checked.errors) == {"adults"}
    assert (checked.form.children, checked.form.note) == (2, "kommer i morgon")
