"""Draw a paper's blocks as a PDF on A4, with the same bytes for the same input.

fpdf2 shapes text with HarfBuzz, so that Arabic is joined and runs from the right. The font is the
system's DejaVu; a letter that it lacks is shown as U+FFFD, and the SHA-256 beside the name stays
exact. The file holds no script and no action, and its metadata are a neutral title and the day of
issue.
"""

import io
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from intake.confirmations.content import SHOWN_INSTEAD
from intake.confirmations.wording import Block, Style
from intake.core.errors import IntakeError

if TYPE_CHECKING:
    from fpdf import FPDF

FONT_FOLDER = Path("/usr/share/fonts/truetype/dejavu")  # Debian's fonts-dejavu-core
FONT_FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
FAMILY = "paper"
MARGIN_MM, FOOT_MM, FOOT_LINE_MM, FOOT_POINTS = 20, 26, 3.8, 7.5
WATERMARK_POINTS, WATERMARK_OPACITY = 44, 0.14
RIGHT_TO_LEFT = frozenset({"R", "AL"})
# Weight, size in points, height of a line and space above in millimetres.
SETTINGS = {
    Style.TITLE: ("B", 16, 8, 0),
    Style.HEADING: ("B", 10.5, 5.5, 3),
    Style.TEXT: ("", 9.5, 5, 1),
    Style.NAME: ("B", 9.5, 5, 2.5),
    Style.SMALL: ("", 8, 4, 0),
}


class PaperFontMissing(IntakeError):
    """The system lacks the font of signed papers."""

    reason = "paper_font_missing"
    public = "Signed documents cannot be made on this machine at the moment. Nothing was changed."
    status = 503


@dataclass(frozen=True)
class Frame:
    """The neutral title, the day of issue, and the lines at the foot of each page.

    A `watermark` runs across each page, so pale that the words stay clear.
    """

    title: str
    issued_on: date
    foot: tuple[str, ...]
    watermark: str = ""


def draw_paper(blocks: tuple[Block, ...], frame: Frame) -> bytes:
    """Return a PDF. Raises PaperFontMissing."""
    pdf = _new(frame)
    pdf.add_page()
    for block in blocks:
        _draw_block(pdf, block)
    _draw_feet(pdf, frame.foot)
    _draw_watermark(pdf, frame.watermark)
    return _without_action(bytes(pdf.output()))


def _new(frame: Frame) -> "FPDF":
    # Imported here because it is slow to load and needed only where a paper is drawn.
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    for style, name in FONT_FILES.items():
        path = FONT_FOLDER / name
        if not path.is_file():
            raise PaperFontMissing
        pdf.add_font(FAMILY, style, path)
    pdf.set_title(frame.title)
    # The default names the library and its release, which would change the bytes.
    pdf.set_producer("")
    pdf.set_creation_date(datetime.combine(frame.issued_on, datetime.min.time(), UTC))
    pdf.set_lang("sv")
    pdf.set_margins(MARGIN_MM, MARGIN_MM)
    pdf.set_auto_page_break(True, FOOT_MM)
    pdf.set_text_shaping(True)
    return pdf


def _without_action(content: bytes) -> bytes:
    """Remove the action and the layout that fpdf2 writes into every file."""
    import pikepdf

    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.Root["/OpenAction"], pdf.Root["/PageLayout"]
        pdf.save(written, deterministic_id=True)
    return written.getvalue()


def _draw_block(pdf: "FPDF", block: Block) -> None:
    weight, points, line_mm, above_mm = SETTINGS[block.style]
    pdf.set_font(FAMILY, weight, points)
    if above_mm:
        pdf.ln(above_mm)
    if block.style in {Style.HEADING, Style.NAME} and pdf.will_page_break(line_mm * 4):
        # A heading or a name stays on the page of what follows it.
        pdf.add_page()
    text = _drawable(pdf, block.text)
    # A name is always on the left, above what is said of it, even when it runs from the right.
    align = "R" if block.style is Style.TEXT and _runs_from_right(text) else "L"
    pdf.multi_cell(0, line_mm, text, align=align, new_x="LMARGIN", new_y="NEXT")


def _draw_feet(pdf: "FPDF", foot: tuple[str, ...]) -> None:
    """Write every page's foot, at the end, when the number of pages is known."""
    pdf.set_auto_page_break(False)
    last = pdf.page
    for number in range(1, last + 1):
        pdf.page = number
        # The library does not write a font that it thinks is set, but an earlier page ended in
        # another one. So a different font is set first.
        pdf.set_font(FAMILY, "B", FOOT_POINTS)
        pdf.set_font(FAMILY, "", FOOT_POINTS)
        pdf.set_xy(MARGIN_MM, pdf.h - FOOT_MM + FOOT_LINE_MM)
        for line in (*foot, f"Sida / Page {number} ({last})"):
            pdf.multi_cell(0, FOOT_LINE_MM, _drawable(pdf, line), new_x="LMARGIN", new_y="NEXT")
    pdf.page = last


def _draw_watermark(pdf: "FPDF", text: str) -> None:
    """Write it slantwise twice a page, so that a part of a page has it too."""
    if not text:
        return
    pdf.set_font(FAMILY, "", FOOT_POINTS)
    pdf.set_font(FAMILY, "B", WATERMARK_POINTS)
    wide = pdf.get_string_width(text)
    last = pdf.page
    for number in range(1, last + 1):
        pdf.page = number
        for middle in (pdf.h / 4, pdf.h * 2 / 3):
            with (
                pdf.local_context(fill_opacity=WATERMARK_OPACITY),
                pdf.rotation(35, pdf.w / 2, middle),
            ):
                pdf.text((pdf.w - wide) / 2, middle, text)
    pdf.page = last


def _drawable(pdf: "FPDF", text: str) -> str:
    """Return text with each letter that the font lacks shown as U+FFFD."""
    font = pdf.current_font
    from fpdf.fonts import TTFFont

    if not isinstance(font, TTFFont):
        raise PaperFontMissing
    return "".join(
        each if each in "\n\u200c\u200d" or ord(each) in font.cmap else SHOWN_INSTEAD
        for each in text
    )


def _runs_from_right(text: str) -> bool:
    """Say whether the first letter with a direction runs from right to left (UAX 9, rule P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    strong = next((each for each in directions if each == "L" or each in RIGHT_TO_LEFT), "L")
    return strong in RIGHT_TO_LEFT
