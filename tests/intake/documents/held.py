"""A submission of which every document is held for another reason, and what became of it."""

import json
from dataclasses import dataclass
from typing import Any

from intake.core.services import Services
from storage import audit
from storage.audit import AuditEvent
from storage.crypto.sealing import seal, unseal
from storage.documents import quarantine
from storage.documents.documents import Document
from storage.documents.quarantine import QuarantineAct
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import Submission, place
from tests.portal import samples
from tests.portal.documents import copies
from tests.portal.samples import Part

PARTS = (
    Part("brev.pdf", "CLEAN"),
    Part("underlag.zip", "HELD", "too_deep", "application/zip"),
    Part("skadad.pdf", "UNREADABLE", "pdf_cannot_be_opened"),
    Part("faktura.doc", "INFECTED", "malware:EICAR", "application/msword"),
    Part("pass.pdf", "LOCKED", "password_needed"),
)
FACTS = {
    "from_address": "koordinator@region.example",
    "message_id": "<original@region.example>",
    "references": ["<first@region.example>"],
    "auto_submitted": "",
    "precedence": "",
    "list_headers": False,
    "automatic_headers": False,
    "auto_response_suppress": "",
    "return_path": "<koordinator@region.example>",
    "content_type": "multipart/mixed",
    "report_type": "",
}
WHY = "The region needs it for the decision."


@dataclass(frozen=True)
class Held:
    """One such submission."""

    services: Services
    submission_id: str

    def document(self, name: str) -> Document:
        """Return a document as it stands, by the beginning of its state."""
        rows = copies.documents_of(self.services, self.submission_id)
        return rows[[part.name for part in PARTS].index(name)]

    def acts(self, document_id: str) -> list[QuarantineAct]:
        """Return what was done about a document."""
        with self.services.database.reading() as session:
            return quarantine.acts_on(session, document_id)

    def reasons(self, document_id: str) -> list[str]:
        """Open what was written as reasons."""
        with self.services.database.reading() as session:
            submission = session.get_one(Submission, self.submission_id)
            key = self.services.keyring.open(session, submission.data_key_id)
        return [
            unseal(key, place("quarantine_acts", "reason", act.id), act.reason)
            for act in self.acts(document_id)
        ]

    def events(self, prefix: str = "document.") -> list[AuditEvent]:
        """Return the audited acts of a kind, and prove the chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, "submission", self.submission_id)
        return [event for event in events if event.act.startswith(prefix)]

    def open_types(self) -> set[tuple[str, str]]:
        """Return (queue, kind) of what waits for a person."""
        with self.services.database.reading() as session:
            items = queue_items.of_submission(session, self.submission_id)
        return {(item.queue, item.kind) for item in items if item.closed_at is None}

    def say(self, **facts: Any) -> None:
        """Let the mail's header say something else. Any: what a header can hold."""
        with self.services.database.transaction() as session:
            submission = submissions.by_id(session, self.submission_id)
            assert submission is not None
            key = self.services.keyring.open(session, submission.data_key_id)
            where = place("submissions", "facts", submission.id)
            submission.facts = seal(key, where, json.dumps(FACTS | facts))


def seed_held(services: Services, **options: Any) -> Held:  # Any: see samples.seed
    """Put in a submission that stands in quarantine."""
    options = {"parts": PARTS, "queue": "Q6", "kind": "quarantine", **options}
    held = Held(services, samples.seed(services, **options).submission_id)
    held.say()
    return held
