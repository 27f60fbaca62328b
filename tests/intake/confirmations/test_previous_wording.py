"""The words of a signed paper are closed where the paper is (threat P10)."""

import pytest

from intake.access import gate, papers
from intake.confirmations import previous_wording
from intake.core.services import Services
from storage import audit
from storage.audit_acts import Act
from storage.documents.document_types import DocumentTypeRange
from tests.intake.confirmations.papers import DRAFT, Case, seed_case
from tests.portal.documents import copies
from tests.portal.triage import extracted_values
from tests.support.people import plant_user


@pytest.fixture
def case(sqlite_services: Services) -> Case:
    """Give a submission whose confirmation was signed."""
    found = seed_case(sqlite_services)
    found.sign(plant_user(sqlite_services, "Intake officer 9"))
    return found


def close(case: Case) -> None:
    """Let a person have found a police report among its documents."""
    document = copies.documents_of(case.services, case.submission_id)[-1]
    extracted_values.add_kind(case.services, document.id, "POL-RPT")
    with case.services.database.transaction() as session:
        for row in session.query(DocumentTypeRange):
            row.decided_by, row.decided_at = "somebody", case.services.now()


def test_who_reads_the_paper_reads_its_words(sqlite_services: Services, case: Case) -> None:
    officer = plant_user(sqlite_services)

    words = previous_wording.read_signed_words(
        sqlite_services, gate.submission_to_change(sqlite_services, officer, case.reference)
    )

    assert words["next_step"] == DRAFT.next_step


def test_the_words_of_a_closed_paper_are_closed(sqlite_services: Services, case: Case) -> None:
    officer = plant_user(sqlite_services)
    close(case)
    opened = gate.submission_to_change(sqlite_services, officer, case.reference)

    with pytest.raises(papers.PaperClosed):
        previous_wording.read_signed_words(sqlite_services, opened)

    with sqlite_services.database.reading() as session:
        events = audit.of_subject(session, "submission", case.submission_id)
    assert Act.PAPER_OPENED not in {event.act for event in events}
