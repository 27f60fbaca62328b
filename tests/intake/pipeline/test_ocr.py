"""Check reading scans.

In which languages, what is said of missing ones, and what is learnt from it.
"""

import io
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont

from intake.pipeline.ocr import ScanReader, languages, read_one_copy
from intake.pipeline.worker_services import WorkerServices
from intake.safe_copies.make import make_safe_copies
from intake.safe_copies.page_numbers import MISSING_PAGES
from storage.blobs.blobs import BlobRow
from storage.documents import safe_copies
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.desk import Desk


def wanting(desk: Desk, wanted: Sequence[str]) -> WorkerServices:
    """Return the desk's worker services with other languages asked for."""
    settings = replace(desk.services.settings, ocr_languages=tuple(wanted))
    return replace(desk.worker_services, services=replace(desk.services, settings=settings))


def picture(*lines: str) -> bytes:
    """Draw a page that shows these lines."""
    page = Image.new("L", (1000, 1400), 255)
    drawing, font = ImageDraw.Draw(page), ImageFont.load_default(42)
    for number, line in enumerate(lines):
        drawing.text((80, 100 + 90 * number), line, fill=0, font=font)
    target = io.BytesIO()
    page.save(target, "PNG")
    return target.getvalue()


def findings(desk: Desk, submission_id: str) -> list[str]:
    """Return the findings on the attachment."""
    return desk.documents(submission_id)[1].findings


@pytest.mark.parametrize("wanted", [(), ("xyz",), ("xyz", "abc_defg")])
def test_a_language_that_is_not_installed_is_left_out(wanted: tuple[str, ...]) -> None:
    assert languages(wanted) == ()


@pytest.mark.ocr
def test_wanted_languages_keep_their_order() -> None:
    assert languages(("swe", "xyz", "eng")) == ("swe", "eng")


def test_a_missing_language_is_named_once(
    sqlite_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    stop.set()
    caplog.set_level(logging.WARNING, "intake.pipeline.ocr")

    ScanReader(wanting(sqlite_desk, ("xyz", "abc")), lambda: False, stop).start()

    assert [record.getMessage() for record in caplog.records] == [
        "ocr languages not installed languages=xyz+abc"
    ]


@pytest.mark.ocr
def test_page_numbers_on_a_scan_are_seen_once_it_is_read(sqlite_desk: Desk) -> None:
    scan = picture("Demo Person One was met on Monday.", "Page 2 of 3")
    raw = referral(attachments=[("scan.png", "image/png", scan)])
    submission_id = sqlite_desk.handle(raw)
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)
    before = findings(sqlite_desk, submission_id)

    was_read = read_one_copy(wanting(sqlite_desk, ("eng",)), threading.Event())

    assert was_read
    assert MISSING_PAGES not in before
    assert findings(sqlite_desk, submission_id) == [MISSING_PAGES, *before]


def safe_pdf(desk: Desk, submission_id: str) -> tuple[str, bytes]:
    """Return the id and the bytes of the attachment's safe PDF."""
    services = desk.services
    document = desk.documents(submission_id)[1]
    with services.database.reading() as session:
        copy = safe_copies.of_document(session, document.id)
        assert copy is not None
        assert copy.pdf_blob_id is not None
        key = services.keyring.open(session, desk.submission(submission_id).data_key_id)
        row = session.get_one(BlobRow, copy.pdf_blob_id)
    return row.id, services.blobs.read_whole(key, row)


def words_of(pdf: bytes) -> list[str]:
    """Return the words that a reader finds in a PDF, page by page."""
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]


@pytest.mark.ocr
def test_what_is_read_is_found_in_the_safe_pdf(sqlite_desk: Desk) -> None:
    scan = picture("Demo Person One was met on Monday.")
    submission_id = sqlite_desk.handle(referral(attachments=[("scan.png", "image/png", scan)]))
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)
    old_id, before = safe_pdf(sqlite_desk, submission_id)

    read_one_copy(wanting(sqlite_desk, ("eng",)), threading.Event())

    new_id, after = safe_pdf(sqlite_desk, submission_id)
    assert words_of(before) == [""]
    assert "Monday" in words_of(after)[0]
    with sqlite_desk.services.database.reading() as session:
        assert session.get(BlobRow, old_id) is None
        assert session.get(BlobRow, new_id) is not None


@pytest.mark.ocr
def test_a_copy_taken_away_while_it_is_read_stays_away(sqlite_desk: Desk) -> None:
    scan = picture("Demo Person One was met on Monday.")
    submission_id = sqlite_desk.handle(referral(attachments=[("scan.png", "image/png", scan)]))
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)
    document = sqlite_desk.documents(submission_id)[1]
    worker_services = wanting(sqlite_desk, ("eng",))

    class Forgetful(threading.Event):
        """Be a stop that is never set, and take the copy away when it is asked."""

        def is_set(self) -> bool:
            with sqlite_desk.services.database.transaction() as session:
                safe_copies.forget(session, document.id)
            return False

    read_one_copy(worker_services, Forgetful())

    with sqlite_desk.services.database.reading() as session:
        assert safe_copies.of_document(session, document.id) is None


def test_page_numbers_in_text_are_seen_when_the_copy_is_made(sqlite_desk: Desk) -> None:
    letter = ("letter.txt", "text/plain", b"The first page of the letter.\nPage 1 of 2\n")
    whole = ("scan.pdf", "application/pdf", tiny_pdf("whole"))
    submission_id = sqlite_desk.handle(referral(attachments=[letter, whole]))

    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)

    _, told, silent = sqlite_desk.documents(submission_id)
    assert MISSING_PAGES in told.findings
    assert MISSING_PAGES not in silent.findings
