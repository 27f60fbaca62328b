"""Know what a PDF does beside showing pages (ISO 32000-1 §12.6, §7.11, §12.7).

Runs inside the jail; imports pikepdf. Every object is looked at, also those that no page refers
to: a reader may find them by another way. qpdf writes each object in one normal form, so `/J#53`
is found as /JS, and content is never run or rendered here.
"""

import io
import re
from collections.abc import Iterator

import pikepdf

from .answers import Inspection
from .kinds import PDF

MAX_OBJECTS = 300_000
MAX_PAGES = 100_000
BROKEN = (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError, OSError)

# Names as keys or values of dictionaries, and the code they are told under.
ACTIVE = {
    "/JavaScript": "javascript",
    "/JS": "javascript",
    "/OpenAction": "open_action",
    "/AA": "additional_actions",
    "/Launch": "launch",
    "/EmbeddedFile": "embedded_files",
    "/EmbeddedFiles": "embedded_files",
    "/EF": "embedded_files",
    "/XFA": "xfa",
    "/RichMedia": "rich_media",
    "/GoToE": "goto_embedded",
    "/SubmitForm": "submit_form",
    "/ImportData": "import_data",
}
LINKS = {"/URI": "uri"}
CODES = ACTIVE | LINKS
# Longest first, or /JS would win over /JavaScript; a name ends where a delimiter begins.
NAMES = re.compile(
    rb"(?:%s)(?=[\s()<>\[\]{}/%%]|$)"
    % b"|".join(name.encode() for name in sorted(CODES, key=len, reverse=True))
)
# Texts may say "/JS"; in the normal form they stand in brackets with their inner ones escaped.
STRINGS = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-f]*>", re.DOTALL)


def load_decryption() -> None:
    """Have qpdf open its source of random numbers, which it wants even to read encrypted files."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="x", user=""))


def inspect_pdf(content: bytes) -> Inspection:
    """Return what is in a PDF: locked, unreadable, active with its findings, or clean."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            return _inspect_opened(pdf)
    except pikepdf.PasswordError:
        return Inspection(PDF, "locked", "password_needed", (), None)
    except BROKEN:
        return Inspection(PDF, "unreadable", "pdf_cannot_be_opened", (), None)


def _inspect_opened(pdf: pikepdf.Pdf) -> Inspection:
    page_count = len(pdf.pages)
    if page_count == 0:
        return Inspection(PDF, "unreadable", "pdf_without_pages", (), 0)
    if page_count > MAX_PAGES or len(pdf.objects) > MAX_OBJECTS:
        return Inspection(PDF, "held", "pdf_too_large_to_judge", (), None)
    found = set(_codes(pdf))
    if pdf.is_encrypted:
        found.add("encrypted_without_password")
    if pdf.get_warnings():
        found.add("damaged")  # qpdf mended or left out something that another reader may see
    findings = tuple(sorted(found))
    if found & set(ACTIVE.values()):
        return Inspection(PDF, "active", "active_content", findings, page_count)
    return Inspection(PDF, "clean", "", findings, page_count)


def _codes(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield the code of every telling name in the document's objects and its trailer."""
    for each in (*pdf.objects, pdf.trailer):
        if not isinstance(each, pikepdf.Object):
            continue  # pikepdf gives numbers and booleans as Python's own
        dictionary = each.stream_dict if isinstance(each, pikepdf.Stream) else each
        written = dictionary.unparse(resolved=True)
        if NAMES.search(written):
            yield from (CODES[name.decode()] for name in NAMES.findall(STRINGS.sub(b"()", written)))
