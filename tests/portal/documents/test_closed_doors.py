"""Check that no button acts on a document that is closed, or tells by its answer what is in it."""

import pytest

from intake.core.services import Services
from storage.base import new_id
from storage.documents import documents
from storage.documents.document_types import DocumentTypeRange
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.documents import copies
from tests.portal.samples import Part, Seeded

PARTS = (
    Part("link.txt", "CLEAN", "", "text/plain", 900, page_count=1, findings=("cloud_link",)),
    Part("plain.txt", "CLEAN", "", "text/plain", 901, page_count=1),
    Part("logo.png", "IGNORED", "footer_image", "image/png", 902, role="inline", page_count=1),
    Part("a.zip", "IGNORED", "opened_parts_are_listed", "application/zip", 903),
    Part("held.zip", "HELD", "archive_not_opened", "application/zip", 904),
)
WHY = "The case cannot go on without it."


@pytest.fixture
def closed(services: Services) -> Seeded:
    """Give documents of every standing, all of them about somebody's health."""
    made = samples.seed(services, parts=PARTS)
    with services.database.transaction() as session:
        for row in documents.of_submission(session, made.submission_id):
            session.add(
                DocumentTypeRange(
                    id=new_id(),
                    document_id=row.id,
                    first_page=1,
                    last_page=1,
                    document_type="HLTH-DECL",
                    suggested_type="HLTH-DECL",
                    confidence=1.0,
                    reasons=[],
                    decided_by="somebody",
                    decided_at=services.now(),
                )
            )
    return made


@pytest.mark.parametrize("act", ["ask", "show"])
@pytest.mark.parametrize("number", range(4))
def test_a_closed_document_answers_as_one_that_is_not_there(
    services: Services, signed_in: SignIn, closed: Seeded, act: str, number: int
) -> None:
    row = copies.documents_of(services, closed.submission_id)[number]

    answer = signed_in("INTAKE").post(f"/documents/{row.id}/{act}", "/queues", reason=WHY)

    assert answer.status_code == 404
    after = copies.documents_of(services, closed.submission_id)[number]
    assert (after.state, after.reason) == (PARTS[number].state, PARTS[number].reason)


def test_a_held_one_may_be_asked_for_unseen(
    services: Services, signed_in: SignIn, closed: Seeded
) -> None:
    row = copies.documents_of(services, closed.submission_id)[4]

    answer = signed_in("INTAKE").post(f"/documents/{row.id}/ask", "/queues", reason=WHY)

    assert answer.status_code == 303
