"""Find what a PDF does beside showing pages (ISO 32000-1 §12.6, §7.11, §12.7).

Every object is looked at, also those that no page refers to: a reader may find them by another way.
qpdf writes each object in one normal form, so `/J#53` is found as /JS, and content is never run or
rendered here. Two libraries count the pages: where they differ, other readers will.
"""

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2

from ..protocol.results import Inspection
from . import pdf_unseen
from .detect import PDF
from .severity import judge

MAX_OBJECTS = 300_000
MAX_PAGES = 100_000
# The mark of the end stands in the last bytes (Annex H, note 18 of PDF 1.7).
END_MARK, MAX_END_BYTES = b"%%EOF", 1024
BROKEN = (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError, OSError)

# Names as keys or values of dictionaries, and the code of the finding.
CODES = {
    "/JavaScript": "pdf_javascript",
    "/JS": "pdf_javascript",
    "/OpenAction": "pdf_open_action",
    "/AA": "pdf_additional_actions",
    "/Launch": "pdf_launch",
    "/EmbeddedFile": "pdf_embedded_files",
    "/EmbeddedFiles": "pdf_embedded_files",
    "/EF": "pdf_embedded_files",
    "/XFA": "pdf_xfa",
    "/RichMedia": "pdf_rich_media",
    "/RichMediaContent": "pdf_rich_media",
    "/Movie": "pdf_rich_media",
    "/Rendition": "pdf_rich_media",
    "/3D": "pdf_rich_media",
    "/3DD": "pdf_rich_media",
    "/Sound": "pdf_rich_media",
    "/OnInstantiate": "pdf_javascript",  # runs when a 3D scene is shown (§13.6.3.2)
    "/SetOCGState": "pdf_layer_action",
    "/GoToE": "pdf_goto_embedded",
    "/GoToR": "pdf_goto_remote",
    "/SubmitForm": "pdf_submit_form",
    "/ImportData": "pdf_import_data",
    "/FFilter": "pdf_external_stream",
    "/URI": "pdf_remote_link",
}
# Longest first, or /JS would win over /JavaScript; a name ends where a delimiter begins.
NAMES = re.compile(
    rb"(?:%s)(?=[\s()<>\[\]{}/%%]|$)"
    % b"|".join(name.encode() for name in sorted(CODES, key=len, reverse=True))
)
# The name of this action is also that of an article's own object, which does nothing.
THREAD_ACTION = re.compile(rb"/S\s*/Thread(?=[\s()<>\[\]{}/%]|$)")
# Texts may say "/JS"; in the normal form they stand in brackets with their inner ones escaped.
STRINGS = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-f]*>", re.DOTALL)
# qpdf's words for encryption that is not by password: a certificate, or a maker's own scheme.
OTHER_LOCKS = re.compile(
    r"unsupported (?:encryption|security)|encryption dictionary", re.IGNORECASE
)


def load_pdf_readers() -> None:
    """Let qpdf and pdfium load what they load at first use.

    qpdf opens its source of random numbers, which it needs even to read encrypted files; pdfium
    reads a small file once.
    """
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="x", user=""))
    count_by_pdfium(target.getvalue())


def inspect_pdf(content: bytes) -> Inspection:
    """Return what is in a PDF: locked, unreadable, held, active with its findings, or clean."""
    try:
        with pikepdf.open(
            io.BytesIO(content), suppress_warnings=True, inherit_page_attributes=False
        ) as pdf:
            return _inspect_opened(pdf, content)
    except pikepdf.PasswordError:
        return Inspection(PDF, "locked", "password_needed", (), None)
    except BROKEN as error:
        if OTHER_LOCKS.search(str(error)):
            return Inspection(PDF, "locked", "certificate_needed", (), None)
        if count_by_pdfium(content):
            return judge(PDF, {"page_count_disagrees"})
        return Inspection(PDF, "unreadable", "pdf_cannot_be_opened", (), None)


def count_by_pdfium(content: bytes) -> int | None:
    """Return the number of pages as pdfium counts them, None when it cannot open the file."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        return len(document)
    finally:
        document.close()


def _inspect_opened(pdf: pikepdf.Pdf, content: bytes) -> Inspection:
    page_count, is_mended = _count_by_qpdf(pdf)
    if page_count > MAX_PAGES or len(pdf.objects) > MAX_OBJECTS:
        return Inspection(PDF, "held", "pdf_too_large_to_judge", (), None)
    other_count = count_by_pdfium(content)
    if page_count == 0 and not other_count:
        return Inspection(PDF, "unreadable", "pdf_without_pages", (), 0)
    found = {*_codes(pdf), *pdf_unseen.find_in_catalogue(pdf)}
    found.update(pdf_unseen.find_in_bytes(pdf, content))
    if _only_shows_a_page(pdf):
        found = (found - {"pdf_open_action"}) | {"pdf_open_at_page"}
    if pdf.is_encrypted:
        found.add("pdf_owner_password")
    if is_mended or pdf.get_warnings():
        found.add("pdf_damaged")  # qpdf mended or left out something that another reader may see
    if page_count != other_count:
        is_cut = other_count is None and END_MARK not in content[-MAX_END_BYTES:]
        found.add("pdf_cut" if is_cut else "page_count_disagrees")
    return judge(PDF, found, page_count)


def _count_by_qpdf(pdf: pikepdf.Pdf) -> tuple[int, bool]:
    """Return the number of pages, and whether their tree was mended; raises PdfError where it ends.

    qpdf refuses a tree with a way back to a branch above (a loop). Where that stands behind all
    pages that the file has, no reader can find one more, and the pages before it count.
    """
    try:
        return len(pdf.pages), False
    except pikepdf.PdfError:
        pages = _pages_before_loop(pdf)
        every = {
            each.objgen
            for each in pdf.objects
            if _is_dictionary(each) and each.get("/Type") == pikepdf.Name.Page
        }
        if set(pages) != every or len(pages) != len(every):
            raise
        return len(pages), True


def _pages_before_loop(pdf: pikepdf.Pdf) -> list[tuple[int, int]]:
    """Return the numbers of the pages in their order, none unless a loop is the last branch."""
    pages: list[tuple[int, int]] = []
    seen: set[tuple[int, int]] = set()
    waiting = [pdf.Root.get("/Pages")]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, pikepdf.Dictionary) or not each.is_indirect:
            return []
        if each.objgen in seen:
            return [] if waiting else pages
        seen.add(each.objgen)
        kids = each.get("/Kids")
        if not isinstance(kids, pikepdf.Array):
            pages.append(each.objgen)
        elif len(kids) + len(waiting) > MAX_PAGES:
            return []
        else:
            waiting += [kids[number] for number in reversed(range(len(kids)))]
    return []


def _codes(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield the codes of names of CODES, and of notes, in the objects and the trailer."""
    for each in (*pdf.objects, pdf.trailer):
        if not isinstance(each, pikepdf.Object):
            continue  # pikepdf gives numbers and booleans as Python's own
        is_stream = isinstance(each, pikepdf.Stream)
        dictionary = each.stream_dict if is_stream else each
        # A drawing may be that of a page in another file (§8.10.4); tags have a /Ref too.
        if is_stream and (
            "/F" in dictionary or isinstance(dictionary.get("/Ref"), pikepdf.Dictionary)
        ):
            yield "pdf_external_stream"
        written = dictionary.unparse(resolved=True)
        if NAMES.search(written):
            yield from (CODES[name.decode()] for name in NAMES.findall(STRINGS.sub(b"()", written)))
        if THREAD_ACTION.search(written) and THREAD_ACTION.search(STRINGS.sub(b"()", written)):
            yield "pdf_thread_action"
        if pdf_unseen.is_note(written):
            yield "pdf_notes"


def _only_shows_a_page(pdf: pikepdf.Pdf) -> bool:
    """Say whether opening the document only moves to a page, as forms of offices often do.

    The destination stands there directly, or in an action that goes there and does nothing after
    it (ISO 32000-1 §12.6.4.2). Such an action does no harm in another place either.
    """
    action = pdf.Root.get("/OpenAction")
    if action is None:
        return False
    others = sum("/OpenAction" in each for each in pdf.objects if _is_dictionary(each))
    if others > 1:
        return False
    if isinstance(action, pikepdf.Array | pikepdf.Name | pikepdf.String):
        return True
    is_plain = isinstance(action, pikepdf.Dictionary) and "/Next" not in action
    return is_plain and action.get("/S") == pikepdf.Name.GoTo and "/JS" not in action


def _is_dictionary(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary)
