"""Tell the words that a page hides by its style from those that it shows.

A browser shows nothing of an element whose style says `display: none`, in its own tag or in a style
sheet by its class, id or name, and nothing of one that is `hidden`, invisible, wholly transparent,
of no height or off the screen. Programs of mail differ, so such words are never left out: they are
told apart, and stand below the others. Wherever it is in doubt, a word counts as shown: selectors
that are put together, rules for some screens only, other rules for the same element, and elements
whose end cannot be told.
"""

import re
from collections.abc import Iterator, Mapping

from .elements import KNOWN

# These stand in the text while it is built, where hidden words begin and end.
HIDE, SHOW = "\x07", "\x08"
HIDDEN = re.compile(f"{HIDE}([^{HIDE}{SHOW}]*){SHOW}")
DISPLAY = re.compile(r"(?:^|[;\s/])display\s{0,9}:\s{0,9}([a-z-]{1,40})", re.IGNORECASE)
# How else a style hides words: by what they look like, by where they stand, or by their height.
UNSEEN = re.compile(
    r"(?:^|[;\s\"'{])(?:visibility\s{0,9}:\s{0,9}(?:hidden|collapse)"
    r"|opacity\s{0,9}:\s{0,9}(?:0{1,9}(?:\.0{0,9})?|\.0{1,9})%?\s{0,9}(?:!|;|\Z|[\"'}])"
    r"|text-indent\s{0,9}:\s{0,9}-\d{3})",
    re.IGNORECASE,
)
AWAY = re.compile(r"(?:^|[;\s\"'{])(?:left|right|top|bottom)\s{0,9}:\s{0,9}-\d{3}", re.IGNORECASE)
PLACED = re.compile(r"position\s{0,9}:\s{0,9}(?:absolute|fixed)", re.IGNORECASE)
FLAT = re.compile(
    r"(?:^|[;\s\"'{])(?:max-)?height\s{0,9}:\s{0,9}0(?:px|em|%)?\s{0,9}(?:!|;|\Z|[\"'}])",
    re.IGNORECASE,
)
CUT_OFF = re.compile(r"overflow(?:-y)?\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
NOT_HIDDEN = re.compile(
    r"visibility\s{0,9}:\s{0,9}visible|opacity\s{0,9}:\s{0,9}(?:1|0?\.\d{0,9}[1-9])", re.IGNORECASE
)
ATTRIBUTE = re.compile(r"[\s\"'/]hidden(?=[\s=/>])", re.IGNORECASE)
MAY_HIDE = re.compile(r"display|visibility|opacity|hidden|position|indent", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
BRACE = re.compile(r"[{}]")
SIMPLE = re.compile(r"([a-z][a-z0-9]{0,15})?(?:([.#])(-?[\w-]{1,80}))?", re.IGNORECASE)
NAMES = re.compile(r"[.#]-?[\w-]{1,80}|(?<![\w.#-])[a-z][a-z0-9]{0,15}(?![\w-])", re.IGNORECASE)
SCREENS = frozenset({"", "all", "screen"})
# A page that hides all of itself shows it by other means, which are not read.
WHOLE = frozenset({"html", "body"})
# Their ends are mostly left out.
ENDED_BY_OTHERS = frozenset(
    {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "colgroup"}
)
MAX_SHEET_CHARS, MAX_RULES = 200_000, 5000
Selector = tuple[str, str]


def may_be_used(markup: str) -> bool:
    """Say whether a page hides words otherwise than by how it displays them, or may do so."""
    if UNSEEN.search(markup) or ATTRIBUTE.search(markup):
        return True
    is_away = PLACED.search(markup) is not None and AWAY.search(markup) is not None
    return is_away or (CUT_OFF.search(markup) is not None and FLAT.search(markup) is not None)


class HiddenWords:
    """Follow the element that hides words, and the rules that hide others."""

    def __init__(self) -> None:
        self._hiding: set[Selector] = set()
        self._other: set[str] = set()
        # The elements open within the hidden one, itself the first.
        self._open: list[str] = []
        self._place = -1
        self.is_used = False

    @property
    def is_open(self) -> bool:
        """Tell whether words are hidden at this place, so that each tag has to be followed."""
        return bool(self._open)

    def may_hide(self, name: str, written: str) -> bool:
        """Tell whether a tag may begin something hidden, by itself or by a style sheet."""
        if MAY_HIDE.search(written):
            return True
        if not self._hiding:
            return False
        small = written.lower()
        return "class" in small or "id" in small or (name, "") in self._hiding

    def read_sheet(self, sheet: str, attributes: Mapping[str, str]) -> None:
        """Take in the rules of a style sheet, which hold for what stands below it."""
        if attributes.get("media", "").strip().lower() not in SCREENS:
            return
        if MAY_HIDE.search(sheet) is None:
            return
        for number, (selectors, kind, is_always) in enumerate(_rules(sheet[:MAX_SHEET_CHARS])):
            if number > MAX_RULES:
                return
            if kind != "none":
                self._other.update(each.lower() for each in NAMES.findall(selectors))
            elif is_always:
                self._hiding.update(_simple(selectors))

    def start(self, name: str, attributes: Mapping[str, str], place: int) -> bool:
        """Take in where an element begins; tell whether it hides what follows.

        `place` is that of the mark among the pieces of the text.
        """
        if self._open:
            if name in KNOWN:
                self._open.append(name)
            return False
        if name in WHOLE or not self._is_hidden(name, attributes):
            return False
        self._open, self._place = [name], place
        return True

    def end(self, name: str) -> tuple[bool, int]:
        """Take in where an element ends.

        Returns whether the hidden words end well, and otherwise the place of a mark that is to be
        taken away, -1 for none: what was open ends without its own end.
        """
        if name not in KNOWN:
            return False, -1
        while self._open and self._open[-1] != name and self._open[-1] in ENDED_BY_OTHERS:
            if len(self._open) == 1:
                break
            self._open.pop()
        if self._open[-1] != name:
            self._open = []
            return False, self._place
        self._open.pop()
        self.is_used = True
        return not self._open, -1

    def left_open(self) -> int:
        """Return the place of the mark of what never ended, or -1."""
        return self._place if self._open else -1

    def _is_hidden(self, name: str, attributes: Mapping[str, str]) -> bool:
        names = [f".{each}" for each in attributes.get("class", "").split()]
        names += [f"#{each}" for each in [attributes.get("id", "").strip()] if each]
        if not self._other.isdisjoint([name, *map(str.lower, names)]):
            return False
        own = _kind_of(attributes.get("style", ""))
        if own or "hidden" in attributes:
            return own in ("", "none")
        rules = [(name, ""), *((tag, each) for tag in ("", name) for each in names)]
        return not self._hiding.isdisjoint(rules)


def _rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """Yield of each rule that says how something is displayed: selectors, kind, whether always.

    ".a, p { display:none }" -> (".a, p ", "none", True)
    """
    css = COMMENT.sub(" ", sheet)
    around: list[str] = []
    start = 0
    for brace in BRACE.finditer(css):
        between, start = css[start : brace.start()], brace.end()
        if brace[0] == "{":
            around.append(between.rpartition(";")[2])
        elif around:
            selectors = around.pop()
            kind = _kind_of(between)
            if kind:
                yield selectors, kind, not around


def _kind_of(style: str) -> str:
    """Return "none" for a style that hides, another word for one that shows, "" for any other."""
    is_away = PLACED.search(style) is not None and AWAY.search(style) is not None
    is_flat = CUT_OFF.search(style) is not None and FLAT.search(style) is not None
    if is_away or is_flat or UNSEEN.search(style):
        return "none"
    kinds = DISPLAY.findall(style)
    return kinds[-1].lower() if kinds else "seen" if NOT_HIDDEN.search(style) else ""


def _simple(selectors: str) -> Iterator[Selector]:
    """Yield the selectors that are a name, a class or an id, or a name with one of these."""
    for each in selectors.split(","):
        found = SIMPLE.fullmatch(each.strip())
        if found is not None and each.strip():
            yield (found[1] or "").lower(), f"{found[2]}{found[3]}" if found[2] else ""


def apart(text: str, keep: str) -> tuple[str, list[str]]:
    """Return a text without its hidden words, and these; marks in `keep` stay where they are."""
    found = HIDDEN.findall(text)
    kept = HIDDEN.sub(lambda hidden: "".join(each for each in hidden[1] if each in keep), text)
    return kept.replace(HIDE, "").replace(SHOW, ""), found
