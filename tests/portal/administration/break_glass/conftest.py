"""Give documents of a case that is somebody else’s, for the tests of break-glass access."""

import pytest

from intake.core.services import Services
from tests.portal.documents.closed_documents import ClosedDocuments, seed_closed


@pytest.fixture
def papers(services: Services) -> ClosedDocuments:
    """Give documents of a case that somebody else owns, their types confirmed."""
    found = seed_closed(services)
    found.confirm()
    return found
