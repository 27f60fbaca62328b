"""Read a calendar or a contact as whole lines, in whatever way its program ends and folds them.

The standard ends a line with CR LF and folds it by a blank at the start of the next one (RFC 5545
§3.1). Programs end it with LF or CR alone as well, and a gateway makes CR CR LF of it; most readers
take all of these. So whatever is looked for in an entry is looked for here, and nowhere else.
"""

import binascii
import json
import re

from . import forms

LINE_END, FOLD = re.compile(rb"(?<!\r)\r*+\n|\r"), re.compile(rb"\n[ \t]")
LINE_END_OF_TEXT, FOLD_OF_TEXT = re.compile(r"(?<!\r)\r*+\n|\r"), re.compile(r"\n[ \t]")
BEGIN = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*begin[ \t]*:[ \t]*v", re.IGNORECASE | re.MULTILINE)
# What stands for another sign in a text of an entry (RFC 5545 §3.3.11). Readers leave out the sign
# in front of any other one as well.
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
QUOTED_PRINTABLE = re.compile(rb"quoted-printable", re.IGNORECASE)


def with_plain_ends(content: bytes) -> bytes:
    """Return lines that end with LF, folded as they were."""
    return LINE_END.sub(b"\n", content)


def unfolded(content: bytes) -> bytes:
    """Return the lines, each whole and ended with LF.

    >>> unfolded(b"ACTION:PRO\\r CEDURE\\rEND:VALARM")
    b'ACTION:PROCEDURE\\nEND:VALARM'
    """
    return FOLD.sub(b"", with_plain_ends(content))


def text_with_plain_ends(written: str) -> str:
    """Return the lines of a text, folded as they were, ended with LF."""
    return LINE_END_OF_TEXT.sub("\n", written)


def unfolded_text(written: str) -> str:
    """Return the lines of a text, each whole and ended with LF."""
    return FOLD_OF_TEXT.sub("", text_with_plain_ends(written))


def readings_of(content: bytes) -> list[bytes]:
    """Return each way in which programs read a text in ASCII letters; none where it has no entry.

    The first are its lines as they stand; the others have what these say in other signs.
    """
    lines = unfolded(content)
    if BEGIN.search(lines) is None and not forms.is_one(content):
        return []
    found = [lines]
    if QUOTED_PRINTABLE.search(lines):
        # A line of such a value ends in a sign of its own, and is not folded.
        found.append(binascii.a2b_qp(with_plain_ends(content)))
    in_json = _out_of_json(content)
    return [*found, in_json] if in_json else found


def without_escapes(lines: bytes) -> bytes:
    """Return what the texts of an entry say: b"a\\\\, b\\\\nc" is two lines, "a, b" and "c"."""
    return ESCAPED.sub(lambda sign: b"\n" if sign[1] in b"nN" else sign[1], lines)


def _out_of_json(content: bytes) -> bytes:
    """Return a calendar in JSON with each letter as it is, b"" for what is no JSON."""
    if forms.IN_JSON.search(content) is None:
        return b""
    try:
        whole = json.loads(content)
        return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return b""
