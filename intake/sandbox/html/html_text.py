"""Return the words of HTML as a person reads them: plain text without markup.

Markup is cut out by a scan that never goes back: `html.parser` of an unpatched interpreter takes
quadratic time on an unclosed comment. Where programs differ, words are shown rather than hidden:
those behind a quote or a tag that is never closed, those in angles that are no tag, and those that
only Outlook shows. What a style sheet writes (`content`) is no word of the letter and is left out.
"""

import html
import re
from collections.abc import Collection, Iterable
from itertools import islice

from ..protocol.body_text import HIDDEN_IN_PAGE
from . import coloured, displays, hidden, only_outlook, pictures, symbol_fonts
from .coloured import COLOURS, OWN, QUOTE, UNQUOTE
from .displays import BESIDE, LINES, StyledElements, between
from .elements import KNOWN, WordsInAngles
from .links import in_base, note_of_link, short_base
from .open_blocks import BLOCKS, OpenBlocks
from .tags import ANY_TAG, COMMENT_START, PLAIN_TAG, Tag, Tags, end_of_comment, finite

# Elements whose content is not text for a reader, and those whose content is nothing but text.
DROPPED = frozenset({"script", "style", "template", "title"})
RAW = frozenset({"textarea", "xmp", "plaintext"})
ENDS = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII)
    for name in DROPPED | RAW - {"plaintext"}
}
# Inside drawings and formulas (HTML 13.2.6.5) names mean something else, and a page may leave them
# at any tag. Behind the first one nothing is dropped but the text up to the next tag.
FOREIGN = frozenset({"svg", "math"})
CDATA = "<![CDATA["
# Quoting, and not only a wider margin: Thunderbird and Apple Mail write the type, others the class.
# Gmail's and others' blocks (`div`) hold the line above the quotation too; Yahoo's does not.
YAHOO = "yahoo_quoted"
MARK_OF_YAHOO = re.compile(r"\Aydp[0-9a-f]{1,16}(?=yahoo_)")
QUOTING_CLASSES = {
    "blockquote": frozenset({"gmail_quote", YAHOO, "protonmail_quote", "tutanota_quote"}),
    "div": frozenset({YAHOO}),
}
# What leads elsewhere by another name than `href`.
ACTIONS = {"form": "action", "button": "formaction", "input": "formaction"}
# All others change nothing in the text.
TELLING = LINES | BESIDE | BLOCKS | DROPPED | RAW | FOREIGN | pictures.NAMES | set(ACTIONS)
TELLING |= {"a", "area", "base", "xml", *displays.STRUCK_NAMES, *displays.HIGH_OR_LOW}
# Whose value a reader sees.
SHOWN_INPUTS = frozenset(
    {"", "button", "date", "email", "number", "search", "submit", "tel", "text"}
)
# These have no end.
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
MAX_PICTURES = 200
IMAGE = re.compile(r"<ima?ge?(?=[\t\n\f\r /])", re.IGNORECASE | re.ASCII)
MAX_QUOTED = 5
WORD = re.compile(r"\w")
# These stand in the text while it is built, where a quotation or a colour begins and ends.
MARKS = QUOTE + UNQUOTE + OWN + COLOURS + hidden.HIDE + hidden.SHOW + displays.OWN_MARKS
WITHOUT_MARKS = str.maketrans("", "", MARKS)


def text_of_html(markup: str, content_ids: Collection[str] | None = None) -> str:
    """Return the text between the tags, one line a block; behind a link stands where it leads.

    Quoted history begins with `> ` as in plain text. `content_ids` are those of the pictures that
    came with the mail, without brackets; where it is None, every one that is named counts as there.

    "<p>a<br>b<script>x</script>" -> "a\\nb"
    """
    written = symbol_fonts.with_signs(markup.translate(WITHOUT_MARKS))
    return _Reading(written, content_ids).text()


def pictures_of_html(markup: str) -> frozenset[str]:
    """Return the words that stand for pictures where they are not shown, in small letters.

    A program makes most of them up, and writes them in brackets into its plain text.

    '<img alt="A  Logo">' -> {"a logo"}
    """
    tags = Tags(markup)
    found = islice(IMAGE.finditer(markup), MAX_PICTURES)
    texts = (
        tag.attributes().get("alt", "") for match in found if (tag := tags.read(match.start()))
    )
    return frozenset(" ".join(text.casefold().split()) for text in texts if text.strip())


class _Reading:
    """Hold the pieces of text read so far, and what is open at this place."""

    def __init__(
        self,
        markup: str,
        content_ids: Collection[str] | None,
        *,
        is_for_outlook: bool = False,
        is_inner: bool = False,
    ) -> None:
        self._markup = markup
        self._content_ids = content_ids
        self._is_for_outlook = is_for_outlook
        self._is_inner = is_inner
        self._tags = Tags(markup)
        self._pieces: list[str] = []
        # Where the links begin and end among the pieces; they are named when the base is known.
        self._links: list[tuple[str, int, int]] = []
        self._target: str | None = None
        self._link_start = 0
        self._base = ""
        self._blocks = OpenBlocks()
        self._styled = StyledElements()
        self._words_in_angles = WordsInAngles(markup)
        small = markup.lower()
        self._may_be_styled = displays.may_be_styled(small)
        self._may_be_coloured = coloured.COLOURED in small and not is_inner and not is_for_outlook
        self._colours = coloured.OpenColours()
        self._hidden = hidden.HiddenWords()
        may_hide = self._may_be_styled or hidden.may_be_used(small)
        self._may_hide = may_hide and not is_inner and not is_for_outlook
        self._for_outlook: list[tuple[int, str]] = []
        self._is_title_open = self._is_foreign = False

    def text(self) -> str:
        """Return the whole text."""
        position, markup = 0, self._markup
        while (opening := markup.find("<", position)) >= 0:
            if opening > position:
                self._pieces.append(_words(markup[position:opening]))
            plain = PLAIN_TAG.match(markup, opening)
            # Most tags only say how words look.
            is_idle = plain is not None and self._is_idle(plain)
            position = plain.end() if plain is not None and is_idle else self._skip(opening, plain)
        self._pieces.append(_words(markup[position:]))
        if (mark := self._hidden.left_open()) >= 0:
            self._pieces[mark] = ""
        self._end_link()
        self._name_links()
        only_outlook.add(self._pieces, self._for_outlook)
        return self._laid_out(displays.with_notes("".join(self._pieces)))

    def _laid_out(self, text: str) -> str:
        """Return the text in lines, with its quotations and what is hidden in it told apart."""
        unseen: list[str] = []
        if self._hidden.is_used:
            shown, found = hidden.apart(text, QUOTE + UNQUOTE + COLOURS)
            # A page of which nothing is left is shown by means that are not read here.
            if WORD.search(shown):
                text, unseen = shown, found
            else:
                text = text.replace(hidden.HIDE, "").replace(hidden.SHOW, "")
        lines = [" ".join(displays.cells_apart(line).split()) for line in text.split("\n")]
        if self._colours.is_used:
            lines = coloured.apart(lines)
        laid_out = _squeeze(_quoted(lines))
        words = _plain_lines("\n".join(unseen), laid_out) if unseen else ""
        return f"{laid_out}\n\n{HIDDEN_IN_PAGE}\n{words}" if WORD.search(words) else laid_out

    def _is_idle(self, plain: re.Match[str]) -> bool:
        name = plain[2].lower()
        if name not in KNOWN or name in TELLING or self._styled.is_told(name):
            return False
        if self._may_be_coloured and self._colours.tells(name, plain[0]):
            return False
        if self._may_hide and (self._hidden.is_open or self._hidden.may_hide(name, plain[0])):
            return False
        return not self._may_be_styled or not displays.is_styled(plain[0].lower())

    def _skip(self, opening: int, plain: re.Match[str] | None) -> int:
        """Return where what begins with this `<` ends, and write what stands for it in the text."""
        # Only an ASCII letter opens a tag (HTML 13.2.5.6): `<` before any other script is text.
        if plain is not None or ANY_TAG.match(self._markup, opening):
            tag = self._tags.read(opening, plain)
            return self._skip_tag(tag) if tag is not None else self._never_ends(opening)
        following = self._markup[opening + 1 : opening + 2]
        if not following or following not in "/!?":
            self._pieces.append("<")
            return opening + 1
        return self._skip_remark(opening)

    def _skip_remark(self, opening: int) -> int:
        """Return where a comment or a declaration ends; no quote in it hides its end."""
        markup = self._markup
        if markup.startswith(COMMENT_START, opening):
            condition = only_outlook.CONDITION.match(markup, opening)
            if condition is not None and self._is_for_outlook:
                return condition.end()
            end = end_of_comment(markup, opening)
            if condition is not None and condition.end() < end:
                words = only_outlook.without_codes(markup[condition.end() : end])
                inner = _Reading(words, self._content_ids, is_for_outlook=True)
                self._for_outlook.append((len(self._pieces), inner.text()))
                self._pieces.append("")
            return end
        if self._is_foreign and markup.startswith(CDATA, opening):
            return opening + len(CDATA)
        closing = markup.find(">", opening)
        return closing + 1 if closing >= 0 else self._never_ends(opening)

    def _never_ends(self, opening: int) -> int:
        """Write what stands behind a tag that never ends; no program agrees on hiding it."""
        self._pieces.append(_words(self._markup[opening:]))
        return len(self._markup)

    def _skip_tag(self, tag: Tag) -> int:
        if tag.is_end:
            self._end(tag.name)
            return tag.end
        if not self._is_foreign and self._words_in_angles.is_of_words(tag):
            return self._show(tag)
        self._start(tag)
        if tag.name in DROPPED or (self._is_for_outlook and tag.name == "xml"):
            return self._end_of_dropped(tag)
        return self._skip_raw(tag) if tag.name in RAW else tag.end

    def _show(self, tag: Tag) -> int:
        """Write words in angles, up to a tag within them, and return where they end."""
        inner = self._markup.find("<", tag.start + 1, tag.end)
        end = inner if inner >= 0 else tag.end
        self._pieces.append(_words(self._markup[tag.start : end]))
        return end

    def _end_of_dropped(self, tag: Tag) -> int:
        if self._is_foreign:
            following = self._markup.find("<", tag.end)
            return following if following >= 0 and not tag.is_self_closing else tag.end
        if tag.name == "title" and self._is_title_open:
            return tag.end
        ending = ENDS.get(tag.name, only_outlook.END_OF_XML).search(self._markup, tag.end)
        if ending is not None:
            if tag.name == "style" and self._may_hide:
                sheet = self._markup[tag.end : ending.start()]
                self._hidden.read_sheet(sheet, tag.attributes())
            return ending.start()
        # A title that never ends would hide the whole letter. It is looked for once.
        self._is_title_open = True
        return tag.end if tag.name == "title" else len(self._markup)

    def _skip_raw(self, tag: Tag) -> int:
        """Write the content of an element in which no tag is one; a browser shows it as it is."""
        ending = ENDS[tag.name].search(self._markup, tag.end) if tag.name in ENDS else None
        end = ending.start() if ending is not None else len(self._markup)
        self._pieces.append(_words(self._markup[tag.end : end]))
        return end

    def _start(self, tag: Tag) -> None:
        name = tag.name
        if self._may_hide and name not in VOID:
            self._hide(tag)
        if name == "a":
            self._end_link()
            attributes = tag.attributes()
            self._target = attributes.get("href", attributes.get("xlink:href"))
            self._link_start = len(self._pieces)
        elif name in {"area", "base"} or name in ACTIONS:
            self._lead(name, tag.attributes())
        if name in {"iframe", "input"}:
            self._show_value(name, tag.attributes())
        if name in pictures.NAMES:
            self._pieces.append(pictures.mark_of(name, tag.attributes(), self._content_ids))
        self._is_foreign = self._is_foreign or name in FOREIGN
        is_quoting = name in QUOTING_CLASSES and _is_quoting(tag)
        if name in BLOCKS:
            self._unquote(name, self._blocks.start(name, is_quoting=is_quoting))
        self._pieces.append(displays.before(name))
        if self._may_be_styled and name not in VOID:
            attributes = tag.attributes() if displays.is_styled(tag.written.lower()) else {}
            self._pieces.append(self._styled.start(name, attributes))
        # A link has a colour of its own, and so have the words in it.
        if self._may_be_coloured and name not in VOID:
            written = tag.written if self._target is None else ""
            self._pieces.append(self._colours.start(name, written))
        if is_quoting:
            self._pieces.append(QUOTE)

    def _hide(self, tag: Tag) -> None:
        """Begin what a page hides, where it does; what is hidden already is only followed."""
        is_asked = not self._hidden.is_open and self._hidden.may_hide(tag.name, tag.written)
        attributes = tag.attributes() if is_asked else {}
        if self._hidden.start(tag.name, attributes, len(self._pieces)):
            self._pieces.append(hidden.HIDE)

    def _end_of_hidden(self, name: str) -> None:
        is_ended, mark = self._hidden.end(name)
        if mark >= 0:
            self._pieces[mark] = ""
        if is_ended:
            self._pieces.append(hidden.SHOW)

    def _end(self, name: str) -> None:
        self._end_within(name)
        if self._hidden.is_open:
            self._end_of_hidden(name)

    def _end_within(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name in BLOCKS:
            self._unquote(name, self._blocks.end(name))
        ends = self._styled.end(name) + between(name)
        self._pieces.append(self._colours.end(name) + ends if self._may_be_coloured else ends)

    def _unquote(self, name: str, ended: int) -> None:
        if ended:
            self._pieces.append(UNQUOTE * ended + ("" if name in LINES else "\n"))

    def _show_value(self, name: str, attributes: dict[str, str]) -> None:
        """Write what a field was filled in with, or the page that stands in a frame's tag."""
        if name == "input":
            is_shown = attributes.get("type", "text").strip().lower() in SHOWN_INPUTS
            words = attributes.get("value", "") if is_shown else ""
        else:
            # A frame within that page is left: nothing here reads itself twice.
            words = attributes.get("srcdoc", "") if not self._is_inner else ""
            inner = _Reading(words.translate(WITHOUT_MARKS), self._content_ids, is_inner=True)
            words = inner.text() if words else ""
        self._pieces.append(f"\n{words.translate(WITHOUT_MARKS)}\n" if words.strip() else "")

    def _lead(self, name: str, attributes: dict[str, str]) -> None:
        """Note where an area of a picture or a form leads, or from where all links do."""
        target = attributes.get(ACTIONS.get(name, "href"), "")
        if name == "base":
            self._base = self._base or short_base(target)
        elif target:
            self._pieces.append(f" {attributes.get('alt', '')}" if name == "area" else "")
            self._links.append((target, len(self._pieces), len(self._pieces)))
            self._pieces.append("")

    def _end_link(self) -> None:
        """Remember where the open link leads; links do not nest, so each piece is in one."""
        if self._target is not None:
            self._links.append((self._target, self._link_start, len(self._pieces)))
            self._pieces.append("")
        self._target = None

    def _name_links(self) -> None:
        for target, start, end in self._links:
            leads_to = in_base(self._base, target) if self._base else target
            note = note_of_link(leads_to, "".join(self._pieces[start:end]))
            self._pieces[end] = f" {note}" if note else ""


def _words(text: str) -> str:
    if "&" not in text:
        return text.replace("\r", " ").replace("\n", " ")
    return html.unescape(finite(text).replace("\r", " ").replace("\n", " ")).translate(
        WITHOUT_MARKS
    )


def _is_quoting(tag: Tag) -> bool:
    if "cite" not in tag.written.lower() and "quote" not in tag.written:
        return False
    attributes = tag.attributes()
    if tag.name == "blockquote" and attributes.get("type", "").strip().lower() == "cite":
        return True
    classes = attributes.get("class", "").split()
    # Yahoo writes a mark of its own before the class once somebody answers.
    own = {MARK_OF_YAHOO.sub("", each) for each in classes}
    return not QUOTING_CLASSES[tag.name].isdisjoint(own)


def _quoted(lines: Iterable[str]) -> Iterable[str]:
    """Write `> ` before the lines of quotations, as often as they are nested."""
    depth = 0
    for line in lines:
        if not depth and QUOTE not in line and UNQUOTE not in line:
            yield line.strip()
            continue
        depth += line.count(QUOTE)
        text = line.replace(QUOTE, "").replace(UNQUOTE, "").strip()
        is_own = text.startswith(OWN)
        text = text.removeprefix(OWN)
        marks = "> " * min(depth, MAX_QUOTED) if text and not is_own else ""
        depth = max(depth - line.count(UNQUOTE), 0)
        yield marks + text


def _plain_lines(text: str, shown: str) -> str:
    """Return the lines of a text that say something and are not shown, each once, without marks."""
    lines = (" ".join(line.split()) for line in text.translate(WITHOUT_MARKS).split("\n"))
    known = {line.lstrip("> ") for line in shown.split("\n")}
    kept = dict.fromkeys(line for line in lines if WORD.search(line) and line not in known)
    return "\n".join(kept)


def _squeeze(lines: Iterable[str]) -> str:
    """Join lines with at most one empty one between two."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
