"""Hold which parts of a drawn page count as of one colour."""

import random

from PIL import Image

from intake.sandbox.render.pdf_ink import MIN_SIDE_PIXELS, is_flat

SIZE = (40, 30)


def every_pixel_alike(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Say the same by looking at all pixels, as nobody would for each word of a page."""
    left, top, right, bottom = box
    inside = (max(left, 0), max(top, 0), min(right, SIZE[0]), min(bottom, SIZE[1]))
    if min(inside[2] - inside[0], inside[3] - inside[1]) < MIN_SIDE_PIXELS:
        return False
    data = picture.crop(inside).convert("RGB").tobytes()
    return data == data[:3] * (len(data) // 3)


def test_part_is_flat_when_all_its_pixels_are_alike() -> None:
    chance = random.Random(7)
    told = set()
    for _ in range(2000):
        picture = Image.new("RGBX", SIZE, (250, 250, 250, 255))
        for _ in range(chance.randrange(4)):
            at = (chance.randrange(SIZE[0]), chance.randrange(SIZE[1]))
            # The fourth byte is none of the colour's, and pdfium may leave anything in it.
            picture.putpixel(at, chance.choice([(250, 250, 250, 0), (249, 250, 250, 255)]))
        left, top = chance.randrange(-9, SIZE[0]), chance.randrange(-9, SIZE[1])
        box = (left, top, left + chance.randrange(1, 30), top + chance.randrange(1, 20))

        assert is_flat(picture, box) == every_pixel_alike(picture, box)
        told.add(is_flat(picture, box))
    assert told == {True, False}
