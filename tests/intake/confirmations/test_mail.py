"""Check the mail that a confirmation can be read.

Neutral, to whom is proven; a call for all others.
"""

import email
import email.policy

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.confirmations import confirm
from intake.core.services import Services
from intake.outbox import stop_list
from intake.senders.register import add_sender
from storage.accounts.users import User
from storage.crypto.sealing import unseal, unseal_bytes
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import place
from tests.intake.confirmations.papers import Case, seed_case, with_draft
from tests.intake.documents.held import FACTS
from tests.support.people import plant_user

ADDRESS = str(FACTS["from_address"])
EMAIL = "coordinator.west@region.example"
MISSING = ("Q5", "missing_documents")


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


@pytest.fixture
def case(sqlite_services: Services) -> Case:
    """Give a submission of a registered sender."""
    add_sender(sqlite_services, "operator", ADDRESS, "VAST")
    return seed_case(sqlite_services)


def letter_of(case: Case, row: OutboxMessage) -> bytes:
    assert row.content is not None
    with case.services.database.reading() as session:
        key = case.services.keyring.open(session, row.data_key_id)
    return unseal_bytes(key, place("outbox", "content", row.id), row.content)


def test_a_registered_sender_gets_neutral_words_only(case: Case, officer: SignedInUser) -> None:
    with_draft(case, remark="KANARIE", deputy="FÅGEL").sign(officer)

    (row,) = case.mails()
    raw = letter_of(case, row)
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    text = letter.get_content()
    assert (row.kind, row.state) == ("R2", "due")
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == f"Confirmation available {case.reference}"
    assert letter["In-Reply-To"] == FACTS["message_id"]
    assert "A confirmation is available for you." in text
    assert "Det finns en bekräftelse till dig." in text
    # Nobody is told to sign in who has no account.
    assert "call your contact at the office" in text
    assert "ign in" not in text
    # Its papers are not all there, and nothing else is left to do.
    assert case.open_types() == {MISSING}
    for secret in ("KANARIE", "FÅGEL", "Remiss", "låst", "Intake officer", "SHA-256"):
        assert secret not in raw.decode()
        assert secret not in text


@pytest.mark.parametrize("verdict", ["unknown", "unverified", "applicant", None])
def test_others_are_called(
    sqlite_services: Services, officer: SignedInUser, verdict: str | None
) -> None:
    add_sender(sqlite_services, "operator", ADDRESS, "VAST")
    case = seed_case(sqlite_services, verdict=verdict)

    case.sign(officer)

    (row,) = case.mails()
    assert (row.state, row.reason) == ("suppressed", "sender_not_registered")
    assert (row.recipient, row.content) == (None, None)
    assert case.open_types() == {MISSING, ("Q4", "call_sender")}
    assert case.events("confirmation.signed")[0].detail["mail"] == "sender_not_registered"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"from_address": None}, "no_usable_sender"), ({"from_address": ""}, "no_usable_sender")],
)
def test_without_an_address_the_sender_is_called(
    case: Case, officer: SignedInUser, facts: dict[str, str | None], reason: str
) -> None:
    case.say(**facts)

    case.sign(officer)

    assert case.mails()[0].reason == reason
    assert case.open_types() == {MISSING, ("Q4", "call_sender")}


def test_a_stopped_address_is_called(case: Case, officer: SignedInUser) -> None:
    with case.services.database.transaction() as session:
        stop_list.stop_address(
            case.services, session, ADDRESS, "mailbox_unknown", case.submission_id
        )

    page = confirm.open_confirm_page(
        case.office, gate.submission_to_change(case.office.services, officer, case.reference)
    )
    case.sign(officer)

    assert page.untold == "address_stopped"
    assert case.mails()[0].reason == "address_stopped"


def test_who_sent_it_through_the_portal_is_told_at_the_accounts_address(
    case: Case, officer: SignedInUser
) -> None:
    sender = create_with_password(case.services, EMAIL, "COORD", "VAST", "a calm, long sentence")
    case.change(submitted_by=sender.id, channel="upload")

    case.sign(officer)

    (row,) = case.mails()
    letter = email.message_from_bytes(letter_of(case, row), policy=email.policy.default)
    with case.services.database.reading() as session:
        key = case.services.keyring.open(session, row.data_key_id)
    assert letter["To"] == EMAIL
    assert letter["In-Reply-To"] is None
    assert unseal(key, place("outbox", "recipient", row.id), row.recipient) == EMAIL


def test_an_account_that_ended_is_not_written_to(case: Case, officer: SignedInUser) -> None:
    sender = create_with_password(case.services, EMAIL, "COORD", "VAST", "a calm, long sentence")
    case.change(submitted_by=sender.id)
    with case.services.database.transaction() as session:
        session.get_one(User, sender.id).disabled_at = case.services.now()

    case.sign(officer)

    assert case.mails()[0].reason == "account_ended"
    assert case.open_types() == {MISSING, ("Q4", "call_sender")}
