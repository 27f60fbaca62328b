"""Look at the pictures of a rendition."""

import io

from PIL import Image

from intake.sandbox import Rendition


def shown(rendition: Rendition, number: int = 0) -> Image.Image:
    """Return the picture of a page, decoded."""
    page = rendition.pages[number]
    opened = Image.open(io.BytesIO(page.image))
    assert opened.size == (page.width, page.height)
    return opened.convert("RGB")


def pixel(picture: Image.Image, place: tuple[int, int]) -> tuple[int, int, int]:
    """Return the colour at a place."""
    colour = picture.getpixel(place)
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return int(red), int(green), int(blue)
