"""Judge whether a picture is whole and of a size that can be handled, and find its metadata.

Pillow is given the decoders of the allowed formats only.
"""

import importlib
import io
import struct
import warnings
from collections.abc import Iterator

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile

from ..protocol.results import Inspection
from .legibility import advise
from .severity import judge
from .trailing_data import TGA_MARK, find_after_end

# An A4 page at 1,200 dpi has 139 million pixels. In grey, or as a JPEG that is decoded at half its
# size, they fit into the memory of a child.
MAX_PIXELS = 200_000_000
# In colour a pixel takes four bytes, and a progressive JPEG is held whole before it is drawn.
MAX_HEAVY_PIXELS = 100_000_000
# These decoders hold up to three whole copies at once: more pixels than these need more memory
# than a child may have.
MAX_COPIED_PIXELS = 50_000_000
COPYING = frozenset({"WEBP", "AVIF"})
# The decoder of JPEG 2000 takes four bytes a sample, beside the picture. An A4 page in colour at
# 600 dpi has 104 million.
MAX_JPEG_2000_SAMPLES = 115_000_000
LIGHT_MODES = frozenset({"1", "L"})
# Modes of samples of more than eight bits, and the tag of TIFF that counts them (TIFF 6.0 §8).
DEEP = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})
BITS_PER_SAMPLE, WHITE_LEVEL = 258, 255
# The names under which Pillow opens what it can decode at a part of its size.
DRAFTED = frozenset({"JPEG", "MPO"})
# A screenshot that was scrolled may be of any height; its pixels are what costs.
MAX_SIDE_PX = 200_000
MAX_FRAMES = 200
# Frames beyond this are measured, not decoded: two hundred scanned pages take a minute.
MAX_DECODED_PIXELS = 300_000_000
ADVICE_SIDE_PX = 800
# Nobody can read words or know a face on fewer: an icon.
MAX_TINY_PIXELS = 5_000
# A logo; one that is as wide as a banner may have more. What is higher than wide has the shape of
# a person's photo, which says who they are on few pixels already.
MAX_SMALL_PIXELS, MAX_BANNER_PIXELS = 25_000, 60_000
MIN_BANNER_RATIO = 2.5
# The camera's remark on its turn (Exif 2.32 §4.6.4), and the values that swap the sides.
ORIENTATION, TURNED = 274, frozenset({5, 6, 7, 8})
# The names under which Pillow opens each kind. A bitmap from the clipboard lacks the first 14 bytes
# of one in a file (DIB).
FORMATS = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/tiff": ("TIFF",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    "image/heic": ("HEIF",),
    "image/heif": ("HEIF",),
    "image/avif": ("AVIF",),
    "image/bmp": ("BMP", "DIB"),
    "image/jp2": ("JPEG2000",),
    "image/vnd.microsoft.icon": ("ICO",),
    "image/vnd.zbrush.pcx": ("PCX",),
    "image/x-tga": ("TGA",),
    "image/x-portable-anymap": ("PPM",),
}
# Further pictures in these are the same one again: smaller, brighter or a moment later. Telephones
# write them behind the first by the Multi-Picture format (CIPA DC-007).
ONE_PICTURE = frozenset({"image/jpeg"})
# A copy shows the first frame of these. The others are an animation, or the same picture in another
# form, so one that is damaged hides nothing.
FIRST_FRAME_SHOWN = ONE_PICTURE | {
    "image/gif", "image/webp", "image/png", "image/heic", "image/heif", "image/avif", "image/bmp",
    "image/jp2", "image/vnd.microsoft.icon", "image/vnd.zbrush.pcx", "image/x-portable-anymap",
    "image/x-tga",
}  # fmt: skip
BROKEN = (
    OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, EOFError,
    RuntimeError, struct.error,
)  # fmt: skip
TGA = "image/x-tga"
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
    for decoder in ("Tiff", "WebP", "Mpo", "Jpeg2K", "Ico", "Pcx", "Ppm", "Tga"):
        importlib.import_module(f"PIL.{decoder}ImagePlugin")
    importlib.import_module("PIL.ImageCms")  # turns the colours of LAB into others
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def inspect_picture(content: bytes, detected_type: str) -> Inspection:
    """Return clean with the number of frames, unreadable, or held when it is too large.

    The frames that a copy shows are decoded, since `verify` alone passes pictures that are cut off.
    A JPEG is decoded at an eighth of its size, for which the decoder still reads all bytes.
    `verify` wants a picture of which no other frame was sought. A TGA begins with nothing that
    tells it from other files, so only one with its closing mark is taken for a picture.
    """
    found = _inspect(content, detected_type)
    if detected_type != TGA or TGA_MARK in content:
        return found
    is_picture = found.state in ("clean", "active")
    reason = "picture_without_mark" if is_picture else "type_not_allowed"
    return Inspection(detected_type, "held", reason, (), None)


def _inspect(content: bytes, detected_type: str) -> Inspection:
    names = FORMATS[detected_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=names) as picture:
                picture.verify()
            with Image.open(io.BytesIO(content), formats=names) as picture:
                frame_count = _measure(picture, detected_type)
            with Image.open(io.BytesIO(content), formats=names) as picture:
                shown = 1 if detected_type in FIRST_FRAME_SHOWN else frame_count
                found = set(_metadata(picture)) | set(_decode(picture, shown))
                if frame_count == 1:
                    found |= set(_smallness(*_size_as_seen(picture)))
    except _TooLarge as error:
        return Inspection(detected_type, "held", str(error), (), None)
    except Image.DecompressionBombError:
        return Inspection(detected_type, "held", "picture_too_large", (), None)
    except BROKEN:
        return Inspection(detected_type, "unreadable", "picture_cannot_be_read", (), None)
    return judge(detected_type, found | find_after_end(content, detected_type), frame_count)


def exif_of(picture: Image.Image) -> Image.Exif:
    """Return what the camera wrote about a picture; nothing where that is damaged."""
    try:
        return picture.getexif()
    except BROKEN:
        return Image.Exif()


def is_too_large(picture: Image.Image) -> bool:
    """Say whether an opened frame needs more memory than a child has, by its header alone."""
    max_pixels = MAX_HEAVY_PIXELS
    if picture.format in COPYING:
        max_pixels = MAX_COPIED_PIXELS
    elif picture.format == "JPEG2000":
        samples = MAX_JPEG_2000_SAMPLES // len(picture.getbands())
        max_pixels = min(samples, MAX_COPIED_PIXELS)
    elif picture.mode in LIGHT_MODES or picture.format in DRAFTED:
        is_held_whole = "progressive" in picture.info
        max_pixels = MAX_HEAVY_PIXELS if is_held_whole else MAX_PIXELS
    return picture.width * picture.height > max_pixels or max(picture.size) > MAX_SIDE_PX


def in_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture of grey samples of more than eight bits as L; any other as it is.

    Pillow gives samples of 12 bits as numbers of 16, which would all be nearly black, and numbers
    of 32 bits as they are.
    """
    if picture.mode not in DEEP:
        return picture
    deep = picture.convert("I") if picture.mode.startswith("I;16") else picture
    if picture.mode.startswith("I;16"):
        bits = getattr(picture, "tag_v2", {}).get(BITS_PER_SAMPLE, (16,))[0]
        low, high = 0.0, float(2 ** min(max(bits, 1), 16) - 1)
    else:
        lowest, highest = deep.getextrema()
        low, high = float(str(lowest)), float(str(highest))
        if low >= 0 and 1 < high <= WHITE_LEVEL:
            low, high = 0.0, float(WHITE_LEVEL)
    scale = WHITE_LEVEL / (high - low) if high > low else 1.0
    return deep.point(lambda level: level * scale - low * scale).convert("L")


def _measure(picture: Image.Image, detected_type: str) -> int:
    """Return the number of frames; raise _TooLarge. Each step reads only to the next header.

    Where only the first is shown, a damaged one ends the count, and so does the limit.
    """
    is_first_shown, pixels = detected_type in FIRST_FRAME_SHOWN, 0
    for number in range(1 if detected_type in ONE_PICTURE else MAX_FRAMES + 1):
        try:
            if number:
                picture.seek(number)
        except EOFError:
            return number
        except BROKEN:
            if is_first_shown:
                return number
            raise
        if is_too_large(picture):
            raise _TooLarge("picture_too_large")
        pixels += picture.width * picture.height
        if is_first_shown and pixels > MAX_DECODED_PIXELS:
            return number + 1  # the decoder of GIF draws each frame on its way to the next
    if is_first_shown:
        return 1 if detected_type in ONE_PICTURE else MAX_FRAMES
    raise _TooLarge("picture_with_too_many_frames")


def _decode(picture: Image.Image, shown: int) -> Iterator[str]:
    """Decode the frames that a copy shows, and yield advice on the first."""
    width, height = picture.size
    picture.draft(None, (max(width // 8, ADVICE_SIDE_PX), max(height // 8, ADVICE_SIDE_PX)))
    picture.load()
    grey = in_eight_bits(picture)
    # Pillow turns LAB into nothing but colours.
    reduced = (grey.convert("RGB") if grey.mode == "LAB" else grey).convert("L")
    reduced.thumbnail((ADVICE_SIDE_PX, ADVICE_SIDE_PX), Image.Resampling.BOX)
    yield from advise(width, height, reduced.histogram())
    decoded_pixels = width * height
    for number in range(1, shown):
        decoded_pixels += picture.width * picture.height
        if decoded_pixels > MAX_DECODED_PIXELS:
            return
        picture.seek(number)
        picture.load()


def _size_as_seen(picture: Image.Image) -> tuple[int, int]:
    """Return width and height as a program shows them, by the camera's remark on its turn."""
    try:
        is_turned = int(picture.getexif().get(ORIENTATION, 1)) in TURNED
    except BROKEN:
        is_turned = False
    return (picture.height, picture.width) if is_turned else (picture.width, picture.height)


def _smallness(width: int, height: int) -> Iterator[str]:
    """Yield the finding of a picture as small as an icon, or with a logo's size and shape."""
    pixels = width * height
    is_banner = width >= MIN_BANNER_RATIO * height
    if pixels <= MAX_TINY_PIXELS:
        yield "image_tiny"
    elif width >= height and pixels <= (MAX_BANNER_PIXELS if is_banner else MAX_SMALL_PIXELS):
        yield "image_small"


def _metadata(picture: Image.Image) -> Iterator[str]:
    """Yield the findings when the picture says where, by whom or with which device it was made.

    What is damaged may still say so to another program.
    """
    xmp = picture.info.get("xmp") or b""
    xmp = xmp if isinstance(xmp, bytes) else str(xmp).encode("utf-8", "replace")
    has_place = any(word in xmp for word in XMP_PLACE)
    try:
        exif = picture.getexif()
        has_place = has_place or bool(exif.get_ifd(GPS_IFD))
        is_telling = bool(
            TELLING_TAGS.intersection(exif)
            or TELLING_EXIF_TAGS.intersection(exif.get_ifd(EXIF_IFD))
            or ("exif" in picture.info and not exif)
        )
    except BROKEN:
        is_telling = True
    if has_place:
        yield "image_location"
    if is_telling or any(word in xmp for word in XMP_PERSON):
        yield "image_metadata"
