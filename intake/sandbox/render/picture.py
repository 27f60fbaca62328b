"""Turn pictures into pages: upright, without transparency, and nothing but pixels.

Metadata, places and comments stay behind with the file, because only pixels go on.
"""

import importlib
import io
import warnings

import pillow_heif
from PIL import Image, ImageOps

from ..formats import pictures
from ..protocol.rendition import MAX_SIDE_PIXELS
from . import pixels
from .page import Drawn, NotDrawn

FORMATS = pictures.FORMATS
LONG_SIDE_INCHES = 11.69
WHITE = (255, 255, 255)
ORIENTATION = 0x0112
SHRUNK_AS_THEY_ARE = frozenset({"L", "RGB", "CMYK"})
BROKEN = (*pictures.BROKEN, Image.DecompressionBombError)
# A picture higher than a page may be, and this much higher than wide, is cut into pages: a
# screenshot that was scrolled would be too small to read on one.
MIN_TALL_SHAPE = 3
PAGE_SHAPE, MIN_PIECE_PX = 4, 4000
# Each page begins with the last lines of the one before it, so that no line is only cut through.
OVERLAP_PX = 60
# A JPEG with more is decoded at half its size: whole, it would not fit beside its smaller copy.
MAX_WHOLE_PIXELS = 60_000_000
# Fax pixels are half as fine in one direction (ITU-T T.4: 204 by 98 to the inch).
MIN_STRETCH, MAX_STRETCH = 1.2, 4.0


class PicturePages:
    """Offer the frames of one picture file; raises NotDrawn when it cannot be opened."""

    reason = ""
    unseen = ()

    def __init__(self, content: bytes, detected_type: str, dpi: int) -> None:
        self._dpi = dpi
        warnings.simplefilter("ignore")
        try:
            self._picture = Image.open(io.BytesIO(content), formats=FORMATS[detected_type])
            frames = 1 if detected_type in pictures.FIRST_FRAME_SHOWN else _count(self._picture)
        except BROKEN as error:
            raise NotDrawn(_reason(error)) from error
        if frames == 1 and pictures.is_too_large(self._picture):
            raise NotDrawn("picture_too_large")
        self._pieces = _pieces(self._picture) if frames == 1 else ()
        self._frames = frames
        self.count = len(self._pieces) or frames

    def draw(self, number: int) -> Drawn:
        """Return one frame, or one piece of a tall one, upright and within the limits."""
        if self._frames > 1:
            self._picture.seek(number)
        if pictures.is_too_large(self._picture):
            raise ValueError("frame too large")
        whole: Image.Image = self._picture
        picture = _upright(whole.crop(self._pieces[number]) if self._pieces else whole)
        long_side = max(picture.size)
        dpi = max(self._dpi, round(long_side / LONG_SIDE_INCHES))
        return Drawn(picture, dpi)


def load_decoders() -> None:
    """Register the decoder of HEIC, with as few threads as it can, and try it and that of AVIF."""
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.register_heif_opener(thumbnails=False)
    importlib.import_module("PIL.ImageCms")
    for kind in ("HEIF", "AVIF"):
        sample = io.BytesIO()
        Image.new("RGB", (64, 64)).save(sample, kind)
        media_type = "image/heic" if kind == "HEIF" else "image/avif"
        PicturePages(sample.getvalue(), media_type, 150).draw(0)


def _count(picture: Image.Image) -> int:
    """Count frames up to MAX_FRAMES + 1; each step reads only to the next header."""
    for number in range(pictures.MAX_FRAMES + 1):
        try:
            picture.seek(number)
        except EOFError:
            picture.seek(0)
            return number
    picture.seek(0)
    return pictures.MAX_FRAMES + 1


def _pieces(picture: Image.Image) -> tuple[tuple[int, int, int, int], ...]:
    """Return the boxes (left, top, right, bottom) of a tall picture's pages; none for others.

    A picture that has to be turned is left whole: telephones turn photos, not screenshots.
    """
    width, height = picture.size
    is_tall = height > MAX_SIDE_PIXELS and height > MIN_TALL_SHAPE * width
    if not is_tall or pictures.exif_of(picture).get(ORIENTATION, 1) != 1:
        return ()
    piece = min(MAX_SIDE_PIXELS, max(MIN_PIECE_PX, PAGE_SHAPE * width))
    tops = range(0, max(1, height - OVERLAP_PX), piece - OVERLAP_PX)
    return tuple((0, top, width, min(height, top + piece)) for top in tops)


def _upright(picture: Image.Image) -> Image.Image:
    """Return the frame in RGB on white, small enough, turned as its camera was held.

    It is made smaller before it is turned and converted, so that less is held twice.
    """
    across, down = _stretch(picture)
    wide, high = picture.width * across, picture.height * down
    factor = pixels.fit(wide, high)
    size = (max(1, int(wide * factor)), max(1, int(high * factor)))
    if factor < 1:
        is_heavy = picture.width * picture.height > MAX_WHOLE_PIXELS
        half = (picture.width // 2, picture.height // 2)
        picture.draft("RGB", half if is_heavy else size)
    picture.load()
    if picture.format in pictures.DRAFTED and picture.width < size[0]:
        size = picture.size  # decoded smaller than it may be, so nothing is made larger again
    # Read after loading: the decoders of TIFF and HEIC turn their pictures and then say so here.
    turned = pictures.exif_of(picture).get(ORIENTATION, 1)
    flat: Image.Image = picture
    if factor < 1 and flat.mode == "1":
        flat = flat.convert("L")
    if factor < 1 and flat.mode in SHRUNK_AS_THEY_ARE and "transparency" not in flat.info:
        flat = flat.resize(size, Image.Resampling.BOX)
    flat = _flat(flat)
    if flat.size != size and (factor < 1 or (across, down) != (1, 1)):
        flat = flat.resize(size, Image.Resampling.BOX)
    flat.info = {}  # with it goes what the camera wrote, which may be damaged
    if turned in range(2, 9):
        flat.getexif()[ORIENTATION] = turned
        flat = ImageOps.exif_transpose(flat)
    return flat


def _stretch(picture: Image.Image) -> tuple[float, float]:
    """Return by how much each direction is drawn larger, so that pixels become square."""
    resolution = picture.info.get("dpi") if picture.format == "TIFF" else None
    if not isinstance(resolution, tuple) or len(resolution) != 2 or not all(resolution):
        return 1, 1
    across, down = (float(each) for each in resolution)
    if MIN_STRETCH <= across / down <= MAX_STRETCH:
        return 1, across / down
    if MIN_STRETCH <= down / across <= MAX_STRETCH:
        return down / across, 1
    return 1, 1


def _flat(picture: Image.Image) -> Image.Image:
    """Return a frame in RGB, with white where it is transparent."""
    if picture.mode in pictures.DEEP:
        return pictures.in_eight_bits(picture).convert("RGB")
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, WHITE)
        flat.paste(seen, mask=seen.getchannel("A"))
        return flat
    return picture.convert("RGB")


def _reason(error: Exception) -> str:
    is_bomb = isinstance(error, Image.DecompressionBombError)
    return "picture_too_large" if is_bomb else "picture_cannot_be_read"
