"""Hold a rendition: images of a document's pages and what can be read on them.

A safe copy is made of these pixels and this text alone; nothing else is left of the stranger's
file. The text is still what a stranger wrote, only shortened and freed of control characters.
"""

from dataclasses import dataclass

DEFAULT_DPI = 150
MIN_DPI, MAX_DPI = 36, 600
DEFAULT_MAX_PAGES = 200
# What one request may bring; a long document takes several, so that none needs more time or memory.
MAX_BATCH_PAGES = 25
MAX_BATCH_IMAGE_BYTES = 48 * 1024 * 1024
MAX_SIDE_PIXELS = 10_000
MAX_PAGE_PIXELS = 40_000_000
MAX_TEXT_CHARS = 100_000
MAX_WORDS = 5_000
MAX_WORD_CHARS = 100
MAX_THUMBNAIL_PIXELS = 256
MAX_DOCUMENT_PAGES = 10_000_000
MAX_RENDITION_BYTES = 256 * 1024 * 1024

# Left, top, right and bottom in pixels of the page's image, and the text between.
Word = tuple[int, int, int, int, str]
ADVICE = ("advice_blank", "advice_dark", "advice_small")
# What a file holds and its pages do not show as it is, the gravest first. A copy of such a file is
# never whole, even where the words were written below a page.
UNSEEN = (
    "pdf_xfa_only",
    "pdf_form_not_drawn",
    "pdf_values_missing",
    "pdf_layers_off",
    "pdf_page_cut",
    "office_hidden_sheets",
    "office_hidden_cells",
    "office_hidden_text",
    "office_narrow_cells",
    "office_cells_left",
    "office_cut_rows",
    "office_tracked_changes",
    "office_comments",
    "office_speaker_notes",
    "pdf_notes",
    "pdf_glyphs_missing",
    "pdf_picture_missing",
    "pdf_embedded_files",
    "office_embedded_document",
)


@dataclass(frozen=True)
class PageImage:
    """Hold one page: its picture (PNG or JPEG), its text and where the words stand on it.

    `width` and `height` are pixels. `dpi` may be lower than what was asked for when the page is
    oversized. `words` are in reading order and may be cut off; they become the invisible text of
    the safe PDF. `advice` are codes of ADVICE: why a person may not be able to read the page.
    """

    width: int
    height: int
    dpi: int
    image: bytes
    text: str = ""
    words: tuple[Word, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """Say which kind of picture it is."""
        return "image/png" if self.image.startswith(b"\x89PNG") else "image/jpeg"


@dataclass(frozen=True)
class Rendition:
    """Hold the pages of one document, in order, as a safe copy is made of them.

    `is_complete` means that all of the document is on the pages; else `reason` says why not, and
    `unseen` names all of UNSEEN that the document holds. There may be no page at all. `page_count`
    counts the document's own pages, zero when nobody knows. `thumbnail` is a small
    PNG or JPEG of the first page, empty without one.
    """

    pages: tuple[PageImage, ...]
    reason: str
    is_complete: bool
    thumbnail: bytes = b""
    page_count: int = 0
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Original:
    """Hold the file of which an office program laid out the PDF that is to be drawn.

    Its words are spelled as they were written, and it says what the layout leaves out.
    """

    content: bytes
    detected_type: str
