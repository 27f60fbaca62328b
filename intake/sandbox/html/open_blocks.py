"""Know which blocks of HTML are open at a place, to tell where a quotation ends.

It ends where a browser ends its block: also at the end of a block around it (HTML 13.2.6.4.7), and
where the next cell or row of a table begins. What a sender writes behind that is their own.
"""

CELLS = frozenset({"td", "th", "caption"})
TABLE_PARTS = CELLS | {"tr", "tbody", "thead", "tfoot", "colgroup"}
TABLE_WIDE = TABLE_PARTS | {"table"}
LISTS = frozenset({"ol", "ul"})
# No end of a block inside one of these ends a block around it (HTML 13.2.4.2).
BOUNDARIES = CELLS | {"table", "object", "applet", "marquee"}
BLOCKS = (
    BOUNDARIES
    | TABLE_PARTS
    | LISTS
    | {"address", "article", "aside", "blockquote", "button", "center", "dd", "details", "dialog"}
    | {"dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "header", "hgroup", "li", "listing", "main", "menu", "nav", "pre"}
    | {"search", "section", "summary"}
)


class OpenBlocks:
    """Hold the open blocks, the innermost last, and which of them quote."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, bool]] = []
        # Where the open blocks of each name are on the stack, so that none is searched for.
        self._places: dict[str, list[int]] = {}

    def start(self, name: str, *, is_quoting: bool) -> int:
        """Open a block; return how many quotations end by it."""
        ended = 0
        if name in TABLE_PARTS:
            table = self._last("table")
            if table < 0:
                return 0
            row = self._last("tr") if name in CELLS else -1
            ended = self._cut(max(table, row) + 1)
        elif name == "table" and self._last("table") > self._last(*CELLS):
            ended = self._cut(self._last("table"))
        self._places.setdefault(name, []).append(len(self._stack))
        self._stack.append((name, is_quoting))
        return ended

    def end(self, name: str) -> int:
        """End the innermost block of a name, if there is one; return how many quotations end."""
        place = self._last(name)
        if name in TABLE_WIDE:
            boundary = self._last("table") if name != "table" else -1
        else:
            boundary = self._last(*BOUNDARIES, *(LISTS if name == "li" else ()))
        return self._cut(place) if place >= max(boundary, 0) else 0

    def _last(self, *names: str) -> int:
        return max((places[-1] for each in names if (places := self._places.get(each))), default=-1)

    def _cut(self, place: int) -> int:
        """Close all blocks from a place on; each is closed once, so this takes linear time."""
        ended = 0
        while len(self._stack) > place:
            name, is_quoting = self._stack.pop()
            self._places[name].pop()
            ended += is_quoting
        return ended
