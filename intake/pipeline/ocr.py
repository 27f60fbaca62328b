"""Read the text of scanned pages by tesseract while no submission waits.

OCR takes seconds for a page, two hundred times as long as everything else. So it has a thread of
its own that works only while no submission waits, one page at a time. The text is used for search
and in the safe PDF. Where tesseract is not installed nothing is read, and pages say so.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from intake.core.errors import StorageUnavailable
from intake.pipeline.read_documents import read_documents
from intake.safe_copies.page_numbers import MISSING_PAGES, advise_on_pages
from intake.safe_copies.pdf import with_words
from intake.sandbox.host.ocr import ReadPage, installed_languages, read_page
from intake.sandbox.protocol.errors import JailError
from intake.sandbox.protocol.rendition import PageImage
from storage.blobs.blobs import BlobRow, add_blobs
from storage.crypto.sealing import seal, unseal
from storage.documents import documents, safe_copies
from storage.documents.documents import Document
from storage.documents.safe_copies import OcrState
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.pipeline.worker_services import WorkerServices
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.safe_copies import SafeCopy, SafePage

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 3.0
# Pages after this one stay without text; a referral is never so long.
MAX_PAGES = 50


class ScanReader:
    """The reader of scans of one worker, in a thread of its own until `stop` is set."""

    def __init__(
        self, worker_services: "WorkerServices", is_idle: Callable[[], bool], stop: threading.Event
    ) -> None:
        self._worker_services = worker_services
        self._is_idle = is_idle
        self._stop = stop
        self._thread = threading.Thread(target=self._read_on, name="scan-reader", daemon=True)

    def start(self) -> None:
        """Start the thread if any language can be read; log the languages that cannot."""
        wanted = self._worker_services.services.settings.ocr_languages
        available = languages(wanted)
        missing = [language for language in wanted if language not in available]
        if missing:
            LOG.warning("ocr languages not installed languages=%s", "+".join(missing))
        if available:
            self._thread.start()

    def _read_on(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                while self._is_idle() and not self._stop.is_set():
                    if not read_one_copy(self._worker_services, self._stop):
                        break
            except StorageUnavailable as error:
                LOG.warning("event=scan_reader_waits reason=%s", error.reason)
            except Exception:
                LOG.exception("event=scan_reader_failed")


def languages(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the wanted languages that tesseract can read on this machine, in their order."""
    installed = installed_languages()
    return tuple(language for language in wanted if language in installed)


def read_one_copy(worker_services: "WorkerServices", stop: threading.Event) -> bool:
    """Read the pages of the copy that has waited longest. False when none waits."""
    services = worker_services.services
    with services.database.reading() as session:
        waiting = safe_copies.waiting_for_ocr(session)
        if not waiting:
            return False
        document_id = waiting[0].document_id
        submission_id = documents.submission_of(session, document_id)
        submission = submissions.by_id(session, submission_id)
        if submission is None:
            return False
        key = services.keyring.open(session, submission.data_key_id)
        pages = safe_copies.pages_of(session, document_id)[:MAX_PAGES]
    read: dict[int, ReadPage] = {}
    for page in pages:
        if stop.is_set():
            break
        text_place = place("safe_pages", "text", f"{page.document_id}/{page.number}")
        if not unseal(key, text_place, page.text).strip():
            found = _read_page(worker_services, key, page)
            if found is not None:
                read[page.number] = found
    if read:
        _keep(worker_services, key, document_id, read)
    if stop.is_set():
        return False
    # Before the copy counts as read, so that a process that dies here reads it again.
    read_documents(worker_services, submission_id)
    with services.database.transaction() as session:
        copy = safe_copies.of_document(session, document_id)
        if copy is not None:
            copy.ocr_state = OcrState.DONE
            _advise(session, key, copy)
    return True


def _advise(session: "Session", key: "DataKey", copy: "SafeCopy") -> None:
    """Look at the page numbers again, now that those on pictures are read too."""
    document = session.get(Document, copy.document_id)
    if document is None or copy.reason:
        # Pages of a copy that is not whole are missing because we did not draw them.
        return
    texts = [
        unseal(key, place("safe_pages", "text", f"{page.document_id}/{page.number}"), page.text)
        for page in safe_copies.pages_of(session, copy.document_id)
    ]
    others = {*document.findings} - {MISSING_PAGES}
    document.findings = sorted(others | advise_on_pages(texts))


def _read_page(
    worker_services: "WorkerServices", key: "DataKey", page: "SafePage"
) -> ReadPage | None:
    services = worker_services.services
    with services.database.reading() as session:
        blob = session.get(BlobRow, page.blob_id)
    if blob is None:
        # The copy was deleted meanwhile.
        return None
    image = services.blobs.read_whole(key, blob)
    try:
        return read_page(image, languages(services.settings.ocr_languages))
    except JailError as error:
        LOG.warning("event=page_not_read document=%s reason=%s", page.document_id, error.reason)
        return None


def _keep(
    worker_services: "WorkerServices",
    key: "DataKey",
    document_id: str,
    read: Mapping[int, ReadPage],
) -> None:
    """Store what was read, as text for the search and as invisible text of the safe PDF.

    Both are stored in one transaction, so that they never differ.
    """
    services = worker_services.services
    with services.database.reading() as session:
        copy = safe_copies.of_document(session, document_id)
        if copy is None or copy.pdf_blob_id is None:
            return
        old = session.get_one(BlobRow, copy.pdf_blob_id)
        pages = safe_copies.pages_of(session, document_id)
        dpi = copy.dpi
    worded = {
        page.number: PageImage(page.width, page.height, dpi, b"", words=read[page.number].words)
        for page in pages
        if page.number in read
    }
    pdf = with_words(services.blobs.read_whole(key, old), worded)
    stored = services.blobs.write_all(key, [[pdf]])
    with services.database.transaction() as session:
        current = safe_copies.of_document(session, document_id)
        if current is None or current.pdf_blob_id != old.id:
            # The copy was deleted or made anew meanwhile. Blobs without a row are deleted later.
            return
        add_blobs(session, key, stored, services.now())
        safe_copies.replace_pdf(session, current, stored[0].id)
        for page in safe_copies.pages_of(session, document_id):
            if page.number in worded:
                text_place = place("safe_pages", "text", f"{page.document_id}/{page.number}")
                page.text = seal(key, text_place, read[page.number].text)
