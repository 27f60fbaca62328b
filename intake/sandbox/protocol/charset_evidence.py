"""Choose a charset for bytes that nobody declared, by what a person would see in each.

The candidates are the charsets in which the people of these programmes wrote before UTF-8. Each is
tried on the words that hold bytes above ASCII, and counted: common letters of its languages speak
for it; letters of two scripts in one word, capitals inside a word and signs between letters against
it. `för Åsa` in windows-1252 is Swedish, in windows-1251 it is `fцr Еsa`.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from .charsets import LATIN, WESTERN, WESTERN_ONES
from .languages import latin
from .languages.alphabets import (
    ARABIC,
    COMMON_SIGNS,
    CROATIAN,
    CYRILLIC,
    CZECH,
    ESTONIAN,
    FULL_WIDTH,
    GREEK,
    HEBREW,
    HUNGARIAN,
    LAST_LETTERS,
    LATVIAN,
    LITHUANIAN,
    NEVER_LAST,
    PAIRS_OF,
    POLISH,
    RANKED,
    ROMANIAN,
    THAI,
    TURKISH,
    VIETNAMESE,
    WEST,
)

MAX_SEARCHED_BYTES, MAX_WORDS, MAX_WORD_BYTES, MAX_PAIRS_BYTES = 256 * 1024, 120, 40, 3000
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
BETWEEN_WORDS = re.compile(rb"[^A-Za-z\x80-\xff]+")
# What stands beside words in any language; of these only an apostrophe stands inside one.
NEUTRAL = frozenset("’‘“”„«»–—…°§№€¿¡،؛؟\u00a0\u200c\u200d\u200e\u200f")
IN_WORDS = frozenset("’‘\u00a0\u200c\u200d")
# Signs that stand alone, or beside a word: a bullet, a degree, a copyright.
BESIDE_WORDS = frozenset("•·‹›™®©°±×½¼¾¢¥²³µ†")
# What a sign counts where it usually stands, and one of the rarer ones.
SIGN_IN_PLACE, RARER_SIGN = 0.9, 0.7
# Letters that are words by themselves in the languages of Latin letters.
WORDS_OF_ONE_LETTER = frozenset("åéàóöúäí")
# What it counts that most mail without a declaration, and all of Outlook's, is in this charset.
WESTERN_BONUS = 0.15
COMBINING = frozenset("\u0300\u0301\u0303\u0309\u0323")
MIN_SCORE = 0.2
# Two capitals and a small letter beyond ASCII, of which most are signs in another charset.
CAPITALS_AND_SMALL = re.compile(r"[A-Z]{2}(?:(?![A-Z])[^\W\d_a-z])+(?<=[^\x00-\x7f])(?:\W|\Z)")
# From here on hardly anything speaks against a reading: even one letter may be believed.
SURE_SCORE = 0.8
# What it counts that other parts of the mail are in a charset, as long as the text reads in it.
NEAR_BONUS = 0.4
# What a reading gains or loses by how many pairs of its letters are common in the language, and the
# share of them that tells nothing. What it gains where the charset is the usual one of its letters.
PAIRS_COUNT, USUAL_SHARE, USUAL_BONUS = 0.6, 0.5, 0.05
USUAL = frozenset({"cp1251", "koi8-u", "cp1256", "cp1255", "cp874", "cp1253"})
# From here on a reading is clear enough to be taken in place of a declaration that cannot be right.
CLEAR_RANK = 0.6
# So few characters tell nothing; so many times the others make a text one of no language.
MIN_STRANGE, TELLING = 3, 4
# So many readings are offered to a person, each of which looks different.
MAX_OFFERED = 5
MAX_LETTERS = 2000
# Share of the letters of a text that an alphabet must have to be that of its language.
MIN_SHARE = 0.9

# Codec and letters; of two that fit equally well the first is taken.
ALPHABETS = (
    (WESTERN, WEST), ("cp1251", CYRILLIC), ("koi8-u", CYRILLIC), ("cp866", CYRILLIC),
    ("mac-cyrillic", CYRILLIC), ("cp1256", ARABIC), ("iso8859-6", ARABIC),
    ("cp1255", HEBREW), ("iso8859-8", HEBREW), ("cp862", HEBREW),
    *((codec, letters) for letters in (POLISH, CZECH, ROMANIAN, HUNGARIAN, CROATIAN)
      for codec in ("cp1250", "iso8859-2", "cp852")),
    ("cp1254", TURKISH), ("cp1258", VIETNAMESE), ("cp874", THAI), ("cp1253", GREEK),
    ("cp850", WEST), ("mac-roman", WEST), ("iso8859-5", CYRILLIC), ("cp720", ARABIC),
    *(("cp1257", letters) for letters in (LITHUANIAN, LATVIAN, ESTONIAN)),
)  # fmt: skip
PAIRS = ("gb18030", "big5", "euc-jp", "cp932", "cp949")


@dataclass(frozen=True)
class _Reading:
    """Hold how well some bytes read in a codec, and how they read in it."""

    codec: str
    score: float
    is_near: bool
    text: str
    by_pairs: float = 0.0

    @property
    def is_fit(self) -> bool:
        return self.score >= (0.0 if self.is_near else MIN_SCORE)

    @property
    def rank(self) -> float:
        return self.score + self.by_pairs + (NEAR_BONUS if self.is_near else 0.0)


def choose_codec(content: bytes, near: Collection[str] = ()) -> str:
    """Return the codec in which the bytes read best; windows-1252 where none does.

    `near` are the codecs of the mail's other parts, which count for a little more.

    >>> choose_codec("Надсилаю документи Олени".encode("koi8-u")), choose_codec(b"f\\xf6r \\xc5sa")
    ('koi8-u', 'cp1252')
    """
    fits = [reading for reading in _readings(content, near) if reading.is_fit]
    # Of two that are equal the first is taken.
    return max(fits, key=lambda reading: reading.rank).codec if fits else WESTERN


def choose_other(content: bytes, refused: str, near: Collection[str] = ()) -> str | None:
    """Return the codec in which bytes read clearly beside a refused one, None where they do not.

    >>> choose_other("Привет".encode("cp1251"), WESTERN), choose_other(b"\\xb4\\xfe", WESTERN)
    ('cp1251', None)
    """
    others = [reading for reading in _readings(content, near) if reading.codec != refused]
    best = max(others, key=lambda reading: reading.rank)
    return best.codec if best.rank >= CLEAR_RANK else None


def choose_near(content: bytes, near: Collection[str]) -> str | None:
    """Return the codec of the mail's other parts in which bytes read clearly, if there is one.

    >>> choose_near("Да".encode("cp1251"), ["cp1251"]), choose_near(b"\xc4\xe0", [WESTERN])
    ('cp1251', None)
    """
    others = [each for each in _readings(content, near) if each.is_near and each.codec not in LATIN]
    clear = [reading for reading in others if reading.rank >= CLEAR_RANK]
    # A word of three letters tells no charset of one alphabet from another.
    best = max(clear, key=lambda each: (each.codec in USUAL, each.rank), default=None)
    return best.codec if best is not None else None


def may_be_of_another_script(content: bytes, codec: str) -> bool:
    """Say whether bytes have no word of Latin letters in a Western codec, but words beyond ASCII.

    >>> may_be_of_another_script("Да".encode("cp1251"), WESTERN)
    True
    """
    return codec in WESTERN_ONES and latin.may_be_of_another_script(_words_in(content, codec))


def may_be_western(content: bytes, codec: str) -> bool:
    """Say whether a language of Western Europe may have such words all the same."""
    return latin.has_only_vowels(_words_in(content, codec))


def _words_in(content: bytes, codec: str) -> str:
    return b" ".join(_words(content)).decode(codec, "replace")


def fits_latin(content: bytes, codec: str) -> bool | None:
    """Say whether bytes read in a codec of Latin letters as any language, None where in doubt.

    >>> fits_latin(b"f\\xf6r \\xc5sa", WESTERN), fits_latin("Привет".encode("cp1251"), WESTERN)
    (True, False)
    """
    text = _words_in(content, codec)
    strange, others = latin.count_strange(text, is_western=codec in WESTERN_ONES)
    if strange < MIN_STRANGE - 1 or TELLING * strange <= others:
        return True
    return False if strange >= MIN_STRANGE and strange > others else None


def is_sure_of_one(content: bytes) -> bool:
    """Say whether bytes read well in some codec; those of a stray byte in a word do not.

    >>> is_sure_of_one(b"f\\xf6r"), is_sure_of_one(b"Hej\\x80AKUT\\x80")
    (True, False)
    """
    return any(reading.score >= SURE_SCORE for reading in _readings(content, ()))


def reads_in(content: bytes, codec: str) -> bool:
    """Say whether bytes read well in a codec, whatever else they read well in."""
    readings = _readings(content, (codec,))
    return any(each.codec == codec and each.score >= MIN_SCORE for each in readings)


def plausible(content: bytes, near: Collection[str] = (), taken: str = "") -> list[str]:
    """Return the codecs in which the bytes read well, the best first, without `taken`.

    Of those in which the same is read only the first is there.
    """
    readings = sorted(_readings(content, near), key=lambda reading: -reading.rank)
    seen = {reading.text for reading in readings if reading.codec == taken}
    found: list[str] = []
    for reading in readings:
        if reading.text not in seen and len(found) < MAX_OFFERED and reading.is_fit:
            seen.add(reading.text)
            found.append(reading.codec)
    return found


def codecs_for(text: str) -> set[str]:
    """Return the codecs of the languages that a text may be in, by its letters above ASCII.

    >>> sorted(codecs_for("Олена")), codecs_for("Elena")
    (['cp1251', 'cp866', 'iso8859-5', 'koi8-u', 'mac-cyrillic'], set())
    """
    letters = [each for each in text[:MAX_LETTERS].lower() if not each.isascii() and each.isalpha()]
    found = {
        codec
        for codec, alphabet in ALPHABETS
        if letters and sum(each in alphabet for each in letters) >= MIN_SHARE * len(letters)
    }
    signs = [each for each in text[:MAX_LETTERS] if not each.isascii()]
    is_sign = signs and _score_of_signs(text[:MAX_LETTERS]) > MIN_SCORE
    for codec in PAIRS if is_sign else ():
        if len("".join(signs).encode(codec, "ignore").decode(codec)) >= MIN_SHARE * len(signs):
            found.add(codec)
    return found


def _readings(content: bytes, near: Collection[str]) -> list[_Reading]:
    letters = b" ".join(_words(content))
    further = [(codec, _own_letters(codec)) for codec in near if codec not in candidates()]
    found: list[_Reading] = []
    for codec, alphabet in (*ALPHABETS, *further):
        text = letters.decode(codec, "replace")
        score = _score_of_words(text, alphabet) + (WESTERN_BONUS if codec == WESTERN else 0.0)
        by_pairs = _by_pairs(text, alphabet) + (USUAL_BONUS if codec in USUAL else 0.0)
        found.append(_Reading(codec, score, codec in near, text, by_pairs))
    pairs = _around_high_bytes(content)
    for codec in PAIRS:
        text = pairs.decode(codec, "replace")
        found.append(_Reading(codec, _score_of_signs(text), codec in near, text))
    return found


def _by_pairs(text: str, alphabet: str) -> float:
    """Return what speaks for a reading by the pairs of its letters, below 0 where it is against."""
    common = PAIRS_OF.get(alphabet)
    if common is None:
        return 0.0
    pairs = [
        left + right
        for left, right in pairwise(text.lower())
        if not (left.isascii() or right.isascii())
    ]
    share = sum(pair in common for pair in pairs) / len(pairs) if pairs else USUAL_SHARE
    return PAIRS_COUNT * (share - USUAL_SHARE)


def _own_letters(codec: str) -> str:
    """Return the letters above ASCII of a codec of single bytes."""
    every = bytes(range(0x80, 0x100)).decode(codec, "ignore")
    return "".join(letter for letter in every if letter.isalpha())


def _words(content: bytes) -> list[bytes]:
    """Return the first words that hold bytes above ASCII; a cut never costs more than the rest."""
    first = BEYOND_ASCII.search(content)
    start = max(first.start() - MAX_WORD_BYTES, 0) if first else 0
    found = (
        word[:MAX_WORD_BYTES]
        for word in BETWEEN_WORDS.split(content[start : start + MAX_SEARCHED_BYTES])
        if not word.isascii()
    )
    return [word for word, _ in zip(found, range(MAX_WORDS), strict=False)]


def _around_high_bytes(content: bytes) -> bytes:
    """Return the lines with bytes above ASCII, as far as they go into a sample.

    A line begins with a whole character in each of these charsets, so the pairs stay pairs.
    """
    sample = b""
    first = BEYOND_ASCII.search(content)
    start = content.rfind(b"\n", 0, first.start()) + 1 if first else 0
    for line in content[start : start + MAX_SEARCHED_BYTES].split(b"\n"):
        if len(sample) > MAX_PAIRS_BYTES:
            break
        sample += b"" if line.isascii() else line[: MAX_PAIRS_BYTES + 1] + b"\n"
    return sample


def _score_of_words(text: str, alphabet: str) -> float:
    """Return how well words read in an alphabet, for each character above ASCII."""
    weights = _weights(alphabet)
    points, count = 0.0, 0
    words = text.split(" ")
    has_words = any(
        len(word) > 1 and not word[0].isascii() and word[:2].isalpha() for word in words
    )
    for word in words:
        count += sum(not letter.isascii() for letter in word)
        points += sum(
            _points(word, place, weights)
            for place, letter in enumerate(word)
            if not letter.isascii()
        )
        points -= _oddities(word) + _lonely(word, has_words=has_words)
    return points / count if count else 0.0


def _lonely(word: str, *, has_words: bool) -> float:
    """Return what speaks against a word of one letter: most are signs in another charset.

    `has_words` tells that longer words of such letters stand in the text.
    """
    if len(word) != 1 or word.isascii() or not word.isalpha():
        return 0.0
    if _script(word) == "L":
        return 0.0 if word.lower() in WORDS_OF_ONE_LETTER else 2.0
    return 0.0 if has_words else 3.0


def _weights(alphabet: str) -> dict[str, float]:
    """Return what each letter counts; where the order is known, the common ones count more."""
    step = 1.2 / len(alphabet) if alphabet in RANKED else 0.0
    most = 1.4 if step else 1.0
    return {letter: most - step * place for place, letter in enumerate(alphabet)}


def _points(word: str, place: int, weights: dict[str, float]) -> float:
    letter = word[place]
    before, after = word[max(place - 1, 0) : place], word[place + 1 : place + 2]
    is_within = before.isalpha() and after.isalpha()
    if letter in NEUTRAL:
        return 0.5 if is_within and letter not in IN_WORDS else SIGN_IN_PLACE
    if letter in BESIDE_WORDS and not is_within and (before + after).isascii():
        return RARER_SIGN
    if letter in COMBINING:
        return 0.5
    known = weights.get(letter.lower())
    if known is not None:
        return known
    return -0.7 if unicodedata.category(letter)[0] in "LM" else -3.0


def _oddities(word: str) -> float:
    """Return what speaks against a word, pair by pair of its characters."""
    against = 2.5 * sum(
        sign in NEUTRAL and sign not in IN_WORDS and before.isalpha() and after.isalpha()
        for before, sign, after in zip(word, word[1:], word[2:], strict=False)
    )
    if len(word) > 1 and word[-1] in NEVER_LAST:
        against += 1.0
    has_letters = any(letter.isalpha() and not letter.isascii() for letter in word)
    if has_letters and word.isupper() and len(word) > 1:
        against += 0.1 * len(word)  # rarer than the same letters in lower case
    if has_letters and CAPITALS_AND_SMALL.search(word):
        against += 1.0
    for left, right in pairwise(word):
        if not (left.isalpha() and right.isalpha()):
            continue
        if left in LAST_LETTERS or (left.islower() and right.isupper()):
            against += 1.0
        scripts = _script(left), _script(right)
        if scripts[0] != scripts[1]:
            against += 2.0
        elif scripts[0] == "L" and not (left.isascii() or right.isascii()):
            against += 1.2  # two accented Latin letters side by side are rare
    return against


def _script(letter: str) -> str:
    """Return a sign for the script of a letter; all Latin letters stand below U+0250."""
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "L"
    return chr(ord(letter) >> 8)


def _score_of_signs(text: str) -> float:
    """Return how well text reads as Chinese, Japanese or Korean, for each character."""
    signs = [sign for sign in text if not sign.isascii()]
    return sum(map(_points_of_sign, signs)) / len(signs) if signs else 0.0


def _points_of_sign(sign: str) -> float:
    if sign in COMMON_SIGNS or sign in FULL_WIDTH or "\u3041" <= sign <= "\u3096":
        return 1.5
    if "\u30a1" <= sign <= "\u30fa" or "\uac00" <= sign <= "\ud7a3":
        return 0.6
    return 0.1 if "\u4e00" <= sign <= "\u9fff" else -2.0


def candidates() -> Collection[str]:
    """Return every codec that may be taken, to be offered to a person in its place."""
    return dict.fromkeys((*(codec for codec, _ in ALPHABETS), *PAIRS))
