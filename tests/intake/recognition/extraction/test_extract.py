"""Hold that all values of a document are gathered, in order and within their limits."""

import pytest

from intake.recognition.extraction import ValueKind, extract_values, load_vocabulary
from intake.recognition.extraction.extract import MAX_OF_KIND, MAX_PAGE_CHARS, MAX_VALUES
from intake.sandbox.protocol.pdf import FieldKind, FormField
from tests.intake.recognition.extraction import zones

WORDS = load_vocabulary()
DECISION = """Migrationsverket
Beslut om återetableringsstöd
Dossiernummer: 12 - 345678
Beslutsdatum: 2026-10-25
Migrationsverket beviljar 60 000 kr för 1 vuxen och två barn som återvänder till Irak.
"""
CASE = (
    "Ärende k7m 4qx 9t, polisen 5000-K123456-26 och 0105 - k4711 - 26, ej 15000-K1-26 eller 5000-K1"
)


def told(*pages: str) -> list[tuple[str, str, str]]:
    """Return kind, fact and value of everything that is extracted."""
    return [(each.kind.value, each.fact, each.value) for each in extract_values(pages, [], WORDS)]


def test_decision_on_support_tells_its_facts() -> None:
    assert told(DECISION) == [
        ("dossier_number", "", "12-345678"),
        ("decision_date", "", "2026-10-25"),
        ("cash_decision", "decided_on", "2026-10-25"),
        ("cash_decision", "amount_sek", "60000"),
        ("cash_decision", "adults", "1"),
        ("cash_decision", "children", "2"),
        ("cash_decision", "country", "IQ"),
    ]


def test_amounts_of_other_pages_are_no_decision() -> None:
    assert told("Hyran är 8 000 kr för 1 vuxen i Irak") == []


def test_case_numbers_are_made_alike() -> None:
    assert told(CASE) == [
        ("reference", "", "K7M-4QX-9T"),
        ("k_number", "", "5000-K123456-26"),
        ("k_number", "", "0105-K4711-26"),
    ]


def test_zone_gives_its_dates_with_its_place() -> None:
    text = "\n".join(["Pass", *zones.passport()])

    values = extract_values(["", text], [], WORDS)

    assert [(each.kind, each.value) for each in values] == [
        (ValueKind.MRZ, "\n".join(zones.passport())),
        (ValueKind.PASSPORT_EXPIRY, "2031-01-15"),
        (ValueKind.BIRTH_DATE, "1990-05-03"),
    ]
    assert all(each.is_checked and each.page == 2 and each.start == 5 for each in values)


def test_zone_with_wrong_digits_has_no_value() -> None:
    [value] = extract_values(["\n".join(zones.passport()).replace("310115", "310116")], [], WORDS)

    assert (value.kind, value.value, value.is_checked) == (ValueKind.MRZ_UNPROVED, "", False)
    assert "expiry_check_wrong" in value.reasons


FIELDS: list[tuple[str, FieldKind, str, tuple[str, str] | None]] = [
    ("form1[0].Page1[0].CountryOfReturn[0]", "text", "Irak", ("country_of_return", "IQ")),
    ("txtPrioritet1", "choice", "Akut", ("priority", "emergency")),
    ("Nationality", "text", "Atlantis", ("nationality", "Atlantis")),
    ("Språk", "text", "Kurdish Sorani", ("language", "ckb")),
    ("antal_barn", "text", "02", ("children", "2")),
    ("Antal vuxna", "text", "många", ("adults", "många")),
    ("Betänketid tom", "text", "24 november 2026", ("reflection_end", "2026-11-24")),
    ("Samtycke", "radio", "Nej", ("consent_state", "not_given")),
    ("Eskort", "checkbox", "Vald", ("escort_or_health", "yes")),
    ("Eskort", "checkbox", "", None),
    ("detained", "radio", "No", ("detention", "no")),
    ("Region", "choice", "Västra Götaland", ("region", "VAST")),
    ("Anteckningar", "text", "Irak", None),
]


@pytest.mark.parametrize(("name", "kind", "value", "expected"), FIELDS)
def test_field_of_the_form_tells_a_fact(
    name: str, kind: FieldKind, value: str, expected: tuple[str, str] | None
) -> None:
    values = extract_values([], [FormField(name, kind, value)], WORDS)

    assert [(each.fact, each.value) for each in values] == ([expected] if expected else [])


def test_what_is_not_understood_says_so() -> None:
    [value] = extract_values([], [FormField("Nationality", "text", "Atlantis")], WORDS)

    assert "value_not_understood" in value.reasons


def test_page_full_of_one_kind_leaves_room_for_others() -> None:
    pages = ["5000-K1-26 " * 15] * 20 + ["Main hearing 2026-11-24"]

    values = extract_values(pages, [], WORDS)

    assert sum(each.kind is ValueKind.K_NUMBER for each in values) == MAX_OF_KIND
    assert values[-1].kind is ValueKind.TRIAL
    assert len(values) <= MAX_VALUES


HOSTILE = [
    "a",
    "<",
    "1",
    "1 ",
    "«",
    " ",
    "\n",
    "İ",
    "1.000 ",
    "0000-K",
    "dossier",
    "P<<\n",
    "sek 1",
]


@pytest.mark.parametrize("sign", HOSTILE)
def test_megabyte_of_one_sign_ends_and_says_nothing_believed(sign: str) -> None:
    # A search whose work is the square of a page's length would not end within this run.
    page = (sign * MAX_PAGE_CHARS)[:MAX_PAGE_CHARS]

    values = extract_values([page] * 11, [], WORDS)

    assert {each.kind for each in values} <= {ValueKind.MRZ_UNPROVED}
    assert all(each.page <= 10 for each in values)


def test_aids_do_not_show_in_logs() -> None:
    [value] = extract_values(["Main hearing 2026-11-24"], [], WORDS)

    assert "2026" not in repr(value)
