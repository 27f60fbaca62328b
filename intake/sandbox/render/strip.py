"""Set words that a page does not show on a strip below its picture, apart by a line and a tint."""

from PIL import Image, ImageChops

from ..protocol.rendition import MAX_PAGE_PIXELS, MAX_SIDE_PIXELS
from .fonts import Typesetter
from .page import Drawn
from .text import TextPages

PAPER, TINT, LINE = (255, 255, 255), (255, 248, 214), (150, 110, 0)
A4_WIDTH_INCHES = 8.27
# Letters as large as the page's own, but never too small to read.
MIN_DPI, MAX_DPI = 90, 220
MAX_SHEETS = 3
GAP_PIXELS, LINE_PIXELS = 16, 3


def with_strip(drawn: Drawn, written: str, typesetter: Typesetter) -> Drawn:
    """Return the page with the words on a strip below it, and in its text.

    The strip holds what fits within the limits of a page; the text has all of it.
    """
    dpi = max(MIN_DPI, min(MAX_DPI, round(drawn.picture.width / A4_WIDTH_INCHES)))
    pages = TextPages(written, dpi, typesetter, "")
    text = f"{drawn.text.rstrip()}\n\n{written}".lstrip()
    picture, words = drawn.picture.convert("RGB"), list(drawn.words)
    for number in range(min(pages.count, MAX_SHEETS)):
        sheet = pages.draw(number)
        inked = ImageChops.invert(sheet.picture.convert("RGB")).getbbox()
        if inked is None:
            continue
        first, end = max(inked[1] - GAP_PIXELS, 0), min(inked[3] + GAP_PIXELS, sheet.picture.height)
        width, top = max(picture.width, sheet.picture.width), picture.height
        height = top + LINE_PIXELS + end - first
        if height > MAX_SIDE_PIXELS or width * height > MAX_PAGE_PIXELS:
            break
        whole = Image.new("RGB", (width, height), PAPER)
        whole.paste(picture, (0, 0))
        whole.paste(LINE, (0, top, width, top + LINE_PIXELS))
        whole.paste(TINT, (0, top + LINE_PIXELS, width, height))
        strip = sheet.picture.convert("RGB").crop((0, first, sheet.picture.width, end))
        tinted = ImageChops.multiply(strip, Image.new("RGB", strip.size, TINT))
        whole.paste(tinted, (0, top + LINE_PIXELS))
        down = top + LINE_PIXELS - first
        words += [
            (left, up + down, right, low + down, w) for left, up, right, low, w in sheet.words
        ]
        picture = whole
    return Drawn(picture, drawn.dpi, text, tuple(words))
