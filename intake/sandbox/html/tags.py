"""Tell where each tag of HTML ends and what its attributes say, as a browser does (HTML 13.2.5).

One set of patterns serves both, so that no value can stand for another one. None of them goes back,
and what was looked for once is not looked for again: all of it takes time linear in the markup.
"""

import html
import re
from html.entities import html5

BLANK = r"[\t\n\f\r ]"
# A name may begin with `=` and may hold quotes; a value without quotes may hold both.
NAME = r"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
BARE = r"[^\t\n\f\r >\"'][^\t\n\f\r >]*+"
NAME_OF_TAG = r"<(/?)([a-zA-Z][^\t\n\f\r />]*+)"
# Most tags: no value holds a `>`, so a match never looks beyond the first one.
PLAIN_TAG = re.compile(
    rf"{NAME_OF_TAG}(?:[\t\n\f\r /]*+{NAME}{BLANK}*+"
    rf"(?:={BLANK}*+(?:\"[^\">]*+\"|'[^'>]*+'|{BARE}|(?=>))|(?!=)))*+[\t\n\f\r /]*+>"
)
ANY_TAG = re.compile(NAME_OF_TAG)
# The end of the tag, or one attribute up to its value in quotes.
STEP = re.compile(
    rf"[\t\n\f\r /]*+(?:(?P<end>>)|(?P<name>{NAME})"
    rf"(?:{BLANK}*+={BLANK}*+(?:(?P<mark>[\"'])|(?P<bare>{BARE}))?+)?+)"
)
MAX_QUOTED_CHARS = 8192
# Python refuses to read numbers of thousands of digits, with a ValueError.
ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
# In a value `&copy=` is no sign but the name of a field (HTML 13.2.5.73).
REFERENCE = re.compile(
    r"&(#[xX]?[0-9a-fA-F]{1,8};?|[a-zA-Z][a-zA-Z0-9]{1,40}(?:;|(?![=a-zA-Z0-9])))"
)
COMMENT_START = "<!--"
# A comment that is closed at once, and the two ends of all others (HTML 13.2.5.44 to 52).
EMPTY_COMMENT = re.compile(r"<!---?>")
COMMENT_END = re.compile(r"--!?>")


class Tag:
    """Hold a tag: its name in small letters, and where it begins and ends in the markup."""

    __slots__ = ("_markup", "end", "is_end", "name", "start")

    def __init__(self, markup: str, found: re.Match[str], end: int) -> None:
        self._markup = markup
        self.start, self.end = found.start(), end
        self.is_end, self.name = bool(found[1]), found[2].lower()

    @property
    def written(self) -> str:
        """Return the tag as it stands in the markup."""
        return self._markup[self.start : self.end]

    @property
    def is_self_closing(self) -> bool:
        """Say whether it ends with `/>`, which counts in drawings and formulas only."""
        return self._markup.endswith("/>", self.start, self.end)

    def attributes(self) -> dict[str, str]:
        """Return the values by their names in small letters; of two with one name the first.

        '<a title=" href=b " href="c&amp;d">' -> {"title": " href=b ", "href": "c&d"}
        """
        found: dict[str, str] = {}
        position = self.start + 1 + self.is_end + len(self.name)
        while (step := STEP.match(self._markup, position, self.end)) and not step["end"]:
            value, position = step["bare"] or "", step.end()
            if step["mark"]:
                closing = self._markup.find(step["mark"], position, self.end)
                # Not closed is only the slip at which `Tags.read` ended the tag.
                closing = closing if closing >= 0 else self.end - 1
                value, position = self._markup[position:closing], closing + 1
            found.setdefault(step["name"].lower(), decoded(value))
        return found


class Tags:
    """Find tags in one markup, from its beginning to its end."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        # For each mark, where it was found last: further quotes are looked for from there.
        self._next_mark = {'"': -1, "'": -1}

    def read(self, opening: int, plain: re.Match[str] | None = None) -> Tag | None:
        """Return the tag that begins at `opening` with `<` or `</` and a letter.

        `plain` is what `PLAIN_TAG` found there, if it was looked for already.

        It is None where the tag does not end. A browser shows nothing of what is behind such a tag,
        nor behind a quote that is never closed; some mail programs do. So words are not hidden by
        either: such a quote is taken for a slip, and the tag ends at the next `>`. So is one that
        holds a `>` and is closed only thousands of characters later.
        """
        plain = plain or PLAIN_TAG.match(self._markup, opening)
        if plain is not None:
            return Tag(self._markup, plain, plain.end())
        named = ANY_TAG.match(self._markup, opening)
        end = self._end(named.end()) if named is not None else -1
        return Tag(self._markup, named, end) if named is not None and end >= 0 else None

    def _end(self, position: int) -> int:
        while (step := STEP.match(self._markup, position)) is not None:
            position = step.end()
            if step["end"]:
                return position
            if not step["mark"]:
                continue
            closing = self._closing(step["mark"], position)
            within = self._markup.find(">", position, closing if closing >= 0 else None)
            if closing < 0 or (within >= 0 and closing - position > MAX_QUOTED_CHARS):
                return within + 1 if within >= 0 else -1
            position = closing + 1
        return -1

    def _closing(self, mark: str, position: int) -> int:
        known = self._next_mark[mark]
        if known < position:
            found = self._markup.find(mark, position)
            known = self._next_mark[mark] = found if found >= 0 else len(self._markup)
        return known if known < len(self._markup) else -1


def end_of_comment(markup: str, opening: int) -> int:
    """Return where the comment ends that begins with `<!--`; one that is not closed, at the end."""
    empty = EMPTY_COMMENT.match(markup, opening)
    if empty is not None:
        return empty.end()
    closing = COMMENT_END.search(markup, opening + len(COMMENT_START))
    return closing.end() if closing is not None else len(markup)


def decoded(value: str) -> str:
    """Return a value with its references read.

    "a&amp;b&copy=1" -> "a&b&copy=1"
    """
    return REFERENCE.sub(_referred, finite(value)) if "&" in value else value


def finite(text: str) -> str:
    """Return a text with U+FFFD for each number of a character that is none."""
    return ENDLESS_NUMBER.sub("\ufffd", text)


def _referred(found: re.Match[str]) -> str:
    if found[1].startswith("#"):
        return html.unescape(found[0])
    return html5.get(found[1], found[0])
