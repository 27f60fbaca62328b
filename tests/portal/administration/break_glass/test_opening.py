"""Check breaking the glass: scenario 12, and those who would misuse it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.access.compartments import Compartment
from intake.access.safeguards import break_glass
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.correspondence.case_messages import new_message_id
from storage.access.grants import AccessGrant
from storage.documents.document_types import DocumentTypeRange
from tests.portal.administration.break_glass.opening import WHY, grant_id, open_case
from tests.portal.building import Clock
from tests.portal.cases.seen_case import seed_case
from tests.portal.conftest import Browser, SignIn
from tests.portal.documents.closed_documents import ClosedDocuments, seed_closed


def test_an_officer_opens_somebody_elses_case_and_another_person_answers(
    services: Services, papers: ClosedDocuments, signed_in: SignIn
) -> None:
    officer, second = signed_in("CASEW"), signed_in("PROT")
    page = f"/submissions/{papers.reference}"

    asked = officer.get(page)
    opened = officer.post(asked.location, asked.location, reason=WHY, what="content")
    read = officer.get(opened.location)
    told = second.get("/queues").text
    waiting = second.get("/unusual-access").text
    kept = second.post(
        f"/unusual-access/{grant_id(services)}", "/unusual-access", verdict="in_order", note="Fine"
    )
    report = second.get("/unusual-access").text

    assert (asked.status_code, asked.location) == (303, f"/break-glass/{papers.reference}")
    assert (opened.status_code, opened.location) == (303, page)
    assert read.status_code == 200
    assert "opened with a reason until" in read.text
    assert officer.get(f"/documents/{papers.ids['MED-REC']}/pages/1").status_code == 200
    assert re.search(r"nav-count\">1<", told)
    assert "Caseworker 1" in waiting
    assert papers.case_reference in waiting
    assert WHY in waiting
    assert kept.status_code == 303
    assert "nav-count" not in report
    assert "In order" in report
    assert [event.detail["scope"] for event in papers.events("access.opened_with_reason")] == [
        "content"
    ]
    assert [e.detail["verdict"] for e in papers.events("access.answered")] == ["in_order"]


@pytest.mark.parametrize("compartment", list(Compartment))
def test_a_compartment_in_which_nothing_lies_is_opened_like_another(
    services: Services, make_user: Callable[..., SignedInUser], compartment: Compartment
) -> None:
    case = seed_case(services)
    officer = make_user("INTAKE")

    break_glass.open_with_reason(services, officer, case.reference, compartment, WHY)

    # The column stands in clear (threat P9): it must say no more than what was looked for.
    with services.database.reading() as session:
        assert session.query(AccessGrant).one().scope == compartment
        kinds = session.query(DocumentTypeRange).count()
    assert kinds == 0


def test_it_opens_to_read_and_not_to_act(papers: ClosedDocuments, signed_in: SignIn) -> None:
    browser = signed_in("CASEW")
    open_case(browser, papers)
    case, page = f"/cases/{papers.case_reference}", f"/submissions/{papers.reference}"

    shown = browser.get(case).text + browser.get(page).text

    assert "/confirmation" not in shown
    assert "/close-without" not in shown
    assert f"{case}/owner" not in shown
    forms = {f"{case}/owner": "absence", f"{case}/note": "", f"{page}/confirm": ""}
    for form, why in (forms | {f"{page}/close-without": "internal", f"{page}/kinds": ""}).items():
        answer = browser.post(form, case, to="x", why=why, note="x", note_id=new_message_id())
        assert answer.status_code == 403, form
    assert browser.post(f"/items/{papers.item_id}/claim", case).status_code == 403


@pytest.mark.parametrize(("minutes", "status"), [(239, 200), (240, 404), (2400, 404)])
def test_it_ends_by_itself(
    papers: ClosedDocuments,
    browser: Browser,
    make_user: Callable[..., SignedInUser],
    clock: Clock,
    minutes: int,
    status: int,
) -> None:
    user = make_user("CASEW")
    break_glass.open_with_reason(papers.services, user, papers.reference, "content", WHY)

    clock.at += timedelta(minutes=minutes)
    browser.sign_in("casew@iom.example")

    assert browser.get(f"/documents/{papers.ids['ID-PASS']}/pages/1").status_code == status


def test_an_ended_opening_shows_nothing_to_who_is_still_signed_in(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("CASEW")
    open_case(browser, papers)
    with services.database.transaction() as session:
        session.query(AccessGrant).one().ends_at = services.now()

    assert browser.get(f"/documents/{papers.ids['ID-PASS']}/pages/1").status_code == 404
    assert browser.get(f"/cases/{papers.case_reference}").status_code == 303
    assert papers.reference not in browser.get("/queues/Q2").text


def test_somebody_elses_opening_opens_nothing(papers: ClosedDocuments, signed_in: SignIn) -> None:
    first, other = signed_in("CASEW"), signed_in("CASEW", "other")
    open_case(first, papers)

    assert other.get(f"/documents/{papers.ids['ID-PASS']}").status_code == 404
    assert other.get(f"/submissions/{papers.reference}").status_code == 303
    assert "opened with a reason until" not in other.get("/queues").text


def test_it_can_be_given_back_by_who_opened_it_only(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    first, other = signed_in("CASEW"), signed_in("CASEW", "other")
    open_case(first, papers)
    end = f"/break-glass/{grant_id(services)}/end"

    refused = other.post(end, "/queues").status_code
    still_open = first.get(f"/submissions/{papers.reference}").status_code
    given_back = first.post(end, "/queues").status_code

    assert (refused, still_open, given_back) == (404, 200, 303)
    assert first.get(f"/submissions/{papers.reference}").status_code == 303


@pytest.mark.parametrize(
    ("role", "programme"),
    [("CASEW", "cash"), ("INTAKE", "cash"), ("CASH", "referrals"), ("HEALTH", "referrals")],
)
def test_another_programme_is_not_there_whatever_the_reason(
    services: Services, signed_in: SignIn, role: str, programme: str
) -> None:
    foreign = seed_closed(services, programme)
    browser = signed_in(role)

    pages = {
        (answer.status_code, answer.text.partition("<main")[2])
        for what in ("content", "health")
        for code in (foreign.reference, foreign.case_reference, "K7M-4QX-9T", "nonsense")
        for answer in [browser.get(f"/break-glass/{code}?what={what}")]
    }
    token_page = "/queues" if role != "HEALTH" else "/health-papers"
    sent = browser.post(f"/break-glass/{foreign.reference}", token_page, reason=WHY, what="content")

    assert {status for status, _ in pages} == {404}
    assert len(pages) == 1
    assert sent.status_code == 404
    with services.database.reading() as session:
        assert session.query(AccessGrant).count() == 0


@pytest.mark.parametrize(
    ("role", "programme"), [("PROT", "cash"), ("MGR", "cash"), ("MGR", "referrals")]
)
def test_who_crosses_between_programmes_gives_a_reason(
    services: Services, signed_in: SignIn, role: str, programme: str
) -> None:
    papers = seed_closed(services, programme)
    browser = signed_in(role)
    page = f"/submissions/{papers.reference}"

    before = browser.get(page).status_code
    opened = open_case(browser, papers)

    assert (before, opened, browser.get(page).status_code) == (303, 303, 200)


def test_a_manager_learns_of_no_compartment_even_with_a_reason(
    papers: ClosedDocuments, signed_in: SignIn
) -> None:
    browser = signed_in("MGR")
    open_case(browser, papers)

    texts = [
        browser.get(path).text
        for path in (f"/submissions/{papers.reference}", f"/cases/{papers.case_reference}")
    ]

    for text in texts:
        assert "pass.pdf" in text
        for flag in ("ealth document", "Health declaration", "medical report", "olice"):
            assert flag not in text.partition("<main")[2].partition("</main")[0]
    assert browser.get(f"/documents/{papers.ids['MED-REC']}").status_code == 404


@pytest.mark.parametrize(
    ("role", "what", "status"),
    [
        ("INTAKE", "health", 303),
        ("INTAKE", "police", 303),
        ("INTAKE", "content", 404),
        ("PROT", "health", 303),
        ("MGR", "health", 404),
        ("CASEW", "health", 404),
        ("INTAKE", "everything", 404),
    ],
)
def test_a_compartment_is_opened_by_who_sees_its_flag(
    papers: ClosedDocuments,
    services: Services,
    signed_in: SignIn,
    role: str,
    what: str,
    status: int,
) -> None:
    browser = signed_in(role)

    sent = browser.post(
        f"/break-glass/{papers.reference}", "/queues", reason=WHY, what=what
    ).status_code

    kind = {"health": "MED-REC", "police": "POL-RPT"}.get(what, "MED-REC")
    seen = browser.get(f"/documents/{papers.ids[kind]}/pages/1").status_code
    assert (sent, seen) == (status, 200 if status == 303 else 404)


def test_an_opened_compartment_cannot_be_opened_for_good(
    papers: ClosedDocuments, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    open_case(browser, papers, what="health")

    answer = browser.post(
        f"/documents/{papers.ids['MED-REC']}/kind", f"/submissions/{papers.reference}", kind="CORR"
    )

    assert answer.status_code == 403
