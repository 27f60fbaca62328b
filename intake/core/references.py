"""Make and read reference codes such as `K7M-4QX-9T`: random, with a check symbol.

Seven random symbols of a 32-letter alphabet (almost 35 bits) and one check symbol over
GF(32). The alphabet has no 0, O, 1 or I, so that a code survives being read aloud. At least
one symbol is a digit: eight small letters without hyphens would read as a word.
The check symbol finds every single wrong symbol and every swap of two symbols,
because all position weights differ. A code tells nothing: no region, programme, date or
order (requirement 7).
"""

import re
import secrets
from typing import TYPE_CHECKING

from intake.core.errors import ReferenceInvalid
from storage.cases import cases

if TYPE_CHECKING:
    from storage.database import Session

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RANDOM_SYMBOLS = 7
# x^5 + x^3 + 1, primitive over GF(2), and a generator of the field's 31 units: its
# powers give each position its own weight. Chosen so that the examples of the
# office's texts, K7M-4QX-9T and P3W-8HD-2C, are well-formed codes.
FIELD_POLYNOMIAL = 0b101001
GENERATOR = 17
# Both cases are written out: ignoring case would also let in the Kelvin sign for K.
SYMBOL = f"[{ALPHABET}{ALPHABET.lower()}]"
# Codes stand in running text. Where a letter or digit of any script stands directly beside
# one, it is part of something else.
IN_TEXT = re.compile(
    rf"(?<![^\W_])({SYMBOL}{{3}})[-\u2010-\u2015 ]?({SYMBOL}{{3}})[-\u2010-\u2015 ]?"
    rf"({SYMBOL}{{2}})(?![^\W_])"
)


def new_reference() -> str:
    """Make a fresh code, written in groups: `K7M-4QX-9T`.

    One draw in eleven has no digit, and is drawn again.
    """
    while True:
        symbols = [secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_SYMBOLS)]
        code = _written([*symbols, _check_symbol(symbols)])
        if any(letter.isdigit() for letter in code):
            return code


def normalise(text: str) -> str:
    """Return a code in its written form.

    Takes lower case, spaces or missing hyphens. Raises ReferenceInvalid for
    anything that is not a whole code with the right check symbol.
    """
    match = IN_TEXT.fullmatch(text.strip())
    if match is None:
        raise ReferenceInvalid
    symbols = [ALPHABET.index(letter) for letter in "".join(match.groups()).upper()]
    if _check_symbol(symbols[:-1]) != symbols[-1]:
        raise ReferenceInvalid
    return _written(symbols)


def find_all(text: str, *, limit: int = 20) -> list[str]:
    """Return the valid codes that stand in a text, normalised, in order, each once.

    A word of eight letters has the right check symbol by chance, one in 32. It is no code,
    since every code has a digit.
    """
    found: dict[str, None] = {}
    for match in IN_TEXT.finditer(text):
        if _reads_as_words(match.group()):
            continue
        try:
            found[normalise(match.group())] = None
        except ReferenceInvalid:
            continue
        if len(found) == limit:
            break
    return list(found)


def _reads_as_words(text: str) -> bool:
    """Tell whether letters are words such as `escalate` or `hen har en`, and no code.

    Letters in capitals alone may be a code: the check symbol decides.
    """
    letters = text.replace(" ", "")
    return letters.isalpha() and not letters.isupper()


def _written(symbols: list[int]) -> str:
    letters = "".join(ALPHABET[symbol] for symbol in symbols)
    return f"{letters[:3]}-{letters[3:6]}-{letters[6:]}"


def _check_symbol(symbols: list[int]) -> int:
    check, weight = 0, GENERATOR
    for symbol in symbols:
        check ^= _times(symbol, weight)
        weight = _times(weight, GENERATOR)
    return check


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= FIELD_POLYNOMIAL
        right >>= 1
    return product


def unused_reference(session: "Session") -> str:
    """Make a code that no case or submission has yet; a second try is rare with 35 random bits."""
    while True:
        reference = new_reference()
        if not cases.is_reference_taken(session, reference):
            return reference
