"""Find every act on what belongs to one reference: submissions, documents, cases and drafts.

Acts on a submission's links have the submission or its case as their subject. Lists and searches
have no subject among these; `storage.audit_mentions` knows what they showed.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from storage.audit import AuditEvent
from storage.audit_mentions import AuditMention
from storage.cases.cases import Case
from storage.cases.filing_acts import FilingAct
from storage.documents.documents import Document
from storage.submissions.drafts import Draft
from storage.submissions.submissions import Submission
from storage.submissions.upload_links import UploadLink

MAX_NAMESAKES = 20


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
    found.drafts.update(_drafts_of(session, found, own_cases))
    return found


def document_called(session: Session, start: str) -> Belongings:
    """Return the documents whose id begins so, eight or more of its 32 hexadecimal digits."""
    found = Belongings()
    # Letters after «f» come after every id with this beginning.
    rows = session.execute(
        select(Document.id, Document.submission_id)
        .where(Document.id >= start, Document.id < f"{start}g")
        .limit(MAX_NAMESAKES)
    )
    found.documents.update({row.id: row.submission_id for row in rows})
    return found


def submissions_of(session: Session, document_ids: set[str]) -> dict[str, str]:
    """Return {document's id: submission's id}; what is no document's id is left out."""
    rows = session.execute(
        select(Document.id, Document.submission_id).where(Document.id.in_(document_ids))
    )
    return {row.id: row.submission_id for row in rows}


@dataclass(frozen=True)
class Narrowed:
    """Which acts on what belongs together are wanted; an empty field narrows nothing."""

    acts: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def acts_on(
    session: Session, found: Belongings, narrowed: Narrowed, *, limit: int
) -> list[AuditEvent]:
    """Return the newest acts on what belongs together, newest first, numbered under `before`."""
    wanted = [
        _page(
            session,
            (AuditEvent.subject_type == kind) & AuditEvent.subject_id.in_(ids),
            narrowed,
            limit=limit,
        )
        for kind, ids in found.by_type.items()
        if ids
    ]
    ids = found.submissions | found.cases
    showed = AuditEvent.sequence.in_(
        select(AuditMention.sequence).where(AuditMention.subject_id.in_(ids))
    )
    wanted.append(_page(session, showed, narrowed, limit=limit))
    rows = {row.sequence: row for rows in wanted for row in rows}
    return [rows[number] for number in sorted(rows, reverse=True)][:limit]


def _page(
    session: Session, which: ColumnElement[bool], narrowed: Narrowed, *, limit: int
) -> list[AuditEvent]:
    # One query a type: each is answered by an index, which one with OR would not be.
    query = select(AuditEvent).where(which).order_by(AuditEvent.sequence.desc()).limit(limit)
    if narrowed.before is not None:
        query = query.where(AuditEvent.sequence < narrowed.before)
    if narrowed.acts:
        query = query.where(AuditEvent.act.in_(narrowed.acts))
    if narrowed.actors:
        query = query.where(AuditEvent.actor.in_(narrowed.actors))
    if narrowed.since is not None:
        query = query.where(AuditEvent.at >= narrowed.since)
    if narrowed.until is not None:
        query = query.where(AuditEvent.at < narrowed.until)
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


def _drafts_of(session: Session, found: Belongings, own_cases: set[str]) -> dict[str, str]:
    """Return {draft's id: submission's id, or empty}; one query each, so that an index answers."""
    of_link = [
        UploadLink.submission_id.in_(found.submissions),
        UploadLink.case_id.in_(own_cases),
    ]
    links = {
        token_hash
        for which in of_link
        for token_hash in session.scalars(select(UploadLink.token_hash).where(which))
    }
    wanted = [
        Draft.submission_id.in_(found.submissions),
        Draft.case_id.in_(own_cases),
        Draft.link_hash.in_(links),
    ]
    return {
        draft_id: submission_id or ""
        for which in wanted
        for draft_id, submission_id in session.execute(
            select(Draft.id, Draft.submission_id).where(which)
        )
    }
