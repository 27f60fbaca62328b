"""Set plain text on pages of A4: message bodies and whatever has no layout of its own.

The fonts of the system are used, or Pillow's own where there is none. Characters that they lack
come out as boxes, and the rendition then says `script_not_drawn`. With the libraries raqm and
FriBidi, Arabic and Hebrew are joined and run from right to left, also within a line that runs from
left to right; without them they do not, and count as not drawn. The text itself always goes out
whole beside the picture, in the order in which it was written.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from PIL import Image, ImageDraw

from ..protocol import text
from ..protocol.rendition import Word
from . import bidi, pixels
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
INK, PAPER = (17, 17, 17), (255, 255, 255)

# What is written in a row of a page, and whether its paragraph runs from right to left.
Row = tuple[str, bool]
WORD = re.compile(r"[^ ]+")


@dataclass(frozen=True)
class _SetPiece:
    """Hold letters `start` to `end` of a line, of one font and one direction."""

    piece: bidi.DirectedPiece
    font: Font
    start: int
    end: int

    @property
    def direction(self) -> str:
        return "rtl" if self.piece.runs_from_right else "ltr"

    def length(self, line: str, end: int) -> float:
        """Return how many pixels the letters before `end` take."""
        return self.font.getlength(line[self.start : end], direction=self.direction)


class SetPages:
    """Offer the rows of pages that were set before: a further batch of a text."""

    unseen = ()

    def __init__(
        self,
        pages: list[list[Row]],
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
        for row, (line, from_right) in enumerate(self._pages[number]):
            top = self._margin + row * self._line_pixels
            ordering = self._typesetter.ordering
            if not line.strip():
                continue
            if ordering is None or not (from_right or bidi.has_letters_from_right(line)):
                self._write(drawing, line, top)
                words += self._words(line, top)
            else:
                pieces = ordering.pieces(line, from_right=bool(from_right))
                words += self._write_ordered(drawing, line, pieces, top, from_right=from_right)
        text_of_page = "\n".join(line for line, _ in self._pages[number])
        return Drawn(picture, self._dpi, text_of_page, tuple(words))

    def _write(self, drawing: ImageDraw.ImageDraw, line: str, top: int) -> None:
        """Write a line from left to right, each piece in its font on one base line."""
        at, base = float(self._margin), top + round(BASE_POINTS * self._scale)
        direction = "ltr" if self._typesetter.can_join else None
        before: tuple[Font, str] | None = None
        for font, piece in self._fonts.runs(line):
            if before is not None:
                # Measuring a piece costs as much as drawing it, so the last one is not measured.
                at += before[0].getlength(before[1])
            drawing.text((at, base), piece, fill=INK, font=font, anchor="ls", direction=direction)
            before = font, piece

    def _write_ordered(
        self,
        drawing: ImageDraw.ImageDraw,
        line: str,
        pieces: Sequence[bidi.DirectedPiece],
        top: int,
        *,
        from_right: bool,
    ) -> list[Word]:
        """Write a line whose pieces run in two directions, and return where its words stand."""
        set_pieces = [
            _SetPiece(piece, font, start, end)
            for piece in pieces
            for font, start, end in self._of_one_font(line, piece)
        ]
        lengths = [each.length(line, each.end) for each in set_pieces]
        at = self._width - self._margin - sum(lengths) if from_right else float(self._margin)
        base = top + round(BASE_POINTS * self._scale)
        placed: list[tuple[_SetPiece, float, float]] = []
        for each, length in zip(set_pieces, lengths, strict=True):
            drawing.text(
                (at, base),
                line[each.start : each.end],
                fill=INK,
                font=each.font,
                anchor="ls",
                direction=each.direction,
            )
            placed.append((each, at, at + length))
            at += length
        return list(self._ordered_words(line, placed, top))

    def _of_one_font(self, line: str, piece: bidi.DirectedPiece) -> list[tuple[Font, int, int]]:
        """Return the parts of a piece that one font draws, from left to right as they are seen."""
        parts, at = [], piece.start
        for font, letters in self._fonts.runs(line[piece.start : piece.end]):
            parts.append((font, at, at + len(letters)))
            at += len(letters)
        return parts[::-1] if piece.runs_from_right else parts

    def _ordered_words(
        self, line: str, placed: Sequence[tuple["_SetPiece", float, float]], top: int
    ) -> Iterator[Word]:
        """Yield where each word stands: a box around all of its letters."""
        bottom = top + self._line_pixels - 1
        for match in WORD.finditer(line):
            sides: list[float] = []
            for each, left, right in placed:
                first, last = max(match.start(), each.start), min(match.end(), each.end)
                if first >= last:
                    continue
                before, behind = each.length(line, first), each.length(line, last)
                if each.direction == "rtl":
                    sides += [right - behind, right - before]
                else:
                    sides += [left + before, left + behind]
            if sides:
                yield (round(min(sides)), top, round(max(sides)), bottom, match[0])

    def _words(self, line: str, top: int) -> Iterator[Word]:
        """Yield where each word of a line stands that runs from left to right."""
        bottom = top + self._line_pixels - 1
        at = float(self._margin)
        for index, word in enumerate(line.split(" ")):
            at += self._length(" ") * (index > 0)
            near, at = at, at + self._length(word)
            if word:
                yield (round(near), top, round(at), bottom, word)

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

    def _rows(self, most: int) -> list[Row]:
        """Return the rows of all lines; where there are more, or too many words, it is cut.

        All rows of a line have its direction, whatever their own first letter is.
        """
        rows: list[Row] = []
        for line in self._text.split("\n"):
            from_right = self._typesetter.can_join and bidi.runs_from_right(line)
            for row in self._wrap(line):
                if len(rows) == most or self._left_to_measure < 0:
                    self._is_cut = True
                    return rows
                rows.append((row, from_right))
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
        if not self._typesetter.can_join and any(map(bidi.runs_from_right, letters)):
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
