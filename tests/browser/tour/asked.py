"""Plant what somebody asked for or was told, for the pages of the tour, each by its own use case.

These are a question, single-use links, a list that leaves the office, documents that are closed to
most, consents, and what must be withheld from whom.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import drafts, send
from intake.cases import consents, withholding
from intake.core.services import Services
from intake.correspondence import case_messages, questions
from intake.correspondence.case_messages import MessageDraft
from intake.filing.file import file_submission
from intake.oversight import exports, quarters
from storage.accounts.users import User
from storage.submissions import submissions
from storage.submissions.drafts import DraftKind
from tests.portal.correspondence import links
from tests.portal.documents.closed_documents import seed_closed

CONSENT = {
    "recipient": "ngo",
    "name": "TEST Organisation",
    "purpose": "return",
    "answer": "given",
    "given_on": "2026-11-02",
    "expires_on": "",
    "method": "spoken",
    "language": "ar",
    "interpreter": "yes",
    "explained_by": "coordinator",
    "document": "",
}


@dataclass(frozen=True)
class Asked:
    """The references of what was asked for, and the paths of links that nobody used yet."""

    question: str
    link: str
    list_id: str
    closed: str


def plant(services: Services, officer: SignedInUser, coordinator: SignedInUser) -> Asked:
    """Put them in."""
    closed = seed_closed(services)
    closed.confirm()
    made = links.make_link(services, officer, closed.case_reference)
    period = quarters.periods(services)[0].code
    return Asked(
        question=_question(services, officer, coordinator),
        link=urlsplit(made.url).path,
        list_id=exports.ask_export(services, officer, "referrals", period, "The yearly report."),
        closed=closed.reference,
    )


def note_wishes(services: Services, officer: SignedInUser, case: str) -> None:
    """Note consents of the person of a case, and what must be withheld from whom."""
    consents.note_consent(services, gate.case_to_change(services, officer, case), CONSENT)
    consents.note_consent(
        services,
        gate.case_to_change(services, officer, case),
        {**CONSENT, "purpose": "health", "answer": "refused"},
    )
    withholding.note_withholding(
        services,
        gate.case_to_change(services, officer, case),
        "partner",
        "Where she lives " + "now " * 20,
    )


def end_soon(services: Services, user: SignedInUser) -> None:
    """Let an account end within a few days."""
    with services.database.transaction() as session:
        session.get_one(User, user.id).expires_at = services.now() + timedelta(days=5)


def _question(services: Services, officer: SignedInUser, coordinator: SignedInUser) -> str:
    """Put in a question without a person, answered once."""
    draft_id = drafts.start_draft(services, coordinator, DraftKind.CONSULTATION)
    drafts.save_draft(
        services,
        gate.draft_to_change(services, coordinator, draft_id),
        {"note": "Age: 18\n\nIs a passport needed?"},
    )
    sent = send.send_draft(services, links.TEXTS, gate.own_draft(services, coordinator, draft_id))
    with services.database.transaction() as session:
        row = submissions.by_reference(session, sent.reference)
        assert row is not None
        file_submission(services, session, row, services.keyring.open(session, row.data_key_id))
    answer = MessageDraft(case_messages.new_message_id(), "Yes, a valid one.")
    questions.answer_question(
        services, links.TEXTS, gate.submission_to_change(services, officer, sent.reference), answer
    )
    return sent.reference
