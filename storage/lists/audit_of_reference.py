"""Find every act on what belongs to one reference: submissions, documents, cases and drafts.

Acts on a submission's links have the submission or its case as their subject. Lists and searches
have no subject among these; `storage.audit_mentions` knows what they showed.
"""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from storage.audit import AuditEvent
from storage.audit_acts import READS
from storage.audit_mentions import AuditMention
from storage.cases.cases import Case
from storage.cases.filing_acts import FilingAct
from storage.documents.documents import Document
from storage.submissions.drafts import Draft
from storage.submissions.submissions import Submission
from storage.submissions.upload_links import UploadLink


@dataclass
class Belongings:
    """The ids of what belongs to a reference; empty when nothing has it."""

    submissions: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    documents: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)

    @property
    def by_type(self) -> dict[str, set[str]]:
        """Return {type of subject: ids}."""
        return {
            "submission": self.submissions,
            "case": self.cases,
            "document": set(self.documents),
            "draft": set(self.drafts),
        }


def belonging_to(session: Session, reference: str) -> Belongings:
    """Return what belongs to a normalised reference.

    To a submission belong the cases in which it is or was; to a case its submissions, and the cases
    that were merged into it. `documents` and `drafts` are {id: submission's id, or empty}.
    """
    found = Belongings()
    found.submissions.update(
        session.scalars(select(Submission.id).where(Submission.reference == reference))
    )
    own_cases = set(session.scalars(select(Case.id).where(Case.reference == reference)))
    found.cases |= own_cases | set(
        session.scalars(select(Case.id).where(Case.merged_into.in_(own_cases)))
    )
    found.submissions.update(
        session.scalars(select(Submission.id).where(Submission.case_id.in_(own_cases)))
    )
    if not own_cases:
        found.cases |= _cases_of(session, found.submissions)
    documents = session.scalars(
        select(Document).where(Document.submission_id.in_(found.submissions))
    )
    found.documents.update({row.id: row.submission_id for row in documents})
    drafts = session.scalars(_drafts_of(found, own_cases))
    found.drafts.update({row.id: row.submission_id or "" for row in drafts})
    return found


def acts_on(
    session: Session, found: Belongings, *, only_reads: bool, before: int | None, limit: int
) -> list[AuditEvent]:
    """Return the newest acts on what belongs together, newest first, numbered under `before`."""
    wanted = [
        _page(
            session,
            (AuditEvent.subject_type == kind) & AuditEvent.subject_id.in_(ids),
            only_reads=only_reads,
            before=before,
            limit=limit,
        )
        for kind, ids in found.by_type.items()
        if ids
    ]
    ids = found.submissions | found.cases
    showed = AuditEvent.sequence.in_(
        select(AuditMention.sequence).where(AuditMention.subject_id.in_(ids))
    )
    wanted.append(_page(session, showed, only_reads=only_reads, before=before, limit=limit))
    rows = {row.sequence: row for rows in wanted for row in rows}
    return [rows[number] for number in sorted(rows, reverse=True)][:limit]


def _page(
    session: Session,
    which: ColumnElement[bool],
    *,
    only_reads: bool,
    before: int | None,
    limit: int,
) -> list[AuditEvent]:
    # One query a type: each is answered by an index, which one with OR would not be.
    query = select(AuditEvent).where(which).order_by(AuditEvent.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEvent.sequence < before)
    if only_reads:
        query = query.where(AuditEvent.act.in_(READS))
    return list(session.scalars(query))


def _cases_of(session: Session, submissions: set[str]) -> set[str]:
    """Return the cases in which submissions are, or were before they were filed elsewhere."""
    now = session.scalars(select(Submission.case_id).where(Submission.id.in_(submissions)))
    acts = session.execute(
        select(FilingAct.from_case_id, FilingAct.to_case_id).where(
            FilingAct.submission_id.in_(submissions)
        )
    )
    return {case for case in [*now, *(case for row in acts for case in row)] if case is not None}


def _drafts_of(found: Belongings, own_cases: set[str]) -> Select[Draft]:
    links = select(UploadLink.token_hash).where(
        or_(
            UploadLink.submission_id.in_(found.submissions),
            UploadLink.case_id.in_(own_cases),
        )
    )
    return select(Draft).where(
        or_(
            Draft.submission_id.in_(found.submissions),
            Draft.case_id.in_(own_cases),
            Draft.link_hash.in_(links),
        )
    )
