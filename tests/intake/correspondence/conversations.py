"""A case with its officer and its coordinator, and ways to write as either."""

from dataclasses import dataclass

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.correspondence.case_messages import Line, MessageDraft, new_message_id
from intake.outbox.mail_texts import MailTexts
from intake.senders.register import add_sender
from storage.cases.messages import CaseMessage
from storage.mail import senders
from storage.mail.outbox import OutboxMessage
from storage.mail.senders import RegisteredSender
from storage.submissions.submissions import Submission
from tests.support.building import MAIL_TEXTS
from tests.support.people import plant_user
from tests.support.waiting import ADDRESS, Waiting, seed_waiting

TEXTS = MailTexts(MAIL_TEXTS)
PHRASE = "a test phrase of the capital region"
CANARY = "CANARY-of-the-office"
HARMLESS = "Please look at the form again. The second page is not there."


@dataclass
class Room:
    """One case with its officer, its coordinator and what they wrote."""

    services: Services
    waiting: Waiting
    officer: SignedInUser
    coordinator: SignedInUser

    @property
    def reference(self) -> str:
        """Return the case's own code."""
        return self.waiting.case().reference

    @property
    def referral_code(self) -> str:
        """Return the code that the coordinator knows."""
        return self.waiting.reference()

    def ask(self, text: str = HARMLESS, message_id: str = "", confirmed: str = "") -> str | None:
        """Write to the coordinator."""
        draft = MessageDraft(message_id or new_message_id(), text)
        return case_messages.write_to_coordinator(
            self.services,
            TEXTS,
            gate.case_to_change(self.services, self.officer, self.reference),
            draft,
            confirmed=confirmed,
        )

    def note(self, text: str = CANARY) -> None:
        """Write a note."""
        draft = MessageDraft(new_message_id(), text)
        case_messages.write_note(
            self.services, gate.case_to_change(self.services, self.officer, self.reference), draft
        )

    def reply(self, text: str = "It follows.", user: SignedInUser | None = None) -> None:
        """Write as a coordinator."""
        draft = MessageDraft(new_message_id(), text)
        case_messages.write_from_coordinator(
            self.services,
            gate.conversation_to_write(self.services, user or self.coordinator, self.referral_code),
            draft,
        )

    def seen(self, user: SignedInUser | None = None) -> tuple[Line, ...]:
        """Return what a coordinator reads."""
        return case_messages.read_conversation(
            self.services,
            gate.conversation_to_write(self.services, user or self.coordinator, self.referral_code),
        )

    def rows(self) -> list[CaseMessage]:
        """Return every message and note, oldest first."""
        with self.services.database.reading() as session:
            return session.query(CaseMessage).order_by(CaseMessage.at).all()

    def mails(self) -> list[OutboxMessage]:
        """Return the mails about messages."""
        return [row for row in self.waiting.mails() if row.kind.startswith("MSG")]

    def end_entry(self) -> None:
        """Take the coordinator out of the register."""
        with self.services.database.transaction() as session:
            entry = session.get_one(RegisteredSender, self.waiting.sender_id)
            entry.ended_at = self.services.now()


def colleague(room: Room, name: str, region: str = "STHLM", role: str = "COORD") -> SignedInUser:
    """Make another coordinator whose address stands in the register."""
    address = f"{name}@region.example"
    add_sender(room.services, "operator", address, region)
    return create_with_password(room.services, address, role, region, PHRASE)


def entry_of(room: Room, name: str) -> RegisteredSender:
    with room.services.database.reading() as session:
        hashed = room.services.keyring.lookup(session, "sender", f"{name}@region.example")
        found = senders.by_address_hash(session, hashed)
    assert found is not None
    return found


def open_room(services: Services) -> Room:
    """Make a case of a registered coordinator with an account."""
    waiting = seed_waiting(services, "REF-FORM")
    with services.database.transaction() as session:
        session.get_one(Submission, waiting.submission_id).region = "STHLM"
    coordinator = create_with_password(services, ADDRESS, "COORD", "STHLM", PHRASE)
    return Room(services, waiting, plant_user(services), coordinator)
