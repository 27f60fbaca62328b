"""Know whether a picture is whole and of a size that can be handled.

Runs inside the jail; imports Pillow with the decoders of the allowed formats only.
"""

import importlib
import io
import warnings

from PIL import Image, ImageFile

from .answers import Inspection

MAX_PIXELS = 100_000_000
MAX_FRAMES = 500
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
BROKEN = (OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, EOFError)


def load_decoders() -> None:
    """Import the decoders and make their limits binding; a child cannot open their files."""
    Image.preinit()
    for decoder in ("Tiff", "WebP"):
        importlib.import_module(f"PIL.{decoder}ImagePlugin")
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def inspect_picture(content: bytes, detected_type: str) -> Inspection:
    """Return clean with the number of frames, unreadable, or held when it is too large.

    The first frame is decoded, at an eighth of the size where the format can: `verify` alone
    passes pictures that are cut off.
    """
    names = [FORMATS[detected_type]]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=names) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return Inspection(detected_type, "held", "picture_too_large", (), None)
                frame_count = _frames(picture)
                picture.verify()
            with Image.open(io.BytesIO(content), formats=names) as picture:
                picture.draft(None, (picture.width // 8, picture.height // 8))
                picture.load()
    except Image.DecompressionBombError:
        return Inspection(detected_type, "held", "picture_too_large", (), None)
    except BROKEN:
        return Inspection(detected_type, "unreadable", "picture_cannot_be_read", (), None)
    if frame_count > MAX_FRAMES:
        return Inspection(detected_type, "held", "picture_with_too_many_frames", (), None)
    return Inspection(detected_type, "clean", "", (), frame_count)


def _frames(picture: Image.Image) -> int:
    """Count frames up to one more than allowed; each step reads only to the next header."""
    for number in range(MAX_FRAMES + 1):
        try:
            picture.seek(number)
        except EOFError:
            return number
    return MAX_FRAMES + 1
