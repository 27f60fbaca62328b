"""Find where in a page's text a machine-readable zone may stand.

Lines are taken as text layers and OCR leave them: with spaces between the signs, small letters,
other arrows for the filler, and fillers lost or added at the end of the names, which no check digit
covers in formats of two lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.recognition.extraction.mrz import Unproved, Zone, read_zone
from intake.recognition.extraction.mrz_layout import FILLER, LAYOUTS, TD1, Layout

MAX_LINE_CHARS = 120
MAX_ZONES_OF_PAGE = 20
ARROWS = str.maketrans({"«": "<<", "‹": "<", "≪": "<<", "〈": "<"})
HAS_ARROW = re.compile("[<«‹≪〈]")
SIGNS = re.compile(r"[A-Z0-9<]+")
SPACE = re.compile(r"\s+")
# Fillers more or fewer at the end of the names.
MAX_LOST_FILLERS = 8


@dataclass(frozen=True)
class SeenZone:
    """Hold what was read, and the place in the page's text."""

    read: Zone | Unproved
    start: int
    end: int


@dataclass(frozen=True)
class _Line:
    signs: str
    start: int
    end: int


def find_zones(text: str) -> Iterator[SeenZone]:
    """Yield the zones of a page and what is laid out like one, at most MAX_ZONES_OF_PAGE."""
    if not HAS_ARROW.search(text):
        return
    lines = list(_lines(text))
    at = count = 0
    while at < len(lines) and count < MAX_ZONES_OF_PAGE:
        seen, taken = _zone_at(lines[at : at + TD1.line_count])
        if seen is not None:
            yield seen
            count += 1
        at += taken


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that hold nothing but signs of a zone, and are long enough for one."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if TD1.line_chars - MAX_LOST_FILLERS <= len(line) <= MAX_LINE_CHARS:
            signs = SPACE.sub("", line).translate(ARROWS).upper()
            if len(signs) >= TD1.line_chars - MAX_LOST_FILLERS and SIGNS.fullmatch(signs):
                yield _Line(signs, start, end)
        start = end + 1


def _zone_at(lines: Sequence[_Line]) -> tuple[SeenZone | None, int]:
    """Return what begins with the first line, and how many lines to go on."""
    unproved: tuple[SeenZone | None, int] = (None, 1)
    for layout in LAYOUTS:
        taken = lines[: layout.line_count]
        signs = _fitted(layout, [line.signs for line in taken])
        if signs is None:
            continue
        read = read_zone(layout, signs)
        found = SeenZone(read, taken[0].start, taken[-1].end), layout.line_count
        if isinstance(read, Zone):
            return found
        unproved = found
    return unproved


def _fitted(layout: Layout, lines: list[str]) -> tuple[str, ...] | None:
    """Return the lines at their right length, None when they cannot be of this format."""
    if len(lines) != layout.line_count or lines[0][0] not in layout.letters:
        return None
    names = 0 if layout.line_count == 2 else 2
    if FILLER * 2 not in lines[names]:
        return None
    named = lines[names].rstrip(FILLER)
    lost = abs(layout.line_chars - len(lines[names]))
    if len(named) > layout.line_chars or lost > MAX_LOST_FILLERS:
        return None
    lines[names] = named.ljust(layout.line_chars, FILLER)
    if any(len(line) != layout.line_chars for line in lines):
        return None
    return tuple(lines)
