"""A letter that a person closed says nothing to whom it is closed, on no page (threat P10).

A case of the caseworker holds two submissions; one has a locked file. A letter in one of them names
the password, and is closed as a police paper.
"""

from dataclasses import dataclass

import pytest
from flask import Flask

from intake.access.safeguards import break_glass
from intake.accounts.accounts import signed_in_user
from storage.access.grants import CONTENT
from storage.accounts.users import User
from storage.base import new_id
from storage.cases.cases import Case
from storage.documents.document_types import DocumentTypeRange
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person, text_of
from tests.portal.access.world import World
from tests.portal.samples import Part
from tests.portal.triage import extracted_values

WORD = "KANARIELAMP"
LETTER = f"The password is {WORD}."
BODY = Part("", "CLEAN", "", "text/plain", 3, role="body")
LOCKED = Part("pass.pdf", "LOCKED", "password_needed")
VIEWERS = {viewer.name: viewer for viewer in PEOPLE}


@dataclass(frozen=True)
class Letters:
    """The submission with the locked file, and its case."""

    world: World
    reference: str
    case_reference: str
    locked_id: str

    def told(self, app: Flask, name: str) -> str:
        """Return what all pages of it say to a person."""
        person = Person(app, VIEWERS[name])
        ways = {
            "documents.viewer": f"/documents/{self.locked_id}",
            "staff.submission": f"/submissions/{self.reference}",
            "answers.compose": f"/submissions/{self.reference}/answer",
            "cases.show": f"/cases/{self.case_reference}",
        }
        return "".join(text_of(person.ask("GET", *asked)) for asked in ways.items())

    def open_with_reason(self, name: str) -> None:
        """Let somebody have opened the case with a reason."""
        services = self.world.services
        with services.database.reading() as session:
            label_like = session.query(User).filter_by(role=VIEWERS[name].role).first()
            assert label_like is not None
            user = signed_in_user(label_like)
        why = "The owner is away and the region asks."
        break_glass.open_with_reason(services, user, self.case_reference, CONTENT, why)


def seed_letters(world: World, *, is_beside: bool) -> Letters:
    """Put the case in; `is_beside` tells that the other submission has the letter."""
    services = world.services
    other = samples.seed(
        services, subject="More", body_text=LETTER if is_beside else "Hello.", parts=(BODY,)
    )
    made = samples.seed(
        services,
        subject="Papers",
        body_text="Hello." if is_beside else LETTER,
        parts=(BODY, LOCKED),
    )
    body_id, locked_id = extracted_values.ids_of(services, made)
    if is_beside:
        (body_id,) = extracted_values.ids_of(services, other)
    close(world, body_id, "POL-RPT")
    with services.database.transaction() as session:
        own = session.get_one(Submission, made.submission_id)
        session.get_one(Submission, other.submission_id).case_id = own.case_id
        case = session.get_one(Case, own.case_id)
        case.owner_id = session.query(User.id).filter_by(label="Caseworker 1").scalar()
        return Letters(world, made.reference, case.reference, locked_id)


def close(world: World, document_id: str, kind: str) -> None:
    """Let a person have said which type a document is of."""
    extracted_values.add_kind(world.services, document_id, kind)
    with world.services.database.transaction() as session:
        row = session.query(DocumentTypeRange).filter_by(document_id=document_id).one()
        row.decided_by, row.decided_at = new_id(), world.services.now()


@pytest.mark.parametrize("is_beside", [False, True])
@pytest.mark.parametrize("name", ["INTAKE", "HEALTH", "MGR", "CASEW"])
def test_a_closed_letter_tells_its_readers_only(
    app: Flask, world: World, name: str, is_beside: bool
) -> None:
    letters = seed_letters(world, is_beside=is_beside)
    if name == "HEALTH":
        # Without this there is nothing that they could ask for.
        close(world, letters.locked_id, "MED-REC")
    if name == "MGR":
        letters.open_with_reason(name)

    told = letters.told(app, name)

    assert letters.reference in told
    assert (WORD in told) is (name == "CASEW")
