"""Tell words that some language of Latin letters has from those that none has.

In these languages a letter beyond ASCII stands among letters of ASCII. What is written with none
of them is short, and keeps to the letters of one language and to one case, as the Icelandic `þú`. A
word of another script that is read in a Latin charset does not: `привет` in windows-1251 is
`ïðèâåò`.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from .alphabets import CROATIAN, CZECH, HUNGARIAN, LATVIAN, LITHUANIAN, POLISH, ROMANIAN, TURKISH

# Letters that stand beside each other without one of ASCII, in the languages of the Western charset
# and in those of the others; of these languages words may.
CLOSE = ("åäöüßõéšž", "æøåäöé", "áéíóúýþðæöø")
CLOSE_ELSEWHERE = (
    POLISH, CZECH, HUNGARIAN, CROATIAN, ROMANIAN, TURKISH, LITHUANIAN, LATVIAN,
    "ìíòóùúàáèéêôâăđơưýỳãõ\u0300\u0301\u0303\u0309\u0323",
)  # fmt: skip
# The first two are those of Swedish, Finnish, Estonian, Danish and Norwegian.
OF_THE_NORTH, OF_ICELAND, ONLY_OF_ICELAND = CLOSE[:2], frozenset(CLOSE[2]), frozenset("þð")
WORDS = frozenset({"çà"})
# Of these, two letters may.
LOOSE = (
    "åäöéüàæøèáíñç", "äöüßéàè", "æøåéóòôêèäöüáâ", "éèàùçâêîôûëïüœÿæöñ", "áéíóúüñçàèòï",
    "áâãàçéêíóôõúüèòö", "àèéìíîòóùú", "éëïóöüèêáíúñ", "âêîôûáéíóëïöäàèŵŷ", "ëçéà", "ìíòóàáèéùú",
)  # fmt: skip
MAX_LOOSE = 2
# What is listed so is a row of a keyboard.
MIN_ROW = 3
# What a word may be made of: letters, their marks, and signs that are letters in another charset.
# Quotation marks, dashes and full stops part words in all languages.
PIECE = re.compile(
    "(?:[^\\W\\d_]|[\u0300-\u036f\\x80-\\x9f\u02c6\u02dc\u2020\u2021\u2030\u20ac\u2122\ufffd"
    "\xa1-\xaa\xac\xae-\xb6\xb8-\xba\xbc-\xbf\xd7\xf7])+"
)
# What begins a sentence in Spanish.
BEGINS = "¡¿"
MIN_WITH_SIGNS, MIN_SIGNS = 3, 2
# Accents that are typed for an apostrophe, the dot of Catalan, and ordinals stand within words.
WITHIN = frozenset("´¨¸¯˜ˆ·")


def count_strange(text: str, *, is_western: bool) -> tuple[int, int]:
    """Return how many characters stand in words of no language, and letters beyond ASCII in others.

    `is_western` tells that the charset is one of Western Europe. A letter by itself, and signs
    beside words, count for neither.

    >>> count_strange("Hej Åsa, åäö!", is_western=True)
    (0, 4)
    >>> count_strange("Ïðèâåò, Åva", is_western=True)
    (6, 1)
    """
    close = CLOSE if is_western else (*CLOSE, *CLOSE_ELSEWHERE)
    strange = others = 0
    for match in PIECE.finditer(text):
        piece = match[0].strip(BEGINS)
        core = _without_signs_around(piece)
        if piece.isascii() or not core:
            continue
        if (
            _has_signs_within(core)
            if any(map(str.isascii, piece))
            else _is_strange(piece, core, close)
        ):
            strange += len(piece)
        elif len(core) > 1:
            others += sum(letter.isalpha() and not letter.isascii() for letter in core)
    return strange, others


def may_be_of_another_script(text: str) -> bool:
    """Say whether words of no letter of ASCII are all that a text has beyond ASCII.

    They may be short words of another script, as «Да» in windows-1251 is `Äà`. A text with one word
    that has both, or one such as the languages of the Western charset have, is of Latin letters.

    >>> [may_be_of_another_script(text) for text in ("Äà", "Äà, Åsa", "öä", "þú", "Hej")]
    [True, False, False, False, False]
    """
    found = False
    for match in PIECE.finditer(text):
        piece = match[0].strip(BEGINS)
        letters = {letter.lower() for letter in piece if is_character(letter)}
        if not letters or piece.isascii():
            continue
        if any(map(str.isascii, piece)):
            if not all(map(str.isascii, letters)):
                return False
        elif len(piece) > 1:
            if len(set(piece)) == 1 or _is_western(piece, letters):
                return False
            found = True
    return found


def _is_western(piece: str, letters: set[str]) -> bool:
    if any(letters <= set(alphabet) for alphabet in OF_THE_NORTH) or piece.lower() in WORDS:
        return True
    if letters <= OF_ICELAND and not ONLY_OF_ICELAND.isdisjoint(letters):
        return True
    bases = [unicodedata.normalize("NFD", letter)[0] for letter in piece.lower()]
    return len(piece) >= MIN_ROW and bases == sorted(set(bases))


def has_only_vowels(text: str) -> bool:
    """Say whether such words are of letters that stand together in Iceland, as names may."""
    pieces = (match[0].strip(BEGINS) for match in PIECE.finditer(text))
    return all(
        set(piece.lower()) <= OF_ICELAND
        for piece in pieces
        if len(piece) > 1 and not piece.isascii() and not any(map(str.isascii, piece))
    )


def _without_signs_around(piece: str) -> str:
    letters = [place for place, sign in enumerate(piece) if is_character(sign)]
    return piece[letters[0] : letters[-1] + 1] if letters else ""


def is_character(sign: str) -> bool:
    """Say whether a character is a letter, or a mark that belongs to one."""
    return unicodedata.category(sign)[0] in "LM"


def _has_signs_within(core: str) -> bool:
    return any(
        not is_character(sign)
        and sign not in WITHIN
        and not (sign in BEGINS and after.isupper())  # a blank is missing before it
        for sign, after in pairwise(core)
    )


def _is_strange(piece: str, core: str, close: Sequence[str]) -> bool:
    """Say whether a word without a letter of ASCII, `core` without signs around it, is of none."""
    signs = {sign for sign in piece if not is_character(sign)}
    if len(signs) >= MIN_SIGNS and len(piece) >= MIN_WITH_SIGNS:
        return True
    letters = {letter.lower()[0] for letter in core}
    if len(core) == 1 or len(letters) == 1:
        return False
    is_one_case = core.islower() or core.isupper() or core.istitle()
    # Somebody may list the letters of a keyboard: «àèìòù».
    bases = [unicodedata.normalize("NFD", letter)[0] for letter in core.lower()]
    is_loose = len(core) <= MAX_LOOSE or bases == sorted(bases)
    alphabets = (*close, *LOOSE) if is_loose else close
    return not (is_one_case and any(letters <= {*each, "i"} for each in alphabets))
