"""Read the annotations of a PDF's page: what is filled in, and notes whose words nobody sees.

A form's values and a typed comment are drawn, but are no part of the page's content: they are laid
into it before its text is read. The words of a note stand in a window that a copy does not open.
"""

import ctypes
import unicodedata
from collections.abc import Callable, Iterator, Sequence
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
# No page has more fields that a person filled in, and none is smaller that they read.
MAX_PLACES, MIN_SIDE_POINTS = 500, 3.0
# Bits of a field's flags (ISO 32000-1 table 228), and of an annotation's (table 165).
PASSWORD, NOT_SHOWN = 1 << 13, 1 << 1 | 1 << 5


@dataclass(frozen=True)
class Note:
    """Hold the words of one annotation and the name that its author gave."""

    author: str
    words: str


@dataclass(frozen=True)
class Value:
    """Hold what a field is filled in with, and its place on the page.

    `place` is left, bottom, right and top in points.
    """

    note: Note
    place: tuple[float, float, float, float]


@dataclass(frozen=True)
class Annotations:
    """Hold the notes of a page, and whether annotations draw words that belong to its text.

    `values` are those of the form's fields, by the name of each field: a font may lack their
    letters, and what draws a field may be empty.
    """

    notes: tuple[Note, ...]
    draw_words: bool
    values: tuple[Value, ...] = ()


def read(page: pdfium.PdfPage) -> Annotations:
    """Return what the annotations of a page say, in their order."""
    notes: list[Note] = []
    values: list[Value] = []
    draw_words, left = False, MAX_CHARS
    for number in range(min(pdfium_c.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)):
        each = pdfium_c.FPDFPage_GetAnnot(page.raw, number)
        if not each:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(each)
        draw_words = draw_words or kind in DRAWN
        if kind == pdfium_c.FPDF_ANNOT_WIDGET and page.formenv and left > 0:
            values += _value_of_field(page.formenv.raw, each)
            left -= len(values[-1].note.words) if values else 0
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


def _value_of_field(form: object, widget: object) -> list[Value]:
    """Return what is filled in, of a field that is to be seen."""
    is_hidden = pdfium_c.FPDFAnnot_GetFlags(widget) & NOT_SHOWN
    if is_hidden or pdfium_c.FPDFAnnot_GetFormFieldType(form, widget) not in WITH_VALUES:
        return []
    if pdfium_c.FPDFAnnot_GetFormFieldFlags(form, widget) & PASSWORD:
        return []
    value = _text(pdfium_c.FPDFAnnot_GetFormFieldValue, MAX_NOTE_CHARS, form, widget)
    words = paragraphs(value, MAX_NOTE_CHARS).strip()
    if not words:
        return []
    name = _text(pdfium_c.FPDFAnnot_GetFormFieldName, MAX_AUTHOR_CHARS, form, widget)
    note = Note(one_line(name, MAX_AUTHOR_CHARS).strip(" ,"), words)
    return [Value(note, _place(widget))]


def _place(widget: object) -> tuple[float, float, float, float]:
    box = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(widget, box):
        return (0.0, 0.0, 0.0, 0.0)
    across, along = sorted((box.left, box.right)), sorted((box.bottom, box.top))
    return (across[0], along[0], across[1], along[1])


def lay_into(page: pdfium.PdfPage) -> bool:
    """Make what annotations draw a part of the page's content; it counts when it is loaded anew."""
    laid = pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY)
    return bool(laid == pdfium_c.FLATTEN_SUCCESS)


def unseen(notes: tuple[Note, ...], text: str) -> str:
    """Return the notes that the page's text does not say already, as text; empty when none."""
    seen = _squeezed(text)
    return _as_text(HEADING, [note for note in notes if _squeezed(note.words) not in seen])


def missing(values: Sequence[Value], text: str, page: pdfium.PdfPage) -> str:
    """Return the values of fields that the page does not show, as text; empty when none.

    A font may write a letter in another form, and from right to left. A value in ASCII is in every
    font, but a number or a date may be written otherwise than it stands there: it is lost where the
    page, with the fields laid into it, has no words in its place.
    """
    seen = _squeezed(unicodedata.normalize("NFKC", text))
    lost: list[Note] = []
    in_ascii: list[Value] = []
    for value in values:
        written = _squeezed(unicodedata.normalize("NFKC", value.note.words))
        if written.isascii():
            in_ascii.append(value)
        elif written not in seen and written[::-1] not in seen:
            lost.append(value.note)
    lost += [value.note for value in _in_empty_places(in_ascii, page)]
    return _as_text(VALUES_HEADING, lost)


def _in_empty_places(values: Sequence[Value], page: pdfium.PdfPage) -> Iterator[Value]:
    """Yield the values in whose places no words stand; those too small to be read are technical."""
    if not values:
        return
    words = page.get_textpage()
    for value in values[:MAX_PLACES]:
        left, bottom, right, top = value.place
        is_to_be_read = right - left >= MIN_SIDE_POINTS and top - bottom >= MIN_SIDE_POINTS
        if is_to_be_read and not words.get_text_bounded(left, bottom, right, top).strip():
            yield value
    words.close()


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
