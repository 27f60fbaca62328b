"""Compare two forms of one letter, such as its plain text and its HTML.

A mail program shows one form only. What the other has besides is shown here, so that nobody's words
depend on which program the sender's machine was made for.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ..formats.media_types import SCRIPTS
from ..html.links import host_behind_gateways
from ..protocol.body_text import (
    FROM_FIELD,
    HIDDEN_IN_PAGE,
    NO_DIRECTIONS,
    ONLY_IN_FORMATTED,
    ONLY_IN_PLAIN,
    ORIGINAL,
    SAYS_WROTE,
    SUBJECT_FIELD,
    TO_FIELD,
    WITHIN_PART,
    heads_of_quotations,
    without_hidden,
)
from ..protocol.results import MAX_BODY_CHARS

HTML, PLAIN, RTF = "text/html", "text/plain", "text/rtf"
# What few programs show, what is written with marks of its own, and any other text.
SMALL_PAGE, ENRICHED, OTHER = "text/x-amp-html", "text/enriched", "text/"
RICHNESS = {HTML: 5, RTF: 4, ENRICHED: 3, SMALL_PAGE: 2, PLAIN: 1, OTHER: 0}
KINDS = {
    **{kind: kind for kind in (HTML, PLAIN, RTF, SMALL_PAGE, ENRICHED)},
    **dict.fromkeys(("application/xhtml+xml", "text/xhtml", "application/vnd.wap.xhtml+xml"), HTML),
    **dict.fromkeys(("application/rtf", "application/x-rtf"), RTF),
    "text/watch-html": SMALL_PAGE,
    "text/richtext": ENRICHED,
}
# Texts that are papers, or written for programs; the last of them bear their kind in their words.
DOCUMENT_TEXTS = SCRIPTS | {
    "text/calendar", "text/comma-separated-values", "text/css", "text/csv", "text/directory",
    "text/ecmascript", "text/json", "text/pdf", "text/rfc822-headers", "text/tab-separated-values",
    "text/vcard", "text/x-csv", "text/x-vcalendar", "text/x-vcard", "text/xml",
    "text/xml-external-parsed-entity",
}  # fmt: skip
DOCUMENT_START = re.compile(rb"\s{0,100}(?:%PDF-|BEGIN:V)")
RTF_START = re.compile(rb"\s{0,100}\{\\rtf")
# What an RTF holds besides words: pictures, objects and bytes.
MORE_THAN_WORDS = re.compile(rb"\\(?:pict|obj|bin|shp|nonshppict)")
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
WIDE_CHARSET = re.compile(r"utf-?(?:16|32)|ucs-?[24]", re.IGNORECASE)
HIDDEN_BELOW = f"\n\n{HIDDEN_IN_PAGE}\n"
OTHER_FORM = WITHIN_PART.format("another form of this mail")
# Scripts that write words without spaces: each letter counts as a word, wherever lines break.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\[\]\"]+", re.IGNORECASE)
# What a program writes into plain text for what it shows otherwise: the number of a footnote that
# has an address, a trade mark, a picture, or in angle brackets where a link or a number leads. A
# person may write the same, so it counts as nothing only where it holds no words.
WORDLESS = re.compile(
    r"\[\d{1,2}\]|\((?:tm|r|c|sm)\)|<(?:https?|ftp)://[^\s<>]*\s?>", re.IGNORECASE
)
PICTURE = re.compile(
    r"\[(?:cid|image|img|bild|inline(?: image|-?bild)?)(?:\s*:|\s(?=\d))([^\[\]\n]{0,300})\]",
    re.IGNORECASE,
)
FILE_NAME = re.compile(
    r"\d{0,4}|[^\s\[\]]*[\d.@][^\s\[\]]*|[^\[\]\n]{1,100}\.(?:png|jpe?g|gif|bmp|svg|webp)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"<(?:tel|sms|fax|callto):[-+\d\s().;,=]*>", re.IGNORECASE)
PERSONAL = re.compile(
    r"<(?:sip|im|xmpp|skype|mailto|file|cid|webcal|geo):[^\s<>]*>|mailto:[^\s<>\[\]\"]+",
    re.IGNORECASE,
)
# An address of a person, or a caption, has few words; more than these are a message.
MAX_ADDRESS_WORDS, MAX_CAPTION_WORDS = 6, 4
# A person may say something in the words for a picture, which a page that shows it leaves out. They
# count as nothing only where they name an emblem, or are no more than these words of programs.
EMBLEM = re.compile(
    r"log(?:o|os|otyp|otypen|otype|ga|gan)|emblem|ikon|icon|banner|facebook|instagram|linkedin"
    r"|twitter|youtube|tiktok|whatsapp"
)
WORD_FOR_PICTURE = re.compile(
    r"image|images|img|inline|picture|pic|photo|bild|bilden|foto|kuva|bilde|billede|grafik|e|mail"
    r"|email|signature|signatur|\d{1,5}"
)
# A line over a quotation holds a date and names; more unknown words than these are a message.
MAX_HEAD_WORDS = 12
# What `html.links` writes behind the words of a link, and nothing that only begins like it.
OUR_NOTE = re.compile(
    r"\[(?:link to [^\s\[\]]{0,260}(?: \(its name has letters beyond a to z\))?"
    r"(?: through [^\s\[\]]{1,260})?: (?:[a-z]{1,5}:)?[/\\]{2}[^\s\[\]]{0,320}"
    r"|link of the kind [a-z0-9.+-]{1,31}|e-mail to [^\s\[\]]{1,300}|telephone [-+\d().]{1,40}"
    r"|picture not shown|in colour:)\]",
    re.IGNORECASE,
)
# What `html.displays` writes for words that are struck out.
STRUCK = re.compile(r"\[struck out: ([^\[\]\n]*)\]")
MAILBOX = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,253}")
BRACKETED = re.compile(r"\[([^\[\]\n]{1,300})\]")
# The mark of a list's item: a number, a letter, or a letter that stands in for a bullet.
NUMBERED = re.compile(r"^\s*(?:(?:\d{1,3}|[^\W\d_]|[ivxIVX]{2,5})[.)]|[oØü§·v])\s")
# Roundcube and others put the addresses of links below the text.
LINKS_BELOW = re.compile(r"\s*(?:links|länkar|посилання|الروابط):\s*", re.IGNORECASE)
# An address in brackets that was broken over lines.
BROKEN_ADDRESS = re.compile(
    r"<(?:https?|ftp|mailto):[^\s<>]*(?:\n[^\s<>]+){1,20}\s?>", re.IGNORECASE
)
# Signs inside words that nobody sees, and that one form of a text leaves out.
UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Form:
    """Hold one text of a letter, cleaned; `kind` is one of RICHNESS.

    `pictures` are the words that stand for its pictures where they are not shown, in small letters.
    """

    kind: str
    text: str
    pictures: frozenset[str] = frozenset()


def kind_of(media_type: str, content: bytes, charset: str = "") -> str | None:
    """Return which kind of text a part is that may be a letter, None for what is a document.

    A type under `text/` that nobody knows is read as plain text (RFC 2046 §4.1.4).

    >>> kind_of("text/richtext", b"<bold>Hej</bold>"), kind_of("text/csv", b"a,b")
    ('text/enriched', None)
    """
    if media_type in (PLAIN, HTML):
        return media_type
    known = KINDS.get(media_type)
    if known is None and (not media_type.startswith("text/") or media_type in DOCUMENT_TEXTS):
        return None
    if RTF_START.match(content):
        return RTF
    is_wide = WIDE_CHARSET.match(charset) is not None
    if DOCUMENT_START.match(content) or (not is_wide and NO_TEXT.search(content)):
        return None
    return OTHER if known in (None, RTF) else known


def is_words_only(kind: str, content: bytes) -> bool:
    """Say whether nothing is lost of a part whose words stand in the letter."""
    return kind != RTF or MORE_THAN_WORDS.search(content) is None


def richest(choices: Sequence[list[Form]]) -> list[Form]:
    """Return the form that a mail program shows, and what only the others say.

    That is the richest one with words, of two that are as rich the last (RFC 2046 §5.1.4).
    """
    worded = [forms for forms in choices if any(has_words(form.text) for form in forms)]
    if not worded:
        return []
    shown = max(reversed(worded), key=_richness)
    known = ShownWords(
        without_hidden(joined(shown)), frozenset().union(*(form.pictures for form in shown))
    )
    are_two = len(worded) == 2
    added: list[Form] = []
    for forms in worded:
        lines = known.missing_lines(joined(forms)) if forms is not shown else []
        if lines:
            known.add("\n".join(lines))
            heading = _heading(shown, forms) if are_two else OTHER_FORM
            added.append(Form(_kind(forms), "\n".join([heading, *lines])))
    plain = [form.text for forms in worded for form in forms if form.kind == PLAIN]
    return [*_quoted_as_in("\n\n".join(plain), shown), *added]


def _quoted_as_in(plain: str, shown: Iterable[Form]) -> list[Form]:
    """Return pages with the marks of quotation that the plain form of the same letter has.

    Some programs quote in a page as others indent. What is also somebody's own there is left.
    """
    quoted, own = _paragraphs(plain)
    return [_with_marks(form, quoted - own) if form.kind == HTML else form for form in shown]


def _with_marks(form: Form, quoted: set[str]) -> Form:
    if not quoted:
        return form
    lines = form.text.split("\n")
    marked = [f"> {line}" if _plainly(line) in quoted else line for line in lines]
    return replace(form, text="\n".join(marked))


def _paragraphs(plain: str) -> tuple[set[str], set[str]]:
    """Return what is quoted in a plain text and what is not, by its lines and its paragraphs."""
    quoted: set[str] = set()
    own: set[str] = set()
    for (is_quoted, _), lines in groupby(plain.split("\n"), _kind_of_line):
        words = [_plainly(line.lstrip("> ") if is_quoted else line) for line in lines]
        (quoted if is_quoted else own).update((*words, " ".join(words)))
    return quoted - {""}, own


def _kind_of_line(line: str) -> tuple[bool, bool]:
    """Return whether a line is quoted, and whether it says anything."""
    is_quoted = line.startswith(">")
    return is_quoted, bool(line.strip("> "))


def _plainly(line: str) -> str:
    return " ".join(line.split()).casefold()


def _kind(forms: Iterable[Form]) -> str:
    return max((form.kind for form in forms), key=RICHNESS.__getitem__)


def _richness(forms: Iterable[Form]) -> int:
    return RICHNESS[_kind(forms)]


def _heading(shown: Iterable[Form], other: Iterable[Form]) -> str:
    """Return the line above what only the other of two forms says."""
    is_plain, is_other_plain = (_richness(forms) <= RICHNESS[PLAIN] for forms in (shown, other))
    if is_plain is is_other_plain:
        return OTHER_FORM
    return ONLY_IN_PLAIN if is_other_plain else ONLY_IN_FORMATTED


def joined(forms: Iterable[Form]) -> str:
    """Return texts one below the other, as far as they are kept.

    One that only repeats the text before it in another form is not shown twice.
    """
    kept: list[Form] = []
    chars = 0
    # Read once for all the short texts that may follow a long one.
    last: ShownWords | None = None
    for form in forms:
        if not form.text.strip():
            continue
        if chars > MAX_BODY_CHARS:
            break
        if kept and kept[-1].kind != form.kind:
            last = last or ShownWords(kept[-1].text)
            if not last.missing_lines(form.text):
                continue
        kept.append(form)
        chars += len(form.text)
        last = None
    return _hidden_last(kept)


def _hidden_last(forms: Iterable[Form]) -> str:
    """Return texts one below the other, and below them all what their pages hide."""
    shown, hidden = [], []
    for form in forms:
        is_page = form.kind in (HTML, SMALL_PAGE)
        words, _, unseen = form.text.partition(HIDDEN_BELOW) if is_page else (form.text, "", "")
        shown.append(words)
        hidden += unseen.split("\n") if unseen else []
    text = "\n\n".join(shown)
    # What another form shows is not hidden.
    known = set(text.split("\n")) if hidden else set()
    left = dict.fromkeys(line for line in hidden if line not in known)
    return text + (HIDDEN_BELOW + "\n".join(left) if left else "")


def has_words(text: str) -> bool:
    """Say whether a text has at least one letter or digit besides our notes."""
    return WORD.search(OUR_NOTE.sub("", text)) is not None


class ShownWords:
    """Hold what a text says, to be compared with other texts in time linear in them.

    Words are compared in pairs, so that a line with the same words in another order counts as
    another.
    """

    def __init__(self, text: str, pictures: frozenset[str] = frozenset()) -> None:
        self._words: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._hosts: set[str] = set()
        self._pictures = pictures
        self.add(text)

    def add(self, text: str) -> None:
        """Take in a text that is shown too."""
        noteless = ADDRESS.sub(" ", OUR_NOTE.sub(" ", text))
        # Of what is struck out some programs keep the words in plain text, and some do not.
        bare, noteless = STRUCK.sub(" ", noteless), STRUCK.sub(r"\1", noteless)
        for mark in (WORDLESS, PICTURE, NUMBER, PERSONAL):
            bare = mark.sub(" ", bare)
        # With what stands in for something, its words are shown; without, those around it meet.
        for words in (_words(noteless), _words(bare)):
            self._words.update(words)
            self._pairs.update(pairwise(words))
        self._hosts |= _hosts(text)

    def missing_lines(self, other: str) -> list[str]:
        """Return the lines of `other` with words, or hosts of links, that are not shown.

        What programs write there by themselves does not count: heads over quotations, marks of
        lists, and what stands in for a link or a picture, unless it says more than a program would.

        ShownWords("Hej! Mvh").missing_lines("Hej!\\nRing inte hem.") -> ["Ring inte hem."]
        """
        lines = BROKEN_ADDRESS.sub(_mended, other).split("\n")
        missing = [at for at, line in enumerate(lines) if self._lacks(line)]
        heads = heads_of_quotations(lines) if missing else set()
        return [lines[at] for at in missing if at not in heads or self._says_more(lines[at])]

    def _lacks(self, line: str) -> bool:
        if not self._hosts.issuperset(_hosts(line)):
            return True
        if self._shows(_words(ADDRESS.sub(" ", line))) or LINKS_BELOW.fullmatch(line):
            return False
        bare = OUR_NOTE.sub("\n", NUMBERED.sub("", SUBJECT_FIELD.sub("", line)))
        bare = PICTURE.sub(self._without_name, BRACKETED.sub(self._without_caption, bare))
        bare = PERSONAL.sub(self._without_address, NUMBER.sub("\n", WORDLESS.sub("\n", bare)))
        # What is taken out parts the words before it from those behind it.
        pieces = ADDRESS.sub("\n", bare).split("\n")
        return not all(self._shows(_words(piece)) for piece in pieces)

    def _shows(self, words: list[str]) -> bool:
        return (
            words[0] in self._words if len(words) == 1 else self._pairs.issuperset(pairwise(words))
        )

    def _without_caption(self, found: re.Match[str]) -> str:
        return "\n" if self._is_caption(found[1]) else found[0]

    def _is_caption(self, text: str) -> bool:
        """Say whether a text stands for a picture and says nothing that is not shown."""
        if " ".join(text.casefold().split()) not in self._pictures:
            return False
        words = _words(text)
        is_emblem = len(words) <= MAX_CAPTION_WORDS and any(map(EMBLEM.fullmatch, words))
        is_wordless = all(map(WORD_FOR_PICTURE.fullmatch, words))
        return is_emblem or is_wordless or self._shows(words)

    def _without_name(self, found: re.Match[str]) -> str:
        inner = found[1].strip()
        words = _words(inner)
        is_name = len(words) <= MAX_ADDRESS_WORDS and FILE_NAME.fullmatch(inner) is not None
        return "\n" if is_name or self._is_caption(inner) or self._shows(words) else found[0]

    def _without_address(self, found: re.Match[str]) -> str:
        words = _words(found[0])[1:]
        is_mailto = "mailto:" in found[0].casefold()
        is_address = len(words) <= MAX_ADDRESS_WORDS and (not is_mailto or "@" in found[0])
        return "\n" if is_address or self._shows(words) else found[0]

    def _says_more(self, head: str) -> bool:
        """Say whether a line over a quotation holds more than who wrote to whom, and when."""
        line = NO_DIRECTIONS.sub("", head)
        if ORIGINAL.fullmatch(line):
            return False
        if FROM_FIELD.match(line) or TO_FIELD.match(line):
            is_of_program = "@" in line
        else:
            has_digit = any(letter.isdigit() for letter in line)
            is_of_program = has_digit or SAYS_WROTE.search(line) is not None
        words = (word for word in _words(MAILBOX.sub(" ", line)) if not word.isdigit())
        others = sum(word not in self._words for word in words)
        return not is_of_program or others > MAX_HEAD_WORDS


def _mended(address: re.Match[str]) -> str:
    return address[0].replace("\n", "")


def _words(text: str) -> list[str]:
    seen = text if text.isascii() else UNSEEN.sub("", text)
    return WORD.findall(seen.casefold())


def _hosts(text: str) -> set[str]:
    """Return the hosts of the addresses in a text, without the gateways that rewrote them."""
    found = (match[0].lower() for match in ADDRESS.finditer(text))
    # Without a scheme, `www.example.org:80` would read as one.
    webs = (f"//{each}" if each.startswith("www.") else each for each in found)
    hosts = (host_behind_gateways(web) for web in webs if not web.startswith("mailto"))
    return {host.removeprefix("www.").rstrip(".,;:!?)") for host in hosts}
