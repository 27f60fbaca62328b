"""Decode a part's bytes from their transfer encoding, and report what is wrong with them.

Defects are reported and never repaired in silence: a scanner that decodes differently would have
seen another file (threat B1).
"""

import binascii
import re
from collections.abc import Iterator

from ..protocol.charsets import codec_of

PLAIN = frozenset({"", "7bit", "8bit", "binary"})
UUENCODE = frozenset({"uuencode", "x-uuencode", "x-uue", "uue"})
KNOWN = PLAIN | UUENCODE | {"base64", "quoted-printable"}
MISNAMED = re.compile(r"([78])[ _-]?bits?")
WHITE_SPACE = b" \t\r\n"
OUTSIDE_ALPHABET = re.compile(rb"[^A-Za-z0-9+/=]")
COMMENT = re.compile(r"\([^()]*\)")
# POSIX `uuencode` writes its own letters, or with -m the letters of base64.
UU_BEGIN = re.compile(
    rb"^begin(?:[ \t]{1,9}[0-7]{3,4}[ \t][^\r\n]+\r?\n(?=[ -`])"
    rb"|(-base64)(?:-encoded)?[ \t]{1,9}[0-7]{3,4}[ \t][^\r\n]+\r?\n)",
    re.MULTILINE,
)
BASE64_END = re.compile(rb"^====", re.MULTILINE)
YENC_BEGIN = re.compile(rb"^=ybegin [^\r\n]*size=", re.MULTILINE)


def read_encoding(value: bytes | None) -> tuple[str, str | None]:
    """Return the encoding's name and a defect, or None.

    The defects are `odd_encoding`, `unknown_encoding` and `misnamed_encoding`: "8-bit", "7-bit" or
    the name of a charset, with which every program reads the bytes as they stand.

    b"base64" -> ("base64", None); b'"Base64" (x)' -> ("base64", "odd_encoding")
    """
    written = (value or b"").decode("latin-1").lower()
    if written in KNOWN:
        return written, None
    cleaned = COMMENT.sub("", written).partition(";")[0].strip(" \t\"'")
    if cleaned in KNOWN:
        return cleaned, "odd_encoding"
    if misnamed := MISNAMED.fullmatch(cleaned):
        return f"{misnamed[1]}bit", "misnamed_encoding"
    if codec_of(cleaned) is not None:
        return "8bit", "misnamed_encoding"
    return "", "unknown_encoding"


def decode_content(content: bytes, encoding: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the decoded bytes and the defects found on the way."""
    if encoding == "base64":
        return decode_base64(content)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content), ()
    if encoding in UUENCODE:
        return decode_uuencode(content), ("uuencoded",)
    return content, ()


def decode_base64(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the decoded bytes, and `base64_characters`, `base64_padding` or `base64_length`.

    Padding in the middle ends a run; the next run is decoded as well, since some programs do so
    and what they would show must be scanned.
    """
    letters = content.translate(None, WHITE_SPACE)
    defects = []
    try:
        return binascii.a2b_base64(letters, strict_mode=True), ()
    except binascii.Error:
        pass
    if OUTSIDE_ALPHABET.search(letters):
        defects.append("base64_characters")
        letters = OUTSIDE_ALPHABET.sub(b"", letters)
    runs = [run for run in letters.split(b"=") if run]
    if len(runs) > 1 or letters.startswith(b"="):
        defects.append("base64_padding")
    if len(letters) % 4 or any(len(run) % 4 == 1 for run in runs):
        defects.append("base64_length")
    return b"".join(map(_decode_run, runs)), tuple(defects or ["base64_padding"])


def _decode_run(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def decode_uuencode(content: bytes) -> bytes:
    """Return the decoded lines between `begin` and `end`, without those that cannot be decoded."""
    match = UU_BEGIN.search(content)
    if match and match[1]:
        end = BASE64_END.search(content, match.end())
        return decode_base64(content[match.end() : end.start() if end else len(content)])[0]
    decoded = []
    for line in content[match.end() if match else 0 :].splitlines():
        if line.strip() == b"end":
            break
        try:
            # Some programs write a sum behind the letters, which others pass over.
            decoded.append(binascii.a2b_uu(line[: 1 + _letters_of(line)]))
        except binascii.Error:
            continue
    return b"".join(decoded)


def uuencoded_in(content: bytes) -> Iterator[re.Match[bytes]]:
    """Yield where a file begins that is written out in a text, in order.

    A sentence such as "begin 2027 vi ses" is none where no line behind it is of a file.
    """
    found = list(UU_BEGIN.finditer(content))
    ends = [*(match.start() for match in found[1:]), len(content)]
    for match, end in zip(found, ends, strict=False):
        if match[1] or _has_line_of_file(content[match.end() : end]):
            yield match


def _has_line_of_file(content: bytes) -> bool:
    """Say whether any line before the end has most of the letters that its first one announces.

    Old programs take only six bits of each letter, so small ones count too; and blanks at the end
    of a line may have been lost on the way.
    """
    for line in content.splitlines():
        if line.strip() == b"end":
            return False
        needed = _letters_of(line)
        if needed and 2 * (len(line) - 1) >= needed:
            return True
    return False


def _letters_of(line: bytes) -> int:
    """Return how many letters the first one of a line announces: four for each three bytes."""
    return ((line[0] - 0x20) % 64 + 2) // 3 * 4 if line else 0


def hidden_files(content: bytes) -> tuple[str, ...]:
    """Return `uuencoded` and `yenc` when a file is written out in the text."""
    found = []
    if any(uuencoded_in(content)):
        found.append("uuencoded")
    if YENC_BEGIN.search(content):
        found.append("yenc")
    return tuple(found)
