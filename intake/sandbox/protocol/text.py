"""Turn bytes of strangers into text that is safe to store and to show.

Control and format characters are removed, since they reorder, hide and inject.
"""

import binascii
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from .charsets import WESTERN
from .decoding import DIFFERS, Reading, read

# Categories Cc, Cf, Cs, Zl and Zp; a test compares this with the Unicode database.
UNSAFE_CLASS = (
    "\\x00-\\x1f\\x7f-\\x9f\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb"
    "\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a"
    "\\U000e0001\\U000e0020-\\U000e007f"
)
UNSAFE = re.compile(f"[{UNSAFE_CLASS}]")
# Persian and several Indian scripts are misspelt without the joiners U+200C and U+200D.
UNSAFE_IN_BODY = re.compile(f"(?![\\t\\n\\u200c\\u200d])[{UNSAFE_CLASS}]")
# In a line they stay only between letters that they part or join, where they can be seen: in a name
# of Latin letters they would make two names that look the same.
JOINED = "\\u0620-\\u06ff\\u0750-\\u077f\\u08a0-\\u08ff\\u0900-\\u0dff"
# Letters and marks beside these that nobody sees: fillers, selectors of a letter's shape, and the
# whole block of tags (Unicode §5.21, Default_Ignorable_Code_Point). A name with one looks like the
# name without it. A selector stays behind a picture sign and a Chinese letter, where it is seen.
SELECTORS, HAN = "\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef", "\\u3400-\\u9fff\\U00020000-\\U0003ffff"
PICTURE_SIGNS = "\\u203c-\\u303d\\U0001f000-\\U0001faff#*0-9\\xa9\\xae"
UNSEEN_CLASS = (
    f"\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2065\\u3164\\uffa0\\ufff0-\\ufff8{SELECTORS}"
    "\\U000e0000-\\U000e0fff"
)
IN_ITS_PLACE = f"(?<=[{HAN}])[{SELECTORS}]|(?<=[{PICTURE_SIGNS}])[\\ufe0e\\ufe0f]"
UNSEEN = re.compile(f"(?!{IN_ITS_PLACE})[{UNSEEN_CLASS}]")
UNSAFE_IN_LINE = re.compile(
    f"(?!(?<=[{JOINED}])[\\u200c\\u200d](?=[{JOINED}])|{IN_ITS_PLACE})[{UNSAFE_CLASS}{UNSEEN_CLASS}]"
)
SURROGATE = re.compile("[\\ud800-\\udfff]")
# Fillers are letters that show as a blank, and part words as one does.
BREAKS = re.compile("[\\t\\n\\x0b\\x0c\\r\\x85\\u2028\\u2029\\u115f\\u1160\\u3164\\uffa0]+")
ENCODED_WORD_BEGINS = b"=?"
UNSURE = ("doubtful", "either")
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=")


def decode(content: bytes, charset: str) -> str:
    """Return the text of `content`, read as `decoding.read` does: text with a doubt beats no text.

    >>> decode(b"p\xe5", "iso-8859-1"), decode("på".encode(), "no such charset")
    ('på', 'på')
    """
    if content.isascii() and charset == "utf-8" and b"\x1b" not in content:
        return content.decode("ascii")  # nearly every header
    return read(content, charset).text


def header_text(value: bytes) -> str:
    """Return the text of an unfolded header value with its encoded words decoded (RFC 2047).

    b"=?utf-8?q?p=C3=A5?= x" -> "på x"
    """
    return decode_words(decode(value, "utf-8"))


def decode_words(text: str) -> str:
    """Return `text` with encoded words decoded; broken ones stay as they stand.

    Neighbouring words in the same charset are joined before decoding, because real senders cut
    inside a character, and white space between two words is dropped (RFC 2047 §6.2).
    """
    return "".join(
        piece if isinstance(piece, str) else decode(piece.content, piece.charset)
        for piece in _pieces(text)
    )


def doubts_in(value: bytes, charset: str = "utf-8") -> set[str]:
    """Return the signs of a header value, in bytes of `charset`, whose letters may be other ones.

    `wrong_charset` where they are not in the charset that their encoded words declare, and
    `unknown_charset` where nobody can be sure. The Western charset is what programs of these
    countries write without a word on it.

    >>> doubts_in(b"=?iso-8859-1?q?=EF=F0=E8=E2=E5=F2?="), doubts_in(b"=?utf-8?q?=C3=A5?=")
    ({'unknown_charset'}, set())
    >>> doubts_in(b"=?gb2312?q?p=C3=A5_svenska?=")
    {'wrong_charset'}
    """
    if value.isascii() and ENCODED_WORD_BEGINS not in value and b"\x1b" not in value:
        return set()
    outer = read(value, charset)
    is_declared = charset != "utf-8"
    found = {_doubt_in(outer, charset, is_declared=is_declared)}
    for piece in _pieces(outer.text):
        if not isinstance(piece, str):
            inner = read(piece.content, piece.charset)
            found.add(_doubt_in(inner, piece.charset, is_declared=True))
    return found - {""}


def _doubt_in(read_as: Reading, charset: str, *, is_declared: bool) -> str:
    is_western = read_as.codec == WESTERN
    if read_as.evidence in UNSURE or (read_as.evidence == "likeliest" and not is_western):
        return "unknown_charset"
    codes = read_as.findings(charset) if is_declared else ()
    return "wrong_charset" if any(code.startswith(DIFFERS) for code in codes) else ""


class _Words(NamedTuple):
    """Hold the bytes of encoded words that stand side by side, and the charset they name."""

    content: bytes
    charset: str


def _pieces(text: str) -> Iterator[str | _Words]:
    pending: list[_Words] = []
    position = 0
    for match in ENCODED_WORD.finditer(text):
        between = text[position : match.start()]
        if between.strip() or not pending:
            yield from _joined(pending)
            yield between
            pending = []
        content = _word_bytes(match[2], match[3])
        pending.append(_Words(content, match[1].partition("*")[0].lower()))
        position = match.end()
    yield from _joined(pending)
    yield text[position:]


def _joined(words: list[_Words]) -> Iterator[_Words]:
    """Yield the words, those in a row that name the same charset as one."""
    for charset, same in groupby(words, lambda word: word.charset):
        yield _Words(b"".join(word.content for word in same), charset)


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    letters = raw.rstrip(b"=")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return raw


def one_line(text: str, max_chars: int) -> str:
    """Return `text` as one clean line: NFC, no control, format, unseen or surrogate characters.

    The joiners that Persian and Indian scripts are written with stay. Cut before normalising as
    well, since a long run of combining marks takes quadratic time.
    """
    text = SURROGATE.sub("\ufffd", text[: 4 * max_chars])
    text = UNSAFE_IN_LINE.sub("", BREAKS.sub(" ", text))
    cut = unicodedata.normalize("NFC", text).strip()[:max_chars].rstrip()
    return UNSAFE_IN_LINE.sub("", cut)  # the cut may end behind a joiner


def paragraphs(text: str, max_chars: int) -> str:
    """Return `text` with its lines and tabs kept and other unsafe characters gone."""
    text = text[: 2 * max_chars].replace("\r\n", "\n").replace("\r", "\n")
    text = SURROGATE.sub("\ufffd", text).replace("\u2028", "\n").replace("\u2029", "\n")
    return UNSAFE_IN_BODY.sub("", text)[:max_chars]
