"""Choose for each letter a font that has it, among those that were read before the lock.

Debian's packages bring the fonts; of those that are missing the letters come out as boxes, and
whoever draws says so. The first font draws what it can, so that a line in one script has one look.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import ImageFont, features

from . import bidi

FOLDER = Path("/usr/share/fonts")
# The first of these that is there draws Latin, Greek, Cyrillic and Vietnamese letters.
FIRST_FILES = (
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/noto/NotoSans-Regular.ttf",
    "truetype/liberation/LiberationSans-Regular.ttf",
    "truetype/freefont/FreeSans.ttf",
)
# fonts-noto-core, by the scripts of the people who write to these programmes.
NOTO = (
    "NotoNaskhArabic", "NotoSansEthiopic", "NotoSansThai", "NotoSansBengali", "NotoSansDevanagari",
    "NotoSansTamil", "NotoSansSinhala", "NotoSansGujarati", "NotoSansGurmukhi", "NotoSansMyanmar",
    "NotoSansKhmer", "NotoSansLao", "NotoSansGeorgian", "NotoSansArmenian", "NotoSansHebrew",
    "NotoSansSymbols", "NotoSansSymbols2",
)  # fmt: skip
# Chinese and Japanese in one small file (fonts-droid-fallback), and Korean (fonts-nanum).
FURTHER_FILES = (
    *(f"truetype/noto/{name}-Regular.ttf" for name in NOTO),
    "truetype/droid/DroidSansFallbackFull.ttf",
    "truetype/nanum/NanumGothic.ttf",
)
HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
NOT_A_CHARACTER = "\U0010ffff"
# What is drawn with the letter before it, and so in its font.
WITHOUT_SHAPE = frozenset({"Cf", "Mn", "Mc", "Me", "Zs"})
ARABIC_LETTER = "AL"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Typesetter:
    """Hold the bytes of the fonts, and whether scripts can be joined; without a font Pillow's own.

    Nothing is parsed before a page needs it: most documents need the first font alone.
    """

    font_files: tuple[bytes, ...]
    can_join: bool
    ordering: bidi.Ordering | None = field(default=None, compare=False)

    def fonts(self, pixels_high: float) -> "Fonts":
        """Return the fonts in a size of pixels."""
        return Fonts(self.font_files, pixels_high)


class Fonts:
    """Offer the fonts in one size, each loaded when the first letter asks for it."""

    def __init__(self, font_files: tuple[bytes, ...], pixels_high: float) -> None:
        self._files = font_files
        self._pixels_high = pixels_high
        self._loaded: dict[int, Font] = {}
        self._plain: dict[int, tuple[Font, bytes]] = {}
        self._chosen: dict[str, int | None] = {}

    def runs(self, line: str) -> Iterator[tuple[Font, str]]:
        """Yield the pieces of a line that one font draws, in the order of the letters."""
        if line.isascii():
            yield self._font(0), line
            return
        current, start = 0, 0
        for place, letter in enumerate(line):
            number = self._number(letter, current)
            if number != current:
                if place > start:
                    yield self._font(current), line[start:place]
                current, start = number, place
        yield self._font(current), line[start:]

    def has(self, letter: str) -> bool:
        """Say whether one of the fonts has the letter."""
        return letter.isascii() or _is_shapeless(letter) or self._choose(letter) is not None

    def _number(self, letter: str, current: int) -> int:
        if _is_shapeless(letter):
            return current
        if letter.isascii():
            is_sign = not letter.isalnum()
            return current if is_sign and self._is_in(letter, current) else 0
        return self._choose(letter) or 0

    def _choose(self, letter: str) -> int | None:
        """Return the number of the first font that has the letter, None if none has it.

        The first font has the letters of Urdu, yet not their joined forms: it comes last there. Of
        the syllables of Korean most fonts have a few, and the last has all: it comes first there.
        """
        if letter not in self._chosen:
            every = [*range(max(1, len(self._files)))]
            if unicodedata.bidirectional(letter) == ARABIC_LETTER:
                every = [*every[1:], 0]
            elif HANGUL.match(letter):
                every.reverse()
            self._chosen[letter] = next((n for n in every if self._is_in(letter, n)), None)
        return self._chosen[letter]

    def _is_in(self, letter: str, number: int) -> bool:
        """Compare the letter with the box that is drawn where a font has none.

        Letter by letter and unshaped: shaping draws a vowel of Thai as two signs, and where a font
        has neither, two boxes are no less boxes than one.
        """
        if number not in self._plain:
            font = self._opened(number, ImageFont.Layout.BASIC)
            self._plain[number] = font, _shape(font, NOT_A_CHARACTER)
        font, missing = self._plain[number]
        return _shape(font, letter) != missing

    def _font(self, number: int) -> Font:
        if number not in self._loaded:
            self._loaded[number] = self._opened(number, None)
        return self._loaded[number]

    def _opened(self, number: int, layout: ImageFont.Layout | None) -> Font:
        if not self._files:
            return ImageFont.load_default(self._pixels_high)
        content = io.BytesIO(self._files[number])
        return ImageFont.truetype(content, self._pixels_high, layout_engine=layout)


def load_typesetter(folder: Path = FOLDER) -> Typesetter:
    """Read the fonts that are there."""
    first = [path for path in (folder / name for name in FIRST_FILES) if path.is_file()][:1]
    further = [path for path in (folder / name for name in FURTHER_FILES) if path.is_file()]
    files = tuple(path.read_bytes() for path in (*first, *further))
    ordering = bidi.load_ordering()
    can_join = bool(files and features.check("raqm") and ordering)
    return Typesetter(files, can_join, ordering)


def _is_shapeless(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in WITHOUT_SHAPE


def _shape(font: Font, letter: str) -> bytes:
    return bytes(font.getmask(letter))
