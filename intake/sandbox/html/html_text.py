"""Return the words of HTML as a person reads them: plain text without markup.

Markup is cut out by a scan that never goes back: `html.parser` of an unpatched interpreter takes
quadratic time on an unclosed comment.
"""

import html
import re
import string
from collections.abc import Iterable
from itertools import islice

from .links import note_of_link

BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4"}
    | {"h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
CELLS = frozenset({"td", "th"})
# Python refuses to read numbers of thousands of digits, with a ValueError.
ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
# Elements whose content is not text for a reader.
DROPPED = frozenset({"script", "style", "template", "title"})
# A comment that is closed at once, and the two ends of all others (HTML 13.2.5.44 to 52).
EMPTY_COMMENT = re.compile(r"<!---?>")
COMMENT_END = re.compile(r"--!?>")
MAX_TAG_CHARS = 8192
HREF = re.compile(r"[\s\"'/]href\s*=\s*(?:\"([^\"]*)\"?|'([^']*)'?|([^\s>]+))", re.IGNORECASE)
VALUE = re.compile(r"=\s*(?:(\")[^\"]*(\")?|(')[^']*(')?)")
# Quoting, and not only a wider margin: Thunderbird and Apple Mail write the type, Gmail the class.
QUOTING = re.compile(r"type\s*=\s*[\"']?cite|class\s*=\s*[\"']?[\w -]{0,100}quote", re.IGNORECASE)
# Yahoo quotes in a plain block. Gmail's and others' blocks hold the line above the quotation too.
QUOTING_BLOCK = "yahoo_quoted"
PASTED = re.compile(r"[\s\"'/]src\s*=\s*[\"']?\s*data:image/", re.IGNORECASE)
PICTURE_WORDS = re.compile(
    r"<img\b[^<>]{0,4000}?\balt\s*=\s*(?:\"([^\"]{1,300})\"|'([^']{1,300})')", re.IGNORECASE
)
MAX_PICTURES = 200
PASTED_PICTURE = "[a picture stands here]"
MAX_QUOTED = 5
# These stand in the text while it is built, where a quotation begins and ends.
QUOTE, UNQUOTE = "\x02", "\x03"
WITHOUT_MARKS = str.maketrans("", "", QUOTE + UNQUOTE)
LETTERS = frozenset(string.ascii_letters)
MARKS = frozenset("/!?")


def text_of_html(markup: str) -> str:
    """Return the text between the tags, one line a block; behind a link stands where it leads.

    Quoted history begins with `> ` as in plain text.

    "<p>a<br>b<script>x</script>" -> "a\\nb"
    """
    return _Reading(markup.translate(WITHOUT_MARKS)).text()


def pictures_of_html(markup: str) -> frozenset[str]:
    """Return the words that stand for pictures where they are not shown, in small letters.

    A program makes most of them up, and writes them in brackets into its plain text.

    '<img alt="A  Logo">' -> {"a logo"}
    """
    found = islice(PICTURE_WORDS.finditer(markup), MAX_PICTURES)
    texts = (html.unescape(match[1] or match[2]) for match in found)
    return frozenset(" ".join(text.casefold().split()) for text in texts)


class _Reading:
    """Hold the pieces of text read so far, and what is open at this place."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._pieces: list[str] = []
        self._target = ""
        self._link_start = 0
        # For each kind of block that may quote, whether the open ones do.
        self._open: dict[str, list[bool]] = {"blockquote": [], "div": []}
        self._is_title_open = False

    def text(self) -> str:
        """Return the whole text."""
        position = 0
        while (opening := self._markup.find("<", position)) >= 0:
            self._pieces.append(_words(self._markup[position:opening]))
            position = self._skip_tag(opening)
        self._pieces.append(_words(self._markup[position:]))
        self._end_link()
        return _squeeze(_quoted(" ".join(line.split()) for line in self._joined().split("\n")))

    def _joined(self) -> str:
        return "".join(self._pieces)

    def _skip_tag(self, opening: int) -> int:
        """Return where the tag at `opening` ends, and write what stands for it in the text.

        A tag or comment that is not closed reaches to the end, so no search is ever repeated.
        """
        markup = self._markup
        if markup.startswith("<!--", opening):
            return _end_of_comment(markup, opening)
        following = markup[opening + 1 : opening + 2]
        # Only an ASCII letter opens a tag (HTML 13.2.5.6): `<` before any other script is text.
        if following not in LETTERS and following not in MARKS:
            self._pieces.append("<")
            return opening + 1
        closing = _end_of_tag(markup, opening)
        if closing < 0:
            return len(markup)
        name = markup[opening + 1 : min(closing, opening + 32)].lower().split()
        tag = name[0].strip("/") if name else ""
        if tag in DROPPED and following != "/" and not (tag == "title" and self._is_title_open):
            end = _end_of_dropped(markup, closing, tag)
            if tag != "title" or end >= 0:
                return end if end >= 0 else len(markup)
            # A title that never ends would hide the whole letter. It is looked for once.
            self._is_title_open = True
        if following in LETTERS:
            self._start(tag, markup[opening : min(closing, opening + MAX_TAG_CHARS)])
        elif following == "/":
            self._end(tag)
        return closing + 1

    def _start(self, tag: str, written: str) -> None:
        if tag == "a":
            self._end_link()
            found = HREF.search(written)
            self._target = html.unescape(_finite("".join(found.groups(""))) if found else "")
            self._link_start = len(self._pieces)
        elif tag == "img" and PASTED.search(written):
            self._pieces.append(PASTED_PICTURE)
        elif tag in self._open:
            is_quoting = _is_quoting(tag, written)
            self._open[tag].append(is_quoting)
            self._pieces.append(f"\n{QUOTE}" if is_quoting else "\n")
        else:
            self._space(tag)

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif self._open.get(tag):
            self._pieces.append(f"{UNQUOTE}\n" if self._open[tag].pop() else "\n")
        else:
            self._space(tag)

    def _space(self, tag: str) -> None:
        if tag in BLOCKS:
            self._pieces.append("\n")
        elif tag in CELLS:
            self._pieces.append("\t")

    def _end_link(self) -> None:
        """Write where the open link leads; links do not nest, so each piece is looked at once."""
        if not self._target:
            return
        note = note_of_link(self._target, "".join(self._pieces[self._link_start :]))
        self._target = ""
        if note:
            self._pieces.append(f" {note}")


def _words(text: str) -> str:
    if "&" not in text:
        return text.replace("\r", " ").replace("\n", " ")
    return html.unescape(_finite(text).replace("\r", " ").replace("\n", " ")).translate(
        WITHOUT_MARKS
    )


def _finite(text: str) -> str:
    return ENDLESS_NUMBER.sub("\ufffd", text)


def _end_of_comment(markup: str, opening: int) -> int:
    empty = EMPTY_COMMENT.match(markup, opening)
    if empty is not None:
        return empty.end()
    closing = COMMENT_END.search(markup, opening + 4)
    return closing.end() if closing is not None else len(markup)


def _end_of_tag(markup: str, opening: int) -> int:
    """Return where the `>` of a tag stands, or -1; one in a quoted value does not end it.

    A quote that is not closed within a few thousand characters is taken for a slip.
    """
    first = closing = markup.find(">", opening)
    if markup.find("=", opening, closing) < 0:
        return closing  # no value, as in every end of an element
    position = opening
    while closing >= 0:
        mark = _open_quote(markup, position, closing)
        end = markup.find(mark, closing, closing + MAX_TAG_CHARS) if mark else -1
        if end < 0:
            return closing
        position, closing = end + 1, markup.find(">", end)
    return first


def _open_quote(markup: str, position: int, closing: int) -> str:
    """Return the mark of the value that is still open at `closing`, empty when none is."""
    for value in VALUE.finditer(markup, position, closing):
        if value[1] and not value[2]:
            return '"'
        if value[3] and not value[4]:
            return "'"
    return ""


def _is_quoting(tag: str, written: str) -> bool:
    return QUOTING.search(written) is not None if tag == "blockquote" else QUOTING_BLOCK in written


def _end_of_dropped(markup: str, position: int, tag: str) -> int:
    """Return the end of a dropped element, or -1; each step moves on past one `</`."""
    while (position := markup.find("</", position)) >= 0:
        if markup[position + 2 : position + 2 + len(tag)].lower() == tag:
            closing = markup.find(">", position)
            return closing + 1 if closing >= 0 else len(markup)
        position += 2
    return -1


def _quoted(lines: Iterable[str]) -> Iterable[str]:
    """Write `> ` before the lines of quotations, as often as they are nested."""
    depth = 0
    for line in lines:
        if not depth and QUOTE not in line and UNQUOTE not in line:
            yield line.strip()
            continue
        depth += line.count(QUOTE)
        text = line.replace(QUOTE, "").replace(UNQUOTE, "").strip()
        marks = "> " * min(depth, MAX_QUOTED) if text else ""
        depth = max(depth - line.count(UNQUOTE), 0)
        yield marks + text


def _squeeze(lines: Iterable[str]) -> str:
    """Join lines with at most one empty one between two."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
