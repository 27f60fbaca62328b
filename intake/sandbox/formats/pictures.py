"""Judge whether a picture is whole and of a size that can be handled, and find its metadata.

Pillow is given the decoders of the allowed formats only.
"""

import importlib
import io
import warnings
from collections.abc import Iterator

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile

from ..protocol.results import Inspection
from .legibility import advise
from .severity import judge
from .trailing_data import find_after_end

# An A4 page at 1,200 dpi has 139 million pixels. In grey, or as a JPEG that is decoded at half its
# size, they fit into the memory of a child.
MAX_PIXELS = 200_000_000
# In colour a pixel takes four bytes, and a progressive JPEG is held whole before it is drawn.
MAX_HEAVY_PIXELS = 100_000_000
# These decoders hold up to three whole copies at once: more pixels than these need more memory
# than a child may have.
MAX_COPIED_PIXELS = 50_000_000
COPYING = frozenset({"WEBP", "AVIF"})
LIGHT_MODES = frozenset({"1", "L"})
# The names under which Pillow opens what it can decode at a part of its size.
DRAFTED = frozenset({"JPEG", "MPO"})
# A screenshot that was scrolled may be of any height; its pixels are what costs.
MAX_SIDE_PX = 200_000
MAX_FRAMES = 200
# Frames beyond this are measured, not decoded: two hundred scanned pages take a minute.
MAX_DECODED_PIXELS = 300_000_000
ADVICE_SIDE_PX = 800
# Nobody can read words or know a face on fewer: an icon or a small logo.
MAX_TINY_PIXELS = 20_000
# A logo of 300 by 200; the photo of a passport has four times as many at 300 dpi.
MAX_SMALL_PIXELS = 60_000
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
    "image/bmp": "BMP",
}
# Further pictures in these are the same one again: smaller, brighter or a moment later. Telephones
# write them behind the first by the Multi-Picture format (CIPA DC-007).
ONE_PICTURE = frozenset({"image/jpeg"})
BROKEN = (
    OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, EOFError,
    RuntimeError,
)  # fmt: skip
GPS_IFD, EXIF_IFD = 0x8825, 0x8769
# Exif 2.32: who made the picture, with which device, when, and remarks.
TELLING_TAGS = frozenset({0x010E, 0x010F, 0x0110, 0x0132, 0x013B, 0x013C, 0x8298, 0x9C9C, 0x9C9D})
TELLING_EXIF_TAGS = frozenset({0x9003, 0x9004, 0x9286, 0xA420, 0xA430, 0xA431, 0xA435})
XMP_PLACE = (b"GPSLatitude", b"Iptc4xmpCore:Location", b"photoshop:City")
XMP_PERSON = (b"dc:creator", b"xmp:CreatorTool", b"xmp:CreateDate", b"photoshop:")


class _TooLarge(Exception):
    """The picture passes a limit; the argument is the code."""


def load_decoders() -> None:
    """Import the decoders, whose files a child cannot open, and make their limits binding.

    A child may have few threads, so the decoders of HEIC and AVIF use one.
    """
    Image.preinit()
    for decoder in ("Tiff", "WebP", "Mpo"):
        importlib.import_module(f"PIL.{decoder}ImagePlugin")
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def inspect_picture(content: bytes, detected_type: str) -> Inspection:
    """Return clean with the number of frames, unreadable, or held when it is too large.

    Frames are decoded, since `verify` alone passes pictures that are cut off. A JPEG is decoded at
    an eighth of its size, for which the decoder still reads all bytes. `verify` wants a picture of
    which no other frame was sought.
    """
    names = [FORMATS[detected_type]]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=names) as picture:
                picture.verify()
            with Image.open(io.BytesIO(content), formats=names) as picture:
                is_one = detected_type in ONE_PICTURE
                frame_count = _measure(picture, 1 if is_one else MAX_FRAMES + 1)
            with Image.open(io.BytesIO(content), formats=names) as picture:
                found = set(_metadata(picture)) | set(_decode(picture, frame_count))
    except _TooLarge as error:
        return Inspection(detected_type, "held", str(error), (), None)
    except Image.DecompressionBombError:
        return Inspection(detected_type, "held", "picture_too_large", (), None)
    except BROKEN:
        return Inspection(detected_type, "unreadable", "picture_cannot_be_read", (), None)
    return judge(detected_type, found | find_after_end(content, detected_type), frame_count)


def is_too_large(picture: Image.Image) -> bool:
    """Say whether an opened frame needs more memory than a child has, by its header alone."""
    max_pixels = MAX_HEAVY_PIXELS
    if picture.format in COPYING:
        max_pixels = MAX_COPIED_PIXELS
    elif picture.mode in LIGHT_MODES or picture.format in DRAFTED:
        is_held_whole = "progressive" in picture.info
        max_pixels = MAX_HEAVY_PIXELS if is_held_whole else MAX_PIXELS
    return picture.width * picture.height > max_pixels or max(picture.size) > MAX_SIDE_PX


def _measure(picture: Image.Image, max_frames: int) -> int:
    """Return the number of frames; raise _TooLarge. Each step reads only to the next header."""
    for number in range(max_frames):
        try:
            if number:
                picture.seek(number)
        except EOFError:
            return number
        if is_too_large(picture):
            raise _TooLarge("picture_too_large")
    if max_frames == 1:
        return 1
    raise _TooLarge("picture_with_too_many_frames")


def _decode(picture: Image.Image, frame_count: int) -> Iterator[str]:
    """Decode the frames and yield advice on the first."""
    width, height = picture.size
    picture.draft(None, (max(width // 8, ADVICE_SIDE_PX), max(height // 8, ADVICE_SIDE_PX)))
    picture.load()
    reduced = picture.convert("L")
    reduced.thumbnail((ADVICE_SIDE_PX, ADVICE_SIDE_PX), Image.Resampling.BOX)
    yield from advise(width, height, reduced.histogram())
    decoded_pixels = width * height
    if frame_count == 1 and decoded_pixels <= MAX_SMALL_PIXELS:
        yield "image_tiny" if decoded_pixels <= MAX_TINY_PIXELS else "image_small"
    for number in range(1, frame_count):
        decoded_pixels += picture.width * picture.height
        if decoded_pixels > MAX_DECODED_PIXELS:
            return
        picture.seek(number)
        picture.load()


def _metadata(picture: Image.Image) -> Iterator[str]:
    """Yield the findings when the picture says where, by whom or with which device it was made."""
    exif = picture.getexif()
    xmp = picture.info.get("xmp") or b""
    xmp = xmp if isinstance(xmp, bytes) else str(xmp).encode("utf-8", "replace")
    if exif.get_ifd(GPS_IFD) or any(word in xmp for word in XMP_PLACE):
        yield "image_location"
    is_telling = TELLING_TAGS.intersection(exif) or TELLING_EXIF_TAGS.intersection(
        exif.get_ifd(EXIF_IFD)
    )
    if is_telling or any(word in xmp for word in XMP_PERSON):
        yield "image_metadata"
