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


def mapped(letters: dict[str, str]) -> bytes:
    """Return a font's table of what its codes mean."""
    pairs = b" ".join(b"<%02X> <%04X>" % (ord(code), ord(to)) for code, to in letters.items())
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName/X def "
        b"1 begincodespacerange <00> <FF> endcodespacerange "
        b"%d beginbfchar %s endbfchar endcmap end end" % (len(letters), pairs)
    )


ETHIOPIC = {" ": " ", "A": "\u12c8", "B": "\u122e", "/": "/"}
ARABIC = {" ": " ", "A": "ب", "B": "ت", "C": "ج", "D": "د", "^": "\u064b", "1": "\u06f1"}
IN_PIECES = (
    b"1 0 0 1 400 700 Tm [(D B )] TJ 1 0 0 1 429 %d Tm (^) Tj 1 0 0 1 430 700 Tm [(A C)] TJ ET "
    b"BT /F 12 Tf 373 700 Td (111) Tj ET BT /F 12 Tf 345 700 Td [(C A )] TJ"
)


@pytest.mark.parametrize(
    ("letters", "drawn", "text"),
    [
        # All spaces in the other font come before its sign.
        (ETHIOPIC, b"[(A) 2000 ( ) -1700 (/) (B)] TJ", "\u12c8/\u122e"),
        (ETHIOPIC, b"(A /) Tj 30 0 Td (B) Tj", "\u12c8 / \u122e"),
        # A mark that stands higher parts the line.
        (ARABIC, IN_PIECES % 702, "ج ب\u064b ت د \u06f1\u06f1\u06f1 ب ج"),
        (ARABIC, IN_PIECES % 704, "ج ب\u064b ت د \u06f1\u06f1\u06f1 ب ج"),
    ],
)
def test_words_and_signs_stand_where_they_are_seen(
    letters: dict[str, str], drawn: bytes, text: str
) -> None:
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>"
    shown = b"BT /F 12 Tf %s ET" % drawn
    content = one_page(shown, resources=font, others={5: stream(mapped(letters))})
    document = pdfium.PdfDocument(content)

    read = pdf_text.read(document[0], Image.new("RGB", (612, 792)), pdf_text.Sieve())

    document.close()
    assert read.text == text
