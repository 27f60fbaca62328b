"""Say from a picture's size and brightness whether a person could read it.

Advice goes with the state and never changes it: a blank page may be the back of a sheet. The same
rules serve photos and pages.
"""

from collections.abc import Sequence

LEVELS = 256
# A page of letters 1.5 mm high, photographed at this width, has letters of about five pixels.
MIN_LONG_SIDE_PX = 500
DARK_MEAN = 45.0
DARK_PEAK_LEVEL = 110
# Of a written page at least one pixel in a thousand is ink.
MIN_INK_SHARE = 0.0008
INK_DISTANCE = 40


def advise(width_px: int, height_px: int, grey_levels: Sequence[int]) -> tuple[str, ...]:
    """Return codes of advice: `advice_blank`, `advice_dark`, `advice_small`.

    `grey_levels` counts pixels by brightness, 0 is black; it may come from a reduced copy.

    >>> advise(1000, 1400, [0] * 255 + [9])
    ('advice_blank',)
    """
    codes = []
    total = sum(grey_levels)
    if len(grey_levels) == LEVELS and total:
        if _is_dark(grey_levels, total):
            codes.append("advice_dark")
        elif _is_blank(grey_levels, total):
            codes.append("advice_blank")
    if max(width_px, height_px) < MIN_LONG_SIDE_PX:
        codes.append("advice_small")
    return tuple(codes)


def _is_blank(levels: Sequence[int], total: int) -> bool:
    """Say whether nearly every pixel is as bright as the commonest one, as paper is."""
    paper = max(range(LEVELS), key=levels.__getitem__)
    near = sum(levels[max(0, paper - INK_DISTANCE) : paper + INK_DISTANCE + 1])
    return total - near < MIN_INK_SHARE * total


def _is_dark(levels: Sequence[int], total: int) -> bool:
    """Say whether the picture is dark on average and even in its brightest tenth."""
    mean = sum(level * count for level, count in enumerate(levels)) / total
    bright = sum(levels[DARK_PEAK_LEVEL:])
    return mean < DARK_MEAN and bright < 0.1 * total
