"""Hold how a drawn page is packed: beside the next one, exactly, and in memory used again."""

import io
import threading
from collections.abc import Sequence

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageDraw

from intake.sandbox.render import pixels
from intake.sandbox.render.pdf import Canvases
from intake.sandbox.render.renderer import Renderer, load_renderer
from tests.bench.timing import letter

GREYS = [(level, level, level) for level in (0, 40, 90, 140, 200, 255)]
COLOURS = [(200, 30, 30), (10, 90, 200), (255, 255, 255), (0, 0, 0)]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return load_renderer()


def striped(mode: str, colours: Sequence[tuple[int, int, int]]) -> Image.Image:
    """Draw a page of white with a stripe of each colour."""
    page = Image.new("RGB", (301, 400), (255, 255, 255))
    drawing = ImageDraw.Draw(page)
    for number, colour in enumerate(colours):
        drawing.rectangle((20, 20 * number, 280, 20 * number + 9), fill=colour)
    if mode != "RGBX":
        return page.convert(mode)
    return Image.merge("RGBX", (*page.split(), Image.new("L", page.size, 255)))


def answered(renderer: Renderer, count: int) -> tuple[dict[str, object], list[bytes]]:
    """Let the pages of a letter be drawn in this process."""
    arguments: dict[str, object] = {
        "detected_type": "application/pdf",
        "first": 0,
        "count": count,
        "dpi": 72,
        "milliseconds": 60_000,
    }
    return renderer.render(arguments, [letter(count)])


@pytest.mark.parametrize("count", [1, 2, 7])
def test_pages_come_in_order_with_or_without_a_second_thread(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    beside = answered(renderer, count)

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    alone = answered(renderer, count)

    assert alone == beside
    assert len(beside[1]) == 1 + 2 * count


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBX"])
def test_grey_pages_come_out_as_they_were(mode: str) -> None:
    page = striped(mode, GREYS)

    counted = pixels.count(page)

    assert counted.picture.mode == "L"
    shown = Image.open(io.BytesIO(pixels.encode(counted))).convert("L")
    assert ImageChops.difference(shown, page.convert("L")).getbbox() is None


@pytest.mark.parametrize("mode", ["RGB", "RGBX"])
def test_a_stamp_keeps_its_colour_on_a_grey_page(mode: str) -> None:
    page = striped(mode, [*GREYS, *COLOURS])

    counted = pixels.count(page)

    assert counted.picture.mode == "RGB"
    shown = Image.open(io.BytesIO(pixels.encode(counted))).convert("RGB")
    assert ImageChops.difference(shown, page.convert("RGB")).getbbox() is None


def test_grey_without_end_stays_readable() -> None:
    ramp = Image.linear_gradient("L").resize((256, 1000))
    page = Image.new("L", (256, 4000), 255)
    page.paste(ramp, (0, 0))

    shown = Image.open(io.BytesIO(pixels.encode(pixels.count(page)))).convert("L")

    apart = ImageChops.difference(shown, page).histogram()
    assert sum(apart[17:]) == 0


def test_memory_is_used_again_once_no_picture_refers_to_it() -> None:
    canvases = Canvases()
    form = pdfium.raw.FPDFBitmap_BGRx

    first = canvases.bitmap(400, 400, form, rev_byteorder=True)
    kept = first.to_pil()
    first.fill_rect((1, 2, 3, 255), 0, 0, 400, 400)
    del first
    second = canvases.bitmap(400, 400, form, rev_byteorder=True)
    second.fill_rect((9, 9, 9, 255), 0, 0, 400, 400)
    is_own = kept.getpixel((5, 5)) == (1, 2, 3, 255)
    del second, kept
    third = canvases.bitmap(300, 300, form, rev_byteorder=True)

    assert is_own
    assert len(third.buffer) == 4 * 300 * 300
    assert third.to_pil().getpixel((5, 5)) in {(1, 2, 3, 255), (9, 9, 9, 255)}


def test_a_larger_page_gets_memory_of_its_own() -> None:
    canvases = Canvases()
    form = pdfium.raw.FPDFBitmap_BGRx
    small = canvases.bitmap(10, 10, form, rev_byteorder=True)
    del small

    large = canvases.bitmap(2000, 3000, form, rev_byteorder=True)

    large.fill_rect((7, 7, 7, 255), 0, 0, 2000, 3000)
    assert large.to_pil().getpixel((1999, 2999)) == (7, 7, 7, 255)
