"""Check the quarantine: who sees which forms, what they do, and what a refusal looks like."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.sandbox.protocol.errors import JailUnavailable
from portal.web import app_services
from storage import audit
from storage.documents.documents import Document
from tests.portal import samples
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.documents import copies
from tests.portal.samples import Seeded
from tests.support.building import RecordingQueue

WHY = "Needed for the decision of today."
ACTS = ("ask", "release", "reject", "unlock", "original")


class OneLock:
    """A stand-in for the jail that tries passwords: one password opens."""

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return opened bytes for the right password."""
        if password == "away":
            raise JailUnavailable("away")
        return b"opened" if password == "right" else None


@pytest.fixture
def seeded(services: Services) -> Seeded:
    """Give a submission of everything."""
    return samples.seed(services, parts=samples.DESK_PARTS, queue="Q6", kind="quarantine")


def held(services: Services, seeded: Seeded, state: str = "HELD") -> str:
    return copies.document_of(services, seeded.submission_id, state).id


def state_of(services: Services, seeded: Seeded, document_id: str) -> str:
    rows = copies.documents_of(services, seeded.submission_id)
    return next(row.state for row in rows if row.id == document_id)


def send(browser: Browser, document_id: str, act: str, **fields: str) -> tuple[int, str]:
    answer = browser.post(f"/documents/{document_id}/{act}", "/", **fields)
    return answer.status_code, answer.text


def test_the_desk_lists_what_waits(services: Services, signed_in: SignIn, seeded: Seeded) -> None:
    samples.seed(services, parts=samples.DESK_PARTS, programme="cash")

    page = signed_in("INTAKE").get("/quarantine").text

    assert "4 documents are held" in page
    assert page.count(">Decide<") == 4 + 1
    assert "Malware was found. It is never shown. (Win.Test.EICAR_HDB-1)" in page
    assert "2 h" in page
    assert "faktura" not in page


def test_an_empty_desk_says_so(signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")

    assert "Nothing is held" in browser.get("/quarantine").text
    assert 'href="/quarantine"' in browser.get("/queues/Q6").text
    manager = signed_in("MGR")
    for path in ("/", "/queues/Q6"):
        assert "/quarantine" not in manager.get(path).text


@pytest.mark.parametrize("act", ["release", "reject", "ask"])
def test_an_act_leads_back_to_where_the_document_stands(
    services: Services, signed_in: SignIn, seeded: Seeded, act: str
) -> None:
    document_id = held(services, seeded)
    browser = signed_in("INTAKE")

    answer = browser.post(
        f"/documents/{document_id}/{act}?queue=all&language=sv", "/quarantine", reason=WHY
    )

    assert answer.status_code == 303
    place = f"document={document_id}&queue=all&language=sv#document-{document_id}"
    assert answer.location == f"/submissions/{seeded.reference}?{place}"
    page = browser.get(f"/submissions/{seeded.reference}").text
    assert f'<q dir="auto">{WHY}</q>' in page


def test_a_release_is_worked_on(services: Services, signed_in: SignIn, seeded: Seeded) -> None:
    document_id = held(services, seeded)

    send(signed_in("INTAKE"), document_id, "release", reason=WHY)

    assert isinstance(services.queue, RecordingQueue)
    assert services.queue.rounds == [(seeded.submission_id, f"release-{document_id}")]


def test_a_task_to_call_stands_in_the_holds(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    browser = signed_in("INTAKE")

    send(browser, held(services, seeded), "ask", reason=WHY)

    assert "Call the sender" in browser.get("/queues/Q4").text


@pytest.mark.parametrize("act", ["release", "reject", "ask", "original"])
def test_a_short_reason_comes_back_beside_its_field(
    services: Services, signed_in: SignIn, seeded: Seeded, act: str
) -> None:
    document_id = held(services, seeded, "UNREADABLE")

    status, text = send(signed_in("INTAKE"), document_id, act, reason="<b>No")

    assert status == 400
    assert "Please write a reason of 10 to 1000 characters." in text
    assert "&lt;b&gt;No</textarea>" in text
    assert 'aria-invalid="true"' in text


def test_malware_is_released_by_two(
    services: Services, signed_in: SignIn, seeded: Seeded, clock: Clock
) -> None:
    document_id = held(services, seeded, "INFECTED")
    first, second = signed_in("INTAKE"), signed_in("INTAKE", "second")
    address = f"/documents/{document_id}"

    assert "Ask for its release" in first.get(address).text
    status, text = send(first, document_id, "release", step="do", reason=WHY)
    assert (status, "This takes two people" in text) == (403, True)
    assert send(first, document_id, "release", step="ask", reason=WHY)[0] == 303
    assert "Somebody else must do it" in first.get(address).text
    assert send(first, document_id, "release", step="do", reason=WHY)[0] == 403
    clock.move(timedelta(minutes=5))
    page = second.get(address).text
    assert "Intake officer 1 asked for its release. If you agree, release it." in page
    assert send(second, document_id, "release", step="do", reason=WHY)[0] == 303
    assert state_of(services, seeded, document_id) == "ACTIVE"


def test_an_infected_original_is_opened_by_two(
    services: Services, signed_in: SignIn, seeded: Seeded, clock: Clock
) -> None:
    document_id = held(services, seeded, "INFECTED")
    first, second = signed_in("INTAKE"), signed_in("INTAKE", "second")

    assert send(first, document_id, "original", step="do", reason=WHY)[0] == 403
    assert send(first, document_id, "original", step="ask", reason=WHY)[0] == 303
    clock.move(timedelta(minutes=5))
    answer = second.post(f"/documents/{document_id}/original", "/", step="do", reason=WHY)

    assert (answer.status_code, answer.data) == (200, b"raw")


def test_the_second_of_two_at_once_learns_it(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    document_id = held(services, seeded)
    send(signed_in("INTAKE"), document_id, "reject", reason=WHY)

    status, text = send(signed_in("INTAKE", "late"), document_id, "release", reason=WHY)

    assert (status, "Somebody else was quicker" in text) == (409, True)


def test_a_password_is_tried_and_never_shown(
    app: Flask, services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    document_id = held(services, seeded, "LOCKED")
    app_services.keep(app, replace(app_services.of_app(app), unlocker=OneLock()))
    browser = signed_in("INTAKE")

    status, text = send(browser, document_id, "unlock", password="hemligt-4711")
    assert status == 400
    assert "This password does not open the document." in text
    assert "hemligt-4711" not in text
    assert send(browser, document_id, "unlock", password="away")[0] == 503
    answer = browser.post(f"/documents/{document_id}/unlock?queue=all", "/", password="right")
    with services.database.reading() as session:
        (copy,) = session.query(Document).filter_by(parent_id=document_id)
    assert answer.status_code == 303
    assert answer.location.endswith(f"?document={copy.id}&queue=all#document-{copy.id}")
    assert state_of(services, seeded, document_id) == "IGNORED"


def test_without_a_jail_no_password_is_tried(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    document_id = held(services, seeded, "LOCKED")

    assert send(signed_in("INTAKE"), document_id, "unlock", password="right")[0] == 503


def test_too_many_passwords_have_their_page(
    app: Flask, services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    document_id = held(services, seeded, "LOCKED")
    app_services.keep(app, replace(app_services.of_app(app), unlocker=OneLock()))
    browser = signed_in("INTAKE")

    statuses = [send(browser, document_id, "unlock", password="no")[0] for _ in range(11)]

    assert statuses == [400] * 10 + [429]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["CASH", "PROT", "MGR", "ADMIN", "COORD", "AUDIT", "DPO", "HELP"])
def test_somebody_who_may_not_act_gets_nothing(
    services: Services, signed_in: SignIn, seeded: Seeded, role: str, act: str
) -> None:
    status, _text = send(signed_in(role), held(services, seeded), act, reason=WHY, password="x")

    assert status == 404
    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", seeded.submission_id)
    assert [event for event in events if event.act.startswith("document.")] == []


@pytest.mark.parametrize("act", ACTS)
def test_cash_officers_have_their_own_desk_without_originals(
    services: Services, signed_in: SignIn, act: str
) -> None:
    theirs = samples.seed(services, programme="cash", parts=samples.DESK_PARTS)
    state = "LOCKED" if act == "unlock" else "HELD"

    status, _text = send(
        signed_in("CASH"), held(services, theirs, state), act, reason=WHY, password="x"
    )

    assert status == {"unlock": 503, "original": 404}.get(act, 303)


@pytest.mark.parametrize("role", ["PROT", "MGR"])
def test_readers_see_no_forms(
    services: Services, signed_in: SignIn, seeded: Seeded, role: str
) -> None:
    browser = signed_in(role)

    for path in (f"/submissions/{seeded.reference}", f"/documents/{held(services, seeded)}"):
        page = browser.get(path).text
        assert "What to do" not in page
        assert "original" not in page.lower().partition("<main")[2].replace("original-", "")


def test_an_officer_is_offered_what_fits(
    services: Services, signed_in: SignIn, seeded: Seeded, make_user: Callable[..., SignedInUser]
) -> None:
    browser = signed_in("INTAKE")

    titles = {
        state: browser.get(f"/documents/{held(services, seeded, state)}").text
        for state in ("HELD", "LOCKED", "INFECTED", "CLEAN")
    }

    assert "Release it<" in titles["HELD"]
    assert "Open it with its password" not in titles["HELD"]
    assert "Open it with its password" in titles["LOCKED"]
    assert "Release it" not in titles["LOCKED"]
    assert "Ask for its release" in titles["INFECTED"]
    assert "Get the original file" in titles["INFECTED"]
    assert "What to do" not in titles["CLEAN"]
