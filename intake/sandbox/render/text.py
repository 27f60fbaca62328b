"""Set plain text on pages of A4: message bodies and whatever has no layout of its own.

The fonts of the system are used, or Pillow's own where there is none. Characters that they lack
come out as boxes, and the rendition then says `script_not_drawn`. With the library raqm, Arabic and
Hebrew are joined and run from right to left; without it they are not, and count as not drawn. The
text itself always goes out whole beside the picture.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from PIL import Image, ImageDraw

from ..protocol import text
from ..protocol.rendition import Word
from . import pixels
from .fonts import Font, Typesetter
from .fonts import load_typesetter as read_fonts
from .page import Drawn

# The base line lies below the top of its row by what tall letters need.
FONT_POINTS, LINE_POINTS, MARGIN_POINTS, BASE_POINTS = 10.5, 15.0, 56.0, 11.0
TAB_COLUMNS = 4
MAX_CHARS = 2_000_000
# Setting a whole text is the work of one child, that of the first pages: its rows go to the others,
# or each would do it again. Both bound what it needs. A different word beyond ASCII is slow to
# measure, once for each font in it; 200 pages have fewer than these.
MAX_PAGES, MAX_MEASURED_PIECES = 200, 60_000
MAX_PROBED_CHARS = 3000
NOTHING_MEASURED: Mapping[str, float] = MappingProxyType({})
RIGHT_TO_LEFT = frozenset({"R", "AL"})
INK, PAPER = (17, 17, 17), (255, 255, 255)


class SetPages:
    """Offer the rows of pages that were set before: a further batch of a text."""

    unseen = ()

    def __init__(
        self,
        pages: list[list[str]],
        dpi: int,
        typesetter: Typesetter,
        lengths: Mapping[str, float] = NOTHING_MEASURED,
    ) -> None:
        self._scale = dpi / 72
        self._dpi = dpi
        self._typesetter = typesetter
        self._fonts = typesetter.fonts(FONT_POINTS * self._scale)
        self._width, self._height = (round(inches * dpi) for inches in pixels.A4_INCHES)
        self._margin = round(MARGIN_POINTS * self._scale)
        self._line_pixels = round(LINE_POINTS * self._scale)
        self._lengths = dict(lengths)
        self._left_to_measure = MAX_MEASURED_PIECES
        self._pages = pages
        self.count = len(pages)

    @cached_property
    def reason(self) -> str:
        """Return nothing: who set the pages said what is missing on them."""
        return ""

    def draw(self, number: int) -> Drawn:
        """Return one page."""
        picture = Image.new("RGB", (self._width, self._height), PAPER)
        drawing = ImageDraw.Draw(picture)
        words: list[Word] = []
        for row, line in enumerate(self._pages[number]):
            top = self._margin + row * self._line_pixels
            is_reversed = self._typesetter.can_join and _runs_from_right(line)
            side = self._width - self._margin if is_reversed else self._margin
            if line.strip():
                self._write(drawing, line, side, top, is_reversed=is_reversed)
                words += self._words(line, side, top, -1 if is_reversed else 1)
        return Drawn(picture, self._dpi, "\n".join(self._pages[number]), tuple(words))

    def _write(
        self, drawing: ImageDraw.ImageDraw, line: str, side: int, top: int, *, is_reversed: bool
    ) -> None:
        """Write a line from the side where it begins, each piece in its font on one base line."""
        at, base = float(side), top + round(BASE_POINTS * self._scale)
        direction = ("rtl" if is_reversed else "ltr") if self._typesetter.can_join else None
        anchor = "rs" if is_reversed else "ls"
        before: tuple[Font, str] | None = None
        for font, piece in self._fonts.runs(line):
            if before is not None:
                # Measuring a piece costs as much as drawing it, so the last one is not measured.
                at += before[0].getlength(before[1]) * (-1 if is_reversed else 1)
            drawing.text((at, base), piece, fill=INK, font=font, anchor=anchor, direction=direction)
            before = font, piece

    def _words(self, line: str, side: int, top: int, direction: int) -> Iterator[Word]:
        """Yield where each word stands, counted from the side where the line begins."""
        bottom = top + self._line_pixels - 1
        at = float(side)
        for index, word in enumerate(line.split(" ")):
            at += direction * self._length(" ") * (index > 0)
            near, at = at, at + direction * self._length(word)
            if word:
                yield (round(min(near, at)), top, round(max(near, at)), bottom, word)

    def _length(self, word: str) -> float:
        length = self._lengths.get(word)
        if length is None:
            pieces = list(self._fonts.runs(word))
            self._left_to_measure -= 0 if word.isascii() else len(pieces)
            length = sum(font.getlength(piece) for font, piece in pieces)
            self._lengths[word] = length
        return length


class TextPages(SetPages):
    """Offer a text as pages; `reason` is the given one, or says that more is missing on them."""

    def __init__(self, written: str, dpi: int, typesetter: Typesetter, reason: str) -> None:
        super().__init__([], dpi, typesetter)
        self._text = text.paragraphs(written, MAX_CHARS)
        self._is_cut = len(written) > MAX_CHARS
        self._given_reason = reason
        per_page = max(1, (self._height - 2 * self._margin) // self._line_pixels)
        lines = self._rows(MAX_PAGES * per_page)
        self._pages = [lines[at : at + per_page] for at in range(0, len(lines), per_page)]
        self.count = len(self._pages)

    @cached_property
    def reason(self) -> str:
        """Return the code for a cut text, else the given one, else that letters are missing."""
        if self._is_cut:
            return "text_cut_off"
        if self._given_reason:
            return self._given_reason
        return "" if self._can_draw_all() else "script_not_drawn"

    def rows(self) -> bytes:
        """Return the rows of all pages, of which `set_before` draws the same pages again.

        With them go the lengths of the words that are slow to measure.
        """
        lengths = {word: length for word, length in self._lengths.items() if not word.isascii()}
        return json.dumps([self._pages, lengths], separators=(",", ":")).encode("ascii")

    def _rows(self, most: int) -> list[str]:
        """Return the rows of all lines; where there are more, or too many words, it is cut."""
        rows: list[str] = []
        for row in (row for line in self._text.split("\n") for row in self._wrap(line)):
            if len(rows) == most or self._left_to_measure < 0:
                self._is_cut = True
                break
            rows.append(row)
        return rows

    def _wrap(self, line: str) -> Iterator[str]:
        """Yield the rows that one line of text takes; a word that is too wide is divided."""
        room = self._width - 2 * self._margin
        row: list[str] = []
        used = 0.0
        for word in line.expandtabs(TAB_COLUMNS).split(" "):
            for piece in self._divide(word, room):
                wide = self._length(piece) + (self._length(" ") if row else 0.0)
                if row and used + wide > room:
                    yield " ".join(row)
                    row, used, wide = [], 0.0, self._length(piece)
                row.append(piece)
                used += wide
        yield " ".join(row)

    def _divide(self, word: str, room: int) -> Iterator[str]:
        """Yield the word, or as many pieces of it as are sure to fit."""
        chars = max(1, int(room / (FONT_POINTS * self._scale * 1.2)))
        if len(word) <= chars or (len(word) <= 4 * chars and self._length(word) <= room):
            yield word
            return
        yield from (word[at : at + chars] for at in range(0, len(word), chars))

    def _can_draw_all(self) -> bool:
        letters = set(self._text)
        if not self._typesetter.can_join and any(map(_runs_from_right, letters)):
            return False
        if len(letters) > MAX_PROBED_CHARS:
            return False
        return all(self._fonts.has(letter) for letter in letters)


def set_before(rows: bytes, dpi: int, typesetter: Typesetter) -> SetPages:
    """Return the pages of which `TextPages.rows` gave the rows, in the same jail's other child."""
    pages, lengths = json.loads(rows)
    return SetPages(pages, dpi, typesetter, lengths)


def load_typesetter() -> Typesetter:
    """Read the fonts, and set a line so that raqm finds its libraries."""
    typesetter = read_fonts()
    TextPages("å \u0645\u0631", 72, typesetter, "").draw(0)
    return typesetter


def _runs_from_right(line: str) -> bool:
    """Say whether the first letter with a direction runs from right to left (UAX 9, rule P2)."""
    for letter in line:
        direction = unicodedata.bidirectional(letter)
        if direction in RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False
