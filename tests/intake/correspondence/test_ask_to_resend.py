"""Check asking the sender again: one neutral mail to a registered sender, a task for all others."""

import email
import email.policy
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.correspondence import ask_to_resend
from intake.outbox import stop_list
from intake.outbox.mail_texts import MailTexts
from intake.senders.register import add_sender
from storage.crypto.sealing import unseal_bytes
from storage.documents.documents import Document
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission, place
from tests.intake.documents.held import FACTS, WHY, Held, seed_held
from tests.support.people import plant_user

TEXTS = MailTexts(Path(__file__).parents[3] / "templates" / "mail")
ADDRESS = str(FACTS["from_address"])


@pytest.fixture
def held(sqlite_services: Services) -> Held:
    """Give a submission in quarantine, from a registered sender."""
    add_sender(sqlite_services, "operator", ADDRESS, "VAST")
    return seed_held(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def ask(held: Held, officer: SignedInUser, name: str = "underlag.zip") -> None:
    ask_to_resend.ask_to_resend(
        held.services,
        TEXTS,
        gate.document_to_change(held.services, officer, held.document(name).id),
        WHY,
    )


def mails(held: Held) -> list[OutboxMessage]:
    with held.services.database.reading() as session:
        rows = outbox.of_submission(session, held.submission_id)
    return [row for row in rows if row.kind == ask_to_resend.KIND]


def test_a_registered_sender_gets_the_neutral_mail(held: Held, officer: SignedInUser) -> None:
    ask(held, officer)

    (row,) = mails(held)
    assert (row.state, row.reason) == ("due", "")
    with held.services.database.reading() as session:
        submission = session.get_one(Submission, held.submission_id)
        key = held.services.keyring.open(session, row.data_key_id)
    assert row.content is not None
    raw = unseal_bytes(key, place("outbox", "content", row.id), row.content)
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    text = letter.get_content()
    assert letter["To"] == ADDRESS
    assert letter["In-Reply-To"] == FACTS["message_id"]
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["Subject"] == f"Referens / Reference {submission.reference}"
    for words in ("One item could not be opened. You have no account", "En handling kunde inte"):
        assert words in text
    for secret in ("underlag", "zip", "brev", WHY, "Remiss", "malware"):
        assert secret not in raw.decode()
    assert held.open_types() == {("Q6", "quarantine")}


def test_asking_is_one_audit_event_with_codes_only(held: Held, officer: SignedInUser) -> None:
    ask(held, officer)
    ask(held, officer)

    (event,) = held.events()
    assert (event.act, event.detail["mail"]) == ("document.resend_asked", "written")
    assert WHY not in str(event.detail)
    assert held.reasons(held.document("underlag.zip").id) == [WHY]


def test_a_second_document_of_the_mail_sends_no_second_mail(
    held: Held, officer: SignedInUser
) -> None:
    ask(held, officer)
    ask(held, officer, "pass.pdf")

    assert len(mails(held)) == 1
    assert len(held.events()) == 2


@pytest.mark.parametrize("verdict", ["unknown", "unverified", "applicant", None])
def test_others_are_called_instead(
    sqlite_services: Services, officer: SignedInUser, verdict: str | None
) -> None:
    add_sender(sqlite_services, "operator", ADDRESS, "VAST")
    held = seed_held(sqlite_services, verdict=verdict)

    ask(held, officer)

    (row,) = mails(held)
    assert (row.state, row.reason) == ("suppressed", "sender_not_registered")
    assert (row.recipient, row.content) == (None, None)
    assert held.open_types() == {("Q6", "quarantine"), ("Q4", "call_sender")}


def test_an_address_that_left_the_register_is_called(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    held = seed_held(sqlite_services, verdict="registered")

    ask(held, officer)

    assert mails(held)[0].reason == "sender_not_registered"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"from_address": None}, "no_usable_sender"),
        ({"auto_submitted": "auto-replied"}, "auto_submitted"),
        ({"list_headers": True}, "mailing_list"),
        ({"return_path": "<>"}, "null_return_path"),
    ],
)
def test_the_guard_of_receipts_holds_here_too(
    held: Held, officer: SignedInUser, facts: dict[str, object], reason: str
) -> None:
    held.say(**facts)

    ask(held, officer)

    (row,) = mails(held)
    assert (row.state, row.reason) == ("suppressed", reason)
    assert ("Q4", "call_sender") in held.open_types()


def test_an_address_whose_mail_came_back_is_called(held: Held, officer: SignedInUser) -> None:
    with held.services.database.transaction() as session:
        stop_list.stop_address(held.services, session, ADDRESS, "bounce_hard", held.submission_id)

    ask(held, officer)

    (row,) = mails(held)
    assert (row.state, row.reason, row.recipient) == ("suppressed", "address_stopped", None)
    assert ("Q4", "call_sender") in held.open_types()


def test_a_letter_that_brings_a_link_alone_is_asked_for_its_papers(
    held: Held, officer: SignedInUser
) -> None:
    with held.services.database.transaction() as session:
        session.get_one(Document, held.document("brev.pdf").id).findings = ["cloud_link"]

    ask(held, officer, "brev.pdf")

    (row,) = mails(held)
    assert row.state == "due"


def test_only_what_is_held_is_asked_for_again(held: Held, officer: SignedInUser) -> None:
    with pytest.raises(Conflict):
        ask(held, officer, "brev.pdf")
    with pytest.raises(NotFound):
        ask(held, plant_user(held.services, "Cash officer 1", "CASH"))

    assert mails(held) == []
