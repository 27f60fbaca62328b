"""Order the letters of a line as they are seen, by the Unicode bidirectional algorithm (UAX 9).

The work is done by FriBidi, the library by which raqm does it for text in one font. A line in
several fonts is drawn in pieces, so its order has to be known before it is divided.
"""

import ctypes
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

NAME = "libfribidi.so.0"
RIGHT_TO_LEFT = frozenset({"R", "AL"})
# FriBidiParType: the direction of the whole paragraph is given.
TO_RIGHT, TO_LEFT = 0x110, 0x111


@dataclass(frozen=True)
class DirectedPiece:
    """Letters `start` to `end` of a line that run in one direction, the last one excluded."""

    start: int
    end: int
    runs_from_right: bool


@dataclass(frozen=True)
class Ordering:
    """Hold FriBidi, read before the jail is locked."""

    library: ctypes.CDLL

    def pieces(self, line: str, *, from_right: bool) -> list[DirectedPiece]:
        """Return the pieces of a line from left to right, as they are seen.

        `from_right` is the direction of the paragraph that the line belongs to.
        """
        levels = self._levels(line, from_right=from_right)
        pieces = [
            DirectedPiece(start, end, bool(levels[start] % 2))
            for start, end in _of_one_level(levels)
        ]
        found = [levels[piece.start] for piece in pieces]
        # Rule L2: from the highest level down, whatever is at least on it is turned round.
        for level in range(max(found, default=0), 0, -1):
            for start, end in _at_least(found, level):
                pieces[start:end] = pieces[start:end][::-1]
                found[start:end] = found[start:end][::-1]
        return pieces

    def _levels(self, line: str, *, from_right: bool) -> list[int]:
        count = len(line)
        letters = (ctypes.c_uint32 * count)(*map(ord, line))
        kinds, brackets = (ctypes.c_uint32 * count)(), (ctypes.c_uint32 * count)()
        levels = (ctypes.c_int8 * count)()
        direction = ctypes.c_uint32(TO_LEFT if from_right else TO_RIGHT)
        self.library.fribidi_get_bidi_types(letters, count, kinds)
        self.library.fribidi_get_bracket_types(letters, count, kinds, brackets)
        is_done = self.library.fribidi_get_par_embedding_levels_ex(
            kinds, brackets, count, ctypes.byref(direction), levels
        )
        # Without memory for it the line is drawn in one piece rather than not at all.
        return [max(each, 0) for each in levels] if is_done else [int(from_right)] * count


def load_ordering() -> Ordering | None:
    """Return FriBidi, None where the system has none."""
    try:
        return Ordering(ctypes.CDLL(NAME))
    except OSError:
        return None


def runs_from_right(paragraph: str) -> bool:
    """Say whether the first letter with a direction runs from right to left (UAX 9, rule P2)."""
    for letter in paragraph:
        direction = unicodedata.bidirectional(letter)
        if direction in RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def has_letters_from_right(line: str) -> bool:
    """Say whether a line needs an order at all; most do not."""
    return not line.isascii() and any(
        unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in set(line)
    )


def _of_one_level(levels: Sequence[int]) -> list[tuple[int, int]]:
    starts = [at for at in range(len(levels)) if not at or levels[at] != levels[at - 1]]
    return list(zip(starts, [*starts[1:], len(levels)], strict=True))


def _at_least(levels: Sequence[int], least: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for at, level in enumerate(levels):
        if level < least:
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = spans[-1][0], at + 1
        else:
            spans.append((at, at + 1))
    return spans
