"""Seeing what is in a compartment leaves an event that names it (threat P3)."""

from collections.abc import Callable

import pytest

from intake.access import gate
from intake.access.find import VisibleDocument
from intake.access.opened import OpenedToRead
from intake.access.safeguards import break_glass
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.documents import viewer
from storage import audit
from tests.portal.documents.closed_documents import ClosedDocuments, seed_closed
from tests.support.people import plant_user

WHY = "The coordinator calls: the person is at the airport now."
Read = Callable[[Services, OpenedToRead[VisibleDocument]], object]
READS: dict[str, Read] = {
    "page": lambda services, opened: viewer.page_image(services, opened, 1),
    "thumbnail": viewer.thumbnail,
    "search": lambda services, opened: viewer.search_pages(services, opened, "remiss"),
}


@pytest.fixture
def papers(sqlite_services: Services) -> ClosedDocuments:
    """Give papers that are closed to an intake officer."""
    found = seed_closed(sqlite_services)
    found.confirm()
    return found


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give the officer."""
    return plant_user(sqlite_services)


def opened(papers: ClosedDocuments, user: SignedInUser) -> OpenedToRead[VisibleDocument]:
    return gate.document_to_read(papers.services, user, papers.ids["POL-RPT"])


def details(papers: ClosedDocuments) -> list[dict[str, object]]:
    with papers.services.database.reading() as session:
        return [e.detail for e in audit.of_subject(session, "document", papers.ids["POL-RPT"])]


@pytest.mark.parametrize("name", READS)
def test_a_part_seen_after_the_flag_page_is_an_event_of_its_own(
    sqlite_services: Services, papers: ClosedDocuments, officer: SignedInUser, name: str
) -> None:
    viewer.document_view(sqlite_services, opened(papers, officer))
    break_glass.open_with_reason(sqlite_services, officer, papers.reference, "police", WHY)

    READS[name](sqlite_services, opened(papers, officer))
    READS[name](sqlite_services, opened(papers, officer))

    first, second = details(papers)
    assert first == {"what": "flag"}
    assert second["compartments"] == ["police"]


def test_a_part_seen_with_another_compartment_open_is_an_event_of_its_own(
    sqlite_services: Services, papers: ClosedDocuments, officer: SignedInUser
) -> None:
    break_glass.open_with_reason(sqlite_services, officer, papers.reference, "police", WHY)
    viewer.document_view(sqlite_services, opened(papers, officer))
    with sqlite_services.database.transaction() as session:
        audit.append(
            session,
            sqlite_services.keyring,
            sqlite_services.now(),
            actor=officer.actor,
            act=viewer.VIEWED,
            subject=("document", papers.ids["POL-RPT"]),
        )

    viewer.thumbnail(sqlite_services, opened(papers, officer))

    assert details(papers)[-1]["compartments"] == ["police"]


def test_the_flag_page_tells_nobody_who_looked(
    sqlite_services: Services, papers: ClosedDocuments, officer: SignedInUser
) -> None:
    reader = plant_user(sqlite_services, "Protection officer 1", "PROT")
    viewer.document_view(sqlite_services, opened(papers, reader))

    flag = viewer.document_view(sqlite_services, opened(papers, officer))
    again = viewer.document_view(sqlite_services, opened(papers, reader))

    assert flag.looks == ()
    assert [look.user for look in again.looks] == ["Protection officer 1"]
