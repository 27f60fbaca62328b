"""Measure how alike two pictures are, as people see it (SSIM; Wang and others, 2004)."""

from collections.abc import Callable
from typing import Any

from PIL import Image, ImageMath

WINDOW = 8
STEADY_MEAN, STEADY_SPREAD = (0.01 * 255) ** 2, (0.03 * 255) ** 2
Operands = dict[str, Any]  # Pillow's own operands have no public type


def ssim(first: Image.Image, second: Image.Image) -> float:
    """Return the mean likeness over windows of 8 by 8 grey pixels; 1.0 means the same picture."""
    assert first.size == second.size
    x, y = first.convert("L").convert("F"), second.convert("L").convert("F")
    means = {
        "x": mean(x),
        "y": mean(y),
        "xx": mean(combine(lambda at: at["a"] * at["b"], a=x, b=x)),
        "yy": mean(combine(lambda at: at["a"] * at["b"], a=y, b=y)),
        "xy": mean(combine(lambda at: at["a"] * at["b"], a=x, b=y)),
    }
    windows = combine(_likeness, **means)
    values = [float(value) for value in windows.get_flattened_data() if isinstance(value, float)]
    return sum(values) / (windows.width * windows.height)


def mean(picture: Image.Image) -> Image.Image:
    """Return the mean of each window."""
    return picture.reduce(WINDOW)


def combine(rule: Callable[[Operands], Any], **pictures: Image.Image) -> Image.Image:
    """Return the picture of what `rule` makes of each pixel."""
    combined = ImageMath.lambda_eval(rule, **pictures)
    assert isinstance(combined, Image.Image)
    return combined


def _likeness(at: Operands) -> Any:
    """Compute one window; `xx`, `yy` and `xy` are the means of the products."""
    product = at["x"] * at["y"]
    squares = at["x"] * at["x"] + at["y"] * at["y"]
    together = 2 * (at["xy"] - product) + STEADY_SPREAD
    apart = at["xx"] + at["yy"] - squares + STEADY_SPREAD
    return (2 * product + STEADY_MEAN) * together / ((squares + STEADY_MEAN) * apart)
