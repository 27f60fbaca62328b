"""Return the message body as a person reads it: plain text without markup."""

from collections.abc import Iterable, Sequence

from ..formats.html_text import text_of_html
from ..protocol.decoding import read
from ..protocol.results import MAX_BODY_CHARS
from ..protocol.text import paragraphs
from .parts import Leaf

MAX_MARKUP_CHARS = 2_000_000
READ_ROLES = frozenset({"body", "alternative", "inline"})


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
