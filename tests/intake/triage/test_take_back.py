"""Check that undoing a decision opens nothing: a colleague's closed document stays closed."""

from dataclasses import dataclass

import pytest

from intake.access import gate, rights
from intake.access.visibility import Visibility
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.triage import confirm_types
from intake.triage.undoing import step_back
from intake.triage.undoing.step_back import NotTakenBack
from storage import audit
from storage.base import new_id
from storage.documents import document_types, documents
from storage.documents.document_types import DocumentTypeRange
from storage.submissions import submissions
from tests.support.people import plant_user
from tests.support.rows import Planter


@dataclass(frozen=True)
class Closed:
    """A submission whose one document a caseworker said is a health document."""

    services: Services
    reference: str
    submission_id: str
    document_id: str
    caseworker: SignedInUser
    intake: SignedInUser

    def decision(self) -> int:
        """Return the number of the newest decision."""
        with self.services.database.reading() as session:
            return audit.of_subject(session, "submission", self.submission_id)[-1].sequence

    def undo(self, user: SignedInUser) -> None:
        """Undo it as somebody."""
        opened = gate.submission_to_change(self.services, user, self.reference)
        step_back.step_back(self.services, opened, self.decision())

    def type(self) -> tuple[str, bool]:
        """Return the document's type, and whether somebody decided it."""
        with self.services.database.reading() as session:
            (row,) = document_types.of_documents(session, [self.document_id])
        return row.document_type, row.decided_at is not None

    def visibility(self, user: SignedInUser) -> Visibility:
        """Return what somebody sees of the document."""
        with self.services.database.reading() as session:
            submission = submissions.by_id(session, self.submission_id)
            assert submission is not None
            relationship = rights.relationship_to(self.services, session, user, submission)
            rows = documents.of_submission(session, submission.id)
            return rights.visibilities(session, relationship, rows)[self.document_id]


@pytest.fixture
def closed(services: Services) -> Closed:
    """Give a document that a caseworker, who owns the case, typed as health matter."""
    caseworker = plant_user(services, "Caseworker 1", "CASEW")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        case = planter.case(owner_id=caseworker.id)
        submission = planter.submission(case_id=case.id)
        document = planter.document(submission, state="CLEAN", page_count=2)
        session.add(
            DocumentTypeRange(
                id=new_id(), document_id=document.id, first_page=1, last_page=2,
                document_type="REF-FORM", suggested_type="REF-FORM", confidence=0.9, reasons=[],
            )
        )  # fmt: skip
    confirm_types.set_type(
        services, gate.document_to_change(services, caseworker, document.id), "MED-REC", {"MED-REC"}
    )
    return Closed(
        services, submission.reference, submission.id, document.id, caseworker, plant_user(services)
    )


def test_a_colleagues_decision_about_a_closed_document_is_not_undone(closed: Closed) -> None:
    assert not closed.visibility(closed.intake).is_whole

    with pytest.raises(NotTakenBack):
        closed.undo(closed.intake)

    assert closed.type() == ("MED-REC", True)
    assert not closed.visibility(closed.intake).is_whole


def test_who_reads_the_document_undoes_their_decision(closed: Closed) -> None:
    closed.undo(closed.caseworker)

    assert closed.type() == ("REF-FORM", False)


def test_who_closed_a_document_by_a_slip_opens_it_again(closed: Closed) -> None:
    services = closed.services
    closed.undo(closed.caseworker)
    confirm_types.set_type(
        services,
        gate.document_to_change(services, closed.intake, closed.document_id),
        "MED-REC",
        {"MED-REC"},
    )
    assert not closed.visibility(closed.intake).is_whole

    closed.undo(closed.intake)

    assert closed.type() == ("REF-FORM", False)
    assert closed.visibility(closed.intake).is_whole
