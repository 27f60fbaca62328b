"""Decode a part's bytes from their transfer encoding, and report what is wrong with them.

Defects are reported and never repaired in silence: a scanner that decodes differently would have
seen another file (threat B1).
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..protocol.charsets import codec_of

PLAIN = frozenset({"", "7bit", "8bit", "binary"})
UUENCODE = frozenset({"uuencode", "x-uuencode", "x-uue", "uue"})
KNOWN = PLAIN | UUENCODE | {"base64", "quoted-printable"}
MISNAMED = re.compile(r"([78])[ _-]?bits?")
WHITE_SPACE = b" \t\r\n"
OUTSIDE_ALPHABET = re.compile(rb"[^A-Za-z0-9+/=]")
OF_WORDS = re.compile(rb"[ \t]")
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]*(={0,2})[ \t]*")
# What is no chance in decoded words: letters of ASCII, beside those of UTF-8 and of the West, and
# two bytes wide; those of other charsets of one byte and of two; and a tag that does something.
READABLE = re.compile(
    rb"(?:[\x00\t\n\x0c\r -~]|[\xc3-\xdb][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){16}"
    rb"|[a-z ,.\xe0-\xff]{14}|(?:[ -~]\x00){6}|[\xa0-\xff ]{16}|[\x80-\xff ]{22}"
    rb"|(?:[\xc3-\xdb][\x80-\xbf]){5}|(?:[\xe0-\xef][\x80-\xbf]{2}){4}"
    rb"|<(?:[!/?]?[a-z]{4}|!--|(?:a|p|b|i|td|tr|br|h[1-6]|svg|img|div|pre)[\s>/])",
    re.IGNORECASE,
)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
MAX_FOOTER_BYTES = 8192
# A line of code is as long as this, but for the last one; a shorter one may be a word.
MIN_CODED_LINE = 20
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


class Decoded(NamedTuple):
    """Hold decoded bytes, the defects found on the way, and how many of the bytes were encoded.

    Those behind them are words that stood there as they are.
    """

    content: bytes
    defects: tuple[str, ...]
    own_bytes: int


def decode_content(content: bytes, encoding: str, *, is_text: bool = False) -> Decoded:
    """Return the decoded bytes and the defects found on the way.

    `is_text` says that a text comes out, which a gateway may have written its own words below.
    """
    decoded, defects = content, tuple[str, ...]()
    if encoding == "base64":
        decoded, defects = decode_base64(content)
        with_footer = _with_footer(content) if is_text and defects else None
        if with_footer is not None:
            return with_footer
        if is_text and "base64_characters" in defects:
            decoded = _more_legible(decoded, _line_by_line(content) or decoded)
    elif encoding == "quoted-printable":
        decoded = binascii.a2b_qp(content)
    elif encoding in UUENCODE:
        decoded, defects = decode_uuencode(content), ("uuencoded",)
    return Decoded(decoded, defects, len(decoded))


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


def _with_footer(content: bytes) -> Decoded | None:
    """Return the text and the plain words below it, None where base64 may go on in these.

    Lists and gateways write their footers so below texts that they do not decode. Some programs
    stop in front of such words, others show what comes of decoding them: signs without a meaning.
    Where these mean something, programs show two letters.
    """
    for end in _ends_of_base64(content):
        encoded, footer = content[:end], content[end:]
        if not footer.strip() or len(footer) > MAX_FOOTER_BYTES or _is_code(footer):
            continue
        try:
            text = binascii.a2b_base64(encoded.translate(None, WHITE_SPACE), strict_mode=True)
        except binascii.Error:
            continue
        if text:
            return Decoded(text + b"\r\n" + footer.strip(b"\r\n"), ("words_below_code",), len(text))
    return None


def _more_legible(usual: bytes, other: bytes) -> bytes:
    """Return the text with fewer signs that no letter has, the usual one of two equals.

    Whatever words the usual one says have to stand in the other. The part stays one that is read in
    two ways, so it is held; this is what its reader is shown.
    """
    if len(CONTROL.findall(other)) >= len(CONTROL.findall(usual)):
        return usual
    return other if all(found[0] in other for found in READABLE.finditer(usual)) else usual


def _line_by_line(content: bytes) -> bytes | None:
    """Return a text of which each line is decoded by itself, and the words above it as they stand.

    A sign that was changed or lost on the way costs the words near it and not all behind it. Where
    no line is code, nothing was encoded; where words stand behind code, it may go on in them: None.
    """
    lines = [line for line in content.splitlines(keepends=True) if line.strip()]
    coded = [_is_coded(line) for line in lines]
    if True not in coded:
        return content
    first = coded.index(True)
    if not all(coded[first:-1]) or OF_WORDS.search(lines[-1].strip()):
        return None
    return b"".join((*lines[:first], *map(_decode_line, lines[first:])))


def _is_coded(line: bytes) -> bool:
    letters = line.strip()
    is_long = len(letters) >= MIN_CODED_LINE or letters.endswith(b"=")
    return is_long and not OF_WORDS.search(letters)


def _decode_line(line: bytes) -> bytes:
    letters = OUTSIDE_ALPHABET.sub(b"A", line.strip()).rstrip(b"=")
    return _decode_run(letters.replace(b"=", b"A"))


def _ends_of_base64(content: bytes) -> list[int]:
    """Return where base64 may end: behind the padding, or before a line that is none of it.

    And before that at a blank line, since a footer may begin with a line of one word.
    """
    at, blank = 0, 0
    for line in content.splitlines(keepends=True):
        match = BASE64_LINE.fullmatch(line.rstrip(b"\r\n"))
        if match is None:
            break
        if at and not line.strip():
            blank = blank or at
        at += len(line)
        if match[1]:
            return [at]
    return [at, blank] if blank else [at]


def _is_code(footer: bytes) -> bool:
    """Say whether a program that decodes words shows more than signs without a meaning."""
    letters = OUTSIDE_ALPHABET.sub(b"", footer).replace(b"=", b"")
    further = _decode_run(b"".join(_lines_of_base64(footer.lstrip())).rstrip(b"="))
    if further and _is_text(further):
        return True
    # Nobody knows after which letter of four a program would go on.
    shifted = (_decode_run(b"A" * shift + letters) for shift in range(4))
    return any(READABLE.search(each, 3) is not None for each in shifted)


def _lines_of_base64(content: bytes) -> Iterator[bytes]:
    """Yield the lines with which base64 begins, without the blanks behind them."""
    for line in content.splitlines():
        if not line.strip() or BASE64_LINE.fullmatch(line) is None:
            return
        yield line.strip()


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return CONTROL.search(content) is None


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
