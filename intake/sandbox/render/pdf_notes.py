"""Read the annotations of a PDF's page: what is filled in, and notes whose words nobody sees.

A form's values and a typed comment are drawn, but are no part of the page's content: they are laid
into it before its text is read. The words of a note stand in a window that a copy does not open.
"""

import ctypes
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..protocol.text import one_line, paragraphs

MAX_ANNOTATIONS = 2_000
MAX_NOTES = 200
MAX_NOTE_CHARS, MAX_AUTHOR_CHARS = 4_000, 80
MAX_CHARS = 20_000
MAX_VALUE_BYTES, TOO_LONG = 4_000_000, "(longer than any honest note)"
DRAWN = frozenset(
    {pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP}
)
# The words of a link and of a field describe them for a reader; a window repeats its note's.
NO_NOTES = frozenset(
    {pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP}
)
HEADING = "Notes on this page, which its picture does not show:"
VALUES_HEADING = "Values of the form on this page, which its picture does not show:"
# Fields of text and of choices; a tick and a button have names for their states.
WITH_VALUES = frozenset(
    {
        pdfium_c.FPDF_FORMFIELD_TEXTFIELD,
        pdfium_c.FPDF_FORMFIELD_COMBOBOX,
        pdfium_c.FPDF_FORMFIELD_LISTBOX,
    }
)
# Bits of a field's flags (ISO 32000-1 table 228), and of an annotation's (table 165).
PASSWORD, NOT_SHOWN = 1 << 13, 1 << 1 | 1 << 5


@dataclass(frozen=True)
class Note:
    """Hold the words of one annotation and the name that its author gave."""

    author: str
    words: str


@dataclass(frozen=True)
class Annotations:
    """Hold the notes of a page, and whether annotations draw words that belong to its text.

    `values` are those of the form's fields, by the name of each field, which a font may lack.
    """

    notes: tuple[Note, ...]
    draw_words: bool
    values: tuple[Note, ...] = ()


def read(page: pdfium.PdfPage) -> Annotations:
    """Return what the annotations of a page say, in their order."""
    notes: list[Note] = []
    values: list[Note] = []
    draw_words, left = False, MAX_CHARS
    for number in range(min(pdfium_c.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)):
        each = pdfium_c.FPDFPage_GetAnnot(page.raw, number)
        if not each:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(each)
        draw_words = draw_words or kind in DRAWN
        if kind == pdfium_c.FPDF_ANNOT_WIDGET and page.formenv and left > 0:
            values += _value_of_field(page.formenv.raw, each)
            left -= len(values[-1].words) if values else 0
        if kind not in NO_NOTES and len(notes) < MAX_NOTES and left > 0:
            written = paragraphs(_value(each, b"Contents", MAX_NOTE_CHARS), MAX_NOTE_CHARS).strip()
            if written:
                author = one_line(_value(each, b"T", MAX_AUTHOR_CHARS), MAX_AUTHOR_CHARS).strip(
                    " ,"
                )
                notes.append(Note(author, written))
                left -= len(written)
        pdfium_c.FPDFPage_CloseAnnot(each)
    return Annotations(tuple(notes), draw_words, tuple(values))


def _value_of_field(form: object, widget: object) -> list[Note]:
    """Return what is filled in where it may be lost: letters beyond ASCII, in a field to be seen.

    A value in ASCII is in every font, and what is shown of a number may be written otherwise.
    """
    is_hidden = pdfium_c.FPDFAnnot_GetFlags(widget) & NOT_SHOWN
    if is_hidden or pdfium_c.FPDFAnnot_GetFormFieldType(form, widget) not in WITH_VALUES:
        return []
    if pdfium_c.FPDFAnnot_GetFormFieldFlags(form, widget) & PASSWORD:
        return []
    value = _text(pdfium_c.FPDFAnnot_GetFormFieldValue, MAX_NOTE_CHARS, form, widget)
    words = paragraphs(value, MAX_NOTE_CHARS).strip()
    if not words or words.isascii():
        return []
    name = _text(pdfium_c.FPDFAnnot_GetFormFieldName, MAX_AUTHOR_CHARS, form, widget)
    return [Note(one_line(name, MAX_AUTHOR_CHARS).strip(" ,"), words)]


def lay_into(page: pdfium.PdfPage) -> bool:
    """Make what annotations draw a part of the page's content; it counts when it is loaded anew."""
    laid = pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY)
    return bool(laid == pdfium_c.FLATTEN_SUCCESS)


def unseen(notes: tuple[Note, ...], text: str) -> str:
    """Return the notes that the page's text does not say already, as text; empty when none."""
    seen = _squeezed(text)
    return _as_text(HEADING, [note for note in notes if _squeezed(note.words) not in seen])


def missing(values: tuple[Note, ...], text: str) -> str:
    """Return the values of fields that the page's text does not have, as text; empty when none.

    A font may write a letter in another form, and from right to left.
    """
    seen = _squeezed(unicodedata.normalize("NFKC", text))
    lost = []
    for value in values:
        written = _squeezed(unicodedata.normalize("NFKC", value.words))
        if written not in seen and written[::-1] not in seen:
            lost.append(value)
    return _as_text(VALUES_HEADING, lost)


def _as_text(heading: str, notes: list[Note]) -> str:
    lines = [f"{note.author}: {note.words}" if note.author else note.words for note in notes]
    return "\n".join([heading, *lines]) if lines else ""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _value(annotation: object, key: bytes, max_chars: int) -> str:
    """Return a text of an annotation, cut off at a number of characters."""
    return _text(pdfium_c.FPDFAnnot_GetStringValue, max_chars, annotation, key)


def _text(read_text: Callable[..., int], max_chars: int, *of: object) -> str:
    """Return the text that a function of pdfium gives, cut off at a number of characters."""
    size = read_text(*of, None, 0)
    if size <= 2:
        return ""
    # pdfium writes nothing into a room that is too small, so a text is taken whole or not at all.
    if size > MAX_VALUE_BYTES:
        return TOO_LONG
    buffer = (pdfium_c.FPDF_WCHAR * (size // 2 + 1))()
    read_text(*of, buffer, ctypes.sizeof(buffer))
    return bytes(buffer)[: min(size - 2, 4 * max_chars)].decode("utf-16-le", "replace")
