"""A second person answers for what was opened with a reason, and the week’s report tells of it."""

from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.access.grants import AccessGrant
from storage.accounts.users import User
from tests.portal.administration.break_glass.opening import WHY, grant_id, open_case
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.documents.closed_documents import ClosedDocuments


@pytest.mark.parametrize("role", ["MGR", "AUDIT", "DPO"])
def test_the_weekly_report_shows_it_without_content(
    papers: ClosedDocuments, signed_in: SignIn, clock: Clock, role: str
) -> None:
    open_case(signed_in("CASEW"), papers)
    reader = signed_in(role)

    first = reader.get("/unusual-access").text

    assert papers.case_reference in first
    assert WHY in first
    assert "hiv-journal" not in first
    assert ('name="verdict"' in first) is (role == "MGR")
    assert len(papers.events("access.reviewed")) == 1


def test_what_nobody_answered_for_waits_longer_than_a_week(
    papers: ClosedDocuments, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    open_case(signed_in("CASEW"), papers)
    clock.at += timedelta(days=8)

    page = signed_in("MGR").get("/unusual-access").text

    waiting, _, week = page.partition("The last seven days")
    assert papers.case_reference in waiting
    assert papers.case_reference not in week


@pytest.mark.parametrize("reason", ["", "      ", "<b>nu", "x" * 1001])
def test_without_a_reason_nothing_opens_and_what_was_written_stays(
    papers: ClosedDocuments, services: Services, signed_in: SignIn, reason: str
) -> None:
    browser = signed_in("CASEW")
    at = f"/break-glass/{papers.reference}"

    answer = browser.post(at, at, reason=reason, what="content")

    assert answer.status_code == 400
    assert "Please write a reason" in answer.text
    assert "<b>nu" not in answer.text
    if reason.startswith("<"):
        assert "&lt;b&gt;nu" in answer.text
    with services.database.reading() as session:
        assert session.query(AccessGrant).count() == 0


def test_the_same_form_twice_opens_once(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("CASEW")
    at = f"/break-glass/{papers.reference}"
    open_case(browser, papers)

    again = browser.post(at, "/queues", reason=WHY, what="content")

    assert again.status_code == 303
    assert "It is open to you" in browser.get(at).text
    assert grant_id(services)


def test_nobody_answers_for_their_own_opening(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    manager = signed_in("MGR")
    open_case(manager, papers)
    at = f"/unusual-access/{grant_id(services)}"

    page = manager.get("/unusual-access").text
    answer = manager.post(at, "/unusual-access", verdict="in_order")

    assert "Somebody else reviews it" in page
    assert "nav-count" not in page
    assert answer.status_code == 403
    with services.database.reading() as session:
        assert session.query(AccessGrant).one().answered_at is None


@pytest.mark.parametrize("role", ["INTAKE", "CASEW", "AUDIT", "DPO", "ADMIN"])
def test_roles_that_do_not_answer_cannot_answer(
    papers: ClosedDocuments, services: Services, signed_in: SignIn, role: str
) -> None:
    open_case(signed_in("CASEW", "first"), papers)

    answer = signed_in(role).post(f"/unusual-access/{grant_id(services)}", "/", verdict="in_order")

    assert answer.status_code == 404


def test_not_in_order_needs_words_and_ends_it(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    officer, second = signed_in("CASEW"), signed_in("PROT")
    open_case(officer, papers)
    at = f"/unusual-access/{grant_id(services)}"

    wordless = second.post(at, "/unusual-access", verdict="not_in_order")
    nothing = second.post(at, "/unusual-access", note="I do not know")
    kept = second.post(at, "/unusual-access", verdict="not_in_order", note="Nobody called.")
    otherwise = second.post(at, "/unusual-access", verdict="in_order")

    assert (wordless.status_code, nothing.status_code) == (400, 400)
    assert "Write what was not in order" in wordless.text
    assert "I do not know" in nothing.text
    assert (kept.status_code, otherwise.status_code) == (303, 409)
    assert officer.get(f"/submissions/{papers.reference}").status_code == 303


def test_reasons_are_sealed_and_in_no_audit_event(
    papers: ClosedDocuments, services: Services, signed_in: SignIn
) -> None:
    open_case(signed_in("CASEW"), papers)

    (event,) = papers.events("access.opened_with_reason")
    with services.database.reading() as session:
        row = session.query(AccessGrant).one()
        actor = session.query(User).filter_by(role="CASEW").one().id
    assert WHY.encode() not in row.reason
    assert WHY not in str(event.detail)
    assert event.actor == f"user:{actor}"
    assert event.subject_id == papers.case_id
