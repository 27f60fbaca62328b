"""Choose a charset for bytes that nobody declared, by what a person would see in each.

The candidates are the charsets in which the people of these programmes wrote before UTF-8. Each is
tried on the words that hold bytes above ASCII, and counted: common letters of its languages speak
for it; letters of two scripts in one word, capitals inside a word and signs between letters against
it. `för Åsa` in windows-1252 is Swedish, in windows-1251 it is `fцr Еsa`.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from .charsets import WESTERN

MAX_SEARCHED_BYTES, MAX_WORDS, MAX_WORD_BYTES, MAX_PAIRS_BYTES = 256 * 1024, 120, 40, 3000
BETWEEN_WORDS = re.compile(rb"[^A-Za-z\x80-\xff]+")
# What stands beside words in any language; of these only an apostrophe stands inside one.
NEUTRAL = frozenset("’‘“”„«»–—…°§№€¿¡،؛؟\u00a0\u200c\u200d\u200e\u200f")
IN_WORDS = frozenset("’‘\u00a0\u200c\u200d")
COMBINING = frozenset("\u0300\u0301\u0303\u0309\u0323")
MIN_SCORE = 0.2

WEST = "åäöéèüßàçñøæêóáíúôîëïâãõœ"
# Of each language apart: put together, their letters would fit nearly everything.
POLISH, CZECH = "ąćęłńóśźż", "áčďéěíňóřšťúůýžäôĺľŕ"
ROMANIAN, HUNGARIAN, CROATIAN = "ăâîşţșț", "áéíóöőúüű", "čćžšđ"
TURKISH = "ığşçöüâî"
VIETNAMESE = "ăâđêôơưàèìòùáéíóúý"
# From the commonest letter on: two alphabets of one script differ in what stands where.
CYRILLIC = "оаеинтсрвлкмдпуяіыьзгбчйюхжцшїєщґэфъђјљњћџѓќёў"
ARABIC = "الينمرتوبعدسفهكحقةأجشصخطىضذءثئإغظزؤآپچژگکیھہےںٹڈڑېۍ"
GREEK = "αοιετσνηυρπκμλωςδγθχφβξζψάέήίόύώ"
THAI = (
    "านรอก่เง้มยล\u0e31ว\u0e35ดท\u0e34สตะปบค\u0e37หแจพ\u0e4cชข\u0e38ใไ\u0e39โผ\u0e47ถซ"
    "\u0e36ำธณศภญษฟ\u0e4aฉฐฝฎฮ"
)
RANKED = frozenset({CYRILLIC, ARABIC, GREEK, THAI})

# Codec and letters; of two that fit equally well the first is taken.
ALPHABETS = (
    (WESTERN, WEST), ("cp1251", CYRILLIC), ("koi8-u", CYRILLIC), ("cp866", CYRILLIC),
    ("mac-cyrillic", CYRILLIC), ("cp1256", ARABIC), ("iso8859-6", ARABIC),
    *((codec, letters) for letters in (POLISH, CZECH, ROMANIAN, HUNGARIAN, CROATIAN)
      for codec in ("cp1250", "iso8859-2", "cp852")),
    ("cp1254", TURKISH), ("cp1258", VIETNAMESE), ("cp874", THAI), ("cp1253", GREEK),
    ("cp850", WEST), ("mac-roman", WEST), ("iso8859-5", CYRILLIC), ("cp720", ARABIC),
)  # fmt: skip
PAIRS = ("gb18030", "big5", "euc-jp", "cp932", "cp949")
# The commonest characters of Chinese, in both forms, and syllables of Korean.
COMMON_SIGNS = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    "种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机"
    "民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身请谢您"
    "這個們來為國說時會對於過發後裡經學現當沒動還進樣開從實軍無與長機業關將兩間問應戰頭體見產請謝電話號碼件證"
    "证件文护照电话号码地址附"
    "이다는에을의가고하지를도로은한서사인기대자나어리해시그일아정스수원안"
    "日本年人大会国者事一中出上生前立業自間行東書送"
)
FULL_WIDTH = frozenset("，。、？！：；（）《》「」『』・～ー　")


def choose_codec(content: bytes) -> str:
    """Return the codec in which the bytes read best; windows-1252 where none does.

    >>> choose_codec("Надсилаю документи Олени".encode("koi8-u")), choose_codec(b"f\\xf6r \\xc5sa")
    ('koi8-u', 'cp1252')
    """
    words = _words(content)
    letters = b" ".join(words)
    best, best_score = WESTERN, MIN_SCORE
    for codec, alphabet in ALPHABETS:
        score = _score_of_words(letters.decode(codec, "replace"), alphabet)
        if score > best_score:
            best, best_score = codec, score
    pairs = _around_high_bytes(content)
    for codec in PAIRS:
        score = _score_of_signs(pairs.decode(codec, "replace"))
        if score > best_score:
            best, best_score = codec, score
    return best


def _words(content: bytes) -> list[bytes]:
    """Return the first words that hold bytes above ASCII; a cut never costs more than the rest."""
    found = (
        word[:MAX_WORD_BYTES]
        for word in BETWEEN_WORDS.split(content[:MAX_SEARCHED_BYTES])
        if not word.isascii()
    )
    return [word for word, _ in zip(found, range(MAX_WORDS), strict=False)]


def _around_high_bytes(content: bytes) -> bytes:
    """Return the lines with bytes above ASCII, as far as they go into a sample.

    A line begins with a whole character in each of these charsets, so the pairs stay pairs.
    """
    sample = b""
    for line in content[:MAX_SEARCHED_BYTES].split(b"\n"):
        if len(sample) > MAX_PAIRS_BYTES:
            break
        sample += b"" if line.isascii() else line[: MAX_PAIRS_BYTES + 1] + b"\n"
    return sample


def _score_of_words(text: str, alphabet: str) -> float:
    """Return how well words read in an alphabet, for each character above ASCII."""
    weights = _weights(alphabet)
    points, count = 0.0, 0
    for word in text.split(" "):
        count += sum(not letter.isascii() for letter in word)
        points += sum(_points(letter, weights) for letter in word if not letter.isascii())
        points -= _oddities(word)
    return points / count if count else 0.0


def _weights(alphabet: str) -> dict[str, float]:
    """Return what each letter counts; where the order is known, the common ones count more."""
    step = 1.2 / len(alphabet) if alphabet in RANKED else 0.0
    most = 1.4 if step else 1.0
    return {letter: most - step * place for place, letter in enumerate(alphabet)}


def _points(letter: str, weights: dict[str, float]) -> float:
    if letter in NEUTRAL:
        return 0.5
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
    for left, right in pairwise(word):
        if not (left.isalpha() and right.isalpha()):
            continue
        if left.islower() and right.isupper():
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


def candidates() -> Iterable[str]:
    """Return every codec that may be taken, to be offered to a person in its place."""
    return dict.fromkeys((*(codec for codec, _ in ALPHABETS), *PAIRS))
