"""Tell a part that says nothing of its charset which ones the sender's other parts use.

A letter that declares windows-1251 makes it likely that the list beside it, which declares nothing,
is in windows-1251 too; a subject in Polish makes a charset of Polish likely, and so does a page
that names its language. It is no more than a hint: what the bytes cannot be read in is not taken.
Only the parts of the same message count, since a forwarded mail has another sender.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..html.html_text import text_of_html
from ..protocol.charset_evidence import candidates, codecs_for, may_be_of_another_script
from ..protocol.charsets import (
    ASCII,
    ESCAPED,
    NEAR_NOTE,
    UTF8,
    WESTERN_ONES,
    WIDE,
    codec_of,
)
from ..protocol.decoding import Reading, is_utf8, read
from ..protocol.text import header_text
from .headers import HeaderBlock, read_block
from .parts import Leaf

HTML = "text/html"
# What somebody wrote in a header, and where the charset stands in it (RFC 2047, RFC 2231).
WRITTEN_FIELDS = ("subject", "from", "to", "cc")
ENCODED_IN = re.compile(rb"=\?([^?*\s]{1,60})[^?\s]{0,20}\?[bq]\?", re.IGNORECASE)
MAX_FIELD_BYTES, MAX_READ_BYTES, MAX_PROBED_BYTES = 8192, 16 * 1024, 1024
MAX_NEAR = 8
# The language of a page, which a program writes by the keyboard or the person's own settings, and
# letters of the languages whose charsets are not those of the West.
LANGUAGE = re.compile(
    rb"<(?:html|body|div|p|span)\b[^>]{0,300}?\blang=[\"']?([a-z]{2,3})\b", re.IGNORECASE
)
LANGUAGE_FIELD = "content-language"
LETTERS_OF = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk"), "а"),
    **dict.fromkeys(("ar", "fa", "prs", "ps", "ur", "ckb"), "ا"),
    **dict.fromkeys(("he", "iw"), "א"), "el": "α", "th": "ก",
}  # fmt: skip
# No text comes under these types.
OTHER_TYPES = ("image/", "audio/", "video/", "font/", "message/", "application/pdf")
# How a file begins that may hold texts: ZIP, 7z and gzip. What comes out of one inherits its notes.
ARCHIVES = (b"PK\x03\x04", b"7z\xbc\xaf", b"\x1f\x8b")
# The charset of a country that a program uses for files beside this one, which is made for mail.
ALSO = {
    "iso2022-jp": "cp932", "iso2022-jp-2": "cp932", "iso2022-jp-3": "cp932", "hz": "gb18030",
    "iso2022-kr": "cp949", "johab": "cp949", "big5hkscs": "big5", "cp950": "big5",
    "koi8-r": "koi8-u",
}  # fmt: skip


def with_near(leaves: Sequence[Leaf], block: HeaderBlock) -> list[Leaf]:
    """Return the leaves, and with each that needs it the codecs of its message's other parts.

    `block` is the header of the outermost message.
    """
    needy = {leaf.parent for leaf in leaves if _needs_hint(leaf)}
    if not needy:
        return list(leaves)
    messages = {leaf.path: leaf for leaf in leaves if leaf.role == "message"}
    near: dict[str | None, tuple[str, ...]] = {}
    for parent in needy:
        head = block if parent is None else _head_of(messages[parent])
        of_message = [leaf for leaf in leaves if leaf.parent == parent]
        near[parent] = _codecs_of(of_message, head)
    return [_with(leaf, near[leaf.parent]) if _needs_hint(leaf) else leaf for leaf in leaves]


def written_fields(head: HeaderBlock) -> list[bytes]:
    """Return what somebody wrote into a header: the subject, and the names of people."""
    return [(head.first(name) or b"")[:MAX_FIELD_BYTES] for name in WRITTEN_FIELDS]


def _needs_hint(leaf: Leaf) -> bool:
    """Say whether a leaf may be a text whose bytes do not say their charset, or hold such texts."""
    if leaf.content.startswith(ARCHIVES):
        return True
    if leaf.claimed_type.startswith(OTHER_TYPES) or b"\0" in leaf.content[:MAX_PROBED_BYTES]:
        return False
    codec = codec_of(leaf.charset)
    if is_utf8(leaf.content):
        return False
    # Many programs say a charset of the West whatever they send.
    is_in_doubt = codec in WESTERN_ONES and may_be_of_another_script(leaf.content, codec)
    return codec in (None, ASCII, UTF8) or is_in_doubt


def _with(leaf: Leaf, near: tuple[str, ...]) -> Leaf:
    notes = {NEAR_NOTE + codec.replace("-", "_") for codec in near}
    return replace(leaf, near=near, defects=tuple(sorted({*leaf.defects, *notes})))


def _head_of(message: Leaf) -> HeaderBlock:
    return read_block(message.content, 0, len(message.content), is_cut=True)


def _codecs_of(leaves: Sequence[Leaf], head: HeaderBlock) -> tuple[str, ...]:
    """Return what the parts and the header declare, then what fits the languages they are in."""
    said, written = [], []
    for value in written_fields(head):
        said += [match[1].decode("ascii", "replace") for match in ENCODED_IN.finditer(value)]
        written.append(header_text(value))
    for leaf, reading in _sure(leaves):
        said.append(reading.codec)
        words = text_of_html(reading.text) if leaf.claimed_type == HTML else reading.text
        written.append(words)
    written += [leaf.claimed_name for leaf in leaves]
    written += [LETTERS_OF.get(language, "") for language in _languages(leaves, head)]
    named = [ALSO.get(codec, codec) for codec in map(codec_of, said) if codec is not None]
    telling = [codec for codec in named if codec not in (ASCII, UTF8, *WIDE, *ESCAPED)]
    by_letters = set().union(*(codecs_for(text) for text in written))
    likely = [codec for codec in candidates() if codec in by_letters]
    return tuple(dict.fromkeys((*telling, *likely)))[:MAX_NEAR]


def _languages(leaves: Sequence[Leaf], head: HeaderBlock) -> Iterator[str]:
    """Yield the codes of the languages that the header and the pages name."""
    field = (head.first(LANGUAGE_FIELD) or b"")[:MAX_FIELD_BYTES].decode("ascii", "replace")
    yield from (each.strip()[:3].rstrip("-").lower() for each in field.split(","))
    for leaf in leaves:
        if leaf.claimed_type == HTML:
            found = LANGUAGE.search(leaf.content, 0, MAX_READ_BYTES)
            yield found[1].decode("ascii").lower() if found else ""


def _sure(leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, Reading]]:
    """Yield the texts that declare their charset or say it by their bytes, and how they read."""
    for leaf in leaves:
        if not leaf.claimed_type.startswith("text/") or leaf.content.isascii():
            continue
        is_markup = leaf.claimed_type == HTML
        reading = read(leaf.content[:MAX_READ_BYTES], leaf.charset, is_markup=is_markup)
        if reading.evidence in ("declared", "content"):
            yield leaf, reading
