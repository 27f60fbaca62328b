"""Check contrast, computed from the tokens: 4.5 to 1 everywhere, 7 to 1 for what public pages use.

WCAG 2.2 §1.4.3, §1.4.6 and §1.4.11. axe measures the pages; this one says which token is wrong.
"""

import re

import pytest

from portal.web.assets import FOLDER

SHEET = (FOLDER / "portal.css").read_text()
GROUNDS = ("paper", "raised", "sunk")
TINTS = {"amber": "amber-soft", "red": "red-soft", "green": "green-soft", "teal": "teal-soft"}
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(")


def tokens() -> dict[str, dict[str, str]]:
    """Return {scheme: {token: colour}}."""
    light, dark, *_ = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    return {"light": dict(TOKEN.findall(light)), "dark": dict(TOKEN.findall(dark))}


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_is_read_on_every_ground(scheme: str) -> None:
    colours = tokens()[scheme]
    pairs = [(ink, ground) for ink in ("ink", "quiet", "teal", "red") for ground in GROUNDS]
    pairs += [("paper", "ink"), ("on-teal", "teal"), ("ink", "teal-soft"), ("ink", "amber-soft")]

    found = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}

    # Public pages use all of these.
    assert {pair: ratio for pair, ratio in found.items() if ratio < 7} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tone_is_read_on_its_tint_and_on_the_page(scheme: str) -> None:
    colours = tokens()[scheme]

    found = {
        (tone, ground): contrast(colours[tone], colours[ground])
        for tone, tint in TINTS.items()
        for ground in (tint, *GROUNDS)
    }

    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


def test_both_schemes_say_the_same_colours_and_only_they_do() -> None:
    schemes = tokens()
    rest = re.sub(
        r":root \{.*?\}", "", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL), flags=re.DOTALL
    )
    # White stands for paper, in pictures of pages and in print; shadows and backdrops are black.
    kept = {"#fff", "#000", "rgb("}

    assert schemes["light"].keys() == schemes["dark"].keys()
    assert set(COLOUR.findall(re.sub(r"#content", "", rest))) <= kept
