"""Pack the pixels of a page as a picture: PNG for text, JPEG for photographs.

The PNG is written here and not by Pillow: in this one simple form it takes a fifth of the time, and
the host can check all of it. ISA-L packs five times faster than zlib and as small; the host unpacks
with zlib all the same.
"""

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from isal import isal_zlib
from PIL import Image, ImageDraw, ImageFont

from ..protocol.rendition import MAX_PAGE_PIXELS, MAX_SIDE_PIXELS, MAX_THUMBNAIL_PIXELS

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
COMPRESSION = 1
JPEG_QUALITY = 85
# A page with more colours is a photograph, and so is one of which its FLAT_COLOURS most frequent
# colours cover less than FLAT_SHARE.
MAX_TEXT_COLOURS = 4096
FLAT_COLOURS, FLAT_SHARE = 4, 0.6
# Grey text is painted with these and its most frequent tints.
FEW, GREY_STEPS = 16, (0, 32, 64, 96, 128, 160, 192, 224, 255)
REDUCED_BY = 4
GREEN = 1  # of the channels red, green, blue
CELL = 0xFC  # Pillow looks colours up in cells of four by four by four
A4_INCHES = (8.27, 11.69)
GREY, DARK = (222, 222, 222), (70, 70, 70)

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Counted:
    """Hold a picture in RGB, or in L when all of it is grey, and how often each colour is there.

    `colours` is None when there are more than MAX_TEXT_COLOURS.
    """

    picture: Image.Image
    colours: Sequence[tuple[int, Colour]] | None


def count(picture: Image.Image) -> Counted:
    """Count the colours of a picture in RGB, RGBX or L; a picture of greys becomes L.

    One channel costs a third of the time in everything that follows.
    """
    counted = picture.getcolors(MAX_TEXT_COLOURS)
    colours = None
    if counted is not None:
        colours = [(number, _colour(value)) for number, value in counted]
        if all(red == green == blue for _, (red, green, blue) in colours):
            grey = picture if picture.mode == "L" else picture.getchannel(GREEN)
            return Counted(grey, colours)
    return Counted(picture.convert("RGB"), colours)


def encode(counted: Counted) -> bytes:
    """Return a picture as PNG when it looks like text, else as JPEG; no metadata in either."""
    picture = counted.picture
    if counted.colours is not None:
        palette = _palette(counted.colours, picture.width * picture.height)
        if palette:
            return _png(picture, palette)
    target = io.BytesIO()
    plain = picture.convert("RGB")
    plain.info = {}  # Pillow would write the comment of a stranger's file into ours
    plain.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def reduced(picture: Image.Image) -> Image.Image:
    """Return a picture a quarter as wide and high; a tiny one stays as it is."""
    return picture.reduce(REDUCED_BY) if min(picture.size) > REDUCED_BY else picture


def thumbnail(picture: Image.Image) -> bytes:
    """Return a small PNG or JPEG of a page; `picture` may be the reduced page."""
    factor = min(1.0, MAX_THUMBNAIL_PIXELS / max(picture.size))
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return encode(count(picture.resize(size, reducing_gap=2.0)))


def fit(width: float, height: float) -> float:
    """Return the factor, at most one, that brings a page of these pixels within the limits.

    The factor is a little smaller than needed, since sides are rounded up to whole pixels.
    """
    area = MAX_PAGE_PIXELS / max(width * height, 1.0)
    factor = min(MAX_SIDE_PIXELS / max(width, height, 1.0), area**0.5)
    return 1.0 if factor >= 1 else factor * 0.999


def failed_page(dpi: int) -> Image.Image:
    """Draw the page that stands for one that could not be shown."""
    width, height = (round(inches * dpi) for inches in A4_INCHES)
    picture = Image.new("RGB", (width, height), GREY)
    font = ImageFont.load_default(dpi / 6)
    middle = (width / 2, height / 2)
    drawing = ImageDraw.Draw(picture)
    drawing.text(middle, "This page could not be shown", fill=DARK, font=font, anchor="mm")
    return picture


def _palette(counted: Sequence[tuple[int, Colour]], pixel_count: int) -> list[Colour]:
    """Return at most 256 colours to paint with, or none for a photograph.

    Grey text needs no more than 16: its flat tints exactly, the edges of letters in steps.
    """
    ordered = sorted(counted, key=lambda each: each[0], reverse=True)
    if sum(count for count, _ in ordered[:FLAT_COLOURS]) < FLAT_SHARE * pixel_count:
        return []
    colours = _distinct([colour for _, colour in ordered])
    if len(colours) <= FEW:
        return colours
    if any(len(set(colour)) > 1 for colour in colours):
        # The rarer ones are spread out, so that a small stamp keeps its hue.
        rare = colours[192:]
        return colours[:192] + rare[:: max(1, -(-len(rare) // 64))]
    steps = [(level, level, level) for level in GREY_STEPS]
    return _distinct([*colours[: FEW - len(steps)], *steps])


def _distinct(colours: Sequence[Colour]) -> list[Colour]:
    """Return the colours without those that Pillow cannot tell from an earlier one."""
    found: dict[Colour, Colour] = {}
    for colour in colours:
        found.setdefault(_cell(colour), colour)
    return [*found.values()]


def _cell(colour: Colour) -> Colour:
    red, green, blue = colour
    return red & CELL, green & CELL, blue & CELL


def _colour(value: object) -> Colour:
    if isinstance(value, int):
        return value, value, value
    if not isinstance(value, tuple):
        raise TypeError("the picture is neither in colours nor in grey")
    return value[0], value[1], value[2]


def _png(picture: Image.Image, palette: Sequence[Colour]) -> bytes:
    """Return a PNG of the palette's colours (ISO 15948): no filter, no interlacing."""
    colours = bytes(value for colour in palette for value in colour)
    painted = _painted_grey(picture, palette) if picture.mode == "L" else _painted(picture, palette)
    bits = 4 if len(palette) <= FEW else 8
    row_bytes = (picture.width * bits + 7) // 8
    packed = painted.tobytes("raw", "P;4" if bits == 4 else "P")
    rows = (packed[at : at + row_bytes] for at in range(0, len(packed), row_bytes))
    header = picture.width.to_bytes(4, "big") + picture.height.to_bytes(4, "big")
    return b"".join(
        (
            PNG_SIGNATURE,
            _chunk(b"IHDR", header + bytes((bits, 3, 0, 0, 0))),
            _chunk(b"PLTE", colours),
            _chunk(b"IDAT", isal_zlib.compress(b"\0" + b"\0".join(rows), COMPRESSION)),
            _chunk(b"IEND", b""),
        )
    )


def _painted(picture: Image.Image, palette: Sequence[Colour]) -> Image.Image:
    """Replace each pixel by the place of its nearest colour in the palette."""
    paints = Image.new("P", (1, 1))
    # Pillow compares the lowest colour of each cell, so these are what it has to find. What is left
    # of the palette repeats one of them, or black would be in every picture.
    cells = bytes(value for colour in palette for value in _cell(colour))
    paints.putpalette(cells + cells[:3] * (256 - len(palette)))
    return picture.quantize(palette=paints, dither=Image.Dither.NONE)


def _painted_grey(picture: Image.Image, palette: Sequence[Colour]) -> Image.Image:
    """Replace each grey pixel by the place of its nearest level in the palette."""
    levels = sorted((colour[0], place) for place, colour in enumerate(palette))
    places: list[int] = []
    for at, (level, place) in enumerate(levels):
        is_last = at + 1 == len(levels)
        middle = 255 if is_last else (level + levels[at + 1][0]) // 2
        places += [place] * (middle + 1 - len(places))
    painted = picture.point(places)
    painted.putpalette(bytes(3))
    return painted


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(name))
    return len(content).to_bytes(4, "big") + name + content + check.to_bytes(4, "big")
