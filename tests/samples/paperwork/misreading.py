"""Spoil a text about as OCR of a poor scan does, by judgement and not by measurement.

Whole lines go missing, words run together or fall apart, letters are taken for others that
look alike, the marks of å, ä, ö go or turn into something else, and specks become signs.
"""

import random

LIKE = {
    "a": "aeo", "c": "e(", "d": "cl", "e": "co", "f": "t", "g": "9y", "h": "lin", "i": "1lj",
    "l": "I|!", "m": "nn", "n": "u", "o": "0c", "r": "rn", "s": "5z", "t": "f+", "u": "v", "v": "y",
    "B": "8", "G": "6", "I": "l", "O": "0", "S": "5", "Z": "2", "å": "aäé", "ä": "aåé", "ö": "oé6",
    "Å": "A", "Ä": "A", "Ö": "O",
}  # fmt: skip
SPECKS = ".,'`-_~|:"


def misread(text: str, chance: random.Random) -> str:
    """Return a text as read off a poor scan; how poor is up to chance, up to one letter in 12."""
    share = chance.uniform(0.01, 0.08)
    mark_loss = chance.uniform(0.1, 0.9)
    lines = [line for line in text.splitlines() if chance.random() > 0.08]
    return "\n".join(_line(line, share, mark_loss, chance) for line in lines)


def _line(line: str, share: float, mark_loss: float, chance: random.Random) -> str:
    cut = len(line) - (chance.randint(1, 8) if chance.random() < 0.05 else 0)
    read = "".join(_sign(sign, share, mark_loss, chance) for sign in line[: max(cut, 0)])
    return f"{chance.choice(SPECKS)} {read}" if chance.random() < share else read


def _sign(sign: str, share: float, mark_loss: float, chance: random.Random) -> str:
    if sign in "åäöÅÄÖ" and chance.random() < mark_loss:
        return chance.choice(LIKE[sign])
    if chance.random() >= share:
        # A word falls apart now and then between two good letters.
        return f"{sign} " if sign.isalpha() and chance.random() < share / 12 else sign
    if sign == " ":
        return "" if chance.random() < 0.4 else sign
    return chance.choice(LIKE[sign]) if sign in LIKE and chance.random() < 0.9 else sign
