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
from collections.abc import Callable

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..protocol.rendition import MAX_DOCUMENT_PAGES, MAX_TEXT_CHARS, MAX_WORDS, Word
from . import pixels
from .page import Drawn, NotDrawn

CHANNELS = 4
# The kernel backs a mapping with huge pages if its size is a multiple of one (Linux, THP).
HUGE_PAGE_BYTES = 2 * 1024 * 1024

POINTS_PER_INCH = 72
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
WORD = re.compile(r"\S+")
# Every call that asks pdfium for a box writes here; only one thread of a child calls pdfium.
CORNERS = tuple(ctypes.c_double() for _ in range(4))
FAR, OUTSIDE = 1e6, (-1, -1, -1, -1)
# What pdfium puts for a hyphen at the end of a line.
HYPHEN_MARKS = str.maketrans({"\x02": "-", "\ufffe": "-"})
SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R/Resources<</Font<<"
    b"/F 5 0 R>>>>>>endobj\n4 0 obj<</Length 26>>stream\nBT/F 9 Tf 9 9 Td(Ab 1)Tj ET\nendstream"
    b" endobj\n5 0 obj<</Type/Font/Subtype/TrueType/BaseFont/Arial>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)

Box = tuple[int, int, int, int]
Placement = Callable[[float, float, float, float], Box]


class PdfPages:
    """Offer the pages of one PDF; raises NotDrawn when pdfium cannot open it."""

    reason = ""

    def __init__(self, content: bytes, dpi: int) -> None:
        self._dpi = dpi
        self._canvases = Canvases()
        try:
            self._document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            locked = getattr(error, "err_code", None) == PASSWORD_NEEDED
            raise NotDrawn("password_needed" if locked else "pdf_cannot_be_opened") from error
        # Without its form a page is still drawn, only without what is filled in.
        with contextlib.suppress(pdfium.PdfiumError):
            self._document.init_forms()
        self.count = min(len(self._document), MAX_DOCUMENT_PAGES)

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
        text, words = _read(page, picture.width, picture.height)
        page.close()
        return Drawn(picture, dpi, text, words)


def load_pdfium() -> None:
    """Draw once, so that pdfium has looked for the system's fonts before that is refused."""
    # Nobody could read its log, and what it says may quote a document.
    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
    PdfPages(SAMPLE, POINTS_PER_INCH).draw(0)


def _read(page: pdfium.PdfPage, width: int, height: int) -> tuple[str, tuple[Word, ...]]:
    """Return a page's text and its words; a page that cannot be read is shown all the same."""
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        return "", ()
    count = min(textpage.count_chars(), MAX_TEXT_CHARS)
    if count <= 0:
        return "", ()
    text = textpage.get_text_range(0, count).translate(HYPHEN_MARKS)
    place = _placement(page, width, height)
    words: list[Word] = []
    for match in WORD.finditer(text):
        box = _find(textpage.raw, match.start(), match.end())
        if box is not None:
            words.append((*place(*box), match[0]))
            if len(words) == MAX_WORDS:
                break
    textpage.close()
    return text, tuple(words)


def _find(textpage: object, start: int, end: int) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom of some characters, in points of the page.

    For a word that is divided at the end of a line, this is the box of its first part. None when
    pdfium has no box.
    """
    first = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, start)
    last = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, end - 1)
    if first < 0 or last < first:
        return None
    if pdfium_c.FPDFText_CountRects(textpage, first, last - first + 1) < 1:
        return None
    if not pdfium_c.FPDFText_GetRect(textpage, 0, *CORNERS):
        return None
    left, top, right, bottom = CORNERS
    return left.value, top.value, right.value, bottom.value


def _placement(page: pdfium.PdfPage, width: int, height: int) -> Placement:
    """Return a function from boxes in points to boxes in pixels of the page's image.

    A page may be turned, so pdfium is asked where three of its points lie; they are far apart, so
    that rounding is small.
    """
    span = 10_000.0
    (x0, y0), (x1, y1), (x2, y2) = (
        _device(page, width, height, *point) for point in ((0.0, 0.0), (span, 0.0), (0.0, span))
    )
    xx, xy, yx, yy = (x1 - x0) / span, (x2 - x0) / span, (y1 - y0) / span, (y2 - y0) / span

    # Written out and not looped, since it is done for every word of every page.
    def place(left: float, top: float, right: float, bottom: float) -> Box:
        if not -FAR < left + top + right + bottom < FAR:
            return OUTSIDE
        return (
            round(xx * left + xy * top + x0),
            round(yx * left + yy * top + y0),
            round(xx * right + xy * bottom + x0),
            round(yx * right + yy * bottom + y0),
        )

    return place


def _device(page: pdfium.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return across.value, down.value


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
