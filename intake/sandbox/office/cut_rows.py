"""Tell whether rows of a table are lower than their words, which are then cut off or not seen.

A row of an exact height (ECMA-376 part 1 §17.4.80, RTF 1.9.1 `trrh`) does not grow. How many lines
a text takes is estimated from below, so that a row which is a little too low says nothing.
"""

import re
from collections.abc import Mapping

from . import xml_parts

FINDING = "office_cut_rows"
SIGN = re.compile(rb"\btrHeight\b[^<>]{0,200}\bexact\b")
# Twips: what half a point of a letter's size takes. A line is at least as high as its letters.
HALF_POINT = 10
# Half points, where only a style says the size: smaller ones are rare.
MIN_SIZE = 14
# A letter is at least as wide as this part of its height, on the average of a line.
MIN_LETTER_SHAPE = 0.35
# By how much more than the row a text may take before anything is missing.
MAX_SQUEEZE = 1.2
# Cells that go on in other rows, or whose lines run from top to bottom.
ELSEWHERE = frozenset({"vMerge", "textDirection"})
RTF_ROW = re.compile(rb"\\trrh-(\d{1,5})(?!\d)")
RTF_ROW_END = b"\\row"
RTF_CONTROL = re.compile(rb"\\(?:[a-z]{1,32}-?\d{0,10} ?|'[0-9a-f]{2}|[^a-z])|[{}]", re.IGNORECASE)
MAX_RTF_ROW_BYTES = 20_000


def in_part(content: bytes) -> bool:
    """Say whether a part of a Word document has such a row; not of one that cannot be read."""
    if not SIGN.search(content):
        return False
    reader = _Reader()
    try:
        xml_parts.walk(content, reader.on_start, reader.on_text, reader.on_end)
    except (xml_parts.EntitiesDeclared, xml_parts.NotXml):
        return reader.is_found
    return reader.is_found


def in_rtf(content: bytes) -> bool:
    """Say whether an RTF document has a row that is lower than a line of small letters."""
    for match in RTF_ROW.finditer(content):
        if int(match[1]) * MAX_SQUEEZE >= MIN_SIZE * HALF_POINT:
            continue
        end = content.find(RTF_ROW_END, match.end(), match.end() + MAX_RTF_ROW_BYTES)
        row = content[match.end() : end if end >= 0 else match.end()]
        if any(map(str.isalnum, RTF_CONTROL.sub(b"", row).decode("latin-1"))):
            return True
    return False


class _Reader:
    """Take the elements of one part in; in nested tables the innermost row counts."""

    def __init__(self) -> None:
        self.is_found = False
        self._rows: list[_Row] = []
        self._is_text = False

    def on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._is_text = name == "t"
        if name == "tr":
            self._rows.append(_Row())
        elif self._rows:
            self._rows[-1].take(name, attributes)

    def on_text(self, text: str) -> None:
        if self._is_text and self._rows:
            self._rows[-1].write(text)

    def on_end(self, name: str) -> None:
        self._is_text = False
        if not self._rows:
            return
        if name in ("p", "tc"):
            self._rows[-1].end_paragraph()
        elif name == "tr":
            self.is_found = self._rows.pop().is_cut() or self.is_found


class _Row:
    """Hold what is known of one row: its height, and how much its highest cell takes, in twips."""

    def __init__(self) -> None:
        self._height = 0
        self._is_exact = False
        self._highest = self._cell = 0.0
        self._width = 0
        self._is_elsewhere = False
        self._size = MIN_SIZE
        self._letters = 0

    def take(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take one element in."""
        if name == "trHeight":
            self._height = _number(attributes.get("val", ""))
            self._is_exact = attributes.get("hRule", "") == "exact"
        elif name == "tc":
            self._cell, self._width, self._is_elsewhere = 0.0, 0, False
        elif name in ELSEWHERE:
            self._is_elsewhere = True
        elif name == "tcW" and attributes.get("type", "dxa") == "dxa":
            self._width = _number(attributes.get("w", ""))
        elif name == "r":
            self._size = MIN_SIZE
        elif name == "sz":
            self._size = _number(attributes.get("val", "")) or MIN_SIZE
        elif name in ("br", "cr"):
            self.end_paragraph()

    def write(self, text: str) -> None:
        """Take the text of one run in."""
        self._letters += len(text.strip())

    def end_paragraph(self) -> None:
        """Add the lines of what was written last."""
        if not self._letters:
            return
        line = self._size * HALF_POINT
        letters = self._letters * line * MIN_LETTER_SHAPE
        lines = max(1, int(letters / self._width)) if self._width else 1
        self._letters = 0
        if not self._is_elsewhere:
            self._cell += lines * line
            self._highest = max(self._highest, self._cell)

    def is_cut(self) -> bool:
        """Say whether the row is too low for its highest cell."""
        self.end_paragraph()
        return self._is_exact and self._highest > self._height * MAX_SQUEEZE > 0


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 0
