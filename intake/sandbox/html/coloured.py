"""Tell the answers that a person typed in colour inside an older mail from what they quote.

A page tells such answers by nothing but their colour, which plain text loses: they would be folded
away with the quotation. Only what looks like answers is taken apart: a mail has coloured names and
headings too. In doubt it is, for then a reader is shown more than is needed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..protocol.body_text import IN_COLOUR, begins_original, end_of_head

# These stand in the text while it is built: where a quotation begins and ends, at an answer, and
# where words begin to have another colour, the first of them none.
QUOTE, UNQUOTE, OWN = "\x02", "\x03", "\x06"
COLOURS = "\x0e\x0f\x10\x11\x12\x13\x14"
NO_COLOUR = COLOURS[0]
COLOURED = "color"
WRITTEN = re.compile(
    r"(?<![\w-])color\s{0,9}[:=]\s{0,9}[\"']?\s{0,9}"
    r"(#[0-9a-f]{3,8}|rgba?\([^()]{1,40}\)|[a-z]{3,20})",
    re.IGNORECASE,
)
# What people choose by name, by its place on the wheel of colours.
NAMED = {
    "red": "ff0000", "crimson": "dc143c", "darkred": "8b0000", "firebrick": "b22222",
    "maroon": "800000", "tomato": "ff6347", "orange": "ffa500", "darkorange": "ff8c00",
    "orangered": "ff4500", "brown": "a52a2a", "gold": "ffd700", "green": "008000",
    "darkgreen": "006400", "lime": "00ff00", "limegreen": "32cd32", "forestgreen": "228b22",
    "seagreen": "2e8b57", "teal": "008080", "blue": "0000ff", "navy": "000080",
    "darkblue": "00008b", "mediumblue": "0000cd", "royalblue": "4169e1", "dodgerblue": "1e90ff",
    "deepskyblue": "00bfff", "purple": "800080", "indigo": "4b0082", "magenta": "ff00ff",
    "fuchsia": "ff00ff", "deeppink": "ff1493", "darkviolet": "9400d3", "blueviolet": "8a2be2",
}  # fmt: skip
# Less is black, grey, or the dark blue in which programs write by themselves.
MIN_DIFFERENCE = 96
PARTS_OF_WHEEL = len(COLOURS) - 1
NUMBER = re.compile(r"\d{1,3}")
MARK = re.compile(f"([{COLOURS}])")
ASKS = re.compile(r"[?\u061f\u1367\uff1f]\W{0,8}\Z")
WORD = re.compile(r"\w+")
# So many words are more than a name, and so many such runs more than a heading.
MIN_WORDS, MIN_RUNS = 4, 2


class OpenColours:
    """Follow the elements that give words a colour, to where they end."""

    def __init__(self) -> None:
        self._open: dict[str, list[list[str]]] = {}
        self._order: list[list[str]] = []
        self.is_used = False

    def tells(self, name: str, written: str) -> bool:
        """Tell whether a tag changes the colour, or the end of its element has to be known."""
        return name in self._open or _of_tag(written) not in ("", NO_COLOUR)

    def start(self, name: str, written: str) -> str:
        """Return what stands in the text where an element begins, of which `written` is the tag.

        It is empty where the colour does not count.
        """
        before = self._now()
        if name == "p":
            self._close(name)
        colour = _of_tag(written)
        if not self._open and colour in ("", NO_COLOUR):
            return self._changed(before)
        entry = [colour or self._now()]
        self._open.setdefault(name, []).append(entry)
        self._order.append(entry)
        return self._changed(before)

    def end(self, name: str) -> str:
        """Return what stands in the text where an element ends."""
        before = self._now()
        self._close(name)
        return self._changed(before)

    def _close(self, name: str) -> None:
        entries = self._open.get(name)
        if not entries:
            return
        entries.pop().clear()
        if not entries:
            del self._open[name]
        while self._order and not self._order[-1]:
            self._order.pop()

    def _now(self) -> str:
        return self._order[-1][0] if self._order else NO_COLOUR

    def _changed(self, before: str) -> str:
        now = self._now()
        self.is_used = self.is_used or now != NO_COLOUR
        return now if now != before else ""


# A program writes the same tags over and over.
@lru_cache(maxsize=1000)
def _of_tag(written: str) -> str:
    """Return the mark of the colour that a tag gives, NO_COLOUR for that of every day, or ""."""
    found = WRITTEN.findall(written) if COLOURED in written.lower() else []
    return _mark_of(found[-1].lower()) if found else ""


def _mark_of(value: str) -> str:
    value = "#" + NAMED[value] if value in NAMED else value
    if value.startswith("#"):
        digits = "".join(each * 2 for each in value[1:4]) if len(value) < 7 else value[1:7]
        shares = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    else:
        shares = [int(each) for each in NUMBER.findall(value)[:3]]
    if len(shares) < 3 or max(shares) - min(shares) < MIN_DIFFERENCE:
        return NO_COLOUR
    red, green, blue = shares
    top, span = max(shares), max(shares) - min(shares)
    if top == red:
        turn = (green - blue) / span
    else:
        turn = 2 + (blue - red) / span if top == green else 4 + (red - green) / span
    return COLOURS[1 + round(turn) % PARTS_OF_WHEEL]


@dataclass(frozen=True)
class _Piece:
    """Hold some words of one line: their colour, and where they stand.

    `place` is "own", "quoted" in the mail that is answered, with marks or below its head, or "old".
    """

    text: str
    colour: str
    place: str
    is_marked: bool


def apart(lines: Sequence[str]) -> list[str]:
    """Return lines with the answers of a person on lines of their own.

    In a quotation with marks they begin with OWN; below a head of fields, where nothing has marks,
    with a note of ours. No mark of a colour is left.
    """
    pieces = [list(line) for line in _pieces(lines)]
    answering = _answering([piece for line in pieces for piece in line])
    found: list[str] = []
    for line, own in zip(lines, pieces, strict=True):
        if not any(_is_answer(piece, answering) for piece in own):
            found.append(MARK.sub("", line))
            continue
        for piece in own:
            bare = piece.text.replace(QUOTE, "").replace(UNQUOTE, "")
            if not _is_answer(piece, answering):
                found.append(piece.text)
            else:
                marks = "".join(each for each in piece.text if each in (QUOTE, UNQUOTE))
                note = OWN if piece.is_marked else f"{IN_COLOUR} "
                found.append(f"{marks}{note}{bare.strip()}")
    return found


def _pieces(lines: Sequence[str]) -> Iterator[Iterator[_Piece]]:
    """Yield the pieces of each line, one of each colour."""
    colour, depth = NO_COLOUR, 0
    bare = [MARK.sub("", line) for line in lines]
    heads, head_ends = 0, 0
    for at, line in enumerate(lines):
        depth += line.count(QUOTE)
        if not depth and at >= head_ends and begins_original(bare, at):
            heads, head_ends = heads + 1, end_of_head(bare, at)
        level = depth or heads
        place = "own" if not level else "quoted" if level == 1 and at >= head_ends else "old"
        parts = MARK.split(line)
        words = [(colour, parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
        colour = words[-1][0]
        yield (_Piece(text, each, place, depth > 0) for each, text in words if text)
        depth = max(depth - line.count(UNQUOTE), 0)


def _is_answer(piece: _Piece, answering: set[str]) -> bool:
    is_in_it = piece.place == "quoted" and piece.colour in answering
    return is_in_it and WORD.search(piece.text) is not None


def _answering(pieces: Sequence[_Piece]) -> set[str]:
    """Return the colours in which somebody answers.

    Something in it stands right behind a question, some of it is more than names are, or the person
    writes in it above what they quote as well.
    """
    found: set[str] = set()
    runs: dict[str, int] = {}
    asked, last, words = "", "", 0
    for piece in pieces:
        if not piece.text.strip(f"{QUOTE}{UNQUOTE} "):
            continue
        count = len(WORD.findall(piece.text))
        if piece.place == "old" or not count:
            continue
        is_first = piece.colour != last
        words = count if is_first else words + count
        before, last = (words - count if not is_first else 0), piece.colour
        if piece.colour == NO_COLOUR:
            asked = piece.text if piece.place == "quoted" else ""
            continue
        if piece.place == "quoted" and is_first and ASKS.search(asked):
            found.add(piece.colour)
        if before < MIN_WORDS <= words:
            runs[piece.colour] = runs.get(piece.colour, 0) + 1
    return found | {colour for colour, count in runs.items() if count >= MIN_RUNS}
