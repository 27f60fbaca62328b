"""Read from a submission's rows what a signed paper says of it.

Names are opened with the submission's key; the caller audits. Of document types and dates only
those that a person confirmed are used. Notes, whereabouts and other submissions are never read.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.access import closings, derived
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
from intake.reference_data import promises
from storage.cases import cases, confirmations, legal_dates
from storage.cases.confirmations import PaperKind
from storage.documents import document_types, documents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.documents.views import DocumentView
    from intake.reference_data.document_types import Taxonomy
    from storage.cases.legal_dates import LegalDate
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# Instead of a name, for somebody to whom the file is closed.
NAME_CLOSED = "(closed to you)"


def receipt_of(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> Paper:
    """Return R1: the files as they came, without what was found inside them."""
    rows = documents.of_submission(session, submission.id)
    came = [row for row in rows if row.parent_id is None and not closings.is_body_row(row)]
    received = submission.received_at
    promise = promises.open_promise(services, session, submission)
    return Paper(
        kind=PaperKind.RECEIPT,
        number=confirmations.next_number(session, submission.id, PaperKind.RECEIPT),
        reference=submission.reference,
        received_at=received,
        issued_on=office_clock.office_day(services.offices, services.now()),
        channel=submission.channel,
        files=tuple(
            PaperFile(visible(view.name), view.size, view.sha256, None, None, FileOutcome.RECEIVED)
            for view in views_of_rows(session, key, came)
        ),
        confirm_by=promise.at if promise is not None else None,
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
    views = _listed(session, submission, key)
    types = _confirmed_types(session, [view.id for view in views])
    known = taxonomy.in_force(taxonomies, today)
    return Paper(
        kind=PaperKind.CONFIRMATION,
        number=confirmations.next_number(session, submission.id, PaperKind.CONFIRMATION),
        reference=submission.reference,
        received_at=submission.received_at,
        issued_on=today,
        channel=submission.channel,
        files=tuple(_file(view, known, types.get(view.id, ())) for view in views),
        checked=checked,
        dates=tuple(_noted(row) for row in _confirmed_dates(session, submission)),
        promise=promise,
    )


def as_seen(
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    paper: Paper,
    visibilities: "Mapping[str, Visibility]",
) -> Paper:
    """Return a `confirmation_of` as the reader of `visibilities` may see it; it is never signed.

    Of a closed file its number and what became of it are left. A date is left out when it stands
    in closed documents only.
    """
    listed = zip(_listed(session, submission, key), paper.files, strict=True)
    dates = _confirmed_dates(session, submission)
    firsts = {row.id: row.document_id for row in dates}
    seen = derived.open_among(session, visibilities, firsts)
    open_dates = {_noted(row) for row in dates if row.id in seen}
    return replace(
        paper,
        files=tuple(
            file if visibilities[view.id].is_whole else _closed(file) for view, file in listed
        ),
        dates=tuple(noted for noted in paper.dates if noted in open_dates),
    )


def checked_by_checklist(
    services: "Services",
    session: "Session",
    submission: "Submission",
    reader: "SignedInUser | None" = None,
) -> ChecklistResult | None:
    """Return the result of a case's checklist, None without a case or a checklist.

    For a `reader` it leaves out the types of which they may not know (`completeness.as_known`); for
    the paper itself, whose sender knows what they sent, nothing.
    """
    case = cases.by_id(session, submission.case_id)
    found = completeness.completeness_of(services, session, case) if case is not None else None
    if reader is not None:
        found = completeness.as_known(reader, found)
    if found is None:
        return None
    missing = tuple(Sentence(item.wording_en, item.wording_sv) for item in found.missing)
    missing += tuple(
        Sentence(
            f"{item.wording_en} (if children are part of the case)",
            f"{item.wording_sv} (om barn ingår i ärendet)",
        )
        for item in found.if_children
    )
    return ChecklistResult(str(found.edition_number), missing, found.is_complete)


def _listed(
    session: "Session", submission: "Submission", key: "DataKey"
) -> "tuple[DocumentView, ...]":
    """Return the documents that a confirmation lists, in its order."""
    rows = documents.of_submission(session, submission.id)
    return views_of_rows(session, key, [row for row in rows if not closings.is_body_row(row)])


def _closed(file: PaperFile) -> PaperFile:
    return replace(file, name=NAME_CLOSED, size=None, sha256="", pages=None, kind=None)


def _confirmed_dates(session: "Session", submission: "Submission") -> list["LegalDate"]:
    rows = legal_dates.of_submissions(session, [submission.id])
    return [row for row in rows if row.confirmed_at is not None]


def legal_days(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> "list[date]":
    """Return the legal days of a submission and its case, confirmed or read, that a user sees."""
    case_id = submission.case_id
    beside = cases.of_cases(session, [case_id]).get(case_id, []) if case_id else [submission]
    return [row.day for row in derived.open_days(services, session, user, beside)]


def _noted(row: "LegalDate") -> NotedDate:
    return NotedDate(row.kind, row.day)


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
        outcome=outcome_of(view.state, view.copy.state, view.size),
    )
