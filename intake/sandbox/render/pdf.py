"""Draw the pages of a PDF with pdfium, and find their words.

This may run in a jail only: pdfium ends the whole process when a file makes it ask for too much
memory, and goes on without end for a file of 581 bytes (threat B14). Forms are drawn
with what is filled in; scripts are not in this build of pdfium.
"""

import contextlib
import ctypes
import logging
import math
import mmap
import re
import weakref
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from ..formats import pdf_unseen
from ..protocol.rendition import MAX_DOCUMENT_PAGES
from . import pdf_ink, pdf_notes, pdf_text, pixels
from .fonts import Typesetter
from .page import Drawn, NotDrawn
from .strip import with_strip

CHANNELS = 4
# The kernel backs a mapping with huge pages if its size is a multiple of one (Linux, THP).
HUGE_PAGE_BYTES = 2 * 1024 * 1024

POINTS_PER_INCH = 72
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
# What a spreadsheet program draws for a number that does not fit its cell.
NO_ROOM = re.compile(r"###")
SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R/Resources<</Font<<"
    b"/F 5 0 R>>>>>>endobj\n4 0 obj<</Length 26>>stream\nBT/F 9 Tf 9 9 Td(Ab 1)Tj ET\nendstream"
    b" endobj\n5 0 obj<</Type/Font/Subtype/TrueType/BaseFont/Arial>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


@dataclass(frozen=True)
class LaidOut:
    """Hold what is known of the file that a PDF was laid out of; `sieve` puts its text right."""

    unseen: frozenset[str] = frozenset()
    is_workbook: bool = False
    sieve: pdf_text.Sieve = field(default_factory=pdf_text.Sieve)


class PdfPages:
    """Offer the pages of one PDF; raises NotDrawn when pdfium cannot open it.

    `laid_out` tells of the file behind a PDF that an office program made.
    """

    reason = ""

    def __init__(
        self, content: bytes, dpi: int, typesetter: Typesetter, laid_out: LaidOut | None = None
    ) -> None:
        self._dpi = dpi
        self._typesetter = typesetter
        self._canvases = Canvases()
        try:
            self._document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            locked = getattr(error, "err_code", None) == PASSWORD_NEEDED
            raise NotDrawn("password_needed" if locked else "pdf_cannot_be_opened") from error
        codes, layers_off = pdf_unseen.read_catalogue(content)
        # Without its form a page is still drawn, only without what is filled in.
        if "pdf_form_not_drawn" not in codes:
            with contextlib.suppress(pdfium.PdfiumError):
                self._document.init_forms()
        self.count = min(len(self._document), MAX_DOCUMENT_PAGES)
        # What LibreOffice writes as a note of the PDF was a comment of the file.
        self._note = "office_comments" if laid_out else "pdf_notes"
        laid_out = laid_out or LaidOut()
        self._unseen = {*laid_out.unseen, *codes}
        self._is_workbook = laid_out.is_workbook
        self._sieve = replace(laid_out.sieve, layers_off=layers_off)

    @property
    def unseen(self) -> frozenset[str]:
        """Return the codes of what the document holds and the pages drawn so far do not show."""
        return frozenset(self._unseen)

    def draw(self, number: int) -> Drawn:
        """Return one page, at a lower resolution when it is oversized; raises ValueError.

        A page without a size is an error.
        """
        page = self._document[number]
        width, height = page.get_size()
        if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
            raise ValueError("page without a size")
        scale = self._dpi / POINTS_PER_INCH
        scale *= pixels.fit(width * scale, height * scale)
        # pypdfium2 rounds up: a hair less keeps the longest side within its limit.
        scale *= 1 - 1e-9
        # Four bytes a pixel in Pillow's own order: the picture is pdfium's bitmap, not a copy.
        picture = page.render(
            scale=scale, prefer_bgrx=True, rev_byteorder=True, bitmap_maker=self._canvases.bitmap
        ).to_pil()
        dpi = max(1, round(scale * POINTS_PER_INCH))
        if pdf_ink.picture_is_missing(page, picture):
            self._unseen.add("pdf_picture_missing")
        annotations = pdf_notes.read(page)
        if annotations.draw_words and pdf_notes.lay_into(page):
            page.close()
            page = self._document[number]
        found = pdf_text.read(page, picture, self._sieve)
        values = pdf_notes.missing(annotations.values, found.text, page)
        page.close()
        if found.is_cut:
            self._unseen.add("pdf_page_cut")
        if pdf_ink.words_are_missing(picture, found.words):
            self._unseen.add("pdf_glyphs_missing")
        if self._is_workbook and NO_ROOM.search(found.text):
            self._unseen.add("office_narrow_cells")
        drawn = Drawn(picture, dpi, found.text, found.words)
        notes = pdf_notes.unseen(annotations.notes, found.text)
        if notes:
            self._unseen.add(self._note)
        if values:
            self._unseen.add("pdf_values_missing")
        below = "\n".join(each for each in (values, notes) if each)
        if below:
            drawn = with_strip(drawn, below, self._typesetter)
        return drawn


def load_pdfium(typesetter: Typesetter) -> None:
    """Draw once, so that pdfium has looked for the system's fonts before that is refused."""
    # Nobody could read its log, and what it says may quote a document.
    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
    PdfPages(SAMPLE, POINTS_PER_INCH, typesetter).draw(0)


class Canvases:
    """Make bitmaps for pdfium in memory that is used again once no picture refers to it.

    The memory is laid in huge pages and kept: fresh small pages for every bitmap cost a good part
    of the time of drawing.
    """

    def __init__(self) -> None:
        self._free: list[mmap.mmap] = []

    def bitmap(
        self,
        width: int,
        height: int,
        format: int,  # noqa: A002 - as pypdfium2 names it
        rev_byteorder: bool = False,
    ) -> pdfium.PdfBitmap:
        """Return a bitmap of four channels; this is the `bitmap_maker` of `PdfPage.render`."""
        size = CHANNELS * width * height
        memory = self._take(size)
        buffer = (ctypes.c_ubyte * size).from_buffer(memory)
        weakref.finalize(buffer, self._free.append, memory)
        return pdfium.PdfBitmap.new_native(width, height, format, rev_byteorder, buffer)

    def _take(self, size: int) -> mmap.mmap:
        for memory in self._free:
            if len(memory) >= size:
                self._free.remove(memory)
                return memory
        # All free memory is too small for this document's pages.
        self._free.clear()
        whole = -(-size // HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES
        memory = mmap.mmap(-1, whole, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        memory.madvise(mmap.MADV_HUGEPAGE)
        return memory
