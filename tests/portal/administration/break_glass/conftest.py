"""Papers of a case that is somebody else’s, for the tests of breaking the glass."""

import pytest

from intake.core.services import Services
from tests.portal.documents.closed_documents import ClosedPapers, seed_closed


@pytest.fixture
def papers(services: Services) -> ClosedPapers:
    """Give papers of a case that somebody else owns, confirmed."""
    found = seed_closed(services)
    found.confirm()
    return found
