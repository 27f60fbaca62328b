"""Turn bytes into text by what was declared where that fits, and by evidence where it does not.

A declared charset is kept when a byte here and there is not in it: each costs one character. It is
set aside when it has no name that is known, when most of what is above ASCII is not in it, when
bytes under any other name are UTF-8 in more than a letter or two, and when they make words of no
language that is written in Latin letters but read clearly in other ones: many programs say the
Western charset whatever they send. Where nothing else reads clearly it is kept, and that is said.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from .charset_evidence import (
    choose_codec,
    choose_near,
    choose_other,
    codecs_for,
    fits_latin,
    is_sure_of_one,
    may_be_of_another_script,
    may_be_western,
    plausible,
    reads_in,
)
from .charsets import ASCII, ESCAPED, LATIN, OFFER, UTF8, WESTERN_ONES, WIDE, KnownCharset, codec_of
from .languages.alphabets import EVERY_LATIN
from .languages.everyday_signs import EAST_ASIAN
from .languages.latin import is_character
from .languages.utf8 import is_likelier, is_plausible, is_several, is_telling

Evidence = Literal["declared", "doubtful", "either", "content", "near", "likeliest", "chosen"]
FINDINGS = {
    "likeliest": "charset_undeclared",
    "near": "charset_as_others",
    "doubtful": "charset_doubtful",
    "either": "charset_either",
}
DIFFERS = "charset_differs:"
# What was refused, if anything, that is nothing for a person to choose.
NO_OFFER = frozenset({"", ASCII, UTF8, *WIDE, *ESCAPED})
REPLACED = "\ufffd"
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", UTF8), (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip
# Escapes that name a set of characters (ISO 2022, RFC 1468, RFC 1557); no other is taken for text.
DESIGNATION = re.compile(rb"\x1b(?:\$[@AB]|\$\([CDO-Q]|\([ABIJ]|\.[AF]|\$\)C)")
JAPANESE, KOREAN = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\(J)"), b"\x1b$)C"
# The page's own word on its charset stands in its first KiB (HTML 13.2.3.2), after long styles too.
MAX_META_BYTES = 8192
META = re.compile(
    rb"<(?:meta\s[^>]{0,200}?charset|\?xml\s[^>]{0,100}?encoding)\s*+=\s*+[\"']?\s*+([\w:.-]{1,60})",
    re.IGNORECASE,
)
BEYOND_ASCII = bytes(range(0x80, 0x100))
FIRST_BEYOND = re.compile(rb"[\x80-\xff]")
# So many characters for one byte that is not UTF-8 are a text of UTF-8 with a slip in it.
MIN_FOR_SLIP = 8
# So many bytes in a text of ASCII may have got into it by a slip of a program.
MAX_STRAY = 3
# What stands before the first letter beyond ASCII tells the language of a letter as well.
MAX_PROBED_BYTES, MAX_BYTES_BEFORE = 64 * 1024, 200
# A character of two bytes in UTF-8, which a letter and a letter or a sign behind it may be as well.
TWO_BYTES = re.compile(rb"([A-Za-z])?([\xc2-\xdf][\x80-\xbf])(?=([A-Za-z])?)")
DASHES_AND_DOTS = frozenset("…–—•™®")
BEHIND_LETTERS = frozenset("…–—“”„’‘»«•™®\u00a0\u00ad·")


@dataclass(frozen=True)
class Reading:
    """Hold a text and how it was read.

    `codec` is one of `charsets.NAMES`. `evidence` says whether it was declared, follows from the
    content (ASCII, UTF-8, a byte order mark, escapes), is one of the mail's other parts in which it
    reads, is the likeliest one, or was chosen by an officer. `has_bad_bytes`: some bytes are not in
    it, and each stands as U+FFFD.
    """

    text: str
    codec: str
    evidence: Evidence
    has_bad_bytes: bool
    refused: str = ""

    def findings(self, declared: str) -> set[str]:
        """Return the codes for what a person should know, given the charset that was declared."""
        found = {"charset_bad_bytes"} if self.has_bad_bytes else set()
        if self.evidence == "chosen":
            return found
        codec = self.codec.replace("-", "_")
        named = self.refused or codec_of(declared)
        if named not in (None, self.codec) and self.evidence != "declared":
            return found if self.text.isascii() else {*found, f"{DIFFERS}{codec}"}
        said = FINDINGS.get(self.evidence)
        return {*found, f"{said}:{codec}"} if said else found


def read(
    content: bytes, declared: str = "", *, near: Collection[str] = (), is_markup: bool = False
) -> Reading:
    """Return the text of `content`; `declared` is a charset's name as it was sent, perhaps empty.

    With `is_markup` the page's own declaration counts where no other fits. `near` are the codecs of
    the mail's other parts, for bytes that say nothing of their own. Takes linear time.

    >>> read(b"f\\xf6r", "utf-8").text, read("för".encode() + b"\\xff", "utf-8").text
    ('för', 'för\ufffd')
    """
    for mark, codec in BYTE_ORDER_MARKS:
        if content.startswith(mark) and len(content) > len(mark):
            return _as(content[len(mark) :], codec, "content")
    named = codec_of(declared)
    fitting = _if_it_fits(content, named) if named is not None else None
    if fitting is None and is_markup:
        # Who changes a page's charset on the way forgets the page's own word on it.
        in_page = UTF8 if is_utf8(content) else _in_page(content)
        fitting = _if_it_fits(content, in_page) if in_page is not None else None
        named = in_page or named
    is_as_said = fitting is None or fitting.evidence == "declared"
    if named in WESTERN_ONES and is_as_said:
        in_few_words = _in_few_words(content, named, near)
        if in_few_words is not None:
            return in_few_words
    if fitting is not None:
        is_other = fitting.evidence == "content" and named is not None
        return replace(fitting, refused=named or "") if is_other else fitting
    return replace(_by_evidence(content, near, named or ""), refused=named or "")


def read_in(content: bytes, codec: str) -> Reading:
    """Return the text of `content` in the codec that an officer chose, whatever speaks against it.

    A mark of the order of bytes is left out.
    """
    for mark, _ in BYTE_ORDER_MARKS:
        content = content.removeprefix(mark)
    return _as(content, codec, "chosen")


def read_known(content: bytes, charset: KnownCharset, *, is_markup: bool = False) -> Reading:
    """Return the text of `content` by all that is known of its charset."""
    if charset.chosen:
        return read_in(content, charset.chosen)
    return read(content, charset.declared, near=charset.near, is_markup=is_markup)


def offers(content: bytes, read_as: Reading, near: Collection[str] = ()) -> set[str]:
    """Return codes for the codecs that a person may choose instead, each with its rank.

    Of a text that was declared and fits, or that says itself what it is, none are there, except the
    charset that was declared for what is UTF-8, and UTF-8 where either may be meant.
    """
    if read_as.evidence == "either":
        return {f"{OFFER}1:utf_8"}
    if read_as.codec == UTF8 and read_as.evidence == "content" and read_as.refused not in NO_OFFER:
        return {f"{OFFER}1:{read_as.refused.replace('-', '_')}"}
    is_sure = read_as.evidence in ("declared", "content") and not read_as.has_bad_bytes
    if is_sure or content.isascii():
        return set()
    found = plausible(content, near, read_as.codec)
    ranked = enumerate((codec.replace("-", "_") for codec in found), start=1)
    return {f"{OFFER}{rank}:{codec}" for rank, codec in ranked}


def is_utf8(content: bytes) -> bool:
    """Say whether bytes are UTF-8, as all ASCII is."""
    try:
        content.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def is_readable(read_as: Reading) -> bool:
    """Say whether what was read in pairs of bytes is text: letters, and nothing unassigned."""
    begin = read_as.text[:MAX_PROBED_BYTES]
    kinds = [unicodedata.category(letter) for letter in begin if letter not in "\t\n\r\f"]
    is_text = not any(kind in ("Cc", "Cs", "Cn", "Co") for kind in kinds)
    return is_text and not read_as.has_bad_bytes and any(kind[0] == "L" for kind in kinds)


def _as(content: bytes, codec: str, evidence: Evidence) -> Reading:
    try:
        return Reading(content.decode(codec), codec, evidence, has_bad_bytes=False)
    except UnicodeError:
        return Reading(content.decode(codec, "replace"), codec, evidence, has_bad_bytes=True)


def _in_page(content: bytes) -> str | None:
    """Return the codec that a page names itself; one that could name UTF-16 in ASCII is UTF-8."""
    match = META.search(content[:MAX_META_BYTES])
    codec = codec_of(match[1].decode("ascii", "replace")) if match else None
    return UTF8 if codec in WIDE else codec


def _if_it_fits(content: bytes, codec: str, *, is_declared: bool = True) -> Reading | None:
    """Return the text in a declared charset, None when the content speaks against it.

    Where all but a few bytes are ASCII, nothing but a good reading of these speaks against UTF-8.
    """
    if codec in WIDE:
        return _wide(content, codec)
    if content.isascii() and codec not in ESCAPED:
        return None if b"\x1b" in content else _as(content, codec, "declared")
    if codec in LATIN or codec == ASCII:
        if is_utf8(content) and not (codec in LATIN and _is_utf8_by_chance(content, codec)):
            return _as(content, UTF8, "content")
        return _as(content, codec, "declared") if _reads_in_latin(content, codec) else None
    if codec not in (UTF8, *ESCAPED):
        as_utf8 = _as_utf8(content, codec)
        if as_utf8 is not None:
            return as_utf8
    for sample in (content[:MAX_PROBED_BYTES], content):
        read_as = _as(sample, codec, "declared")
        bad = read_as.text.count(REPLACED) if read_as.has_bad_bytes else 0
        good = len(read_as.text) - len(read_as.text.encode("ascii", "ignore")) - bad
        # A character of several bytes that are right tells more than one byte that is not; the
        # sample may end inside one.
        is_stray = is_declared and not good and bad <= MAX_STRAY
        if codec == UTF8 and is_stray and len(sample) == len(content):
            return None if is_sure_of_one(content) else read_as
        if bad > (2 * good if codec == UTF8 else good) + (sample is not content):
            return None
        # Some pairs of Thai letters are right in UTF-8 too, among many that are not.
        if codec == UTF8 and 4 * bad > good and is_sure_of_one(sample):
            return None
    return read_as


def _as_utf8(content: bytes, codec: str) -> Reading | None:
    """Return the text of UTF-8 that was declared to be in a charset of other letters.

    Where a letter or two may be words of that charset as well, it is kept, and that is said. None
    for what is no UTF-8. A byte of a slip costs one character here too.
    """
    first = FIRST_BEYOND.search(content)
    start = max(first.start() - MAX_BYTES_BEFORE, 0) if first else 0
    sample = content[start : start + MAX_PROBED_BYTES]
    if is_utf8(content):
        text = sample.decode(UTF8, "ignore")
        if codec in EAST_ASIAN:
            is_meant = is_likelier(text, sample.decode(codec, "replace"), codec)
        else:
            is_meant = is_several(text) or (is_plausible(text) and not reads_in(content, codec))
        # What a charset's own languages would be written in speaks for the text that has it.
        is_meant = is_meant or is_telling(text, codec) or codec in codecs_for(text)
        return _as(content, UTF8, "content") if is_meant else _as(content, codec, "either")
    text = sample.decode(UTF8, "replace")
    bad = text.count(REPLACED)
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    is_slip = good >= MIN_FOR_SLIP * bad and (is_telling(text, codec) or is_several(text))
    return _as(content, UTF8, "content") if is_slip else None


def _in_few_words(content: bytes, codec: str, near: Collection[str]) -> Reading | None:
    """Return words too short to tell what they are of, read as the mail's other parts are.

    Of a language of Latin letters they may be as well, so nothing else reads them otherwise: where
    nothing is near, it is said which charset was taken. None where they are no such words.
    """
    if not may_be_of_another_script(content, codec):
        return None
    other = choose_near(content, near) if near else None
    if other is not None:
        return replace(_as(content, other, "near"), refused=codec)
    is_doubtful = fits_latin(content, codec) and not may_be_western(content, codec)
    return _as(content, codec, "doubtful") if is_doubtful else None


def _is_utf8_by_chance(content: bytes, codec: str) -> bool:
    """Say whether the few characters of UTF-8 in a text are pairs that a language has.

    "MILJÖ…" and "Spaß”" in windows-1252 and "CZĘŚĆ" in windows-1250 are UTF-8, and no words in it.
    """
    beyond = len(content) - len(content.translate(None, BEYOND_ASCII))
    if beyond > 2 * MAX_STRAY:
        return False
    pairs = TWO_BYTES.findall(content)
    return beyond == 2 * len(pairs) and all(
        _is_pair(pair, codec, before, after) for before, pair, after in pairs
    )


def _is_pair(pair: bytes, codec: str, before: bytes, after: bytes) -> bool:
    """Say whether two bytes are a letter and what may stand behind it, and no likelier one letter.

    Beside them stands a letter of ASCII or none. Two capital letters stand in no word of small
    ones, and a dash or dots hardly behind its first: "mĂĄndag" and "Ă–berg" are UTF-8.
    """
    read_as, in_utf8 = pair.decode(codec, "replace"), pair.decode(UTF8)
    first, second = read_as[0], read_as[-1]
    is_sign = second in BEHIND_LETTERS
    is_end = before.isupper() or not after
    is_in_small = before.islower() or after.islower()
    is_torn = is_in_small and (first.isupper() and second.isupper())
    is_torn |= second in DASHES_AND_DOTS and not before and after.islower()
    if is_torn and in_utf8.lower() in EVERY_LATIN:
        return False
    is_likelier = in_utf8.lower() in EVERY_LATIN and in_utf8.isupper() == first.isupper()
    # Ã ends hardly a word, and is how most letters of the West begin in UTF-8.
    is_likelier &= not (is_end and is_sign and first != "Ã")
    if is_likelier and codec in WESTERN_ONES:
        return False
    is_same_case = second.isalpha() and first.isupper() == second.isupper()
    return is_character(first) and (is_sign or is_same_case)


def _reads_in_latin(content: bytes, codec: str) -> bool:
    return codec in LATIN and fits_latin(content, codec) is True


def _wide(content: bytes, codec: str) -> Reading | None:
    """Return UTF-16 or UTF-32 in the order of bytes that the zeros show; never ASCII read so."""
    if b"\0" not in content and (content.isascii() or is_utf8(content)):
        return None
    if codec in ("utf-16", "utf-32"):
        zeros_before = content[:MAX_PROBED_BYTES:2].count(0)
        zeros_behind = content[1:MAX_PROBED_BYTES:2].count(0)
        codec += "-be" if zeros_before > zeros_behind else "-le"
    unit = 4 if codec.startswith("utf-32") else 2
    read_as = _as(content[: len(content) // unit * unit], codec, "declared")
    bad = read_as.text.count(REPLACED)
    return read_as if 20 * bad <= len(read_as.text) else None


def _by_evidence(content: bytes, near: Collection[str], refused: str = "") -> Reading:
    """Return the text in the charset that its bytes speak for.

    `refused` is the one that was declared and does not fit, empty where none was.
    """
    unmarked = _wide(content, "utf-16") if _has_zeros_of_utf16(content) else None
    if unmarked is not None and is_readable(unmarked):
        return replace(unmarked, evidence="likeliest", has_bad_bytes=False)
    if content.isascii():
        codec = JAPANESE.search(content) and "iso2022-jp"
        codec = codec or ("iso2022-kr" if KOREAN in content else None)
        read_as = _as(content, codec or ASCII, "content")
        return _as(content, ASCII, "content") if read_as.has_bad_bytes else read_as
    if is_utf8(content):
        return _as(content, UTF8, "content")
    is_clear = refused in LATIN and fits_latin(content, refused) is False
    other = choose_other(content, refused, near) if is_clear else None
    if other is not None:
        return _as(content, other, "likeliest")
    mostly = _if_it_fits(content, UTF8, is_declared=False)
    if mostly is not None:
        return replace(mostly, evidence="content")
    if refused in LATIN:
        return _as(content, refused, "doubtful")
    codec = choose_codec(content, near)
    return _as(content, codec, "near" if codec in near else "likeliest")


def _has_zeros_of_utf16(content: bytes) -> bool:
    """Say whether many bytes are zero, and all of them at even or all at odd places."""
    at_even, at_odd = content[::2].count(0), content[1::2].count(0)
    is_one_side = (at_even == 0) != (at_odd == 0)
    return len(content) % 2 == 0 and is_one_side and 16 * (at_even + at_odd) >= len(content) >= 8
