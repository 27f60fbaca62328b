"""A submission that can be confirmed, and what issuing papers needs. May import the builders."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.confirmations import confirm
from intake.confirmations.confirm import ConfirmationApproval, ConfirmationTools
from intake.confirmations.content import ChecklistResult
from intake.confirmations.drafts import ConfirmationDraft
from intake.confirmations.signed_papers import new_paper_id
from intake.core.services import Services
from intake.correspondence.checked_words import WordsForService
from intake.correspondence.free_text import Finding
from intake.outbox.mail_texts import MailTexts
from intake.reference_data.document_types import load_taxonomies
from storage import audit
from storage.audit import AuditEvent
from storage.blobs.blobs import BlobRow, sha256_of
from storage.cases import confirmations
from storage.cases.confirmations import Confirmation
from storage.database import Session
from storage.lists import work_subjects
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission
from tests.intake.documents.held import FACTS, Held
from tests.portal import samples
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.support.building import MAIL_TEXTS

# Scenario 1: six files, one of them locked.
SIX = (
    Part("Remiss återvändande.pdf", "CLEAN", page_count=4),
    Part("Samtycke.pdf", "CLEAN", page_count=1),
    Part("pass (låst).pdf", "LOCKED", "password_needed"),
    Part("صورة.jpg", "CLEAN", "", "image/jpeg"),
    Part("faktura\u202efdp.pdf", "CLEAN", page_count=2),
    Part("brev.pdf", "ACTIVE", "active_content", page_count=1),
)
DRAFT = ConfirmationDraft("Vi hör av oss. / We write to you.", None)
NO_FINDINGS: tuple[Finding, ...] = ()


@dataclass
class Case:
    """A submission before its officer; `findings` and `checked` are what the seams answer."""

    services: Services
    submission_id: str
    reference: str
    findings: tuple[Finding, ...] = NO_FINDINGS
    checked: ChecklistResult | None = None
    draft: ConfirmationDraft = DRAFT
    asked: list[str] = field(default_factory=list)

    @property
    def office(self) -> ConfirmationTools:
        """Return what issuing needs."""
        return ConfirmationTools(
            self.services,
            load_taxonomies(),
            check_words=partial(_check, self),
            find_missing=lambda _session, _submission, _reader: self.checked,
            texts=MailTexts(MAIL_TEXTS),
        )

    def shown(self, user: SignedInUser) -> ConfirmationApproval:
        """Look at the preview, and return what the form then says."""
        ready = confirm.preview_confirmation(
            self.office,
            gate.submission_to_change(self.office.services, user, self.reference),
            self.draft,
        )
        return ConfirmationApproval(new_paper_id(), ready.digest, is_read=False)

    def sign(self, user: SignedInUser, consent: ConfirmationApproval | None = None) -> str:
        """Sign what was shown."""
        chosen = consent or self.shown(user)
        return confirm.sign_confirmation(
            self.office,
            gate.submission_to_change(self.office.services, user, self.reference),
            self.draft,
            chosen,
        )

    def papers(self) -> list[Confirmation]:
        """Return what was signed."""
        with self.services.database.reading() as session:
            return confirmations.of_submission(session, self.submission_id)

    def digest(self, row: Confirmation) -> str:
        """Return the SHA-256 (hex) of a signed paper's PDF."""
        with self.services.database.reading() as session:
            key = self.services.keyring.open(session, self.submission().data_key_id)
            return sha256_of(key, session.get_one(BlobRow, row.pdf_blob_id))

    def submission(self) -> Submission:
        """Return the submission as it stands."""
        with self.services.database.reading() as session:
            return session.get_one(Submission, self.submission_id)

    def mails(self) -> list[OutboxMessage]:
        """Return the mails that tell of confirmations."""
        with self.services.database.reading() as session:
            rows = outbox.of_submission(session, self.submission_id)
        return [row for row in rows if row.kind.startswith("R2")]

    def events(self, act: str) -> list[AuditEvent]:
        """Return the audited acts of a name, and prove the chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, "submission", self.submission_id)
        return [event for event in events if event.act == act]

    def open_types(self) -> set[tuple[str, str]]:
        """Return (queue, kind) of what waits for a person."""
        with self.services.database.reading() as session:
            items = work_subjects.on_page(session, session.get_one(Submission, self.submission_id))
        return {(item.queue, item.kind) for item in items if item.closed_at is None}

    def say(self, **facts: Any) -> None:
        """Let the mail's header say this. Any: what a header can hold."""
        Held(self.services, self.submission_id).say(**facts)

    def change(self, **columns: Any) -> None:
        """Let columns of the submission be others. Any: a column's value."""
        with self.services.database.transaction() as session:
            row = session.get_one(Submission, self.submission_id)
            for name, value in columns.items():
                setattr(row, name, value)


def seed_case(services: Services, parts: tuple[Part, ...] = SIX, **options: Any) -> Case:
    """Put in a filed submission with copies of what may be shown. Any: see samples.seed."""
    seeded = samples.seed(services, parts=parts, **options)
    case = Case(services, seeded.submission_id, seeded.reference)
    for row in copies.documents_of(services, seeded.submission_id):
        if row.state in {"CLEAN", "ACTIVE"} and row.role != "body":
            copies.add_copy(services, row.id, ("",))
    case.say(**FACTS)
    return case


def with_draft(case: Case, **changes: Any) -> Case:
    """Return the same submission with another draft. Any: a field of the draft."""
    return replace(case, draft=replace(case.draft, **changes))


def _check(
    case: Case, _session: Session, _user: SignedInUser, _submission: Submission, text: str
) -> WordsForService:
    case.asked.append(text)
    return WordsForService(text, case.findings)
