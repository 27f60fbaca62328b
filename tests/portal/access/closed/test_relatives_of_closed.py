"""What says the same as a closed paper is closed with it, at every address of a document.

The paper came twice, the letter in two forms; a part of the closed archive has an open type of its
own, and one of its files came beside it too; a text draws the closed picture; a mail holds nothing
else.
"""

import pytest
from flask import Flask

from storage.cases.cases import Case
from storage.documents.document_types import DocumentTypeRange
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.access.closed.test_derived_matter import VIEWERS
from tests.portal.access.person import Person, text_of
from tests.portal.access.world import World
from tests.portal.documents import copies
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values

WORDS = "KANARIERELATIVE"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
IS_TWIN = "same_bytes_as_another_part"
REASON = "I must look at the file as it was sent."
PARTS = (
    Part("", "CLEAN", "", "text/plain", 3, role="body"),
    Part(f"{WORDS}.html", "IGNORED", "other_form_of_the_message", "text/html", role="alternative"),
    Part(f"{WORDS} paper.pdf", "CLEAN"),
    Part(f"{WORDS} paper (1).pdf", "IGNORED", IS_TWIN, twin_of=2),
    Part(f"{WORDS}.zip", "IGNORED", "opened_parts_are_listed", "application/zip"),
    Part(f"{WORDS} typed.pdf", "CLEAN", parent=4),
    Part(f"{WORDS} untyped.pdf", "CLEAN", parent=4),
    Part(f"{WORDS} beside.pdf", "IGNORED", IS_TWIN, twin_of=6),
    Part(f"{WORDS}.docx", "CLEAN", "", WORD),
    Part(f"{WORDS}.png", "CLEAN", "", "image/png", parent=8, role="inline"),
    Part(f"{WORDS}.eml", "IGNORED", "opened_parts_are_listed", "message/rfc822", role="message"),
    Part(f"{WORDS} only.pdf", "CLEAN", parent=10),
)
CLOSED_BY_A_PERSON = (0, 2, 4, 9, 11)


@pytest.fixture
def seeded(world: World) -> Seeded:
    """Give the submission, with a safe copy of everything that can have one."""
    services = world.services
    made = samples.seed(services, subject="Papers", body_text=WORDS, parts=PARTS)
    ids = extracted_values.ids_of(services, made)
    for number in CLOSED_BY_A_PERSON:
        extracted_values.add_kind(services, ids[number], "POL-RPT")
    with services.database.transaction() as session:
        for row in session.query(DocumentTypeRange).where(DocumentTypeRange.document_id.in_(ids)):
            row.decided_by, row.decided_at = "somebody", services.now()
    for number in (5, 8):
        extracted_values.add_kind(services, ids[number], "CORR")
    for document_id, part in zip(ids, PARTS, strict=True):
        if part.role != "body":
            copies.add_copy(services, document_id, (WORDS,))
    return made


@pytest.mark.parametrize("has_item", [False, True])
def test_no_relative_of_a_closed_document_says_what_it_says(
    app: Flask, world: World, seeded: Seeded, *, has_item: bool
) -> None:
    services = world.services
    ids = extracted_values.ids_of(services, seeded)
    person = Person(app, VIEWERS["INTAKE"])
    if has_item:
        person.ask("POST", "staff.claim", f"/items/{seeded.item_id}/claim")
    with services.database.reading() as session:
        case_id = session.get_one(Submission, seeded.submission_id).case_id
        case = session.get_one(Case, case_id).reference
        assert (session.get_one(QueueItem, seeded.item_id).claimed_by is not None) is has_item

    told = []
    for number, document_id in enumerate(ids):
        for endpoint, way in (("viewer", ""), ("safe_pdf", "/safe.pdf"), ("page", "/pages/1")):
            path = f"/documents/{document_id}{way}"
            answer = person.ask("GET", f"documents.{endpoint}", path)
            if WORDS in text_of(answer) or (way and answer.status_code != 404):
                told.append((PARTS[number].name, endpoint))
        path = f"/documents/{document_id}/original"
        saved = person.ask("POST", "quarantine.original", path, reason=REASON)
        told += [(PARTS[number].name, "original")] if saved.status_code != 403 else []
    for endpoint, path in (
        ("staff.submission", f"/submissions/{seeded.reference}"),
        ("cases.show", f"/cases/{case}"),
    ):
        answer = person.ask("GET", endpoint, path)
        assert answer.status_code == 200
        told += [("", endpoint)] if WORDS in text_of(answer) else []

    assert told == []


@pytest.mark.parametrize("is_in_case", [True, False])
def test_what_a_person_closed_is_closed_in_every_other_mail(
    app: Flask, world: World, *, is_in_case: bool
) -> None:
    services = world.services
    parts = (Part("", "CLEAN", "", "text/plain", 3, role="body"), Part(f"{WORDS}.pdf", "CLEAN"))
    first, second = (samples.seed(services, body_text="x", parts=parts) for _ in range(2))
    closed, again = (extracted_values.ids_of(services, made)[1] for made in (first, second))
    copies.add_copy(services, again, (WORDS,))
    extracted_values.add_kind(services, closed, "POL-RPT")
    extracted_values.add_kind(services, again, "CORR")
    person = Person(app, VIEWERS["INTAKE"])

    _share_bytes(world, first, second, is_in_case=is_in_case)
    suggested = _reads(person, again)
    _confirm(world, closed)

    assert suggested
    assert not _reads(person, again)


def test_what_was_found_in_a_closed_document_is_closed_by_itself_elsewhere(
    app: Flask, world: World
) -> None:
    services = world.services
    body = Part("", "CLEAN", "", "text/plain", 3, role="body")
    picture = Part(f"{WORDS}.png", "CLEAN", "", "image/png", parent=1, role="inline")
    first = samples.seed(
        services, body_text="x", parts=(body, Part(f"{WORDS}.docx", "CLEAN", "", WORD), picture)
    )
    second = samples.seed(
        services, body_text="x", parts=(body, Part("a.png", "CLEAN", "", "image/png"))
    )
    around, again = (extracted_values.ids_of(services, made)[1] for made in (first, second))
    copies.add_copy(services, again, (WORDS,))
    extracted_values.add_kind(services, around, "POL-RPT")
    person = Person(app, VIEWERS["INTAKE"])

    _share_bytes(world, first, second, is_in_case=False, number=2)
    suggested = _reads(person, again)
    _confirm(world, around)

    assert suggested
    assert not _reads(person, again)


def test_what_was_said_before_the_pages_were_counted_closes_all_of_them(
    app: Flask, world: World
) -> None:
    services = world.services
    parts = (Part("", "CLEAN", "", "text/plain", 3, role="body"), Part(f"{WORDS}.pdf", "CLEAN"))
    first, second = (samples.seed(services, body_text="x", parts=parts) for _ in range(2))
    closed, again = (extracted_values.ids_of(services, made)[1] for made in (first, second))
    copies.add_copy(services, again, ("a page", WORDS))
    extracted_values.add_kind(services, closed, "POL-RPT", pages=(1, 1))
    extracted_values.add_kind(services, again, "CORR", pages=(1, 2))

    _share_bytes(world, first, second, is_in_case=False)
    _confirm(world, closed)

    assert not _reads(Person(app, VIEWERS["INTAKE"]), again)


def _reads(person: Person, document_id: str) -> bool:
    return WORDS in text_of(person.ask("GET", "documents.viewer", f"/documents/{document_id}"))


def _confirm(world: World, document_id: str) -> None:
    with world.services.database.transaction() as session:
        row = session.query(DocumentTypeRange).filter_by(document_id=document_id).one()
        row.decided_by, row.decided_at = "somebody", world.services.now()


def _share_bytes(
    world: World, first: Seeded, second: Seeded, *, is_in_case: bool, number: int = 1
) -> None:
    """Let the only paper of one mail be the same bytes as a document of another one."""
    services = world.services
    if is_in_case:
        with services.database.transaction() as session:
            case_id = session.get_one(Submission, first.submission_id).case_id
            session.get_one(Submission, second.submission_id).case_id = case_id
    one, other = (copies.documents_of(services, made.submission_id) for made in (first, second))
    with services.database.transaction() as session:
        session.merge(other[1]).content_hash = one[number].content_hash
