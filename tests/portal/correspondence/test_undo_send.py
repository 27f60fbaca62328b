"""Check undo send.

What an officer sent stays a moment, the page says until when, and it is recalled.
"""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from intake.access import gate
from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.confirmations import signed_papers
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.correspondence import ask_to_resend
from intake.outbox.mail_texts import MailTexts
from intake.senders.register import add_sender
from portal.app import TEMPLATES
from storage.accounts.users import Role
from storage.cases import cases
from storage.cases.confirmations import Confirmation
from storage.documents.quarantine import QuarantineAct
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission
from tests.intake.confirmations.papers import seed_case
from tests.intake.documents.held import FACTS, seed_held
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.conftest import Browser
from tests.portal.triage.forms import key

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
WAIT = timedelta(seconds=30)
SOON = timedelta(seconds=29)


@pytest.fixture(scope="module")
def clock() -> Clock:
    """Give the clock that all tests of this file move on."""
    return Clock()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Services]:
    """Give services whose officers have thirty seconds."""
    folder = tmp_path_factory.mktemp("leaving")
    built = build_services(folder, clock, undo_seconds="30")
    add_sender(built, "operator", str(FACTS["from_address"]), "VAST")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def officer(services: Services) -> SignedInUser:
    """Give the account that acts."""
    return accounts.create_with_password(services, "one@iom.example", "INTAKE", None, PASSWORD)


@pytest.fixture(scope="module")
def app(services: Services, officer: SignedInUser) -> Flask:
    """Give the application."""
    return build_app(services)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Give a browser in which the officer is signed in."""
    browser = Browser(app)
    assert browser.sign_in("one@iom.example").status_code == 303
    return browser


def held_reference(services: Services) -> tuple[str, str, str]:
    """Seed a submission with a held document: its id, reference and that document's id."""
    held = seed_held(services)
    with services.database.reading() as session:
        row = session.get_one(Submission, held.submission_id)
    return row.id, row.reference, held.document("pass.pdf").id


def kinds(services: Services, submission_id: str) -> set[str]:
    with services.database.reading() as session:
        return {row.kind for row in outbox.of_submission(session, submission_id)} - {"R1"}


def answer(browser: Browser, reference: str, step: str = "send") -> None:
    page = f"/submissions/{reference}/answer"
    shown = browser.get(f"{page}?code=call_us&answer_language=sv").text.partition("answer-form")[2]
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(shown)}
    fields.pop("csrf_token", None)
    assert browser.post(page, page, step=step, **fields).status_code == 303


def sign(browser: Browser, reference: str) -> str:
    page = f"/submissions/{reference}/confirmation"
    words = {"next_step": "Vi hör av oss.", "next_step_on": "", "deputy": "", "remark": ""}
    shown = browser.post(page, page, step="look", **words).text.partition("answer-form")[2]
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(shown)}
    fields.pop("csrf_token", None)
    assert browser.post(page, page, step="sign", **words, **fields).status_code == 303
    return browser.get(page).text


def take_back(browser: Browser, reference: str) -> int:
    """Strike the key as the page offers it; without an offer the form names nothing."""
    page = f"/submissions/{reference}"
    found = re.search(r'name="number" value="(\d+)"', browser.get(page).text)
    number = found.group(1) if found else "0"
    return browser.post(f"{page}/step-back", page, number=number).status_code


def test_an_answer_is_taken_back_before_it_leaves(
    services: Services, clock: Clock, browser: Browser
) -> None:
    submission_id, reference, _document = held_reference(services)
    answer(browser, reference)
    page = browser.get(f"/submissions/{reference}").text
    assert key(page, "z").startswith("Undo: answer")
    assert re.search(r"leaves at <bdi>\d\d:\d\d:\d\d</bdi>", page)
    clock.move(SOON)
    with services.database.transaction() as session:
        waiting = session.query(OutboxMessage).filter_by(submission_id=submission_id, kind="ANS1")
        due_at = waiting.one().next_try_at
    assert due_at is not None
    assert due_at > clock()

    assert take_back(browser, reference) == 200

    assert kinds(services, submission_id) == set()
    assert "Taken back: answer" in browser.get(f"/submissions/{reference}").text
    answer(browser, reference)
    assert kinds(services, submission_id) == {"ANS1"}


def test_what_has_left_says_so(services: Services, clock: Clock, browser: Browser) -> None:
    submission_id, reference, _document = held_reference(services)
    answer(browser, reference)

    page = f"/submissions/{reference}"
    offered = re.search(r'name="number" value="(\d+)"', browser.get(page).text)
    clock.move(WAIT)
    assert offered is not None
    refused = browser.post(f"{page}/step-back", page, number=offered.group(1))

    assert refused.status_code == 409
    assert "It has left the house meanwhile" in refused.text
    assert kinds(services, submission_id) == {"ANS1"}
    assert "Undo: answer" not in browser.get(page).text


def test_what_a_sender_has_in_its_hands_has_left(
    services: Services, clock: Clock, browser: Browser
) -> None:
    submission_id, reference, _document = held_reference(services)
    answer(browser, reference)
    with services.database.transaction() as session:
        row = session.query(OutboxMessage).filter_by(submission_id=submission_id, kind="ANS1").one()
        row.attempts, row.leased_until = 1, clock() + WAIT

    assert take_back(browser, reference) == 409


def test_a_wish_for_another_copy_is_taken_back_with_its_act(
    services: Services, browser: Browser, officer: SignedInUser
) -> None:
    submission_id, reference, document_id = held_reference(services)
    texts = MailTexts(TEMPLATES / "mail")
    ask_to_resend.ask_to_resend(
        services,
        texts,
        gate.document_to_change(services, officer, document_id),
        "It cannot be opened here.",
    )
    assert kinds(services, submission_id) == {"ASK"}

    assert take_back(browser, reference) == 200

    assert kinds(services, submission_id) == set()
    with services.database.reading() as session:
        assert session.query(QuarantineAct).filter_by(document_id=document_id).count() == 0


def test_a_confirmation_is_not_out_before_its_time_and_never_was_when_taken_back(
    services: Services, clock: Clock, browser: Browser
) -> None:
    case = seed_case(services)
    shown = sign(browser, case.reference)
    assert "Until then nobody outside sees it." in shown
    with services.database.reading() as session:
        (paper,) = session.query(Confirmation).filter_by(submission_id=case.submission_id)
    digest = case.digest(paper)
    coordinator = SignedInUser("0" * 32, "Coordinator 1", Role.COORD, "VAST")
    with pytest.raises(NotFound):
        signed_papers.open_paper(
            services, signed_papers.paper_to_read(services, coordinator, paper.id)
        )
    with services.database.reading() as session:
        refusals = session.query(QuarantineAct).count()
    assert refusals == 0

    assert take_back(browser, case.reference) == 200

    assert kinds(services, case.submission_id) == set()
    assert signed_papers.find_issued(services, digest) is None
    clock.move(WAIT)
    assert "Confirmation signed" in sign(browser, case.reference)
    clock.move(WAIT)
    assert take_back(browser, case.reference) == 409


def test_after_signing_the_page_says_until_when_it_waits_and_what_is_next(
    services: Services, browser: Browser
) -> None:
    case = seed_case(services)
    following = samples.seed(services)
    sign(browser, case.reference)

    page = browser.get(f"/submissions/{case.reference}").text

    line = page.partition('id="done"')[2].partition("</div>")[0]
    assert "Confirmation signed" in line
    assert re.search(r'data-leaves="\d+">leaves at <bdi>\d\d:\d\d:\d\d</bdi>', line)
    assert key(page, "z").startswith("Undo: confirmation")
    assert re.search(
        rf'href="/submissions/{following.reference}\?queue=Q2" data-key="Control\+Enter"', page
    )


def test_nothing_else_is_taken_back(services: Services, browser: Browser) -> None:
    _submission_id, reference, _document = held_reference(services)

    assert take_back(browser, reference) == 409


def test_a_confirmation_that_a_stop_kept_back_says_so_and_is_signed_anew(
    services: Services, clock: Clock, browser: Browser
) -> None:
    case = seed_case(services)
    page = f"/submissions/{case.reference}"
    sign(browser, case.reference)
    with services.database.reading() as session:
        filed = cases.by_id(session, case.submission().case_id)
    assert filed is not None
    of_case = f"/cases/{filed.reference}"

    assert browser.post(f"{of_case}/stop", of_case).status_code == 303

    stopped = browser.get(page).text
    clock.move(WAIT)
    assert browser.post(f"{of_case}/go-on", of_case).status_code == 303
    going_on = browser.get(page).text
    for shown in (stopped, going_on):
        assert "Confirmation no. 1 was not sent." in shown
        assert "this has left" not in shown
        assert "leaves at" not in shown
    assert "Sign it anew." in going_on
    assert "Sign it anew." not in stopped
    assert key(going_on, "r") == "Confirm in writing r"
    sign(browser, case.reference)
    assert "was not sent" not in browser.get(page).text
