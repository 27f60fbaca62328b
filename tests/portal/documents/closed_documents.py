"""Seed a submission with a health document, a police report and a passport, with safe copies."""

from dataclasses import dataclass

from intake.core.services import Services
from storage import audit
from storage.audit import AuditEvent
from storage.cases.cases import Case
from storage.documents.document_types import DocumentTypeRange
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.portal.triage import extracted_values

NAMES = {"MED-REC": "hiv-journal.pdf", "POL-RPT": "polisanmalan.pdf", "ID-PASS": "pass.pdf"}


@dataclass(frozen=True)
class ClosedDocuments:
    """The submission, its case, and {document type: document id}."""

    services: Services
    reference: str
    case_id: str
    case_reference: str
    item_id: str
    ids: dict[str, str]

    def confirm(self) -> None:
        """Let a person have confirmed every type."""
        with self.services.database.transaction() as session:
            for row in session.query(DocumentTypeRange):
                row.decided_by, row.decided_at = "somebody", self.services.now()

    def give_to(self, user_id: str) -> None:
        """Let somebody own the case."""
        with self.services.database.transaction() as session:
            session.get_one(Case, self.case_id).owner_id = user_id

    def events(self, act: str) -> list[AuditEvent]:
        """Return audit events of one act."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            return session.query(AuditEvent).filter_by(act=act).all()


def seed_closed(services: Services, programme: str = "referrals") -> ClosedDocuments:
    """Put such a submission in, its types only suggested."""
    parts = tuple(Part(name, "CLEAN") for name in NAMES.values())
    made = samples.seed(services, programme=programme, parts=parts)
    ids = dict(zip(NAMES, extracted_values.ids_of(services, made), strict=True))
    for kind, document_id in ids.items():
        copies.add_copy(services, document_id)
        extracted_values.add_kind(services, document_id, kind, ("word:diagnos",), pages=(1, 4))
    extracted_values.add_value(services, ids["MED-REC"], "personal_number", "19900101-2384")
    with services.database.reading() as session:
        submission = session.get_one(Submission, made.submission_id)
        case = session.get_one(Case, submission.case_id)
    return ClosedDocuments(services, made.reference, case.id, case.reference, made.item_id, ids)
