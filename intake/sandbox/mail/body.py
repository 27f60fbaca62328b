"""Choose the letter of a message: the words that a person wrote, as a mail program shows them.

Of several forms of one letter the richest that carries words is read, and what only another form
says stands below it, named. Texts that follow each other are all read, in their order, so a footer
never takes the place of the letter.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from ..html.html_text import pictures_of_html, text_of_html
from ..html.pictures import PASTED_PICTURE
from ..office.rtf_text import RtfRefused, text_of_rtf
from ..protocol.body_text import FORWARDED, MARKED, RTF_NOT_READ, WITHIN_PART
from ..protocol.charsets import KnownCharset
from ..protocol.decoding import read_known
from ..protocol.results import MAX_BODY_CHARS
from ..protocol.text import paragraphs
from .ambiguity import start_of_message
from .facts import read_facts
from .forms import (
    ENRICHED,
    HTML,
    OTHER,
    PLAIN,
    RICHNESS,
    RTF,
    SMALL_PAGE,
    Form,
    ShownWords,
    has_words,
    is_words_only,
    joined,
    richest,
)
from .headers import read_block
from .parts import Leaf, bare_content_ids, is_form, text_kind

# What programs put into the plain form where a picture stands in the other one.
PICTURE_HERE = re.compile(r"\[cid:[^\[\]\s]{1,250}\]", re.IGNORECASE)
MAX_MARKUP_CHARS = 2_000_000
# No letter carries more mails that a person reads as part of it; the others are documents.
MAX_FORWARDED = 10
# How a page begins, perhaps below a comment.
PAGE = re.compile(
    r"\s*(?:<!--[^>]{0,2000}-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
FormOf = Callable[[str], Form]
READ_ROLES = frozenset({"body", "alternative", "inline"})
PAGES = frozenset({HTML, SMALL_PAGE})
# The marks of enriched text and of the older richtext (RFC 1896, RFC 1341 §7.1.3). What stands in
# other such brackets is somebody's words.
MARK = re.compile(
    r"<<|<param>[^<>]{0,100}</param>|</?(lt|nl|np|paragraph|bold|italic|underline|fixed|smaller"
    r"|bigger|fontfamily|color|center|flushleft|flushright|flushboth|nofill|indent|indentright"
    r"|outdent|outdentright|excerpt|paraindent|lang|subscript|superscript|quotation|signature"
    r"|footing|heading|samepage|comment|no-op|x-[a-z]{1,20})>",
    re.IGNORECASE,
)
WRITTEN = {"lt": "<", "nl": "\n", "np": "\n", "paragraph": "\n"}
# How often a line of flowed text is quoted. Some programs put blanks between the marks.
QUOTE_MARKS = re.compile(r">(?: ?>){0,99}")
SIGNATURE_MARK = "-- "
# Further in than a line of a quotation begins.
NO_QUOTATION = "    "
# One break in enriched text is a blank, and each further one a break (RFC 1896 §3).
BREAKS = re.compile(r"\n+")


@dataclass(frozen=True)
class Body:
    """Hold a letter, flags (`body_truncated`), and the paths of files whose words are in it."""

    text: str
    flags: tuple[str, ...]
    files: frozenset[str]


def read_body(leaves: Sequence[Leaf], *, with_forwarded: bool = True) -> Body:
    """Return the letter of the outer message.

    How the bytes were read is no flag: the inspection says it of the part itself.

    Letters of mails in the mail stand below it, each named, unless it is a report that gives
    somebody's mail back.
    """
    files: set[str] = set()
    text = "\n\n".join(_bodies(leaves, files, with_forwarded=with_forwarded))
    text = PICTURE_HERE.sub(PASTED_PICTURE, text)
    cleaned = paragraphs(text.strip("\r\n"), MAX_BODY_CHARS)
    is_cut = len(text) > len(cleaned) and len(cleaned) == MAX_BODY_CHARS
    return Body(cleaned, ("body_truncated",) if is_cut else (), frozenset(files))


def _bodies(leaves: Sequence[Leaf], files: set[str], *, with_forwarded: bool) -> Iterator[str]:
    """Yield the letter, and behind it those of the mails in it, each with its name."""
    own = _body_of(leaves, None, files)
    if own:
        yield own
    messages = [leaf for leaf in leaves if leaf.role == "message"] if with_forwarded else []
    for message in messages[:MAX_FORWARDED]:
        body = _body_of(leaves, message.path, files)
        if body:
            yield f"{_name_of(message)}\n{body}"


def _body_of(leaves: Sequence[Leaf], parent: str | None, files: set[str]) -> str:
    """Return the text of one message, by the path of its own leaf; note the files that it is of."""
    mine = [leaf for leaf in leaves if leaf.parent == parent and leaf.role in READ_ROLES]
    texts = {leaf.path: leaf for leaf in mine if leaf.role == "body" or text_kind(leaf)}
    came_with_it = bare_content_ids(leaf for leaf in leaves if leaf.parent == parent)
    form_of = cache(lambda path: _form_of(texts[path], came_with_it))
    nameless = [leaf for leaf in texts.values() if not leaf.claimed_name]
    places = {
        path: _place_of(leaf, nameless, form_of) if leaf.claimed_name else "form"
        for path, leaf in texts.items()
    }
    read = [path for path, place in places.items() if place == "form"]
    forms = _in_order([texts[path] for path in read], 0, form_of)
    if not any(has_words(form.text) for form in forms) and len(read) < len(texts):
        read = [path for path in texts if path not in set(read)]
        forms = _in_order([texts[path] for path in read], 0, form_of)
    letter = joined(forms)
    below = [path for path, place in places.items() if place == "below" and path not in set(read)]
    for path in below:
        if ShownWords(letter).missing_lines(form_of(path).text):
            heading = WITHIN_PART.format(texts[path].claimed_name)
            letter = f"{letter}\n\n{heading}\n{form_of(path).text}"
    files.update(path for path in (*read, *below) if _is_file(texts[path]))
    return letter


def _place_of(leaf: Leaf, nameless: Sequence[Leaf], form_of: FormOf) -> str:
    """Return where the words of a text file stand: "form", "below" the letter, or "file": nowhere.

    A text file that is shown in the mail is a document, and the letter where nothing else is.
    Among the forms of a letter it may be one of them, where no other is as rich and it says what
    they say. Otherwise what it says stands below them.
    """
    if not is_form(leaf):
        return "file"
    around = leaf.alternatives[-1][0]
    beside = [each for each in nameless if around in (group for group, _ in each.alternatives)]
    worded = [form for each in beside if has_words((form := form_of(each.path)).text)]
    if not worded:
        return "form"
    own = form_of(leaf.path)
    if any(RICHNESS[form.kind] >= RICHNESS[own.kind] for form in worded):
        return "file"
    known = ShownWords(own.text, own.pictures)
    return "below" if any(known.missing_lines(form.text) for form in worded) else "form"


def _is_file(leaf: Leaf) -> bool:
    """Say whether a leaf that is read is listed as a document too."""
    is_whole = is_words_only(text_kind(leaf) or PLAIN, leaf.content)
    return bool(leaf.claimed_name) or (leaf.role == "inline" and not is_whole)


def _in_order(leaves: Sequence[Leaf], level: int, form_of: FormOf) -> list[Form]:
    """Return the texts of parts that stand in a row; alternatives of one letter are one text.

    `level` counts the multipart/alternative around them that were looked into already.
    """
    forms: list[Form] = []
    for group, members in groupby(leaves, _group_at(level)):
        if group is None:
            forms += [form_of(leaf.path) for leaf in members]
            continue
        branches = groupby(members, _branch_at(level))
        choices = [_in_order(list(branch), level + 1, form_of) for _, branch in branches]
        forms += richest(choices)
    return forms


def _group_at(level: int) -> "Callable[[Leaf], str | None]":
    return lambda leaf: leaf.alternatives[level][0] if level < len(leaf.alternatives) else None


def _branch_at(level: int) -> "Callable[[Leaf], int]":
    return lambda leaf: leaf.alternatives[level][1]


def _form_of(leaf: Leaf, content_ids: Collection[str]) -> Form:
    kind = text_kind(leaf) or PLAIN
    if kind == RTF:
        return _form_of_rtf(leaf)
    text = _text_of(leaf, is_markup=kind in PAGES)
    # Some programs send the source of their page as the plain text too.
    is_source = kind in PAGES or PAGE.match(text) is not None
    words = text_of_html(text, content_ids) if is_source else text
    if kind == ENRICHED and not is_source:
        words = text_of_enriched(text)
    elif leaf.is_flowed and not is_source:
        words = text_of_flowed(text, is_spaceless=leaf.is_spaceless)
    # They matter only where another form of the letter is compared with this one.
    pictures = pictures_of_html(text) if is_source and leaf.alternatives else frozenset()
    # Words of a gateway are none of the page, which could hide them.
    below = _read(leaf, leaf.content[leaf.own_bytes :]) if leaf.own_bytes is not None else ""
    words = f"{words.rstrip()}\n\n{below.strip()}" if below.strip() else words
    return Form(kind, paragraphs(words, MAX_BODY_CHARS + 1).strip("\n"), pictures)


def _form_of_rtf(leaf: Leaf) -> Form:
    try:
        words = text_of_rtf(leaf.content[:MAX_MARKUP_CHARS])
    except RtfRefused:
        return Form(OTHER, RTF_NOT_READ)
    return Form(RTF, paragraphs(words, MAX_BODY_CHARS + 1).strip("\n"))


def text_of_enriched(text: str) -> str:
    """Return the words of enriched text (RFC 1896) without its marks.

    >>> text_of_enriched("<bold>Ring</bold>\\ninte\\n\\nhem <<akut>")
    'Ring inte\\nhem <akut>'
    """
    breaks = text.replace("\r\n", "\n").replace("\r", "\n")
    flowed = BREAKS.sub(lambda found: "\n" * (len(found[0]) - 1) or " ", breaks)
    return MARK.sub(
        lambda found: "<" if found[0] == "<<" else WRITTEN.get((found[1] or "").lower(), ""), flowed
    )


def text_of_flowed(text: str, *, is_spaceless: bool) -> str:
    """Return the paragraphs of flowed text (RFC 3676 §4), each in one line.

    A line goes on in the next one where a blank ends it and both are quoted as often. The mark of a
    signature is a line by itself.

    >>> text_of_flowed("> Ring \\n> inte.\\nHon \\n kommer.\\n-- \\nEva", is_spaceless=False)
    '> Ring inte.\\nHon kommer.\\n-- \\nEva'
    """
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        marks = QUOTE_MARKS.match(line)
        depth = marks[0].count(">") if marks is not None else 0
        bare = line[marks.end() if marks is not None else 0 :].removeprefix(" ")
        is_mark = bare == SIGNATURE_MARK
        if depth != open_depth or is_mark:
            lines.append([_beginning(depth, bare)])
        is_open = bare.endswith(" ") and not is_mark
        open_depth = depth if is_open else -1
        lines[-1].append(bare[:-1] if is_open and is_spaceless else bare)
    return "\n".join("".join(pieces) for pieces in lines)


def _beginning(depth: int, bare: str) -> str:
    if depth:
        return f"{'>' * depth} " if bare else ">" * depth
    # A line that its writer began with this sign was said to be no quotation.
    return NO_QUOTATION if MARKED.match(bare) else ""


def is_page(leaf: Leaf) -> bool:
    """Say whether a leaf is a page of the letter, in which pictures may be pasted."""
    return leaf.role in READ_ROLES and text_kind(leaf) in PAGES


def _name_of(message: Leaf) -> str:
    """Return the line above a forwarded mail's letter: its subject, and who it says wrote it."""
    start = start_of_message(message.content)
    facts = read_facts(read_block(message.content, start, len(message.content), is_cut=True))
    fields = (("", facts.subject), ("from ", facts.claimed_from), ("of ", facts.date_header))
    shown = ", ".join(f"{mark}{value}" for mark, value in fields if value)
    return FORWARDED.format(f" {shown}" if shown else "")


def _text_of(leaf: Leaf, *, is_markup: bool) -> str:
    whole = leaf.content[: leaf.own_bytes]
    cut = whole[:MAX_MARKUP_CHARS]
    text = _read(leaf, cut, is_markup=is_markup)
    # The cut may have gone through a character.
    return text.removesuffix("\ufffd") if len(cut) < len(whole) else text


def _read(leaf: Leaf, content: bytes, *, is_markup: bool = False) -> str:
    charset = KnownCharset(leaf.charset, leaf.near, leaf.chosen)
    return read_known(content, charset, is_markup=is_markup).text
