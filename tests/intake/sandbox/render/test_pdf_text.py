"""Hold that reading a page's text takes no more than its length allows."""

import time

import pypdfium2 as pdfium
import pytest
from PIL import Image

from intake.sandbox.render import pdf_text
from tests.samples.files.pdf_writing import one_page

FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


@pytest.mark.parametrize("piece", [b"a", b"ab ", b"a-1 ", b"a@b."])
def test_line_without_end_is_read_in_time(piece: bytes) -> None:
    line = piece * (90_000 // len(piece))
    content = one_page(b"BT /F 1 Tf 9 99 Td (%s) Tj ET" % line, resources=FONT)
    document = pdfium.PdfDocument(content)
    started = time.process_time()

    read = pdf_text.read(document[0], Image.new("RGB", (612, 792)), pdf_text.Sieve())

    print(f"{time.process_time() - started:.2f} s, {len(read.text)} letters")
    assert time.process_time() - started < 4
    document.close()


@pytest.mark.parametrize(
    "line", [" " * 200_000 + "x", "\u0e31" * 200_000 + "x", " \u0e31" * 100_000]
)
def test_marks_and_spaces_without_end_are_found_in_time(line: str) -> None:
    started = time.process_time()

    found = [match.span() for match in pdf_text.MARKS_AND_SPACES.finditer(line)]

    assert (found, time.process_time() - started < 1) == ([(0, 200_000)], True)
