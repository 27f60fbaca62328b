"""Check checklists.

What is missing under which facts, as tables; scenario 4's papers among them.
"""

import pytest

from intake.reference_data import editions
from intake.reference_data.checklists import (
    CaseFacts,
    Checklist,
    ChecklistItem,
    Completeness,
    Requirement,
    SeenDocument,
    completeness,
    overlap,
    read_items,
)
from storage.editions import EditionKind

ADULT = CaseFacts(
    nationality_group="non_eu",
    third_country_return="no",
    age="adult",
    unaccompanied="no",
    health="no",
    family="no",
)
CHILD = CaseFacts(
    nationality_group="non_eu",
    third_country_return="no",
    age="child",
    unaccompanied="yes",
    health="no",
    family="no",
)
# Of requirement 110: what every adult referral needs.
ADULTS_NEED = {
    "REF-FORM",
    "VOL-DECL",
    "CONS-SHARE",
    "CONS-SECR",
    "RISK-ASM",
    "ID-VOT",
    "HLTH-DECL",
    "ID-PASS",
}


def shipped(code: str) -> Checklist:
    """Return a shipped list as a rule."""
    found = next(one for one in editions.shipped(EditionKind.CHECKLIST) if one.code == code)
    return Checklist(found.id, found.number, read_items(found.content))


def check(code: str, facts: CaseFacts, *seen: str, confirmed: bool = True) -> Completeness:
    return completeness(shipped(code), facts, [SeenDocument(kind, confirmed) for kind in seen])


def changed(facts: CaseFacts, **values: str) -> CaseFacts:
    return CaseFacts(**{**vars(facts), **values})


def types(items: tuple[ChecklistItem, ...]) -> set[str]:
    return {item.type for item in items}


@pytest.mark.parametrize(
    ("facts", "further", "unclear"),
    [
        (ADULT, set(), set()),
        (changed(ADULT, nationality_group="eu_eea"), set(), set()),
        (changed(ADULT, third_country_return="yes"), {"RES-3RD"}, set()),
        (changed(ADULT, third_country_return="unknown"), set(), {"RES-3RD"}),
        (changed(ADULT, unaccompanied="yes"), set(), set()),
        (CHILD, {"CHD-BID", "CHD-GUARD", "CHD-FAM"}, set()),
        (changed(CHILD, unaccompanied="no"), {"CHD-BID", "CHD-GUARD"}, set()),
        (changed(CHILD, unaccompanied="unknown"), {"CHD-BID", "CHD-GUARD"}, {"CHD-FAM"}),
        (changed(ADULT, age="unknown"), set(), set()),
        (CaseFacts(), set(), {"CHD-FAM", "RES-3RD"}),
        (changed(ADULT, health="yes", family="yes"), set(), set()),
    ],
)
def test_the_facts_decide_what_a_referral_needs(
    facts: CaseFacts, further: set[str], unclear: set[str]
) -> None:
    found = check("referrals", facts)

    assert types(found.missing) == ADULTS_NEED | further
    assert types(found.unclear) == unclear
    assert not found.is_complete


def test_papers_of_children_are_named_and_not_asked_for_while_nobody_knows() -> None:
    unknown = check("referrals", changed(ADULT, age="unknown"), *ADULTS_NEED)

    assert types(unknown.if_children) == {"CHD-BID", "CHD-GUARD"}
    assert not types(unknown.missing) & {"CHD-BID", "CHD-GUARD"}
    assert not unknown.is_complete
    assert not unknown.seems_complete
    assert check("referrals", ADULT).if_children == check("referrals", CHILD).if_children == ()


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (ADULT, {"ID-PASS", "CASH-DEC"}),
        (CHILD, {"ID-PASS", "CASH-DEC", "CHD-GUARD"}),
        (changed(CHILD, unaccompanied="no"), {"ID-PASS", "CASH-DEC"}),
    ],
)
def test_cash_support_has_its_own_list(facts: CaseFacts, missing: set[str]) -> None:
    assert types(check("cash", facts).missing) == missing


def test_all_confirmed_documents_make_it_complete() -> None:
    found = check("referrals", ADULT, *ADULTS_NEED)

    assert found.is_complete
    assert not found.seems_complete
    assert (found.missing, found.unclear) == ((), ())
    assert (found.edition_number, found.edition_id) == (0, "shipped-referrals-2026-01-01")


def test_suggested_documents_only_seem_to_make_it_complete() -> None:
    found = check("referrals", ADULT, *ADULTS_NEED, confirmed=False)

    assert not found.is_complete
    assert found.seems_complete
    assert not any(one.is_confirmed for one in found.present)


def test_one_confirmed_document_of_a_type_is_enough() -> None:
    seen = [SeenDocument(kind, True) for kind in ADULTS_NEED] + [SeenDocument("REF-FORM", False)]

    assert completeness(shipped("referrals"), ADULT, seen).is_complete


def test_what_is_unclear_keeps_it_from_being_complete() -> None:
    facts = changed(ADULT, third_country_return="unknown")

    assert not check("referrals", facts, *ADULTS_NEED).is_complete
    assert check("referrals", facts, *ADULTS_NEED, "RES-3RD").is_complete


@pytest.mark.parametrize(
    ("there", "is_missing"), [("ID-PASS", False), ("DOC-REQ", False), ("ID-CARD", True)]
)
def test_a_request_may_stand_for_a_passport(there: str, is_missing: bool) -> None:
    assert ("ID-PASS" in types(check("referrals", ADULT, there).missing)) is is_missing


@pytest.mark.parametrize("nationality", ["eu_eea", "non_eu", "unknown"])
def test_nobody_is_asked_for_a_permit(nationality: str) -> None:
    found = check("referrals", changed(ADULT, nationality_group=nationality))

    assert not {"PRM-REFL", "PRM-TEMP"} & types((*found.missing, *found.unclear))


def test_what_is_not_wanted_is_told() -> None:
    assert check("cash", ADULT, "POL-RPT", "ID-PASS").unwanted == ("POL-RPT",)


def test_types_that_no_item_names_say_nothing() -> None:
    assert check("referrals", ADULT, "UNK", "CORR") == check("referrals", ADULT)


@pytest.mark.parametrize(
    "requirements", [("mandatory", "if_applicable"), ("if_applicable", "mandatory")]
)
def test_of_two_items_the_stricter_counts(requirements: tuple[str, str]) -> None:
    items = tuple(
        ChecklistItem("PHOTO", Requirement(each), "Foto", "Photo") for each in requirements
    )

    found = completeness(Checklist("x", 1, items), ADULT, [])

    assert types(found.missing) == {"PHOTO"}
    assert len(found.missing) == 1


@pytest.mark.parametrize(
    ("first", "second", "can_overlap"),
    [
        ({}, {}, True),
        ({"age": {"child"}}, {}, True),
        ({"age": {"child"}}, {"age": {"adult"}}, False),
        ({"age": {"child", "adult"}}, {"age": {"adult"}}, True),
        ({"age": {"child"}}, {"health": {"yes"}}, True),
        ({"age": {"child"}, "health": {"yes"}}, {"age": {"child"}, "health": {"no"}}, False),
    ],
)
def test_conditions_overlap_when_no_fact_parts_them(
    first: dict[str, set[str]], second: dict[str, set[str]], can_overlap: bool
) -> None:
    one, other = (
        ChecklistItem(
            "PHOTO",
            Requirement.MANDATORY,
            "",
            "",
            tuple((k, frozenset(v)) for k, v in when.items()),
        )
        for when in (first, second)
    )

    assert overlap(one, other) is overlap(other, one) is can_overlap
