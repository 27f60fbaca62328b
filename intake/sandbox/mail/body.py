"""Return the message body as a person reads it: plain text without markup.

Markup is cut out by a scan that never goes back: `html.parser` of an unpatched interpreter takes
quadratic time on an unclosed comment.
"""

import html
import re
from collections.abc import Iterable, Sequence

from ..protocol.decoding import read
from ..protocol.results import MAX_BODY_CHARS
from ..protocol.text import paragraphs
from .parts import Leaf

MAX_MARKUP_CHARS = 2_000_000
READ_ROLES = frozenset({"body", "alternative", "inline"})
BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4"}
    | {"h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
# Python refuses to read numbers of thousands of digits, with a ValueError.
ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
# Elements whose content is not text for a reader.
DROPPED = frozenset({"script", "style", "template", "title"})


def read_body(leaves: Sequence[Leaf]) -> tuple[str, tuple[str, ...]]:
    """Return the text of the outer message, and flags: `body_truncated`.

    How the bytes were read is no flag: the inspection says it of the part itself.
    Plain text is preferred; the text of HTML is taken only where there is no other.
    """
    shown = [leaf for leaf in leaves if leaf.parent is None and leaf.role in READ_ROLES]
    plain = [leaf for leaf in shown if _is_plain(leaf)]
    markup = [leaf for leaf in shown if leaf.claimed_type == "text/html"]
    flags: set[str] = set()
    text = "\n".join(_texts(plain)).strip("\r\n")
    if not text.strip():
        text = "\n".join(text_of_html(part) for part in _texts(markup)).strip("\n")
    cleaned = paragraphs(text, MAX_BODY_CHARS)
    if len(text) > len(cleaned) and len(cleaned) == MAX_BODY_CHARS:
        flags.add("body_truncated")
    return cleaned, tuple(sorted(flags))


def text_of_html(markup: str) -> str:
    """Return the text between the tags, one line a block.

    "<p>a<br>b<script>x</script>" -> "a\\nb"
    """
    pieces: list[str] = []
    position = 0
    while (opening := markup.find("<", position)) >= 0:
        pieces.append(_words(markup[position:opening]))
        position, piece = _skip_tag(markup, opening)
        pieces.append(piece)
    pieces.append(_words(markup[position:]))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return _squeeze(lines)


def _is_plain(leaf: Leaf) -> bool:
    """Say whether a leaf is read as plain text; a body of an unknown type is."""
    return leaf.claimed_type == "text/plain" or (
        leaf.role == "body" and leaf.claimed_type != "text/html"
    )


def _texts(leaves: Iterable[Leaf]) -> Iterable[str]:
    for leaf in leaves:
        cut = leaf.content[:MAX_MARKUP_CHARS]
        text = read(cut, leaf.charset, is_markup=leaf.claimed_type == "text/html").text
        # The cut may have gone through a character.
        yield text.removesuffix("\ufffd") if len(cut) < len(leaf.content) else text


def _words(text: str) -> str:
    text = ENDLESS_NUMBER.sub("\ufffd", text)
    return html.unescape(text.replace("\r", " ").replace("\n", " "))


def _skip_tag(markup: str, opening: int) -> tuple[int, str]:
    """Return where the tag at `opening` ends and what stands for it in the text.

    A tag or comment that is not closed reaches to the end, so no search is ever repeated.
    """
    end_of_all = len(markup)
    if markup.startswith("<!--", opening):
        closing = markup.find("-->", opening + 4)
        return (closing + 3 if closing >= 0 else end_of_all), ""
    following = markup[opening + 1 : opening + 2]
    if not (following.isalpha() or following in ("/", "!", "?")):
        return opening + 1, "<"
    closing = markup.find(">", opening)
    if closing < 0:
        return end_of_all, ""
    name = markup[opening + 1 : min(closing, opening + 32)].lower().split()
    tag = name[0].strip("/") if name else ""
    if tag in DROPPED and following != "/":
        return _end_of_dropped(markup, closing, tag), ""
    return closing + 1, "\n" if tag in BLOCKS else "\t" if tag == "td" else ""


def _end_of_dropped(markup: str, position: int, tag: str) -> int:
    """Return the end of a dropped element; each step moves on past one `</`."""
    while (position := markup.find("</", position)) >= 0:
        if markup[position + 2 : position + 2 + len(tag)].lower() == tag:
            closing = markup.find(">", position)
            return closing + 1 if closing >= 0 else len(markup)
        position += 2
    return len(markup)


def _squeeze(lines: Iterable[str]) -> str:
    """Join lines with at most one empty one between two."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
