"""Know which elements of HTML stand apart from the words beside them, as a browser shows them.

The names are those of the standard's style sheet (HTML 15.3) that are shown as a block, an item of
a list or a part of a table, and the controls of forms, which are boxes in their line. One that is
made such by its own style counts as well; what a page's style sheets say of others is not read.
"""

import re
from collections.abc import Iterator, Mapping

from .open_blocks import BLOCKS

# Boxes beside other words: a browser draws them apart, and a reader sees no new line.
BESIDE = frozenset(
    {"applet", "audio", "button", "canvas", "embed", "iframe", "input", "marquee", "meter"}
    | {"object", "progress", "rt", "select", "td", "textarea", "th", "video"}
)
LINES = (BLOCKS - BESIDE) | {
    *("body", "br", "col", "form", "frame", "frameset", "hr", "html", "legend", "optgroup"),
    *("option", "p", "plaintext", "xmp"),
}
# What is struck out, by its name or by its style, is no longer meant; between these it stands.
STRUCK_NAMES = frozenset({"s", "strike", "del"})
STRUCK, NOT_STRUCK, HIGH, LOW = "\x15", "\x16", "\x17", "\x18"
# Where a cell of a table begins.
CELL, CELL_NAMES = "\x19", frozenset({"td", "th"})
OWN_MARKS = STRUCK + NOT_STRUCK + HIGH + LOW + CELL
LINE_THROUGH = re.compile(
    r"(?:^|[;\s])text-decoration[a-z-]*\s*:[^;]{0,60}line-through", re.IGNORECASE
)
STYLES = ("display", "line-through")
STRUCK_TAGS = ("<s>", "<s ", "<strike", "<del")
STRUCK_NOTE = "[struck out: {}]"
STRUCK_MARK = re.compile(f"([{STRUCK}{NOT_STRUCK}])")
# Their ends are mostly left out: the next of them ends the one before.
ENDED_BY_NEXT = frozenset({"p", "li", "dt", "dd", "td", "th", "tr"})
# A paragraph ends where one of these begins (HTML 13.2.6.4.7).
ENDS_PARAGRAPH = frozenset(
    {"address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"header", "hgroup", "hr", "li", "listing", "main", "menu", "nav", "ol", "p", "pre"}
    | {"section", "summary", "table", "td", "th", "tr", "ul", "xmp", "dd", "dt"}
)
# Marks of others stand around words, each a control character.
AROUND = re.compile("([\\s\x00-\x1f]*)(.*?)([\\s\x00-\x1f]*)")
FILLED = re.compile(r"[^\s\x00-\x1f\xa0]")
# A row of fewer cells holds a label and its value, or sets one text beside another.
MIN_CELLS, MIN_WORDED = 3, 2
BETWEEN_CELLS = " | "
HIGH_OR_LOW = {"sup": HIGH, "sub": LOW}
HIGH_OR_LOW_DIGITS = re.compile(f"([{HIGH}{LOW}])\\s*([-+]?[0-9]{{0,6}})")
DIGITS = {
    HIGH: str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    LOW: str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
STYLE = re.compile(r"(?:^|[;\s/])display\s*:\s*(?P<kind>[a-z-]{1,40})", re.IGNORECASE)
AS_LINE = re.compile(
    r"block|flex|grid|flow-root|list-item|table(?!-c(?:ell|olumn))|-(?:webkit|moz)-"
)
AS_BOX = re.compile(r"inline-|table-cell")


def between(name: str) -> str:
    """Return the white space before and behind an element of this name; empty within a line."""
    return "\n" if name in LINES else "\t" if name in BESIDE else ""


def before(name: str) -> str:
    """Return what stands before an element of this name: white space, or that it is set higher."""
    return f"\t{CELL}" if name in CELL_NAMES else HIGH_OR_LOW.get(name) or between(name)


def is_styled(markup: str) -> bool:
    """Say whether markup in small letters may set words apart by a style, or strike them out."""
    return any(map(markup.__contains__, STYLES))


def may_be_styled(markup: str) -> bool:
    """Say whether a page in small letters may have anything that a style or a name sets apart."""
    return is_styled(markup) or any(map(markup.__contains__, STRUCK_TAGS))


def with_notes(text: str) -> str:
    """Return a text in which what is struck out, and small digits, are told apart in words.

    "den <s>3</s> 9 maj" -> "den [struck out: 3] 9 maj"; "10<sup>5</sup>" -> "10⁵"
    """
    if STRUCK in text:
        text = "".join(_struck(text))
    if HIGH in text or LOW in text:
        text = HIGH_OR_LOW_DIGITS.sub(lambda found: found[2].translate(DIGITS[found[1]]), text)
    return text


def cells_apart(line: str) -> str:
    """Return a line in which the cells of a row stand apart where one of them is empty.

    Otherwise the next cell would seem to be the answer to another question.
    """
    if CELL not in line:
        return line
    start, *cells = line.split(CELL)
    worded = [FILLED.search(cell) is not None for cell in cells]
    has_gap = len(cells) >= MIN_CELLS and not all(worded) and sum(worded) >= MIN_WORDED
    # What only keeps the first cell from the edge of the page is none of the row.
    first = worded.index(True) if has_gap else 0
    if all(worded[first:]) or not has_gap:
        return line.replace(CELL, "")
    return "".join((start, *cells[:first], BETWEEN_CELLS.join(cells[first:])))


def _struck(text: str) -> Iterator[str]:
    depth = 0
    struck: list[str] = []
    for piece in (*STRUCK_MARK.split(text), None):
        if piece == STRUCK:
            depth += 1
        elif piece == NOT_STRUCK:
            depth = max(depth - 1, 0)
        elif depth and piece is not None:
            struck.append(piece)
        if struck and (not depth or piece is None):
            yield "\n".join(map(_note_struck_line, "".join(struck).split("\n")))
            struck = []
        if piece and not depth and piece not in (STRUCK, NOT_STRUCK):
            yield piece


def _note_struck_line(line: str) -> str:
    around = AROUND.fullmatch(line)
    if around is None or not around[2]:
        return line
    # A bracket would end our note.
    words = around[2].replace("[", "(").replace("]", ")")
    return f"{around[1]}{STRUCK_NOTE.format(words)}{around[3]}"


class StyledElements:
    """Follow the elements that their own style sets apart, to where they end."""

    def __init__(self) -> None:
        # For each name that was styled: what parts each open element of it, the innermost last.
        self._open: dict[str, list[str]] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> str:
        """Return what stands before an element that begins here."""
        found = STYLE.search(attributes.get("style", ""))
        kind = found["kind"].lower() if found else ""
        space = "\n" if AS_LINE.match(kind) else "\t" if AS_BOX.match(kind) else ""
        ended = ""
        for before_it in ("p", name) if name in ENDS_PARAGRAPH else (name,):
            if before_it in ENDED_BY_NEXT and self._strikes(before_it):
                ended += self._open[before_it].pop()
        is_struck = name in STRUCK_NAMES or LINE_THROUGH.search(attributes.get("style", ""))
        if space or is_struck or name in self._open:
            self._open.setdefault(name, []).append(f"{NOT_STRUCK if is_struck else ''}{space}")
        return f"{ended}{space}{STRUCK if is_struck else ''}"

    def is_told(self, name: str) -> bool:
        """Tell whether it has to be known where an element of this name begins or ends."""
        return self.follows(name) or (name in ENDS_PARAGRAPH and self._strikes("p"))

    def _strikes(self, name: str) -> bool:
        return self.follows(name) and NOT_STRUCK in self._open[name][-1]

    def follows(self, name: str) -> bool:
        """Tell whether an element of this name is open, so that its end has to be known."""
        return bool(self._open.get(name))

    def end(self, name: str) -> str:
        """Return what stands behind the element that ends here."""
        return self._open[name].pop() if self.follows(name) else ""
