"""Turn bytes of strangers into text that is safe to store and to show.

Control and format characters are removed, since they reorder, hide and inject.
"""

import binascii
import re
import unicodedata

from .decoding import read

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
UNSAFE_IN_LINE = re.compile(f"(?!(?<=[{JOINED}])[\\u200c\\u200d](?=[{JOINED}]))[{UNSAFE_CLASS}]")
SURROGATE = re.compile("[\\ud800-\\udfff]")
BREAKS = re.compile("[\\t\\n\\x0b\\x0c\\r\\x85\\u2028\\u2029]+")
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
    pieces: list[str] = []
    pending: list[tuple[str, bytes]] = []
    position = 0
    for match in ENCODED_WORD.finditer(text):
        between = text[position : match.start()]
        if between.strip() or not pending:
            pieces += [_join_words(pending), between]
            pending = []
        pending.append((match[1].partition("*")[0], _word_bytes(match[2], match[3])))
        position = match.end()
    pieces += [_join_words(pending), text[position:]]
    return "".join(pieces)


def _join_words(words: list[tuple[str, bytes]]) -> str:
    text = ""
    while words:
        charset = words[0][0].lower()
        same = [content for name, content in words if name.lower() == charset]
        if len(same) == len(words):
            return text + decode(b"".join(same), charset)
        text += decode(words[0][1], charset)
        words = words[1:]
    return text


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
    """Return `text` as one clean line: NFC, no control, format or surrogate characters.

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
