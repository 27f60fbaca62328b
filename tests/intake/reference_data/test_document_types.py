"""Check the list of document types: what it must hold, and which one is in force."""

import json
from datetime import date
from pathlib import Path

import pytest

from intake.reference_data.document_types import DOCUMENT_TYPES, Taxonomy, in_force, load_taxonomies


def test_every_type_of_the_domain_text_is_there() -> None:
    codes = load_taxonomies()[0].codes()

    assert len(codes) == 39
    assert {"REF-FORM", "CONS-SHARE", "PHOTO", "CORR", "MON-SURV"} <= set(codes)
    assert "UNK" not in codes


def test_two_types_gate_and_what_is_not_typed_is_guarded_most() -> None:
    taxonomy = load_taxonomies()[0]

    assert {kind.code for kind in taxonomy.types if kind.is_gating} == {"REF-FORM", "CONS-SHARE"}
    unknown = taxonomy.by_code("UNK")
    assert unknown is not None
    assert unknown.sensitivity == "S4"


def test_the_list_of_a_day_is_the_one_in_force() -> None:
    old = Taxonomy(date(2025, 1, 1), date(2025, 12, 31), ())
    new = Taxonomy(date(2026, 2, 1), None, ())

    assert in_force((old, new), date(2025, 6, 1)) is old
    assert in_force((old, new), date(2026, 6, 1)) is new
    assert in_force((old, new), date(2026, 1, 15)) is new


@pytest.mark.parametrize("missing", ["code", "titles", "is_gating", "field_names"])
def test_an_incomplete_list_is_refused(tmp_path: Path, missing: str) -> None:
    lists = json.loads(DOCUMENT_TYPES.read_text(encoding="utf-8"))
    del lists[0]["kinds"][0][missing]
    broken = tmp_path / "kinds.json"
    broken.write_text(json.dumps(lists), encoding="utf-8")

    with pytest.raises(ValueError, match="incomplete"):
        load_taxonomies(broken)


def test_a_code_named_twice_is_refused(tmp_path: Path) -> None:
    lists = json.loads(DOCUMENT_TYPES.read_text(encoding="utf-8"))
    lists[0]["kinds"].append(lists[0]["kinds"][0])
    broken = tmp_path / "kinds.json"
    broken.write_text(json.dumps(lists), encoding="utf-8")

    with pytest.raises(ValueError, match="twice"):
        load_taxonomies(broken)
