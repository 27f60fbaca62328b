"""Hold that words which a layout writes otherwise are read as they were written in the file."""

import pypdfium2 as pdfium
import pytest
from PIL import Image

from intake.sandbox.render.office_original import laid_out
from intake.sandbox.render.pdf_text import Sieve, read
from tests.samples.files import office
from tests.samples.files.pdf_writing import one_page

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WANT, HEAR = "می\u200cخواهم", "می\u200cشنوم"
TURNED = {"123456-26": "26-123456"}


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        (f"{WANT} {HEAR}", {"میخواهم": WANT, "میشنوم": HEAR}),
        (f"{WANT} میخواهم", {"میخواهم": "میخواهم"}),
        ("رقم الملف 26-123456.", TURNED),
        ("تاريخ 2026-03-12", {"12-03-2026": "2026-03-12"}),
        # Nobody can tell which one is meant then.
        ("تاريخ 2026-03-12 و 12-03-2026", {}),
        ("A file 26-123456", {}),
        ("رقم A-26-123456 و 123456", {}),
    ],
)
def test_words_of_the_file_are_known_by_how_they_are_drawn(
    text: str, spellings: dict[str, str]
) -> None:
    assert laid_out(office.docx(text=text), DOCX).sieve.spellings == spellings


@pytest.mark.parametrize(
    ("drawn", "written"),
    [
        (b"123456-26", "26-123456"),
        (b"(123456-26).", "(26-123456)."),
        (b"26-123456", "26-123456"),
        (b"9-123456-26", "9-123456-26"),
        (b"A-123456-26", "A-123456-26"),
    ],
)
def test_number_is_read_with_its_groups_as_written(drawn: bytes, written: str) -> None:
    fonts = b"/Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    shown = drawn.replace(b"(", b"\\(").replace(b")", b"\\)")
    content = one_page(b"BT /G 12 Tf 72 700 Td (%s) Tj ET" % shown, resources=fonts)
    document = pdfium.PdfDocument(content)

    page = read(document[0], Image.new("RGB", (612, 792), "white"), Sieve(spellings=TURNED))

    assert page.text == written
    assert [word[4] for word in page.words] == [written]
    document.close()
