"""Confirm or correct the suggested types of documents.

No suggestion becomes part of a case before a person has confirmed it (requirement 119). A
correction is stored beside the suggestion, so that the model can learn from it. The portal's
policy says which roles may do this.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import derived, edit_conflicts
from intake.cases import completeness
from intake.core import audit
from intake.core.errors import IntakeError
from intake.queues import cash_queues
from storage.audit_acts import Act
from storage.base import new_id
from storage.documents import document_types, documents, safe_copies
from storage.documents.document_types import DocumentTypeRange

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

UNKNOWN_TYPE = "UNK"
TYPE_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,15}")


class DocumentTypeInvalid(IntakeError):
    """The type is not one of the list, or the pages are not pages of the document."""

    reason = "kind_invalid"
    public = "Please choose a type from the list, and pages that the document has."
    status = 400


class DocumentTypeClosed(IntakeError):
    """The pages are closed to the user who tried to give them a type."""

    reason = "kind_closed"
    public = (
        "These pages are closed to you, so their type cannot be changed here. While it is only "
        "suggested, take the submission first; then you can look and say what it is."
    )
    status = 403


@dataclass(frozen=True)
class PageRange:
    """The pages that a type is for, from 1, the last included."""

    first: int
    last: int


def confirm_types(services: "Services", opened: "OpenedToChange[Submission]") -> int:
    """Confirm every suggested type of a submission at once, and return how many there were.

    Documents without a suggestion stay open, and so do pages that are closed to the user: they
    would confirm what they cannot look at. Raises NotFound.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        rows = documents.of_submission(session, submission.id)
        by_id = {row.id: row for row in rows}
        seen = derived.visibilities_to_change(services, session, opened.user, submission)
        together = new_id()
        confirmed = 0
        for row in document_types.of_documents(session, list(by_id)):
            is_suggested = row.decided_at is None and row.document_type != UNKNOWN_TYPE
            pages = PageRange(row.first_page, row.last_page)
            if is_suggested and _sees(seen[row.document_id], pages):
                document, suggested = by_id[row.document_id], row.document_type
                _decide(services, session, opened.user, document, row, suggested, together)
                confirmed += 1
        cash_queues.settle(services, session, submission)
        if confirmed and submission.case_id is not None:
            completeness.refresh_completeness(services, session, submission.case_id)
        return confirmed


def set_type(
    services: "Services",
    opened: "OpenedToChange[HeldDocument]",
    document_type: str,
    known_types: "Collection[str]",
    pages: PageRange | None = None,
    *,
    seen_version: int | None = None,
) -> None:
    """Say of what type a document is, or some of its pages; confirms or corrects.

    `known_types` are the codes in force. The same type again changes nothing. Raises
    NotFound, DocumentTypeInvalid or ChangedMeanwhile.
    """
    if TYPE_CODE.fullmatch(document_type) is None or document_type not in known_types:
        raise DocumentTypeInvalid
    with services.database.transaction() as session:
        held = opened.row(services, session)
        document = held.document
        last_page = _last_page(session, document)
        wanted = pages or PageRange(1, last_page)
        if not 1 <= wanted.first <= wanted.last <= last_page:
            raise DocumentTypeInvalid
        _refuse_unseen(services, session, opened.user, held, wanted)
        if _is_confirmed(session, document, wanted, document_type):
            return
        subject = ("submission", document.submission_id)
        edit_conflicts.refuse_if_changed(
            session, subject, edit_conflicts.document_type(document.id), seen_version
        )
        row = _range_of(session, document, wanted)
        _decide(services, session, opened.user, document, row, document_type, new_id())
        cash_queues.settle(services, session, held.submission)
        if held.submission.case_id is not None:
            completeness.refresh_completeness(services, session, held.submission.case_id)


def _last_page(session: "Session", document: "Document") -> int:
    """Return the number of the last page that is known by anything.

    Only of a PDF the inspection counts pages; of all else the safe copy does, once it is made. The
    whole document must never be its first page alone.
    """
    copy = safe_copies.of_document(session, document.id)
    ranges = document_types.of_documents(session, [document.id])
    counted = (document.page_count or 1, copy.page_count if copy is not None else 1)
    return max(1, *counted, *(row.last_page for row in ranges))


def _refuse_unseen(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    held: "HeldDocument",
    wanted: PageRange,
) -> None:
    """Raise DocumentTypeClosed for closed pages: a new type could open them to the user."""
    seen = derived.visibilities_to_change(services, session, user, held.submission)
    if not _sees(seen[held.document.id], wanted):
        raise DocumentTypeClosed


def _sees(visibility: "Visibility", pages: PageRange) -> bool:
    return all(visibility.shows(page) for page in range(pages.first, pages.last + 1))


def _is_confirmed(
    session: "Session", document: "Document", wanted: PageRange, document_type: str
) -> bool:
    return any(
        (row.first_page, row.last_page, row.document_type)
        == (wanted.first, wanted.last, document_type)
        and row.decided_at is not None
        for row in document_types.of_documents(session, [document.id])
    )


def _range_of(session: "Session", document: "Document", wanted: PageRange) -> DocumentTypeRange:
    """Return the range for the wanted pages, and cut the ranges that it overlaps.

    The pages of an overlapped range before and after it keep their type, so that no page loses
    its type.
    """
    ranges = document_types.of_documents(session, [document.id])
    same = next(
        (r for r in ranges if (r.first_page, r.last_page) == (wanted.first, wanted.last)), None
    )
    if same is not None:
        return same
    overlapped = [r for r in ranges if r.first_page <= wanted.last and r.last_page >= wanted.first]
    suggested = overlapped[0] if overlapped else None
    kept = [rest for row in overlapped for rest in _rests(row, wanted)]
    row = DocumentTypeRange(
        id=new_id(),
        document_id=document.id,
        first_page=wanted.first,
        last_page=wanted.last,
        document_type=suggested.document_type if suggested else UNKNOWN_TYPE,
        suggested_type=suggested.suggested_type if suggested else UNKNOWN_TYPE,
        confidence=suggested.confidence if suggested else 0.0,
        reasons=list(suggested.reasons) if suggested else [],
    )
    for old in overlapped:
        session.delete(old)
    session.flush()
    session.add_all([*kept, row])
    session.flush()
    return row


def _rests(row: DocumentTypeRange, wanted: PageRange) -> list[DocumentTypeRange]:
    """Return the parts of an overlapped range before and after the wanted pages."""
    spans = [(row.first_page, wanted.first - 1), (wanted.last + 1, row.last_page)]
    return [
        DocumentTypeRange(
            id=new_id(),
            document_id=row.document_id,
            first_page=first,
            last_page=last,
            document_type=row.document_type,
            suggested_type=row.suggested_type,
            confidence=row.confidence,
            reasons=list(row.reasons),
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )
        for first, last in spans
        if first <= last
    ]


def _decide(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    document: "Document",
    row: DocumentTypeRange,
    document_type: str,
    together: str,
) -> None:
    """Decide the type of a range; `together` is the id of the act, which all its events carry."""
    now = services.now()
    row.document_type, row.decided_by, row.decided_at = document_type, user.id, now
    session.flush()
    first = document_types.of_documents(session, [document.id])[0]
    document.document_type = first.document_type
    is_correction = document_type != row.suggested_type
    audit.note(
        services,
        session,
        user,
        Act.DOCUMENT_TYPE_CORRECTED if is_correction else Act.DOCUMENT_TYPE_CONFIRMED,
        ("submission", document.submission_id),
        {
            "document": document.id,
            "part": document.path,
            "kind": document_type,
            "suggested": row.suggested_type,
            "range": row.id,
            "together": together,
        },
        at=now,
    )
