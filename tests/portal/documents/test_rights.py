"""Check rights.

What is closed to somebody is in no page, picture, file, search or list they get.
"""

from collections.abc import Callable
from datetime import date

import pytest

from intake.access import gate
from intake.access.safeguards import break_glass
from intake.accounts.accounts import SignedInUser
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.documents import originals
from intake.documents.originals import OriginalClosed
from intake.queues import assignment
from storage.base import new_id
from storage.cases.legal_dates import LegalDate
from storage.documents.document_types import DocumentTypeRange
from storage.submissions import submissions
from tests.portal.conftest import Browser, SignIn
from tests.portal.documents.closed_documents import NAMES, ClosedDocuments, seed_closed
from tests.portal.samples import seed
from tests.support.people import plant_user

MakeUser = Callable[..., SignedInUser]
SECRETS = (NAMES["MED-REC"], "diagnos", "19900101-2384")


@pytest.fixture
def papers(services: Services) -> ClosedDocuments:
    """Give closed documents of the referrals, their types confirmed."""
    found = seed_closed(services)
    found.confirm()
    return found


def seen(browser: Browser, document_id: str) -> list[int]:
    """Return what each way to a document's contents answers."""
    at = f"/documents/{document_id}"
    ways = (f"{at}/pages/1", f"{at}/thumbnail", f"{at}/safe.pdf")
    return [browser.get(way).status_code for way in ways]


def test_an_intake_officer_sees_that_a_health_document_is_there_and_nothing_of_it(
    papers: ClosedDocuments, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    hidden = papers.ids["MED-REC"]

    pages = [
        browser.get(f"/submissions/{papers.reference}"),
        browser.get(f"/submissions/{papers.reference}?document={hidden}"),
        browser.get(f"/cases/{papers.case_reference}"),
        browser.get(f"/documents/{hidden}"),
        browser.get(f"/submissions/{papers.reference}/confirmation"),
    ]

    assert {page.status_code for page in pages} == {200}
    assert not [secret for secret in SECRETS for page in pages if secret in page.text]
    assert "A health document" in pages[0].text
    assert "Ask the health focal point" in pages[1].text
    assert seen(browser, hidden) == [404, 404, 404]
    search = browser.post(f"/documents/{hidden}/search", f"/documents/{papers.ids['ID-PASS']}")
    assert search.status_code == 404
    assert seen(browser, papers.ids["ID-PASS"]) == [200, 200, 200]


def test_the_file_itself_is_as_closed_as_its_copy(
    papers: ClosedDocuments, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")

    answer = browser.post(
        f"/documents/{papers.ids['MED-REC']}/original",
        f"/submissions/{papers.reference}",
        reason="I want to see what is in it.",
    )

    assert answer.status_code == 403
    assert papers.events("document.original_opened") == []


@pytest.mark.parametrize(
    ("role", "health", "police"),
    [("INTAKE", 404, 404), ("PROT", 404, 200), ("CASEW", 200, 200), ("HEALTH", 200, 404)],
)
def test_each_role_reads_its_own_compartments(
    papers: ClosedDocuments,
    signed_in: SignIn,
    services: Services,
    role: str,
    health: int,
    police: int,
) -> None:
    browser = signed_in(role)
    papers.give_to(_account(services, role))

    assert seen(browser, papers.ids["MED-REC"]) == [health] * 3
    assert seen(browser, papers.ids["POL-RPT"]) == [police] * 3


def test_a_look_into_a_compartment_is_in_the_audit_by_its_name(
    papers: ClosedDocuments, signed_in: SignIn
) -> None:
    signed_in("HEALTH").get(f"/documents/{papers.ids['MED-REC']}")

    (event,) = papers.events("document.viewed")
    assert event.detail == {"compartments": ["health"]}


def test_the_officer_who_has_a_submission_looks_until_its_type_is_confirmed(
    services: Services, signed_in: SignIn
) -> None:
    papers = seed_closed(services)
    browser = signed_in("INTAKE")
    hidden = papers.ids["MED-REC"]
    page = f"/submissions/{papers.reference}"

    before = seen(browser, hidden)
    browser.post(f"/items/{papers.item_id}/claim", "/queues/Q2")
    while_held = seen(browser, hidden)
    confirmed = browser.post(f"{page}/kinds", page)
    after = seen(browser, hidden)

    assert (before, while_held, after) == ([404] * 3, [200] * 3, [404] * 3)
    assert confirmed.status_code == 303
    assert papers.events("document.viewed")[0].detail["compartments"] == ["health"]


@pytest.mark.parametrize("is_held", [False, True])
def test_another_type_opens_no_closed_document(
    papers: ClosedDocuments, signed_in: SignIn, is_held: bool
) -> None:
    browser = signed_in("INTAKE")
    if is_held:
        browser.post(f"/items/{papers.item_id}/claim", "/queues/Q2")

    answer = browser.post(
        f"/documents/{papers.ids['MED-REC']}/kind", f"/submissions/{papers.reference}", kind="CORR"
    )

    assert answer.status_code == 403
    with papers.services.database.reading() as session:
        assert "CORR" not in {row.document_type for row in session.query(DocumentTypeRange)}


def test_the_health_focal_point_has_a_list_and_nothing_around_it(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    cash = seed_closed(services, "cash")
    papers.confirm()
    browser = signed_in("HEALTH")
    record = f"/documents/{papers.ids['MED-REC']}"

    first = browser.get("/health-papers").text
    viewer = browser.get(record)
    second = browser.get("/health-papers").text

    assert record in first
    assert "1 is new" in first
    assert "All have been opened" in second
    assert cash.reference not in first
    assert viewer.status_code == 200
    assert papers.ids["ID-PASS"] not in viewer.text
    for path in (f"/submissions/{papers.reference}", f"/cases/{papers.case_reference}", "/queues"):
        assert browser.get(path).status_code == 404
    for other in ("POL-RPT", "ID-PASS"):
        assert browser.get(f"/documents/{papers.ids[other]}").status_code == 404
    assert browser.get(f"/documents/{cash.ids['MED-REC']}").status_code == 404


@pytest.mark.parametrize("role", ["INTAKE", "CASEW", "PROT", "MGR", "ADMIN", "COORD"])
def test_the_list_of_health_documents_is_the_focal_points(signed_in: SignIn, role: str) -> None:
    assert signed_in(role).get("/health-papers").status_code == 404


def test_a_caseworker_sees_their_own_cases_and_what_they_have_taken(
    services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("CASEW")
    me = _account(services, "CASEW")
    own, foreign, unfiled = seed_closed(services), seed_closed(services), seed(services)
    own.give_to(me)

    queue = browser.get("/queues/Q2").text

    assert own.reference in queue
    assert foreign.reference not in queue
    assert unfiled.reference not in queue
    assert "1 open" in browser.get("/queues").text
    assert browser.get(f"/submissions/{own.reference}").status_code == 200
    for path in (f"/submissions/{foreign.reference}", f"/cases/{foreign.case_reference}"):
        assert browser.get(path).status_code == 303
    assert browser.get(f"/documents/{foreign.ids['ID-PASS']}").status_code == 404
    claim = browser.post(f"/items/{foreign.item_id}/claim", "/queues/Q2")
    assert claim.status_code == 404


def test_new_cases_that_nobody_owns_are_intakes(services: Services, signed_in: SignIn) -> None:
    papers = seed_closed(services)

    assert signed_in("INTAKE").get(f"/cases/{papers.case_reference}").status_code == 200


def test_an_item_that_was_assigned_to_somebody_is_their_own(
    services: Services, make_user: MakeUser
) -> None:
    from intake.access import rights
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission

    papers, me = seed_closed(services), make_user("CASEW")
    with services.database.transaction() as session:
        session.get_one(QueueItem, papers.item_id).claimed_by = me.id

    with services.database.reading() as session:
        row = session.query(Submission).filter_by(reference=papers.reference).one()
        assert rights.relationship_to(services, session, me, row).is_assigned
    assert assignment.release_item(services, gate.item_to_change(services, me, papers.item_id))
    with services.database.reading() as session:
        row = session.query(Submission).filter_by(reference=papers.reference).one()
        assert not rights.relationship_to(services, session, me, row).reads


def _account(services: Services, role: str) -> str:
    from storage.accounts.users import User

    with services.database.reading() as session:
        return session.query(User).filter_by(role=role).one().id


def test_a_day_that_a_closed_paper_has_too_is_shown_once_somebody_typed_it(
    papers: ClosedDocuments, signed_in: SignIn
) -> None:
    services, day = papers.services, date(2031, 3, 17)
    with services.database.transaction() as session:
        submission = submissions.by_reference(session, papers.reference)
        assert submission is not None
        session.add(
            LegalDate(
                id=new_id(),
                submission_id=submission.id,
                document_id=papers.ids["MED-REC"],
                kind="trial",
                day=day,
                noted_at=services.now(),
                confirmed_at=services.now(),
            )
        )
    browser, page = signed_in("INTAKE"), f"/submissions/{papers.reference}"
    before = browser.get(page).text

    answers = [
        browser.post(f"{page}/dates", page, kind="trial", day=day.isoformat()).status_code
        for _ in range(2)
    ]

    assert "17 Mar 2031" not in before
    assert answers == [303, 303]
    assert "17 Mar 2031" in browser.get(page).text
    assert len(papers.events("date.confirmed")) == 1


def test_an_original_is_not_saved_by_an_opening_with_a_reason(papers: ClosedDocuments) -> None:
    services = papers.services
    officer = plant_user(services)
    hidden = papers.ids["MED-REC"]
    break_glass.open_with_reason(
        services, officer, papers.reference, "health", "The doctor calls about it now."
    )
    can_read = gate.document_to_read(services, officer, hidden)

    with pytest.raises((NotFound, OriginalClosed)):
        originals.open_original(
            services, gate.document_to_change(services, officer, hidden), "The region needs it now."
        )

    assert can_read
    assert papers.events("document.original_opened") == []
