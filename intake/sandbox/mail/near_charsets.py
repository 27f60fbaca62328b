"""Tell a part that says nothing of its charset which ones the sender's other parts use.

A letter that declares windows-1251 makes it likely that the list beside it, which declares nothing,
is in windows-1251 too; a subject in Polish makes a charset of Polish likely. It is no more than a
hint: what the bytes cannot be read in is not taken. Only the parts of the same message count, since
a forwarded mail has another sender.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..html.html_text import text_of_html
from ..protocol.charset_evidence import candidates, codecs_for
from ..protocol.charsets import ASCII, ESCAPED, NEAR_NOTE, UTF8, WIDE, codec_of
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


def _needs_hint(leaf: Leaf) -> bool:
    """Say whether a leaf may be a text whose bytes do not say their charset, or hold such texts."""
    if leaf.content.startswith(ARCHIVES):
        return True
    if leaf.claimed_type.startswith(OTHER_TYPES) or b"\0" in leaf.content[:MAX_PROBED_BYTES]:
        return False
    return codec_of(leaf.charset) in (None, ASCII, UTF8) and not is_utf8(leaf.content)


def _with(leaf: Leaf, near: tuple[str, ...]) -> Leaf:
    notes = {NEAR_NOTE + codec.replace("-", "_") for codec in near}
    return replace(leaf, near=near, defects=tuple(sorted({*leaf.defects, *notes})))


def _head_of(message: Leaf) -> HeaderBlock:
    return read_block(message.content, 0, len(message.content), is_cut=True)


def _codecs_of(leaves: Sequence[Leaf], head: HeaderBlock) -> tuple[str, ...]:
    """Return what the parts and the header declare, then what fits the languages they are in."""
    said, written = [], []
    for name in WRITTEN_FIELDS:
        value = (head.first(name) or b"")[:MAX_FIELD_BYTES]
        said += [match[1].decode("ascii", "replace") for match in ENCODED_IN.finditer(value)]
        written.append(header_text(value))
    for leaf, reading in _sure(leaves):
        said.append(reading.codec)
        words = text_of_html(reading.text) if leaf.claimed_type == HTML else reading.text
        written.append(words)
    written += [leaf.claimed_name for leaf in leaves]
    named = [ALSO.get(codec, codec) for codec in map(codec_of, said) if codec is not None]
    telling = [codec for codec in named if codec not in (ASCII, UTF8, *WIDE, *ESCAPED)]
    by_letters = set().union(*(codecs_for(text) for text in written))
    likely = [codec for codec in candidates() if codec in by_letters]
    return tuple(dict.fromkeys((*telling, *likely)))[:MAX_NEAR]


def _sure(leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, Reading]]:
    """Yield the texts that declare their charset or say it by their bytes, and how they read."""
    for leaf in leaves:
        if not leaf.claimed_type.startswith("text/") or leaf.content.isascii():
            continue
        is_markup = leaf.claimed_type == HTML
        reading = read(leaf.content[:MAX_READ_BYTES], leaf.charset, is_markup=is_markup)
        if reading.evidence in ("declared", "content"):
            yield leaf, reading
