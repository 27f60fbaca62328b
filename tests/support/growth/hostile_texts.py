"""Make texts that a pattern goes through slowly if it can: what it repeats, and then no match.

It reads patterns with the parser of `re`, which is private to it; a release of Python that changes
it makes the tests fail that use this, not pass.
"""

import importlib
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

PARSER = importlib.import_module("re._parser")
# Where a class takes several letters, the first of these stand for it.
LETTERS = "a0 @<.:-\t>Aå/x_,(;'\"=[?!\u200f\n"
REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
# An upper bound of a repetition from which on it counts as one of any length.
MANY = 50
# So many ways through a pattern are tried: each takes other branches, letters and options.
WAYS = 6
MAX_UNITS = 40
MAX_PREFIXES = 4

# What the parser returns is of no public type: pairs of an operation and what it works on.
Parsed = Any


def units(pattern: "re.Pattern[Any]") -> list[str]:
    """Return texts to be repeated, of one letter to a whole match."""
    bodies: dict[str, None] = {}
    for way in range(WAYS):
        found: list[str] = []
        bodies[_example(_parsed(pattern), way, found)] = None
        bodies.update(dict.fromkeys(found))
    short = [each for each in bodies if 0 < len(each) < 3]
    pairs = (one + other for one, other in itertools.permutations(short, 2))
    singles = (each for each in bodies if each)
    chosen = dict.fromkeys(itertools.chain(singles, " @<a0", pairs))
    return list(itertools.islice(chosen, MAX_UNITS))


def prefixes(pattern: "re.Pattern[Any]") -> list[str]:
    """Return what may stand before the repeated text: nothing, or what the pattern begins with."""
    heads: dict[str, None] = {"": None}
    for way in range(WAYS):
        parsed = list(_parsed(pattern))
        loops = [at for at, (name, _) in enumerate(parsed) if str(name) in REPEATS]
        for at in loops:
            heads[_example(parsed[:at], way, [])] = None
    return list(itertools.islice(heads, MAX_PREFIXES))


def _parsed(pattern: "re.Pattern[Any]") -> Parsed:
    return PARSER.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def _example(parsed: Iterable[Parsed], way: int, loops: list[str]) -> str:
    """Return a text that the pattern takes on one way through it; `loops` gets what it repeats."""
    return "".join(_piece(str(name), value, way, loops) for name, value in parsed)


def _piece(name: str, value: Parsed, way: int, loops: list[str]) -> str:
    if name == "LITERAL":
        return chr(value)
    if name in {"ANY", "NOT_LITERAL"}:
        return "a" if name == "ANY" or value != ord("a") else "0"
    if name == "IN":
        letters = _letters(value)
        return letters[way % len(letters)]
    if name == "BRANCH":
        return _example(value[1][way % len(value[1])], way, loops)
    if name in {"SUBPATTERN", "ATOMIC_GROUP"}:
        return _example(value[-1] if name == "SUBPATTERN" else value, way, loops)
    if name not in REPEATS:
        return ""
    least, most, body = value
    text = _example(body, way, loops)
    if int(most) > MANY:
        loops.append(text)
    # What may be left out is left out on each second way.
    return text * max(int(least), way % 2 if int(most) <= MANY else 1)


def _letters(value: Sequence[Parsed]) -> str:
    """Return letters that a class takes, at least one."""
    is_other = str(value[0][0]) == "NEGATE"
    taken = [
        each
        for each in LETTERS
        if any(_takes(kind, item, each) for kind, item in value) != is_other
    ]
    named = [
        chr(item if str(name) == "LITERAL" else item[0])
        for name, item in value
        if str(name) in {"LITERAL", "RANGE"} and not is_other
    ]
    return "".join(dict.fromkeys([*named[:3], *taken])) or "\u4e00"


def _takes(name: object, value: Parsed, letter: str) -> bool:
    if str(name) == "LITERAL":
        return bool(value == ord(letter))
    if str(name) == "RANGE":
        return bool(value[0] <= ord(letter) <= value[1])
    category = str(value)
    if str(name) != "CATEGORY":
        return False
    if "DIGIT" in category:
        is_in = letter.isdigit()
    elif "SPACE" in category:
        is_in = letter.isspace()
    else:
        is_in = letter.isalnum() or letter == "_"
    return is_in != ("NOT" in category)
