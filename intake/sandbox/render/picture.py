"""Turn pictures into pages: upright, without transparency, and nothing but pixels.

Metadata, places and comments stay behind with the file, because only pixels go on.
"""

import importlib
import io
import warnings

import pillow_heif
from PIL import Image, ImageOps

from ..formats import pictures
from . import pixels
from .page import Drawn, NotDrawn

FORMATS = {**pictures.FORMATS, "image/heic": "HEIF", "image/heif": "HEIF"}
# These hold one picture: further frames are an animation, or the same picture in another form.
SINGLE = frozenset({"image/gif", "image/webp", "image/png", "image/heic", "image/heif"})
LONG_SIDE_INCHES = 11.69
WHITE = (255, 255, 255)
ORIENTATION = 0x0112
SHRUNK_AS_THEY_ARE = frozenset({"L", "RGB", "CMYK"})
BROKEN = (*pictures.BROKEN, Image.DecompressionBombError)


class PicturePages:
    """Offer the frames of one picture file; raises NotDrawn when it cannot be opened."""

    reason = ""

    def __init__(self, content: bytes, detected_type: str, dpi: int) -> None:
        self._dpi = dpi
        warnings.simplefilter("ignore")
        try:
            self._picture = Image.open(io.BytesIO(content), formats=[FORMATS[detected_type]])
            self.count = 1 if detected_type in SINGLE else _count(self._picture)
        except BROKEN as error:
            raise NotDrawn(_reason(error)) from error
        if self.count == 1 and _is_too_large(self._picture):
            raise NotDrawn("picture_too_large")

    def draw(self, number: int) -> Drawn:
        """Return one frame, upright and within the limits."""
        if number or self.count > 1:
            self._picture.seek(number)
        if _is_too_large(self._picture):
            raise ValueError("frame too large")
        picture = _upright(self._picture)
        long_side = max(picture.size)
        dpi = max(self._dpi, round(long_side / LONG_SIDE_INCHES))
        return Drawn(picture, dpi)


def load_decoders() -> None:
    """Register the decoder of HEIC, with as few threads as it can, and try it."""
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.register_heif_opener(thumbnails=False)
    importlib.import_module("PIL.ImageCms")
    sample = io.BytesIO()
    Image.new("RGB", (64, 64)).save(sample, "HEIF")
    PicturePages(sample.getvalue(), "image/heic", 150).draw(0)


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


def _upright(picture: Image.Image) -> Image.Image:
    """Return the frame in RGB on white, small enough, turned as its camera was held.

    It is made smaller before it is turned and converted, so that less is held twice.
    """
    factor = pixels.fit(*picture.size)
    size = (max(1, int(picture.width * factor)), max(1, int(picture.height * factor)))
    if factor < 1:
        picture.draft("RGB", size)
    picture.load()
    # Read after loading: the decoders of TIFF and HEIC turn their pictures and then say so here.
    turned = picture.getexif().get(ORIENTATION, 1)
    flat: Image.Image = picture
    if factor < 1 and picture.mode in SHRUNK_AS_THEY_ARE and "transparency" not in picture.info:
        flat = picture.resize(size, Image.Resampling.BOX)
    flat = _flat(flat)
    if flat.size != size and factor < 1:
        flat = flat.resize(size, Image.Resampling.BOX)
    flat.getexif().clear()
    if turned in range(2, 9):
        flat.getexif()[ORIENTATION] = turned
        flat = ImageOps.exif_transpose(flat)
    return flat


def _flat(picture: Image.Image) -> Image.Image:
    """Return a frame in RGB, with white where it is transparent."""
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("RGB")
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, WHITE)
        flat.paste(seen, mask=seen.getchannel("A"))
        return flat
    return picture.convert("RGB")


def _is_too_large(picture: Image.Image) -> bool:
    return picture.width * picture.height > pictures.MAX_PIXELS


def _reason(error: Exception) -> str:
    is_bomb = isinstance(error, Image.DecompressionBombError)
    return "picture_too_large" if is_bomb else "picture_cannot_be_read"
