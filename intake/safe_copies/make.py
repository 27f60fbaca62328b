"""Make the safe copies of a submission: staff look at pixels, never at the file of a stranger.

Each document that may be shown gets page images, a rebuilt PDF with invisible text, and a
thumbnail, stored as blobs and then in one transaction. A document of which no copy can be made is
held: it is never shown another way.
"""

import logging
from typing import TYPE_CHECKING

from intake.core import audit
from intake.queues.tasks import add_task
from intake.safe_copies.page_numbers import advise_on_pages
from intake.safe_copies.pdf import build_safe_pdf
from intake.sandbox.host.office_converter import EXTENSIONS
from intake.sandbox.protocol.charsets import chosen, with_evidence
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from intake.sandbox.protocol.rendition import UNSEEN
from storage.audit_acts import Act
from storage.blobs.blobs import BlobRow, add_blobs
from storage.crypto.sealing import seal
from storage.documents import safe_copies
from storage.documents.documents import DocumentState
from storage.documents.safe_copies import SHOWN, CopyState, OcrState, SafeCopy, SafePage
from storage.submissions import submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.safe_copies.tools import CopyTools
    from intake.sandbox.protocol.rendition import Rendition
    from storage.blobs.blobs import StoredBlob
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.documents import Document

LOG = logging.getLogger(__name__)
# Pages without a word of text are read by OCR later, where it is installed.
MAX_PAGES_READ = 50


def make_safe_copies(tools: "CopyTools", submission_id: str) -> None:
    """Make the safe copies that a submission's documents still lack; harmless when repeated.

    Raises StorageUnavailable or JailUnavailable when the machine cannot do it now.
    """
    services = tools.services
    with services.database.reading() as session:
        submission = submissions.by_id(session, submission_id)
        if submission is None:
            return
        key = services.keyring.open(session, submission.data_key_id)
        waiting = safe_copies.without_copy(session, submission_id)
        blobs = {d.id: session.get_one(BlobRow, d.blob_id) for d in waiting}
    for document in waiting:
        content = services.blobs.read_whole(key, blobs[document.id])
        try:
            rendition = _draw(tools, content, document)
        except JailUnavailable:
            raise
        except JailError as error:
            _hold(tools, document, f"no_copy_{error.reason}")
            continue
        if rendition.pages:
            _store(tools, key, document, rendition)
        else:
            _hold(tools, document, f"no_copy_{rendition.reason or 'empty'}")


def _draw(tools: "CopyTools", content: bytes, document: "Document") -> "Rendition":
    detected_type, flags = document.detected_type or "", document.part_flags
    if tools.office is not None and detected_type in EXTENSIONS:
        has_notes = "office_speaker_notes" in document.findings
        return tools.office.render(content, detected_type, has_notes=has_notes)
    # What an officer chose counts here alone: it changes how a text is shown, and no verdict.
    return tools.renderers.render(content, with_evidence(detected_type, flags, chosen(flags)))


def hold_documents_without_copy(tools: "CopyTools", submission_id: str) -> None:
    """Hold the documents that still have no safe copy, after a failure that nobody foresaw."""
    with tools.services.database.reading() as session:
        waiting = safe_copies.without_copy(session, submission_id)
    for document in waiting:
        _hold(tools, document, "no_copy_failed")


def _store(
    tools: "CopyTools", key: "DataKey", document: "Document", rendition: "Rendition"
) -> None:
    services = tools.services
    contents = [page.image for page in rendition.pages]
    contents += [build_safe_pdf(rendition.pages), rendition.thumbnail]
    stored = services.blobs.write_all(key, [[content] for content in contents])
    with services.database.transaction() as session:
        current = _still_shown(session, document)
        if current is None or safe_copies.of_document(session, document.id) is not None:
            return
        if chosen(current.part_flags) != chosen(document.part_flags):
            return  # somebody chose another charset meanwhile, and asked for another round
        add_blobs(session, key, stored, services.now())
        *_, pdf, thumbnail = stored
        session.add(
            SafeCopy(
                document_id=document.id,
                state=CopyState.READY,
                reason=_missing(rendition, current)[:64],
                page_count=len(rendition.pages),
                dpi=rendition.pages[0].dpi,
                pdf_blob_id=pdf.id,
                thumbnail_blob_id=thumbnail.id,
                ocr_state=_ocr_state(rendition),
                made_at=services.now(),
            )
        )
        _add_pages(session, key, document, rendition, stored)
        current.findings = sorted({*current.findings, *advice_on(rendition), *rendition.unseen})
        audit.note(
            services,
            session,
            "system:intake",
            Act.DOCUMENT_MADE_SAFE,
            ("submission", document.submission_id),
            {"document": document.id, "pages": len(rendition.pages)},
        )


def _missing(rendition: "Rendition", document: "Document") -> str:
    """Return why a copy is not whole, empty when it is.

    The inspection may have found what a layout cannot tell, such as a hidden sheet of an old
    workbook.
    """
    if not rendition.is_complete:
        return rendition.reason
    return next((code for code in UNSEEN if code in document.findings), "")


def _add_pages(
    session: "Session",
    key: "DataKey",
    document: "Document",
    rendition: "Rendition",
    stored: "list[StoredBlob]",
) -> None:
    for number, (page, blob) in enumerate(zip(rendition.pages, stored, strict=False), start=1):
        text_place = place("safe_pages", "text", f"{document.id}/{number}")
        session.add(
            SafePage(
                document_id=document.id,
                number=number,
                blob_id=blob.id,
                media_type=page.media_type,
                width=page.width,
                height=page.height,
                text=seal(key, text_place, page.text),
            )
        )
    session.flush()


def advice_on(rendition: "Rendition") -> set[str]:
    """Return advice on the document: dark or small if one page is, blank only if all are.

    A page with words is not blank, however few they are.

    The empty back of one sheet is normal, a scan without a word on any page is not. Missing pages
    are found by the page numbers, but only when every page was drawn.
    """
    by_page = [
        set(page.advice) - ({"advice_blank"} if page.text.strip() else set())
        for page in rendition.pages
    ]
    advice = (set().union(*by_page) - {"advice_blank"}) | set.intersection(*by_page)
    if rendition.page_count == len(rendition.pages):
        advice |= advise_on_pages([page.text for page in rendition.pages])
    return advice


def _ocr_state(rendition: "Rendition") -> OcrState:
    has_silent_page = any(not page.text.strip() for page in rendition.pages[:MAX_PAGES_READ])
    return OcrState.DUE if has_silent_page else OcrState.NOT_NEEDED


def _hold(tools: "CopyTools", document: "Document", reason: str) -> None:
    """Hold a document of which no copy can be made, and put it before a person."""
    services = tools.services
    LOG.warning("event=copy_not_made document=%s reason=%s", document.id, reason)
    with services.database.transaction() as session:
        current = _still_shown(session, document)
        if current is None:
            return
        current.state, current.reason = DocumentState.HELD, reason[:64]
        audit.note(
            services,
            session,
            "system:intake",
            Act.DOCUMENT_HELD,
            ("submission", document.submission_id),
            {"document": document.id, "reason": reason[:64]},
        )
        add_task(
            services, session, document.submission_id, kind=TaskKind.QUARANTINE, reason=reason[:64]
        )


def _still_shown(session: "Session", document: "Document") -> "Document | None":
    """Return the document as it is now, or None when its state forbids showing it."""
    submissions.locked(session, document.submission_id)
    current = session.get(type(document), document.id, populate_existing=True)
    return current if current is not None and current.state in SHOWN else None
