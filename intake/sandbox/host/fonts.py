"""Know which characters the installed fonts can draw, as fontconfig says it.

An office program draws a box for a letter that no font has, and neither it nor the PDF that it
writes says so. Only the system's own fonts are asked about; nothing of a stranger's reaches here
but letters to be looked up.
"""

import re
import subprocess
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

PROGRAM = ("fc-list", "--format=%{charset}\n")
SECONDS = 20.0
RANGE = re.compile(r"([0-9a-f]{1,6})(?:-([0-9a-f]{1,6}))?")
# Spaces, controls, marks on other letters, and what fonts of symbols use as they like.
NOT_LOOKED_UP = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
REPLACED = "\ufffd"


@dataclass(frozen=True)
class Covered:
    """Hold the ranges of characters that have a font: sorted, apart from each other, ends in."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, letter: str) -> bool:
        """Say whether some font has the letter."""
        place = bisect_right(self.starts, ord(letter)) - 1
        return place >= 0 and ord(letter) <= self.ends[place]


def covered_by(listed: str) -> Covered:
    """Return what fontconfig lists: a line of ranges in hexadecimal numbers for each font.

    >>> covered_by("20-7e a0\\n41-17f\\n")
    Covered(starts=(32,), ends=(383,))
    """
    found = sorted(
        (int(match[1], 16), int(match[2] or match[1], 16)) for match in RANGE.finditer(listed)
    )
    starts: list[int] = []
    ends: list[int] = []
    for start, end in found:
        if ends and start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return Covered(tuple(starts), tuple(ends))


def ask_fontconfig() -> Covered | None:
    """Return what the installed fonts cover, None when fontconfig cannot be asked."""
    try:
        listed = subprocess.run(
            PROGRAM, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return covered_by(listed.stdout)


class InstalledFonts:
    """Remember what fontconfig said, since asking it costs more than drawing a page.

    Where letters lack a font by what is remembered it is asked again, so that a font counts as soon
    as it is installed. Threads may share one; `ask` is another way of asking.
    """

    def __init__(self, ask: Callable[[], Covered | None] = ask_fontconfig) -> None:
        self._ask = ask
        self._remembered: Covered | None = None

    def lack(self, texts: Sequence[str]) -> set[str]:
        """Return the letters that no font has; none when fontconfig cannot be asked."""
        known = self._remembered
        if known is not None and not letters_without_font(texts, known):
            return set()
        self._remembered = known = self._ask()
        return letters_without_font(texts, known) if known is not None else set()


def letters_without_font(texts: Iterable[str], covered: Covered) -> set[str]:
    """Return the letters of the texts that no font has."""
    letters = set().union(*map(set, texts)) - {REPLACED}
    return {
        letter
        for letter in letters
        if unicodedata.category(letter) not in NOT_LOOKED_UP and not covered.has(letter)
    }
