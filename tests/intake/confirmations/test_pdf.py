"""Check the drawn PDF, read back: its text in all scripts, its bytes, and nothing else in it."""

import io
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from intake.confirmations import pdf as paper_pdf
from intake.confirmations.pdf import Frame, PaperFontMissing, draw_paper
from intake.confirmations.wording import Block, Style, blocks
from tests.intake.confirmations.test_content import PAPER

FRAME = Frame("Confirmation", date(2026, 11, 24), ("Check code: AAAA", "http://portal.test/verify"))


def pages_of(content: bytes) -> list[str]:
    """Return each page's text, lines joined."""
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [" ".join(text.split()) for text in texts]


def names(*written: str) -> tuple[Block, ...]:
    return tuple(Block(Style.NAME, name) for name in written)


@pytest.mark.parametrize(
    "name",
    [
        "Remiss återvändande ÅÄÖ.pdf",
        "صورة جواز السفر",
        "паспорт.pdf",
        "Ağrı ş ł ž.pdf",
        "ffl fi.pdf",
    ],
)
def test_names_of_many_scripts_are_found_in_the_text(name: str) -> None:
    (text,) = pages_of(draw_paper(names(name), FRAME))

    assert name in text


def test_a_letter_that_the_font_lacks_is_shown_as_one_that_is_missing() -> None:
    (text,) = pages_of(draw_paper(names("一.pdf"), FRAME))

    assert "\ufffd.pdf" in text


def test_the_same_input_gives_the_same_bytes() -> None:
    assert draw_paper(blocks(PAPER), FRAME) == draw_paper(blocks(PAPER), FRAME)


def test_every_page_has_its_foot_and_its_number() -> None:
    many = names(*(f"document {number}.pdf" for number in range(90)))

    texts = pages_of(draw_paper(many, FRAME))

    assert len(texts) > 1
    for number, text in enumerate(texts, start=1):
        assert (
            f"Check code: AAAA http://portal.test/verify Sida / Page {number} ({len(texts)})"
            in (text)
        )
    assert "document 89.pdf" in texts[-1]


def test_a_name_without_a_blank_is_broken_and_lost_nowhere() -> None:
    name = "x" * 255

    (text,) = pages_of(draw_paper(names(name), FRAME))

    assert text.count("x") == 255


def test_the_file_does_nothing_and_tells_nothing_of_people() -> None:
    with pikepdf.open(io.BytesIO(draw_paper(blocks(PAPER), FRAME))) as pdf:
        assert dict(pdf.docinfo) == {
            "/Title": "Confirmation",
            "/CreationDate": "D:20261124000000Z",
        }
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/Lang", "/PageLayout", "/PageMode"}
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary):
                for forbidden in ("/JS", "/JavaScript", "/AA", "/A", "/EmbeddedFiles", "/Metadata"):
                    assert forbidden not in each


def test_without_its_font_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paper_pdf, "FONT_FOLDER", tmp_path)

    with pytest.raises(PaperFontMissing):
        draw_paper(names("a"), FRAME)
