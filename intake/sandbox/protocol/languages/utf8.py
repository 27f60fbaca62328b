"""Tell UTF-8 under another name from words of the declared charset that are UTF-8 by chance.

In the older charsets of letters UTF-8 is hardly ever right by chance: a letter of the lead bytes
has to stand before a rare letter or a sign each time, as in `Ні`, Ukrainian for no, which is one
letter of UTF-8 in windows-1251. In those of East Asia it is right now and then, since one everyday
sign of six is a letter of UTF-8: `医院`, a hospital, in GB 2312 is `ҽԺ`. So what no language writes
is no UTF-8, and of two readings that are equally good the declared one is taken.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from .alphabets import ARABIC, EVERY_LATIN
from .everyday_signs import EVERYDAY, WITHOUT_BLANKS

# Signs of three and four bytes, which no row of letters comes to by chance: dashes, smileys.
LONG_SIGN = re.compile("[\u2010-\u2044\u20ac\u2122\U0001f000-\U0001faff]")
# Marks that stand on Latin letters where a program writes these in two pieces.
MARKS = "\u0300-\u0304\u0306-\u030c\u031b\u0323\u0326-\u0328"
LATIN_MARKS = re.compile(f"[{MARKS}]+")
# A word, with such marks, or one sign beyond ASCII.
PIECE = re.compile(f"(?:[^\\W\\d_]|[{MARKS}])+|[^\x00-\x7f]")
# Without those that hardly any language of today has, between those of Azeri, Romanian and Pinyin.
OF_LATIN = re.compile(
    "[\xc0-\xd6\xd8-\xf6\xf8-\u017f\u018f\u01a0\u01a1\u01af\u01b0\u01cd-\u01dc\u0218-\u021b\u0259"
    f"\u1e00-\u1eff{MARKS}]"
)
AT_HOME_IN_LATIN = re.compile(f"[\u1ea0-\u1effİ{MARKS}{''.join(sorted(EVERY_LATIN))}]")
# Letters that languages of today write, of the scripts whose letters are two bytes in UTF-8. Those
# of three and four are taken as they are.
OF_OTHERS = (
    re.compile("[\u0386\u0388-\u03a1\u03a3-\u03ce\u1f00-\u1fff]+"),
    re.compile(
        "[\u0400-\u045f\u0490-\u0493\u049a\u049b\u04a2\u04a3\u04ae-\u04b3\u04b6\u04b7\u04ba\u04bb"
        "\u04d8\u04d9\u04e2\u04e3\u04e8\u04e9\u04ee\u04ef]+"
    ),
    re.compile("[\u0531-\u0556\u0561-\u0587]+"),
    re.compile("[\u05d0-\u05ea]+"),
    re.compile(f"[\u0640{ARABIC}]+"),
    re.compile("[\u0710-\u072f\u074d-\u074f]+"),
    re.compile("[\u0780-\u07a5\u07b1]+"),
    re.compile("[\u07ca-\u07ea]+"),
    re.compile("[\u0800-\u1dff\u2c00-\ud7ff\uf900-\ufaff\ufe70-\uffef\U00010000-\U0003ffff]+"),
)
# Signs of two bytes that stand beside words, and points above and below the letters of words.
SIGNS = frozenset("\xa0¡£§©«®°±²³´·»¼½¾¿×،؛؟٪٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹־")
POINT = re.compile(
    "(?<=[\u05b0-\u05ea])[\u05b0-\u05c2]|(?<=[\u0620-\u06d3])[\u064b-\u0655\u0670]"
    "|(?<=[\u0710-\u07ea])[\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3]"
)
FIRST_OF_THREE_BYTES, REPLACED = "\u0800", "\ufffd"
UNKNOWN = frozenset({"Cn", "Co", "Cs"})
MAX_PROBED_CHARS, MAX_PIECES, MAX_PIECE_CHARS = 64 * 1024, 2000, 100
# So many different signs are several; of those of a language so great a share is at home in it.
SEVERAL, MOSTLY = 4, 0.75
# So many words of ASCII for each sign beyond it are those of a language of Latin letters.
MANY_WORDS = 3


def is_telling(text: str, codec: str = "") -> bool:
    """Say whether a text that was read as UTF-8 holds a word or a sign that is no chance.

    In `codec`, the declared one, a letter beside a Latin word may be a word of its own: `email没`.

    >>> is_telling("f\xf6r"), is_telling("5 \u20ac"), is_telling("email\xfb", "gb18030")
    (True, True, False)
    """
    return LONG_SIGN.search(text[:MAX_PROBED_CHARS]) is not None or _has_latin_word(text, codec)


def is_several(text: str) -> bool:
    """Say whether a text that was read as UTF-8 holds so many letters that it is no chance.

    >>> is_several("Добрий день"), is_several("\u0373"), is_several("\xb0")
    (True, False, False)
    """
    signs = {sign for sign in text[:MAX_PROBED_CHARS] if not sign.isascii()}
    return len(signs - {REPLACED}) >= SEVERAL and is_plausible(text)


def is_plausible(text: str) -> bool:
    """Say whether a text that was read as UTF-8 may be of some language."""
    return _share_at_home(text) >= MOSTLY


def is_likelier(text: str, as_declared: str, codec: str) -> bool:
    """Say whether a text reads better in UTF-8 than in a charset of East Asia that was declared.

    >>> is_likelier("ҽԺ", "医院", "gb18030"), is_likelier("да", "写邪", "gb18030")
    (False, True)
    """
    signs = [sign for sign in as_declared[:MAX_PROBED_CHARS] if not sign.isascii()]
    everyday = sum(sign in EVERYDAY[codec] for sign in signs) / max(len(signs), 1)
    return max(MOSTLY, everyday) <= _share_at_home(text) != everyday


def _pieces(text: str) -> Iterator[re.Match[str]]:
    found = PIECE.finditer(text[:MAX_PROBED_CHARS])
    return islice((match for match in found if match[0] != REPLACED), MAX_PIECES)


def _has_latin_word(text: str, codec: str) -> bool:
    """Say whether a letter beyond ASCII stands in a word of Latin letters."""
    words = [match[0][:MAX_PIECE_CHARS] for match in _pieces(text)]
    others = [word for word in words if not word.isascii()]
    beyond = sum(not sign.isascii() for word in others for sign in word)
    is_of_many = len(words) - len(others) >= MANY_WORDS * beyond
    own = EVERYDAY[codec] if codec in WITHOUT_BLANKS and not is_of_many else frozenset()
    return any(_is_latin(word, codec, own) for word in others)


def _is_latin(word: str, codec: str, own: frozenset[str]) -> bool:
    """Say whether a word is one of Latin letters, given the words of one sign that `codec` has."""
    others = [letter for letter in word if not letter.isascii()]
    if len(others) == len(word) or not _is_in_one_case(word):
        return False
    if word[0].isascii() and word[-1].isascii():
        return all(map(OF_LATIN.match, others))
    is_at_home = all(map(_is_at_home_in_latin, others))
    return is_at_home and not all(
        letter.encode().decode(codec or "ascii", "replace") in own for letter in others
    )


def _is_in_one_case(word: str) -> bool:
    letters = LATIN_MARKS.sub("", word)
    return letters.islower() or letters.isupper() or letters.istitle()


def _share_at_home(text: str) -> float:
    """Return the share of the signs beyond ASCII that stand as some language writes them."""
    at_home, count = 0, 0
    for match in _pieces(text):
        piece = match[0][:MAX_PIECE_CHARS]
        if piece.isascii():
            continue
        others = [sign for sign in piece if not sign.isascii()]
        count += len(others)
        if piece[0].isalpha() or len(piece) > 1:
            at_home += _letters_at_home(piece, others)
        else:
            at_home += _is_sign_at_home(match)
    return at_home / count if count else 0.0


def _letters_at_home(word: str, others: list[str]) -> int:
    """Return how many letters of a word are at home in it: none where it is of two scripts."""
    if any(script.fullmatch("".join(others)) for script in OF_OTHERS):
        return len(others)
    if not all(map(OF_LATIN.match, others)) or not _is_in_one_case(word):
        return 0
    return sum(map(_is_at_home_in_latin, others))


def _is_at_home_in_latin(letter: str) -> bool:
    return AT_HOME_IN_LATIN.match(letter) is not None or letter.lower() in EVERY_LATIN


def _is_sign_at_home(match: re.Match[str]) -> bool:
    sign = match[0]
    if sign >= FIRST_OF_THREE_BYTES:
        return unicodedata.category(sign) not in UNKNOWN
    return sign in SIGNS or POINT.match(match.string, match.start()) is not None
