"""Check that what waits for a coordinator is said on the first page, the list and the referral."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from flask import Flask

from intake.access import gate
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft
from intake.outbox.mail_texts import MailTexts
from intake.senders.register import add_sender
from storage.crypto.sealing import unseal_bytes
from storage.documents.documents import Document, DocumentState
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission, place
from tests.portal.building import HOST, PASSWORD, Clock
from tests.portal.conftest import TOKEN, Browser
from tests.portal.coordinators.support import Coordinator, make_coordinator, reference_on
from tests.portal.coordinators.test_referral import case_of, file_it, send
from tests.support.building import MAIL_TEXTS
from tests.support.people import plant_user

TEXTS = MailTexts(MAIL_TEXTS)


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    made = make_coordinator(app, services, clock)
    add_sender(services, "operator", made.email, "VAST")
    return made


def write(services: Services, clock: Clock, reference: str, text: str = "Kan du ringa?") -> None:
    """Let the office write about a referral, and wait until it cannot be taken back."""
    officer = plant_user(services)
    case_messages.write_to_coordinator(
        services,
        TEXTS,
        gate.case_to_change(services, officer, case_of(services, reference)),
        MessageDraft(case_messages.new_message_id(), text),
        confirmed="yes",
    )
    clock.move(timedelta(seconds=services.settings.undo_seconds + 1))


def lock(services: Services, reference: str) -> None:
    """Let one file of a submission turn out to be locked."""
    with services.database.transaction() as session:
        submission = session.query(Submission).filter_by(reference=reference).one()
        rows = session.query(Document).filter_by(submission_id=submission.id, role="attachment")
        rows.one().state = DocumentState.LOCKED


def test_nothing_waits_where_nothing_was_written(west: Coordinator) -> None:
    send(west)

    assert "Nothing waits for you" in west.get("/").text
    assert "new message" not in west.get("/referrals").text


def test_a_file_to_send_again_waits_until_something_comes(
    west: Coordinator, services: Services
) -> None:
    reference = send(west)
    lock(services, reference)

    assert "1 file to send again" in west.get("/").text
    assert "1 file to send again" in west.get("/referrals").text
    assert "1 file to send again" in west.get(f"/referrals/{reference}").text
    # Reading of it does not send the file.
    assert "1 file to send again" in west.get("/").text


def test_a_finished_referral_asks_for_no_file(west: Coordinator, services: Services) -> None:
    reference = send(west)
    lock(services, reference)
    with services.database.transaction() as session:
        session.query(Submission).filter_by(reference=reference).one().outcome = "duplicate"

    assert "Nothing waits for you" in west.get("/").text


def test_a_message_waits_until_its_referral_is_opened(
    west: Coordinator, services: Services, clock: Clock
) -> None:
    other, asked = send(west), send(west)
    file_it(services, west, asked)
    write(services, clock, asked)
    send(west)

    home, listed = west.get("/").text, west.get("/referrals").text
    page = west.get(f"/referrals/{asked}").text

    assert "1 referral waits for you" in home
    assert f'href="/referrals/{asked}"' in home
    assert other not in home
    assert listed.count("1 new message from us") == 1
    # What waits stands first, though another referral is newer.
    first_card = listed.partition('class="card waits"')[2].partition("</li>")[0]
    assert asked in first_card
    assert "1 new message from us" in page
    assert "Nothing waits for you" in west.get("/").text


def test_the_link_of_the_mail_leads_to_the_referral_behind_the_sign_in(
    app: Flask, west: Coordinator, services: Services, clock: Clock
) -> None:
    asked = send(west)
    file_it(services, west, asked)
    write(services, clock, asked)
    link = link_in_newest_mail(services)
    browser = Browser(app)

    # A mail page leads here without our cookie, then the browser goes on by itself.
    onward = browser.get(link, {"Sec-Fetch-Site": "cross-site"}).text
    page = browser.get(link).text
    browser.post("/sign-in", link, email=west.email, password=PASSWORD, next=f"/referrals/{asked}")
    code = browser.get(f"/sign-in/code?next=/referrals/{asked}").text
    token = TOKEN.search(code)
    assert token is not None
    fields = {"csrf_token": token.group(1), "next": f"/referrals/{asked}"}
    led = browser.client.post(
        "/sign-in/code",
        base_url=f"http://{HOST}",
        data={**fields, "code": west.telephone.code()},
    )

    assert link == f"/sign-in?next=/referrals/{asked}"
    assert f"/sign-in?next=/referrals/{asked}" in onward.replace("%2F", "/")
    assert "Sign in to open the page you asked for." in page
    assert f'name="next" value="/referrals/{asked}"' in page
    assert led.location == f"/referrals/{asked}"


def link_in_newest_mail(services: Services) -> str:
    """Return the link of the newest mail to somebody, without its host."""
    with services.database.reading() as session:
        row = session.query(OutboxMessage).order_by(OutboxMessage.created_at.desc()).first()
        assert row is not None
        key = services.keyring.open(session, row.data_key_id)
        assert row.content is not None
        raw = unseal_bytes(key, place("outbox", "content", row.id), row.content)
    text = message_from_bytes(raw, policy=SMTP).get_content()
    found = re.search(rf"http://{HOST}(?::\d+)?(/\S+)", text)
    assert found is not None, text
    return found.group(1)


def test_nobody_elses_messages_wait_for_them(
    app: Flask, services: Services, clock: Clock, west: Coordinator
) -> None:
    asked = send(west)
    file_it(services, west, asked)
    write(services, clock, asked)
    south = make_coordinator(app, services, clock, "south", "SYD")

    assert "Nothing waits for you" in south.get("/").text
    assert asked not in south.get("/referrals").text


def test_the_page_says_what_became_of_each_file(west: Coordinator) -> None:
    draft_id = west.begin()
    files = (("remiss.pdf", b"%PDF-1.7 x"), ("tom.pdf", b""))
    sent = west.send_form(draft_id, "send", files=files, own_code="V-17 <b>")
    reference = reference_on(west.get(sent.location).text)

    page = west.get(f"/referrals/{reference}").text

    assert "remiss.pdf" in page
    assert "Received, being opened" in page
    assert "V-17 &lt;b&gt;" in page
    assert "V-17 &lt;b&gt;" in west.get("/referrals").text
    assert "Add documents" in page
    assert "We confirm in writing" in page


def test_an_addition_stands_on_the_page_of_its_referral(
    west: Coordinator, services: Services
) -> None:
    first = send(west)
    file_it(services, west, first)
    begun = west.browser.post(f"/referrals/{first}/documents", "/referrals")
    draft_id = begun.location.rpartition("/")[2]
    files = (("samtycke.pdf", b"%PDF-1.7 y"),)
    added = reference_on(west.get(west.send_form(draft_id, "send", files=files).location).text)

    pages = [west.get(f"/referrals/{each}").text for each in (first, added)]

    for page in pages:
        assert "samtycke.pdf" in page
        assert "a.pdf" in page
    assert 'id="asked"' in pages[1]


@pytest.mark.parametrize("code", ["870501-1234", "198705011234", "anna@region.example", "x" * 41])
def test_a_code_that_points_at_a_person_is_refused(west: Coordinator, code: str) -> None:
    draft_id = west.begin()

    answer = west.send_form(draft_id, "send", own_code=code)

    assert answer.status_code == 400
    assert "own_code-error" in answer.text
