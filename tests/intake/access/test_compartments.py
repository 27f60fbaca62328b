"""Check compartments.

The matrix is the office's own, every type stands in it, and the default is denial.
"""

import pytest

from intake.access.compartments import (
    CLOSED_TYPES,
    MATRIX,
    OPEN_TYPES,
    Compartment,
    MatrixRow,
    Right,
    compartments_of,
    right_of,
)
from intake.access.visibility import (
    Closing,
    Level,
    Origin,
    Relationship,
    Visibility,
    VisiblePages,
    closings_of,
    pages_of,
    visibility_of,
)
from intake.reference_data.document_types import load_taxonomies
from storage.accounts.users import Role

HEALTH, POLICE = Compartment.HEALTH, Compartment.POLICE
# As requirement 114 has its rows; cash officers are the exception that `compartments` argues.
ROWS = {
    MatrixRow.REFERRAL: {"INTAKE": "r w", "CASEW": "r w o", "PROT": "r w", "MGR": "r o"},
    MatrixRow.HEALTH: {"INTAKE": "f", "CASEW": "f/r o", "HEALTH": "r w", "PROT": "f", "CASH": "f"},
    MatrixRow.POLICE: {"INTAKE": "f", "CASEW": "r w o", "PROT": "r", "CASH": "f"},
    MatrixRow.CASH: {"CASH": "r w", "PROT": "r if flagged", "MGR": "r o"},
}


@pytest.mark.parametrize("thing", list(MatrixRow))
@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_is_that_of_the_domain(role: Role, thing: MatrixRow) -> None:
    assert right_of(role, thing) == ROWS[thing].get(role, "–")


def test_a_role_that_the_matrix_does_not_name_has_no_right() -> None:
    unnamed = set(Role) - set(MATRIX)

    assert {right_of(role, thing) for role in unnamed for thing in MatrixRow} == {Right.NONE}


def test_every_type_of_the_list_is_open_or_closed_and_none_is_both() -> None:
    listed = {kind.code for taxonomy in load_taxonomies() for kind in taxonomy.types}

    assert listed == OPEN_TYPES | set(CLOSED_TYPES)
    assert not OPEN_TYPES & set(CLOSED_TYPES)


def test_a_type_that_nobody_sorted_is_in_every_compartment() -> None:
    assert compartments_of("NEW-TYPE") == {HEALTH, POLICE}


def relationship(role: str, **how: bool) -> Relationship:
    """Return a reader of a referral."""
    return Relationship(**{"role": Role(role), "programme": "referrals", "reads": True, **how})  # type: ignore[arg-type] # a test's wishes


def typed(
    types: list[tuple[int, int, str, bool]],
    around: frozenset[Closing] = frozenset(),
    *,
    is_body: bool = False,
) -> tuple[VisiblePages, ...]:
    """Return the ranges of a document with these types, found where `around` closes it."""
    return pages_of([each[:2] for each in types], closings_of(types, is_body=is_body) | around)


def around_of(types: list[tuple[int, int, str, bool]]) -> frozenset[Closing]:
    """Return what closes all that is found inside a document with these types."""
    return frozenset(each.whole(Origin.AROUND) for each in closings_of(types))


@pytest.mark.parametrize(
    ("reader", "kind", "is_confirmed", "level"),
    [
        (relationship("INTAKE"), "REF-FORM", True, Level.WHOLE),
        (relationship("INTAKE"), "UNK", False, Level.WHOLE),
        (relationship("INTAKE"), "MED-REC", True, Level.FLAG),
        (relationship("INTAKE"), "MED-REC", False, Level.FLAG),
        (relationship("INTAKE", has_item=True), "MED-REC", False, Level.WHOLE),
        (relationship("INTAKE", has_item=True), "MED-REC", True, Level.FLAG),
        (relationship("INTAKE"), "POL-RPT", True, Level.FLAG),
        (relationship("CASEW", is_assigned_or_opened=True), "MED-REC", True, Level.WHOLE),
        (relationship("CASEW", is_assigned_or_opened=True), "POL-RPT", True, Level.WHOLE),
        (relationship("CASEW", reads=False), "MED-REC", True, Level.NONE),
        (relationship("PROT"), "MED-REC", True, Level.FLAG),
        (relationship("PROT"), "POL-RPT", True, Level.WHOLE),
        (relationship("MGR", is_assigned_or_opened=True), "REF-FORM", True, Level.WHOLE),
        (relationship("MGR", is_assigned_or_opened=True), "MED-REC", True, Level.NONE),
        (relationship("MGR", is_assigned_or_opened=True), "POL-RPT", True, Level.NONE),
        (relationship("HEALTH", reads=False), "MED-REC", True, Level.WHOLE),
        (relationship("HEALTH", reads=False), "MED-REC", False, Level.NONE),
        (relationship("HEALTH", reads=False), "REF-FORM", True, Level.NONE),
        (relationship("HEALTH", reads=False), "UNK", True, Level.NONE),
        (relationship("HEALTH", reads=False), "POL-RPT", True, Level.NONE),
        (Relationship(Role.HEALTH, "cash"), "MED-REC", True, Level.NONE),
        (Relationship(None, "referrals", reads=True), "MED-REC", True, Level.FLAG),
        (Relationship(None, "referrals", reads=True), "ID-PASS", True, Level.WHOLE),
    ],
)
def test_what_somebody_sees_of_a_document(
    reader: Relationship, kind: str, is_confirmed: bool, level: Level
) -> None:
    assert visibility_of(reader, typed([(1, 2, kind, is_confirmed)])).level is level


def test_an_opened_compartment_is_read_and_no_other() -> None:
    reader = Relationship(Role.INTAKE, "referrals", reads=True, opened=frozenset({HEALTH}))

    assert visibility_of(reader, typed([(1, 1, "MED-REC", True)])).level is Level.WHOLE
    assert visibility_of(reader, typed([(1, 1, "POL-RPT", True)])).level is Level.FLAG


def test_scan_of_several_documents_is_closed_by_its_pages() -> None:
    ranges = typed([(1, 2, "REF-FORM", True), (3, 3, "MED-REC", True), (4, 4, "UNK", False)])

    intake = visibility_of(relationship("INTAKE"), ranges)
    health = visibility_of(relationship("HEALTH", reads=False), ranges)

    assert (intake.level, intake.closed) == (Level.PART, frozenset({HEALTH}))
    assert [intake.shows(page) for page in (1, 2, 3, 4)] == [True, True, False, True]
    assert [health.shows(page) for page in (1, 2, 3, 4)] == [False, False, True, False]


def test_what_is_inside_a_closed_document_is_closed() -> None:
    around = around_of([(1, 1, "MED-REC", True)])

    for inside in (typed([], around), typed([(1, 1, "PHOTO", True)], around)):
        assert visibility_of(relationship("INTAKE", has_item=True), inside).level is Level.FLAG
        assert visibility_of(relationship("HEALTH", reads=False), inside).level is Level.WHOLE


def test_document_inside_a_suggested_type_is_opened_to_nobody() -> None:
    around = around_of([(1, 1, "MED-REC", False)])

    visibility = visibility_of(
        relationship("HEALTH", reads=False), typed([(1, 1, "PHOTO", True)], around)
    )

    assert visibility.level is Level.NONE


@pytest.mark.parametrize(("is_confirmed", "level"), [(False, Level.WHOLE), (True, Level.FLAG)])
def test_message_body_is_closed_by_a_person_only(is_confirmed: bool, level: Level) -> None:
    ranges = typed([(1, 1, "MED-REC", is_confirmed)], is_body=True)

    assert visibility_of(relationship("INTAKE"), ranges).level is level


@pytest.mark.parametrize("code", sorted({*OPEN_TYPES, *CLOSED_TYPES}))
def test_a_page_that_nobody_typed_is_open_only_where_nothing_is_closed(code: str) -> None:
    seen = visibility_of(relationship("INTAKE"), typed([(1, 1, "CORR", True), (2, 2, code, True)]))

    assert seen.shows(1)
    assert seen.shows(3) is (code in OPEN_TYPES)


def test_a_page_outside_every_range_is_as_open_as_the_rest() -> None:
    assert Visibility(Level.WHOLE).shows(9)
    assert not visibility_of(
        relationship("INTAKE"), (VisiblePages(1, 1, frozenset({HEALTH}), frozenset({HEALTH})),)
    ).shows(9)
