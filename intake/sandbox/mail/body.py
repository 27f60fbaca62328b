"""Choose the letter of a message: the words that a person wrote, as a mail program shows them.

Of several forms of one letter the richest that carries words is read, and what only another form
says stands below it, named. Texts that follow each other are all read, in their order, so a footer
never takes the place of the letter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..html.html_text import pictures_of_html, text_of_html
from ..protocol.body_text import FORWARDED
from ..protocol.charsets import KnownCharset
from ..protocol.decoding import read_known
from ..protocol.results import MAX_BODY_CHARS
from ..protocol.text import paragraphs
from .facts import read_facts
from .forms import HTML, PLAIN, Form, has_words, joined, richest
from .headers import read_block
from .parts import Leaf, is_form

MAX_MARKUP_CHARS = 2_000_000
# No letter carries more mails that a person reads as part of it; the others are documents.
MAX_FORWARDED = 10
# How a page begins, perhaps below a comment.
PAGE = re.compile(
    r"\s*(?:<!--[^>]{0,2000}-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
READ_ROLES = frozenset({"body", "alternative", "inline"})


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
    texts = [leaf for leaf in mine if _is_text(leaf)]
    # A text file that is shown in the mail is a document. It is the letter where nothing else is.
    read = [leaf for leaf in texts if not leaf.claimed_name or is_form(leaf)]
    forms = _in_order(read, 0)
    if not any(has_words(form.text) for form in forms):
        others = [leaf for leaf in texts if leaf not in read]
        read, forms = (others, _in_order(others, 0)) if others else (read, forms)
    files.update(leaf.path for leaf in read if leaf.claimed_name)
    return joined(forms)


def _in_order(leaves: Sequence[Leaf], level: int) -> list[Form]:
    """Return the texts of parts that stand in a row; alternatives of one letter are one text.

    `level` counts the multipart/alternative around them that were looked into already.
    """
    forms: list[Form] = []
    for group, members in groupby(leaves, _group_at(level)):
        if group is None:
            forms += [_form_of(leaf) for leaf in members]
            continue
        branches = groupby(members, _branch_at(level))
        choices = [_in_order(list(branch), level + 1) for _, branch in branches]
        forms += richest(choices)
    return forms


def _group_at(level: int) -> "Callable[[Leaf], str | None]":
    return lambda leaf: leaf.alternatives[level][0] if level < len(leaf.alternatives) else None


def _branch_at(level: int) -> "Callable[[Leaf], int]":
    return lambda leaf: leaf.alternatives[level][1]


def _form_of(leaf: Leaf) -> Form:
    text = _text_of(leaf)
    kind = HTML if leaf.claimed_type == HTML else PLAIN
    # Some programs send the source of their page as the plain text too.
    is_source = kind == HTML or PAGE.match(text) is not None
    words = text_of_html(text) if is_source else text
    # They matter only where another form of the letter is compared with this one.
    pictures = pictures_of_html(text) if is_source and leaf.alternatives else frozenset()
    return Form(kind, paragraphs(words, MAX_BODY_CHARS + 1).strip("\n"), pictures)


def is_page(leaf: Leaf) -> bool:
    """Say whether a leaf is a page of the letter, in which pictures may be pasted."""
    return leaf.claimed_type == HTML and leaf.role in READ_ROLES


def _is_text(leaf: Leaf) -> bool:
    """Say whether a leaf is read as text; a body of an unknown type is."""
    return leaf.claimed_type in {PLAIN, HTML} or leaf.role == "body"


def _name_of(message: Leaf) -> str:
    """Return the line above a forwarded mail's letter: its subject, and who it says wrote it."""
    facts = read_facts(read_block(message.content, 0, len(message.content), is_cut=True))
    fields = (("", facts.subject), ("from ", facts.claimed_from), ("of ", facts.date_header))
    shown = ", ".join(f"{mark}{value}" for mark, value in fields if value)
    return FORWARDED.format(f" {shown}" if shown else "")


def _text_of(leaf: Leaf) -> str:
    cut = leaf.content[:MAX_MARKUP_CHARS]
    charset = KnownCharset(leaf.charset, leaf.near, leaf.chosen)
    text = read_known(cut, charset, is_markup=leaf.claimed_type == HTML).text
    # The cut may have gone through a character.
    return text.removesuffix("\ufffd") if len(cut) < len(leaf.content) else text
