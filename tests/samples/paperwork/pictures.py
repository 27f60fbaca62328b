"""Draw text documents as a scanner or a telephone would show them."""

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path("/usr/share/fonts/truetype/dejavu")
FACES = ("DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf")
A4_AT_150_DPI = (1240, 1754)
MARGIN, LINE_PIXELS, FONT_PIXELS, LINE_SIGNS = 110, 34, 22, 82


def drawn(text: str, face: str = FACES[0]) -> Image.Image:
    """Return a page of A4 at 150 dpi in grey, black on white; what does not fit is left out."""
    page = Image.new("L", A4_AT_150_DPI, 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONTS / face), FONT_PIXELS)
    for number, line in enumerate(_wrapped(text)):
        pen.text((MARGIN, MARGIN + number * LINE_PIXELS), line, fill=20, font=font)
    return page


def scanned(text: str, seed: int) -> Image.Image:
    """Return a page as a poor scanner gives it: turned a little, blurred, speckled, uneven."""
    chance = random.Random(seed)
    page = drawn(text, chance.choice(FACES))
    page = page.rotate(chance.uniform(-1.2, 1.2), fillcolor=255, resample=Image.Resampling.BICUBIC)
    page = page.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 0.9)))
    return _speckled(page, chance.uniform(8, 22), chance)


def photographed(text: str, seed: int) -> Image.Image:
    """Return a page as a telephone shows it: askew, in perspective, on a table, badly lit."""
    chance = random.Random(seed)
    page = drawn(text, chance.choice(FACES))
    width, height = page.size
    corner = [chance.randint(-60, -10) for _ in range(8)]
    quad = (corner[0], corner[1], corner[2], height - corner[3],
            width - corner[4], height - corner[5], width - corner[6], corner[7])  # fmt: skip
    turned = page.transform(
        page.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=110
    )
    light = Image.linear_gradient("L").resize(page.size).point(lambda level: 255 - level // 4)
    lit = Image.composite(turned, Image.new("L", page.size, 60), light)
    return _speckled(lit, chance.uniform(6, 14), chance).convert("RGB")


def as_bytes(picture: Image.Image, kind: str, dpi: int = 150) -> bytes:
    """Return a picture as a file, "PNG" or "JPEG"."""
    file = io.BytesIO()
    quality = {"quality": 70} if kind == "JPEG" else {}
    picture.save(file, kind, dpi=(dpi, dpi), **quality)
    return file.getvalue()


def _speckled(page: Image.Image, strength: float, chance: random.Random) -> Image.Image:
    # Noise of Pillow's own would differ each time; a tile of ours is the same for a seed.
    tile = Image.frombytes("L", (160, 160), chance.randbytes(160 * 160))
    noise = tile.resize((page.width, page.height), Image.Resampling.NEAREST)
    return Image.blend(page, noise, strength / 255 * 2)


def _wrapped(text: str) -> list[str]:
    pieces: list[str] = []
    for line in text.splitlines():
        rest = line
        while len(rest) > LINE_SIGNS:
            cut = rest.rfind(" ", 0, LINE_SIGNS)
            cut = cut if cut > 0 else LINE_SIGNS
            pieces.append(rest[:cut])
            rest = rest[cut:].lstrip()
        pieces.append(rest)
    return pieces
