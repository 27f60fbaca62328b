"""Build a coordinator's question without a person, and an officer who answers it."""

from dataclasses import dataclass

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.arrivals import drafts, send
from intake.core.services import Services
from intake.correspondence import questions
from intake.correspondence.case_messages import MessageDraft
from intake.filing.file import file_submission
from intake.outbox.mail_texts import MailTexts
from storage.base import new_id
from storage.submissions import queue_items, submissions
from storage.submissions.drafts import DraftKind
from storage.submissions.submissions import Submission
from tests.support.building import MAIL_TEXTS
from tests.support.people import plant_user

TEXTS = MailTexts(MAIL_TEXTS)
EMAIL = "coordinator.syd@region.example"
ANSWER = "Yes: the person needs a valid passport first. Kanarie."


@dataclass(frozen=True)
class Desk:
    """A coordinator who has asked, and an officer."""

    services: Services
    coordinator: SignedInUser
    officer: SignedInUser
    reference: str

    def answer(
        self, text: str = ANSWER, *, message_id: str = "", confirmed: str = ""
    ) -> str | None:
        """Answer the question."""
        draft = MessageDraft(message_id or new_id(), text)
        return questions.answer_question(
            self.services,
            TEXTS,
            gate.submission_to_change(self.services, self.officer, self.reference),
            draft,
            confirmed=confirmed,
        )

    def row(self) -> Submission:
        """Return the question as it stands."""
        with self.services.database.reading() as session:
            found = submissions.by_reference(session, self.reference)
        assert found is not None
        return found

    def open_types(self) -> list[str]:
        """Return what waits for a person."""
        with self.services.database.reading() as session:
            items = queue_items.of_submission(session, self.row().id)
        return [item.kind for item in items if item.closed_at is None]


def open_desk(services: Services) -> Desk:
    """Return a question that stands before the office."""
    user = create_with_password(
        services, EMAIL, "COORD", "SYD", "a test phrase of the southern region"
    )
    draft_id = drafts.start_draft(services, user, DraftKind.CONSULTATION)
    drafts.save_draft(
        services,
        gate.draft_to_change(services, user, draft_id),
        {"note": "Age: Under 18\n\nIs a passport needed?"},
    )
    sent = send.send_draft(services, TEXTS, gate.own_draft(services, user, draft_id))
    with services.database.transaction() as session:
        row = submissions.by_reference(session, sent.reference)
        assert row is not None
        file_submission(services, session, row, services.keyring.open(session, row.data_key_id))
    return Desk(services, user, plant_user(services), sent.reference)
