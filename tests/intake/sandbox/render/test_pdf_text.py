"""Hold that reading a page's text takes no more than its length allows."""

import pypdfium2 as pdfium
import pytest
from PIL import Image

from intake.sandbox.render import pdf_text
from tests.samples.files.pdf_writing import one_page, stream
from tests.support.growth.measure import is_linear

FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


@pytest.mark.parametrize("piece", [b"a", b"ab ", b"a-1 ", b"a@b."])
def test_line_without_end_is_read_in_time(piece: bytes) -> None:
    def read(line: str) -> None:
        shown = b"BT /F 1 Tf 9 99 Td (%s) Tj ET" % line.encode()
        document = pdfium.PdfDocument(one_page(shown, resources=FONT))
        pdf_text.read(document[0], Image.new("RGB", (612, 792)), pdf_text.Sieve())
        document.close()

    assert is_linear(read, lambda size: piece.decode() * (size // len(piece)), 40_000)


@pytest.mark.parametrize(
    "line", [" " * 200_000 + "x", "\u0e31" * 200_000 + "x", " \u0e31" * 100_000]
)
def test_marks_and_spaces_without_end_are_found_in_time(line: str) -> None:
    def find(text: str) -> list[tuple[int, int]]:
        return [match.span() for match in pdf_text.MARKS_AND_SPACES.finditer(text)]

    assert find(line) == [(0, 200_000)]
    assert is_linear(find, lambda size: line[-size:], len(line))


BENGALI = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName/X def "
    b"1 begincodespacerange <00> <FF> endcodespacerange "
    b"4 beginbfchar <20> <0020> <41> <09A8> <42> <09A509BF> <43> <09B0> endbfchar endcmap end end"
)


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        # The space is drawn behind the letter before which it stands.
        (b"[(C) -366 (A) 960 ( ) -680 (B)] TJ", "\u09b0 \u09a8\u09a5\u09bf"),
        (b"(C A) Tj 40 0 Td ( B) Tj", "\u09b0 \u09a8 \u09a5\u09bf"),
    ],
)
def test_a_space_stands_where_it_is_seen_in_bengali(drawn: bytes, text: str) -> None:
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>"
    shown = b"BT /F 24 Tf 72 700 Td %s ET" % drawn
    content = one_page(shown, resources=font, others={5: stream(BENGALI)})
    document = pdfium.PdfDocument(content)

    read = pdf_text.read(document[0], Image.new("RGB", (612, 792)), pdf_text.Sieve())

    document.close()
    assert read.text == text
