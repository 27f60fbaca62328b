"""Know which elements of HTML stand apart from the words beside them, as a browser shows them.

The names are those of the standard's style sheet (HTML 15.3) that are shown as a block, an item of
a list or a part of a table, and the controls of forms, which are boxes in their line. One that is
made such by its own style counts as well; what a page's style sheets say of others is not read.
"""

import re
from collections.abc import Mapping

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
STYLED = "display"
STYLE = re.compile(r"(?:^|[;\s/])display\s*:\s*(?P<kind>[a-z-]{1,40})", re.IGNORECASE)
AS_LINE = re.compile(
    r"block|flex|grid|flow-root|list-item|table(?!-c(?:ell|olumn))|-(?:webkit|moz)-"
)
AS_BOX = re.compile(r"inline-|table-cell")


def between(name: str) -> str:
    """Return the white space before and behind an element of this name; empty within a line."""
    return "\n" if name in LINES else "\t" if name in BESIDE else ""


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
        if space or name in self._open:
            self._open.setdefault(name, []).append(space)
        return space

    def follows(self, name: str) -> bool:
        """Tell whether an element of this name is open, so that its end has to be known."""
        return bool(self._open.get(name))

    def end(self, name: str) -> str:
        """Return what stands behind the element that ends here."""
        return self._open[name].pop() if self.follows(name) else ""
