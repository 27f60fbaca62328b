"""List the confirmed documents of some types in one programme, and who looked at them last.

Only codes and times are read; names stay sealed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.accounts.users import User
from storage.audit import AuditEvent
from storage.audit_acts import Act
from storage.cases.cases import Case
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class CompartmentDocument:
    """One document; `case_reference` is empty while its submission is in no case."""

    document_id: str
    submission_id: str
    reference: str
    case_reference: str
    types: tuple[str, ...]
    state: str
    received_at: datetime


def confirmed(
    session: Session, types: list[str], programme: str, *, limit: int
) -> dict[str, CompartmentDocument]:
    """Return {document id: document} for the pages that a person confirmed to be of the types.

    The newest submissions come first; at most `limit` ranges of pages are read.
    """
    rows = session.execute(
        select(
            DocumentTypeRange.document_type, Document.id, Document.state, Submission, Case.reference
        )
        .join(Document, Document.id == DocumentTypeRange.document_id)
        .join(Submission, Submission.id == Document.submission_id)
        .outerjoin(Case, Case.id == Submission.case_id)
        .where(
            DocumentTypeRange.type_hash.in_(types),
            DocumentTypeRange.decided_at.is_not(None),
            Submission.programme == programme,
        )
        .order_by(Submission.received_at.desc(), Document.position, DocumentTypeRange.first_page)
        .limit(limit)
    )
    found: dict[str, CompartmentDocument] = {}
    for code, document_id, state, submission, case_reference in rows:
        known = found.get(document_id)
        found[document_id] = CompartmentDocument(
            document_id=document_id,
            submission_id=submission.id,
            reference=submission.reference,
            case_reference=case_reference or "",
            types=tuple(dict.fromkeys((*(known.types if known else ()), code))),
            state=state,
            received_at=submission.received_at,
        )
    return found


def last_looks(session: Session, document_ids: list[str], role: str) -> dict[str, datetime]:
    """Return {document id: when somebody of a role last looked at it}."""
    rows = session.execute(
        select(AuditEvent.subject_id, func.max(AuditEvent.at))
        .join(User, AuditEvent.actor == "user:" + User.id)
        .where(
            AuditEvent.subject_type == "document",
            AuditEvent.subject_id.in_(document_ids),
            AuditEvent.act == Act.DOCUMENT_VIEWED,
            User.role == role,
        )
        .group_by(AuditEvent.subject_id)
    )
    return {row[0]: row[1] for row in rows}
