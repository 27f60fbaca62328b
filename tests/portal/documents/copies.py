"""Put safe copies for tests into storage, as the worker would leave them.

Pillow draws the pictures and pikepdf makes the PDF, each as small as it can be and still look like
a document.
"""

import io

import pikepdf
from PIL import Image, ImageDraw

from intake.core.services import Services
from storage.blobs.blobs import add_blobs
from storage.crypto.sealing import seal
from storage.documents import documents
from storage.documents.documents import Document
from storage.documents.safe_copies import CopyState, SafeCopy, SafePage
from storage.submissions import submissions

TEXTS = (
    "Remiss om återvändande\nPersonen önskar resa i december.",
    "Bilaga 1: samtycke\nUnderskrift: ja",
    "",
    "الملحق الثاني\nنسخة من جواز السفر",
)
PAGE_PX = (620, 877)


def picture(number: int, size: tuple[int, int] = PAGE_PX, seed: str = "") -> bytes:
    """Draw a page: lines like writing, and its number."""
    image = Image.new("RGB", PAGE_PX, "white")
    draw = ImageDraw.Draw(image)
    for line in range(8, 36):
        length = (line * 7919 + number * 104_729) % 300 + 180
        draw.rectangle((70, line * 22, 70 + length, line * 22 + 7), fill="#555")
    draw.text((70, 70), f"Page {number} {seed}", fill="black", font_size=40)
    image = image.resize(size)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def small_pdf() -> bytes:
    """Make a PDF of one empty page."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(100, 140))
        pdf.save(written)
    return written.getvalue()


def add_copy(
    services: Services,
    document_id: str,
    texts: tuple[str, ...] = TEXTS,
    *,
    reason: str = "",
    ocr_state: str = "not_needed",
    media_type: str = "image/png",
    size: tuple[int, int] = PAGE_PX,
) -> None:
    """Put in a ready copy with one page for each text."""
    now = services.now()
    with services.database.transaction() as session:
        document = session.get_one(Document, document_id)
        submission = submissions.by_id(session, document.submission_id)
        assert submission is not None
        key = services.keyring.open(session, submission.data_key_id)
        pictures = [picture(number + 1, size, document.path) for number in range(len(texts))]
        contents = [*pictures, small_pdf(), picture(1, (96, 136))]
        blobs = services.blobs.write_all(key, [[content] for content in contents])
        add_blobs(session, key, blobs, now)
        session.flush()
        session.add(
            SafeCopy(
                document_id=document_id,
                state=CopyState.READY,
                reason=reason,
                page_count=len(texts),
                dpi=75,
                pdf_blob_id=blobs[-2].id,
                thumbnail_blob_id=blobs[-1].id,
                ocr_state=ocr_state,
                made_at=now,
            )
        )
        for number, text in enumerate(texts, 1):
            place = f"safe_pages.text:{document_id}/{number}"
            session.add(
                SafePage(
                    document_id=document_id,
                    number=number,
                    blob_id=blobs[number - 1].id,
                    media_type=media_type,
                    width=size[0],
                    height=size[1],
                    text=seal(key, place, text),
                )
            )


def add_failed_copy(services: Services, document_id: str, reason: str) -> None:
    """Record that no copy could be made."""
    with services.database.transaction() as session:
        session.add(
            SafeCopy(
                document_id=document_id,
                state=CopyState.FAILED,
                reason=reason,
                page_count=0,
                dpi=0,
                made_at=services.now(),
            )
        )


def documents_of(services: Services, submission_id: str) -> list[Document]:
    """Return a submission's documents in the order of the message."""
    with services.database.reading() as session:
        return documents.of_submission(session, submission_id)


def document_of(services: Services, submission_id: str, state: str) -> Document:
    """Return a submission's first document in a state, as it stands now."""
    rows = documents_of(services, submission_id)
    return next(row for row in rows if row.state == state)
