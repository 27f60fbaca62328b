"""Open what is closed with a reason, by its form."""

from intake.core.services import Services
from storage.access.grants import AccessGrant
from tests.portal.conftest import Browser
from tests.portal.documents.closed_documents import ClosedDocuments

WHY = "The coordinator calls: the person is at the airport now."


def open_case(
    browser: Browser, papers: ClosedDocuments, reason: str = WHY, what: str = "content"
) -> int:
    """Fill in the form for a case."""
    at = f"/break-glass/{papers.reference}"
    page = f"{at}?what={what}"
    return browser.post(at, page, reason=reason, what=what).status_code


def grant_id(services: Services) -> str:
    with services.database.reading() as session:
        return session.query(AccessGrant).one().id
