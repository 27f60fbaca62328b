"""Tell from a drawn page what it should show and does not: letters without a shape, pictures.

pdfium draws nothing, and says nothing, where a font has no shape for a letter or a picture cannot
be decoded. So the place where it should be is looked at: all of it in one colour is not seen.
"""

import ctypes
from collections.abc import Callable, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ..protocol.rendition import Word

MIN_SIDE_PIXELS = 4
# A mark that a button covers is no loss; words are.
MIN_UNSEEN_LETTERS = 4
MAX_PLAIN_WORDS = 60
MAX_OBJECTS = 5_000
MAX_FILTER_BYTES = 64
# A picture of one colour packs to less than this for each of its pixels; one in which something
# stands, to more. Fax and JBIG2 pack white paper far better than a JPEG does.
BYTES_A_PIXEL = {
    "DCTDecode": 0.05,
    "JPXDecode": 0.005,
    "JBIG2Decode": 0.001,
    "CCITTFaxDecode": 0.002,
}
OTHERWISE, MIN_BYTES = 0.01, 300
FAR, OUTSIDE = 1e6, (-1, -1, -1, -1)
Box = tuple[int, int, int, int]
Placement = Callable[[float, float, float, float], Box]


def words_are_missing(picture: Image.Image, words: Sequence[Word]) -> bool:
    """Say whether words have no ink at all where they stand; those of a scan have the scan's.

    Of a page full of plain letters, which every font has, only some words are looked at.
    """
    missing = 0
    step = len(words) // MAX_PLAIN_WORDS + 1
    for number, (left, top, right, bottom, word) in enumerate(words):
        if number % step and word.isascii():
            continue
        box = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
        if any(map(str.isalnum, word)) and is_flat(picture, box):
            missing += len(word) if word.isascii() else MIN_UNSEEN_LETTERS
        if missing >= MIN_UNSEEN_LETTERS:
            return True
    return False


def picture_is_missing(page: pdfium.PdfPage, picture: Image.Image) -> bool:
    """Say whether nothing is seen of a picture of the page in which something stands."""
    for number in range(min(pdfium_c.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)):
        each = pdfium_c.FPDFPage_GetObject(page.raw, number)
        if pdfium_c.FPDFPageObj_GetType(each) != pdfium_c.FPDF_PAGEOBJ_IMAGE:
            continue
        box = _place(page, each, picture.width, picture.height)
        if box is not None and _holds_something(each) and is_flat(picture, box):
            return True
    return False


def is_flat(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Say whether a part of the page is of one colour; a part too small to judge is not."""
    left, top, right, bottom = box
    left, right = max(left, 0), min(right, picture.width)
    top, bottom = max(top, 0), min(bottom, picture.height)
    if right - left < MIN_SIDE_PIXELS or bottom - top < MIN_SIDE_PIXELS:
        return False
    # A few pixels of the row in the middle tell nearly always; all are looked at only else.
    if _is_mixed(picture, left, right, (top + bottom) // 2):
        return False
    red, green, blue, *_ = (
        channel.getextrema() for channel in picture.crop((left, top, right, bottom)).split()
    )
    return all(low == high for low, high in (red, green, blue))


def _is_mixed(picture: Image.Image, left: int, right: int, row: int) -> bool:
    """Say whether a part of a row has more than one colour; it stops at the second."""
    pixels = picture.load()
    if pixels is None:
        return False
    first = pixels[left, row]
    for across in range(left + 1, right):
        other = pixels[across, row]
        if other != first and _colour(other) != _colour(first):
            return True
    return False


def _colour(pixel: float | tuple[int, ...]) -> float | tuple[int, ...]:
    """Return a pixel without its fourth byte, which pdfium leaves as it was."""
    return pixel[:3] if isinstance(pixel, tuple) else pixel


def _place(
    page: pdfium.PdfPage, each: object, width: int, height: int
) -> tuple[int, int, int, int] | None:
    """Return the box of an object in pixels of the page, None where pdfium knows none."""
    sides = tuple(ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(each, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    across, down = ctypes.c_int(), ctypes.c_int()
    corners = []
    for x, y in ((left, top), (right, bottom)):
        pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (x0, y0), (x1, y1) = corners
    # The edge is mixed with what is around it.
    return min(x0, x1) + 1, min(y0, y1) + 1, max(x0, x1) - 1, max(y0, y1) - 1


def _holds_something(each: object) -> bool:
    """Say from the size of its data whether more than one colour stands in a picture."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium_c.FPDFImageObj_GetImagePixelSize(each, width, height):
        return False
    size = pdfium_c.FPDFImageObj_GetImageDataRaw(each, None, 0)
    count = pdfium_c.FPDFImageObj_GetImageFilterCount(each)
    name = ""
    if count > 0:
        buffer = ctypes.create_string_buffer(MAX_FILTER_BYTES)
        pdfium_c.FPDFImageObj_GetImageFilter(each, count - 1, buffer, MAX_FILTER_BYTES)
        name = buffer.value.decode("latin-1")
    share = BYTES_A_PIXEL.get(name, OTHERWISE)
    # Without a filter each pixel takes its room, whatever stands there.
    return count > 0 and bool(size > MIN_BYTES + share * width.value * height.value)


def placement(page: pdfium.PdfPage, width: int, height: int) -> Placement:
    """Return a function from boxes in points to boxes in pixels of the page's image, in order.

    A page may be turned, so pdfium is asked where three of its points lie; they are far apart, so
    that rounding is small.
    """
    span = 10_000.0
    (x0, y0), (x1, y1), (x2, y2) = (
        _device(page, width, height, *point) for point in ((0.0, 0.0), (span, 0.0), (0.0, span))
    )
    xx, xy, yx, yy = (x1 - x0) / span, (x2 - x0) / span, (y1 - y0) / span, (y2 - y0) / span

    # Written out and not looped, since it is done for every word of every page.
    def place(left: float, top: float, right: float, bottom: float) -> Box:
        if not -FAR < left + top + right + bottom < FAR:
            return OUTSIDE
        near, far = round(xx * left + xy * top + x0), round(xx * right + xy * bottom + x0)
        above, below = round(yx * left + yy * top + y0), round(yx * right + yy * bottom + y0)
        if near > far:
            near, far = far, near
        return (near, above, far, below) if above <= below else (near, below, far, above)

    return place


def _device(page: pdfium.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return across.value, down.value
