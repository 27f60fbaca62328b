"""Turn text into words that survive a bad scan: folded, joined, misread digits undone.

The time is linear in the text, which the caller has cut.
"""

import re
import unicodedata

# How much of one page is read: the rest of a page seldom says what the document is.
MAX_PAGE_CHARS = 6_000
WORD = re.compile(r"[^\W_]+")
# Lines for machines (ICAO 9303) hold names and numbers, and no words.
FILLER = "<<"
BROKEN_WORD = re.compile(r"([^\W\d_])-\n([^\W\d_])")
# Letters that no decomposition takes apart, and digits that OCR puts for letters.
FOLDED = str.maketrans({"ø": "o", "æ": "a", "ß": "ss", "ı": "i", "ł": "l", "đ": "d"})
MISREAD = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b", "6": "o"})


def fold(text: str) -> str:
    """Return text in small letters without marks, so that å and ä read like a.

    >>> fold("Återvändande")
    'atervandande'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    # A page has few different signs, so each is looked up once and all are removed in one go.
    marks = {ord(sign): "" for sign in set(parts) if unicodedata.combining(sign)}
    return parts.translate(FOLDED | marks)


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of one page; a word broken at a line's end is one word.

    Lines for machines are left out. Digits inside a word of letters are read as the letters
    that they resemble.

    >>> words_of("Risk-\\nbedömning f0r 2026")
    ('riskbedomning', 'for', '2026')
    """
    kept = "\n".join(line for line in text[:MAX_PAGE_CHARS].split("\n") if FILLER not in line)
    joined = BROKEN_WORD.sub(r"\1\2", kept)
    return tuple(_undone(word) for word in WORD.findall(fold(joined)))


def _undone(word: str) -> str:
    if word.isalpha():
        return word
    digits = sum(letter.isdigit() for letter in word)
    return word.translate(MISREAD) if 0 < digits <= len(word) // 3 else word
