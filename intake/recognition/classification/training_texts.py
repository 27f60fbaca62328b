"""Make examples from the training texts that ship with the product.

The texts (`training/CODE.txt`) are synthetic: we wrote them to resemble such documents and took
none of them from a real one. A block begins with "= sv" or "= en"; "! " marks its alternative
headings; `{name}` and the like are filled with invented values. Blocks under UNK are documents of
none of the types. Chance is a parameter.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TRAINING = Path(__file__).parent / "training"
COMMON = "common"
BLOCK = re.compile(r"^= ", re.MULTILINE)
# Single letters that a scan often misreads; wide ones such as m fall apart into two.
CONFUSED = {
    "å": "a", "ä": "a", "ö": "o", "é": "e", "l": "1", "i": "l", "o": "0", "m": "rn", "e": "c",
    "t": "f", "s": "5", "n": "ri", "u": "ii", "g": "q", "h": "b", "k": "l<",
}  # fmt: skip
KEEP_LINE, KEEP_HEADING, MAX_COMMON_LINES = 0.8, 0.6, 7
SYLLABLES = ("ba", "de", "fo", "gu", "ke", "li", "mo", "na", "ru", "ti", "va", "xo")


@dataclass(frozen=True)
class Template:
    """One block: its type, language, headings to choose from, and lines."""

    code: str
    language: str
    number: int
    titles: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """A text with the type that a person, or its template, gave it."""

    text: str
    code: str


def load_templates(folder: Path = TRAINING) -> tuple[Template, ...]:
    """Read every block, numbered within its type and language from zero."""
    return tuple(
        template
        for path in sorted(folder.glob("*.txt"))
        for template in _blocks(path.stem, path.read_text(encoding="utf-8"))
    )


def write_examples(
    templates: tuple[Template, ...], copies: int, chance: random.Random
) -> Iterator[tuple[Template, Example]]:
    """Yield each template `copies` times, each time filled, thinned and damaged differently."""
    common = {each.language: each.lines for each in templates if each.code == COMMON}
    for template in templates:
        if template.code == COMMON:
            continue
        for copy in range(copies):
            text = _written(template, common.get(template.language, ()), chance)
            damage = (0.0, 0.02, 0.06)[copy % 3]
            yield template, Example(damaged(text, damage, chance), template.code)


def damaged(text: str, share: float, chance: random.Random) -> str:
    """Return a text with about that share of its letters misread, marks lost, words torn."""
    if share <= 0:
        return text
    loses_marks = chance.random() < 0.5
    return "".join(_misread(letter, share, loses_marks, chance) for letter in text)


def _misread(letter: str, share: float, loses_marks: bool, chance: random.Random) -> str:
    if letter in "åäö" and loses_marks:
        return CONFUSED[letter]
    if chance.random() >= share:
        return letter
    if letter == " ":
        return "" if chance.random() < 0.5 else "  "
    return CONFUSED.get(letter, letter)


def _blocks(code: str, text: str) -> Iterator[Template]:
    numbers: dict[str, int] = {}
    for block in BLOCK.split(text)[1:]:
        language, *lines = block.strip().splitlines()
        number = numbers.get(language, 0)
        numbers[language] = number + 1
        titles = tuple(line[2:] for line in lines if line.startswith("! "))
        body = tuple(line for line in lines if not line.startswith("! "))
        yield Template(code, language, number, titles, body)


def _written(template: Template, common: tuple[str, ...], chance: random.Random) -> str:
    body = [line for line in template.lines if chance.random() < KEEP_LINE]
    extra = chance.sample(common, min(len(common), chance.randint(0, MAX_COMMON_LINES)))
    for line in extra:
        body.insert(chance.randint(0, len(body)), line)
    heads = [chance.choice(template.titles)] if chance.random() < KEEP_HEADING else []
    if chance.random() < 0.5:
        heads.insert(0, chance.choice(common) if common else "")
    lines = [_filled(line, chance) for line in (*heads, *body)]
    return "\n".join(line.upper() if chance.random() < 0.06 else line for line in lines)


def _filled(line: str, chance: random.Random) -> str:
    number = chance.randint(1, 28)
    values = {
        "{name}": f"{_invented(chance)} {_invented(chance)}",
        "{date}": f"2026-{chance.randint(1, 12):02}-{number:02}",
        "{ref}": f"{chance.choice('KMT')}{number}-{chance.randint(100, 999)}",
        "{n}": str(number),
        "{place}": _invented(chance),
        "{country}": _invented(chance),
        "{phone}": f"+00 555 {chance.randint(1000, 9999)}",
        "{mrz}": "P<UTODEMO<<PERSON<<<<<<<<<<<<<<<<<<<<<<<<<<<\nX0000000<0UTO0001010F0001010<<<<<",
    }
    for place, value in values.items():
        line = line.replace(place, value)
    return line


def _invented(chance: random.Random) -> str:
    """Return a name that hardly comes twice, so that no name of a person or town is learnt."""
    return "".join(chance.choices(SYLLABLES, k=4)).capitalize()
