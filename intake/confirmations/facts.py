"""Read from a submission's rows what a signed paper says of it.

Names are opened with the submission's key; the caller audits. Of document types and dates only
those that a person confirmed are used. Notes, whereabouts and other submissions are never read.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.access import rights
from intake.cases import completeness
from intake.confirmations.content import (
    ChecklistResult,
    FileOutcome,
    NotedDate,
    Paper,
    PaperFile,
    Promise,
    Sentence,
    outcome_of,
    visible,
)
from intake.core import office_clock
from intake.documents.tree import views_of_rows
from intake.reference_data import document_types as taxonomy
from storage.cases import cases, confirmations, legal_dates
from storage.cases.confirmations import PaperKind
from storage.documents import document_types, documents

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.documents.views import DocumentView
    from intake.reference_data.document_types import Taxonomy
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# Instead of a name, for an officer to whom the file is closed.
NAME_CLOSED = "(closed to you)"


def receipt_of(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> Paper:
    """Return R1: the files as they came, without what was found inside them."""
    rows = documents.of_submission(session, submission.id)
    came = [row for row in rows if row.parent_id is None and row.role not in rights.BODY_ROLES]
    received = submission.received_at
    return Paper(
        kind=PaperKind.RECEIPT,
        number=confirmations.next_number(session, submission.id),
        reference=submission.reference,
        received_at=received,
        issued_on=office_clock.office_day(services.offices, services.now()),
        channel=submission.channel,
        files=tuple(
            PaperFile(visible(view.name), view.size, view.sha256, None, None, FileOutcome.RECEIVED)
            for view in views_of_rows(session, key, came)
        ),
        confirm_by=office_clock.confirm_by(services.offices, submission.priority, received),
    )


def confirmation_of(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    taxonomies: "tuple[Taxonomy, ...]",
    checked: ChecklistResult | None,
    promise: Promise,
) -> Paper:
    """Return R2: what became of each file, what is missing, and the officer's own words."""
    today = office_clock.office_day(services.offices, services.now())
    rows = [
        row
        for row in documents.of_submission(session, submission.id)
        if row.role not in rights.BODY_ROLES
    ]
    types = _confirmed_types(session, [row.id for row in rows])
    known = taxonomy.in_force(taxonomies, today)
    return Paper(
        kind=PaperKind.CONFIRMATION,
        number=confirmations.next_number(session, submission.id),
        reference=submission.reference,
        received_at=submission.received_at,
        issued_on=today,
        channel=submission.channel,
        files=tuple(
            _file(view, known, types.get(view.id, ())) for view in views_of_rows(session, key, rows)
        ),
        checked=checked,
        dates=tuple(
            NotedDate(row.kind, row.day)
            for row in legal_dates.of_submissions(session, [submission.id])
            if row.confirmed_at is not None
        ),
        promise=promise,
    )


def without_names(paper: Paper, sha256s: frozenset[str]) -> Paper:
    """Return a paper for somebody to whom the files with these hashes are closed."""
    files = tuple(
        replace(file, name=NAME_CLOSED, sha256="") if file.sha256 in sha256s else file
        for file in paper.files
    )
    return replace(paper, files=files)


def checked_by_checklist(
    services: "Services", session: "Session", submission: "Submission"
) -> ChecklistResult | None:
    """Return the result of a case's checklist, None without a case or a checklist."""
    case = cases.by_id(session, submission.case_id)
    found = completeness.completeness_of(services, session, case) if case is not None else None
    if found is None:
        return None
    missing = tuple(Sentence(item.wording_en, item.wording_sv) for item in found.missing)
    return ChecklistResult(str(found.edition_number), missing, found.is_complete)


def _confirmed_types(session: "Session", document_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Return {document: codes} of the types that a person confirmed, each once, by page."""
    found: dict[str, dict[str, None]] = {}
    for row in document_types.of_documents(session, document_ids):
        if row.decided_at is not None and row.document_type != taxonomy.UNKNOWN:
            found.setdefault(row.document_id, {})[row.document_type] = None
    return {document_id: tuple(codes) for document_id, codes in found.items()}


def _file(view: "DocumentView", known: "Taxonomy", codes: tuple[str, ...]) -> PaperFile:
    types = [each for each in map(known.by_code, codes) if each is not None]
    named = Sentence(
        " + ".join(each.english for each in types), " + ".join(each.swedish for each in types)
    )
    return PaperFile(
        name=visible(view.name),
        size=view.size,
        sha256=view.sha256,
        pages=view.page_count,
        kind=named if types else None,
        outcome=outcome_of(view.state, view.copy.state),
    )
