"""Check which documents are closed with one that is closed: whatever would say the same."""

from typing import Any

import pytest

from intake.access.closings import is_body_row, spread
from intake.access.compartments import CLOSED_TYPES, OPEN_TYPES, Compartment
from intake.access.rights import shows_letter
from intake.access.visibility import (
    Level,
    Relationship,
    Visibility,
    closings_of,
    pages_of,
    visibility_of,
)
from storage.accounts.users import Role
from storage.documents.documents import Document

INTAKE = Relationship(Role.INTAKE, "referrals", reads=True)
TAKEN = Relationship(Role.INTAKE, "referrals", reads=True, has_item=True)
HEALTH_ALONE = Relationship(Role.HEALTH, "referrals")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Types = dict[str, list[tuple[int, int, str, bool]]]


def document(name: str, parent: str | None = None, **changes: Any) -> Document:  # Any: columns
    """Return a document that is nobody's twin."""
    fields: dict[str, Any] = {  # Any: a column's value
        "id": name,
        "parent_id": parent,
        "role": "attachment",
        "state": "CLEAN",
        "content_hash": name,
        "detected_type": "application/pdf",
        "claimed_type": "application/pdf",
        "part_flags": [],
        "size": 3,
    }
    return Document(**(fields | changes))


def body(name: str, parent: str | None = None, **changes: Any) -> Document:  # Any: as above
    """Return the text of a mail."""
    return document(name, parent, **({"role": "body", "detected_type": "text/plain"} | changes))


def html(name: str, parent: str | None = None, **changes: Any) -> Document:  # Any: as above
    """Return the other form of the text of a mail."""
    state = {"state": "IGNORED", "role": "alternative", "detected_type": "text/html"}
    return document(name, parent, **(state | changes))


def opened(name: str, parent: str | None = None, role: str = "attachment") -> Document:
    """Return an archive or a mail whose parts are listed instead of it."""
    return document(name, parent, role=role, state="IGNORED", detected_type="application/zip")


def seen(reader: Relationship, rows: list[Document], types: Types) -> dict[str, Visibility]:
    """Return what a reader sees of each document."""
    spans = {row.id: [each[:2] for each in types.get(row.id, ())] for row in rows}
    own = {row.id: closings_of(types.get(row.id, ()), is_body=is_body_row(row)) for row in rows}
    found = spread(rows, spans, own)
    return {row.id: visibility_of(reader, pages_of(spans[row.id], found[row.id])) for row in rows}


def closed(reader: Relationship, rows: list[Document], types: Types) -> set[str]:
    """Return the documents of which a reader sees no page and no name."""
    return {name for name, found in seen(reader, rows, types).items() if found.level is Level.FLAG}


BELOW = [
    body("banner"),
    body("words", role="inline", claimed_type="text/plain"),
    document("other"),
]
FILE_ALONE = [document("text file", part_flags=["in_body"]), document("other")]
LETTER = [body("text"), html("html"), document("other")]
TWINS = [
    document("paper", content_hash="same"),
    document("twin", content_hash="same", state="IGNORED"),
    document("other"),
]
BESIDE_ARCHIVE = [
    opened("zip"),
    document("paper", "zip", content_hash="same"),
    document("other", "zip"),
    document("twin", content_hash="same", state="IGNORED"),
    document("inside twin", "twin"),
]
FORWARDED = [
    body("text"),
    opened("mail", role="message"),
    body("its text", "mail"),
    html("its html", "mail", role="body", state="ACTIVE"),
    document("paper", "mail"),
    document("emblem", "mail", role="inline", state="IGNORED"),
]
DRAWN = [
    opened("zip"),
    document("word", "zip", detected_type=WORD),
    document("picture", "word", role="inline", detected_type="image/png"),
    document("other picture", "word", role="inline", detected_type="image/png"),
    document("beside", "zip"),
]
PASTED = [
    body("text"),
    html("html"),
    document("picture", "html", role="inline", detected_type="image/png"),
    html("html alone", role="body", state="ACTIVE"),
    document("other picture", "html alone", role="inline", detected_type="image/png"),
]
ATTACHED = [document("pdf"), document("attached", "pdf")]
SAME_LETTER = [
    body("text"),
    html("html", content_hash="same"),
    document("saved", content_hash="same"),
]


@pytest.mark.parametrize("is_confirmed", [False, True])
@pytest.mark.parametrize(
    ("rows", "typed", "also"),
    [
        (TWINS, {"paper"}, {"twin"}),
        (TWINS, {"twin"}, {"paper"}),
        (BESIDE_ARCHIVE, {"paper"}, {"twin", "inside twin"}),
        (BESIDE_ARCHIVE, {"zip"}, {"paper", "other", "twin", "inside twin"}),
        (BESIDE_ARCHIVE, {"paper", "other"}, {"zip", "twin", "inside twin"}),
        (FORWARDED, {"paper"}, set()),
        (DRAWN, {"picture"}, {"word"}),
        (DRAWN, {"word"}, {"picture", "other picture"}),
        (DRAWN, {"picture", "beside"}, {"word", "zip"}),
        (PASTED, {"picture", "other picture"}, set()),
        (ATTACHED, {"attached"}, set()),
        (ATTACHED, {"pdf"}, {"attached"}),
    ],
)
def test_what_would_say_the_same_is_closed_with_it(
    rows: list[Document], typed: set[str], also: set[str], *, is_confirmed: bool
) -> None:
    types = {name: [(1, 1, "POL-RPT", is_confirmed)] for name in typed}

    assert closed(INTAKE, rows, types) == typed | also
    assert closed(TAKEN, rows, types) == (typed | also if is_confirmed else set())


@pytest.mark.parametrize(
    ("rows", "typed", "also"),
    [
        (LETTER, {"text"}, {"html"}),
        (LETTER, {"html"}, {"text"}),
        (FORWARDED, {"its text"}, {"its html"}),
        (FORWARDED, {"its html", "paper"}, {"its text", "mail"}),
        (SAME_LETTER, {"text"}, {"html", "saved"}),
        (SAME_LETTER, {"saved"}, {"html", "text"}),
    ],
)
def test_all_forms_of_a_letter_are_closed_by_a_person_only(
    rows: list[Document], typed: set[str], also: set[str]
) -> None:
    confirmed: Types = {name: [(1, 1, "POL-RPT", True)] for name in typed}
    suggested: Types = {name: [(1, 1, "POL-RPT", False)] for name in typed}
    letters = {row.id for row in rows if row.role in {"body", "alternative"}}

    assert closed(INTAKE, rows, confirmed) == typed | also
    assert closed(INTAKE, rows, suggested) & letters == set()


def test_pieces_of_a_letter_are_closed_together_and_by_a_person_only() -> None:
    confirmed = seen(INTAKE, BELOW, {"words": [(1, 1, "POL-RPT", True)]})
    suggested = seen(INTAKE, BELOW, {"words": [(1, 1, "POL-RPT", False)]})

    assert {name for name, each in confirmed.items() if not each.is_whole} == {"banner", "words"}
    assert not shows_letter(confirmed, BELOW)
    assert shows_letter(suggested, BELOW)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_letter_that_is_a_file_is_closed_as_a_file_is(*, is_confirmed: bool) -> None:
    found = seen(INTAKE, FILE_ALONE, {"text file": [(1, 1, "POL-RPT", is_confirmed)]})

    assert not shows_letter(found, FILE_ALONE)
    assert found["other"].is_whole


@pytest.mark.parametrize("is_confirmed", [False, True])
@pytest.mark.parametrize("code", sorted({*OPEN_TYPES, *CLOSED_TYPES}))
def test_no_type_of_a_part_takes_from_what_a_person_said_around_it(
    code: str, *, is_confirmed: bool
) -> None:
    types: Types = {"pdf": [(1, 1, "POL-RPT", True)], "attached": [(1, 3, code, is_confirmed)]}

    assert closed(TAKEN, ATTACHED, types) == {"pdf", "attached"}


def test_a_twin_is_open_on_no_page_that_is_closed() -> None:
    types: Types = {
        "paper": [(1, 2, "CORR", True), (3, 3, "POL-RPT", True)],
        "twin": [(1, 3, "CORR", True)],
    }

    found = seen(INTAKE, TWINS, types)

    assert [found["twin"].shows(page) for page in (1, 2, 3, 4)] == [True, True, False, False]
    assert found["twin"].level is Level.PART


def test_a_part_closed_by_one_page_around_it_does_not_close_the_others() -> None:
    types: Types = {"word": [(1, 2, "CORR", True), (3, 3, "MED-REC", True)]}

    found = seen(INTAKE, DRAWN, types)

    assert found["picture"].level is Level.FLAG
    assert [found["word"].shows(page) for page in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize(
    ("code", "is_confirmed"), [("CORR", True), ("MED-REC", False), ("POL-RPT", True)]
)
def test_a_closed_part_opens_nothing_to_who_reads_its_compartment_alone(
    code: str, *, is_confirmed: bool
) -> None:
    types: Types = {"picture": [(1, 1, "MED-REC", True)], "word": [(1, 2, code, is_confirmed)]}

    found = seen(HEALTH_ALONE, DRAWN, types)

    assert found["picture"].level is (Level.NONE if code == "POL-RPT" else Level.WHOLE)
    assert found["word"].level is Level.NONE


def test_a_document_that_is_closed_itself_is_read_with_its_parts() -> None:
    types: Types = {"picture": [(1, 1, "MED-REC", True)], "word": [(1, 2, "MED-REC", True)]}

    found = seen(HEALTH_ALONE, DRAWN, types)

    assert {found["picture"].level, found["word"].level} == {Level.WHOLE}


def test_documents_without_a_byte_are_no_twins() -> None:
    rows = [body("text", size=0, content_hash="e"), document("empty", size=0, content_hash="e")]

    assert closed(INTAKE, rows, {"empty": [(1, 1, "POL-RPT", True)]}) == {"empty"}


def test_who_may_open_one_compartment_does_not_see_the_other() -> None:
    types: Types = {
        "zip": [(1, 1, "POL-RPT", True)],
        "paper": [(1, 1, "MED-REC", False)],
    }
    police = Relationship(
        Role.INTAKE, "referrals", reads=True, opened=frozenset({Compartment.POLICE})
    )

    found = seen(police, BESIDE_ARCHIVE, types)

    assert found["other"].level is Level.WHOLE
    assert {found["paper"].level, found["twin"].level} == {Level.FLAG}


@pytest.mark.parametrize("typed", ["text", "its text", "mail"])
def test_a_letter_is_closed_with_the_letters_that_stand_by_it(typed: str) -> None:
    found = seen(INTAKE, FORWARDED, {typed: [(1, 1, "POL-RPT", True)]})

    assert shows_letter(seen(INTAKE, FORWARDED, {}), FORWARDED)
    assert not shows_letter(found, FORWARDED)
