"""Read the text of safe copies, and store suggested types, values and people.

This step comes after the copies are drawn, so it never delays a receipt or a queue. A document
that cannot be read gets no suggestion. What a person decided stays; only suggestions are made
anew. The step may be repeated, and is when OCR has read a scan.
"""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access.closings import is_body_row
from intake.cases import completeness, legal_dates
from intake.core import audit
from intake.filing.candidates import note_similar, refresh_ranking
from intake.filing.flags import flag_danger_in_papers
from intake.queues import cash_queues, ends
from intake.recognition import suggestions
from intake.recognition.classification.classify import classify_document
from intake.recognition.classification.rules import DocumentFacts
from intake.recognition.extraction import extract_values
from intake.recognition.extraction.language import language_of
from intake.recognition.extraction.people import find_people
from intake.recognition.similar_people import similar_people
from intake.recognition.suggestions import ReadDocument
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from intake.sandbox.protocol.pdf import PdfFacts
from storage.audit_acts import Act
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.documents import safe_copies
from storage.documents.documents import Document, of_submission
from storage.documents.safe_copies import SHOWN, CopyState, is_own_text
from storage.submissions import submissions
from storage.submissions.submissions import SubmissionState, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.pipeline.worker_services import WorkerServices
    from intake.recognition.models import Loaded
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

LOG = logging.getLogger(__name__)
PDF = "application/pdf"
# The flag of a submission whose documents no program could read.
NOT_READ = "not_read"
NO_PDF_FACTS = PdfFacts((), (), "not_a_pdf")
# A message body is read for values and people, and never classified.
MAX_BODY_CHARS = 100_000


@dataclass(frozen=True)
class Text:
    """A document with the text of its pages, and what its PDF form says."""

    document: Document
    pages: tuple[str, ...]
    facts: PdfFacts


def read_documents(worker_services: "WorkerServices", submission_id: str) -> None:
    """Read a submission's documents, and store what is suggested about them.

    Raises StorageUnavailable or JailUnavailable when it cannot be done now.
    """
    services = worker_services.services
    with services.database.reading() as session:
        submission = submissions.by_id(session, submission_id)
        if submission is None:
            return
        key = services.keyring.open(session, submission.data_key_id)
        texts = _texts(session, submission, key)
    loaded = worker_services.readers.get(services)
    texts = [_with_facts(worker_services, key, text) for text in texts]
    read = [_read(loaded, text) for text in texts]
    language = language_of(_all_words(texts), loaded.identifier)
    with services.database.transaction() as session:
        current = submissions.locked(session, submission_id)
        if current is None:
            return
        suggestions.store_suggestions(services, session, current, key, read)
        current.language = language or current.language
        current.read_at = services.now()
        current.copy_attempts = 0
        _follow(services, session, current, key)
        flag_danger_in_papers(services, session, current, key, _words_of_papers(texts))
        audit.note(
            services,
            session,
            "system:intake",
            Act.SUBMISSION_READ,
            ("submission", submission_id),
            {
                "documents": len(read),
                "told": sum(found.document_type != "UNK" for each in read for found in each.types),
            },
        )


def _follow(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> None:
    """Update due times, candidate cases and missing documents by what was read."""
    if submission.outcome is not None and legal_dates.is_open(services, session, submission):
        # It was finished before anybody could know of the day.
        ends.open_by_itself(
            services, session, submission, "system:intake", legal_dates.NEAR_SUGGESTED
        )
    cash_queues.settle(services, session, submission)
    legal_dates.apply_legal_dates(services, session, submission)
    found = similar_people(services, session, submission, key)
    if submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)
        note_similar(session, submission, found)
    elif submission.state == SubmissionState.HOLDING:
        refresh_ranking(services, session, submission, key, similar_people=found)


def leave_unread(worker_services: "WorkerServices", submission_id: str) -> None:
    """Leave a submission unread whose reading failed unexpectedly.

    It is in its queue already, with its documents; only the suggestions are missing.
    """
    services = worker_services.services
    with services.database.transaction() as session:
        submission = submissions.locked(session, submission_id)
        if submission is None:
            return
        submission.copy_attempts = 0
        if submission.read_at is not None:
            return
        submission.read_at = services.now()
        submission.flags = sorted({*submission.flags, NOT_READ})
        audit.note(
            services,
            session,
            "system:intake",
            Act.SUBMISSION_NOT_READ,
            ("submission", submission_id),
        )
    LOG.error("event=submission_not_read submission=%s", submission_id)


def _texts(session: "Session", submission: "Submission", key: "DataKey") -> list[Text]:
    rows = [row for row in of_submission(session, submission.id) if row.state in SHOWN]
    copies = safe_copies.of_documents(session, [row.id for row in rows])
    body = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    texts = []
    for row in rows:
        if is_own_text(row):
            texts.append(Text(row, (body[:MAX_BODY_CHARS],), NO_PDF_FACTS))
            continue
        copy = copies.get(row.id)
        if copy is None or copy.state != CopyState.READY:
            continue
        pages = tuple(
            unseal(key, place("safe_pages", "text", f"{page.document_id}/{page.number}"), page.text)
            for page in safe_copies.pages_of(session, row.id)
        )
        texts.append(Text(row, pages, NO_PDF_FACTS))
    return texts


def _words_of_papers(texts: list[Text]) -> list[str]:
    """Return what was read from each attached paper; the letter was asked when it was filed."""
    return ["\n".join(text.pages) for text in texts if not is_body_row(text.document)]


def _with_facts(worker_services: "WorkerServices", key: "DataKey", text: Text) -> Text:
    """Add what a PDF's form says, read in the jail; without it when that fails."""
    if text.document.detected_type != PDF:
        return text
    with worker_services.services.database.reading() as session:
        blob = session.get_one(BlobRow, text.document.blob_id)
    content = worker_services.services.blobs.read_whole(key, blob)
    try:
        return Text(text.document, text.pages, worker_services.jails.form_fields(content))
    except JailUnavailable:
        raise
    except JailError as error:
        LOG.warning("event=form_not_read document=%s reason=%s", text.document.id, error.reason)
        return text


def _read(loaded: "Loaded", text: Text) -> ReadDocument:
    document = text.document
    fields = text.facts.fields
    facts = DocumentFacts(
        field_names=tuple(field.name for field in fields),
        page_sizes_mm=tuple(size for size in text.facts.page_sizes_mm if size is not None),
        page_count=document.page_count or len(text.pages),
        detected_type=document.detected_type or "",
        is_picture=(document.detected_type or "").startswith("image/"),
    )
    # A piece of the letter, such as a gateway's footer, is no paper that somebody has to type.
    is_of_body = is_body_row(document) and document.parent_id is None
    return ReadDocument(
        document,
        () if is_of_body else classify_document(text.pages, facts, loaded.model),
        extract_values(text.pages, fields, loaded.vocabulary),
        find_people(text.pages, fields, loaded.vocabulary),
    )


def _all_words(texts: list[Text]) -> str:
    """Return the beginning of all texts, the message body first, to tell the language."""
    ordered = sorted(texts, key=lambda text: not is_own_text(text.document))
    return "\n".join(page[:2000] for text in ordered for page in text.pages[:3])
