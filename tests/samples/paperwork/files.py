"""Make paperwork as files: PDFs with text, with form fields, of scans; photos; a passport page."""

import io
from collections.abc import Mapping, Sequence

from tests.samples.files.pdf_writing import document, stream
from tests.samples.paperwork import pictures
from tests.samples.paperwork.mrz import passport_lines

A4_POINTS = b"0 0 595 842"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
LINES_A_PAGE = 52
REFERRAL_FIELDS = {
    "referral_coordinator": "TEST Koordinator",
    "referral_region": "VAST",
    "referral_case_code": "DEMO-1234",
    "return_country": "Utopia",
    "consent_share": "yes",
}


def text_pdf(pages: Sequence[str]) -> bytes:
    """Return a PDF with a text layer, an A4 page for each text; Latin-1 letters only."""
    objects = _tree(len(pages))
    for number, text in enumerate(pages):
        place = _place(number)
        objects[place] = _page(place + 1)
        objects[place + 1] = stream(_shown(text))
    return document(objects)


def referral_form_pdf(fields: Mapping[str, str]) -> bytes:
    """Return a filled referral form: a page of words with a text field (AcroForm) for each entry.

    `REFERRAL_FIELDS` is a fair example. Values are kept in UTF-16, so any script may stand there.
    """
    first = _place(1)
    numbers = range(first, first + len(fields))
    heads = [f"{name.replace('_', ' ').capitalize()}:" for name in fields]
    shown = "\n\n".join(("CLIENT REFERRAL TO THE RETURN PROGRAMME", *heads))
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    form = b"/AcroForm<</Fields[%s]/DA(/F1 10 Tf 0 g)/DR<</Font<</F1 3 0 R>>>>>>" % kids
    objects = _tree(1, form)
    place = _place(0)
    objects[place] = _page(place + 1, b"/Annots[%s]" % kids)
    objects[place + 1] = stream(_shown(shown))
    for line, (number, (name, value)) in enumerate(zip(numbers, fields.items(), strict=True)):
        top = 790 - 28 * (line + 1)
        objects[number] = (
            b"<</Type/Annot/Subtype/Widget/FT/Tx/F 4/Rect[220 %d 540 %d]/P %d 0 R/T(%s)/V<%s>>>"
            % (top - 4, top + 14, place, name.encode("ascii"), _utf16(value))
        )
    return document(objects)


def scan_pdf(pages: Sequence[str], seed: int) -> bytes:
    """Return a PDF of scanned pages without any text layer."""
    scans = [pictures.scanned(text, seed + number) for number, text in enumerate(pages)]
    file = io.BytesIO()
    # Pillow dates the file otherwise, and then no two runs give the same bytes.
    times = {"creationDate": None, "modDate": None}
    scans[0].save(file, "PDF", save_all=True, append_images=scans[1:], resolution=150, **times)
    return file.getvalue()


def phone_photo(page: str, seed: int) -> bytes:
    """Return a photo (JPEG) of a page of text on a table."""
    return pictures.as_bytes(pictures.photographed(page, seed), "JPEG", dpi=72)


def passport_page(number: str = "X0000001", surname: str = "DEMO", given: str = "PERSON") -> str:
    """Return the text of an invented passport's data page; its machine-readable digits agree."""
    return "\n".join(
        (
            "UTOPIA   PASSPORT   SPECIMEN, NOT A REAL DOCUMENT",
            f"Type P   Code UTO   No {number}",
            f"Name {surname}   Given {given}",
            "Born 01 JAN 1990   Sex F   Expires 01 JAN 2030",
            "",
            *passport_lines(surname, given, number),
        )
    )


def _tree(pages: int, entries: bytes = b"") -> dict[int, bytes]:
    kids = b" ".join(b"%d 0 R" % _place(number) for number in range(pages))
    return {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % entries,
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        3: FONT,
    }


def _place(page: int) -> int:
    return 4 + 2 * page


def _page(content: int, entries: bytes = b"") -> bytes:
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents %d 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>%s>>" % (A4_POINTS, content, entries)
    )


def _shown(text: str) -> bytes:
    lines = [b"(%s) '" % _escaped(line) for line in text.splitlines()[:LINES_A_PAGE]]
    return b"BT /F1 10 Tf 14 TL 50 804 Td\n%s\nET" % b"\n".join(lines)


def _escaped(line: str) -> bytes:
    written = line.encode("cp1252", "replace")
    return written.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _utf16(value: str) -> bytes:
    return (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode()
