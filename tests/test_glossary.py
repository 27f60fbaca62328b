"""Check the glossary: nothing of the code has a name that docs/glossary.md retires.

Modules, classes, functions, fields, parameters, constants and locals are read, and templates with
their macros and variables. A name of KEPT stays, for the reason beside it.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("portal", "intake", "mailbox", "storage")
RETIRED = re.compile(r"`([a-z]+(?: [a-z]+)*)`( \(alone\))?")
# An upper-case run stands for one word: `PDFPage` is pdf, page.
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
MIGRATIONS = ROOT / "storage" / "migrations" / "versions"
ALPHABET = "a sign of an alphabet, not a mail or its text"
# {name: why it stays}
KEPT = {
    "LETTER": ALPHABET,
    "LETTERS": ALPHABET,
    "letter": ALPHABET,
    "letters": ALPHABET,
}


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters: `_note_aids` -> note, aids."""
    return tuple(word.lower() for word in WORD.findall(name))


@dataclass(frozen=True)
class Retired:
    """Words that no name has side by side; `is_alone` when only the whole name is meant."""

    words: tuple[str, ...]
    is_alone: bool

    def is_in(self, name: str) -> bool:
        """Tell whether a name in snake or camel case uses what is retired."""
        words = words_of(name)
        size = len(self.words)
        if self.is_alone:
            return len(words) == size and self._are(words)
        return any(self._are(words[at : at + size]) for at in range(len(words) - size + 1))

    def _are(self, words: tuple[str, ...]) -> bool:
        return all(word in {own, f"{own}s"} for word, own in zip(words, self.words, strict=True))


def rows() -> list[list[str]]:
    """Return the cells of the glossary's table: term, meaning, what is retired."""
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def retired() -> list[Retired]:
    """Return all that the glossary retires."""
    return [
        Retired(tuple(match[1].split()), match[2] is not None)
        for *_, cell in rows()
        for match in RETIRED.finditer(cell)
    ]


@cache
def parsed() -> dict[Path, ast.Module]:
    """Return the project's modules by their place.

    Migrations are left out: they keep the names of the tables that they made.
    """
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {
        path.relative_to(ROOT): ast.parse(path.read_bytes())
        for path in sorted(found)
        if path.parent != MIGRATIONS
    }


def names() -> Iterator[tuple[str, str]]:
    """Yield where it stands and the name of all that others call by its name.

    These are packages, modules, classes, functions, parameters, the fields and constants that a
    class or a module holds, templates, and what a template calls.
    """
    yield from template_names()
    for place, module in parsed().items():
        yield str(place), place.parent.name if place.stem == "__init__" else place.stem
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{place}:{node.lineno}", node.name
            elif isinstance(node, ast.arg):
                yield f"{place}:{node.lineno}", node.arg
            if isinstance(node, ast.ClassDef | ast.Module):
                yield from held_by(node, place)


def template_names() -> Iterator[tuple[str, str]]:
    """Yield the name of each template, and its macros, variables and the fields that it reads."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        place = str(path.relative_to(ROOT))
        yield place, path.stem
        template = Environment().parse(path.read_text(encoding="utf-8"))
        yield from ((place, node.name) for node in template.find_all(nodes.Macro))
        yield from ((place, node.name) for node in template.find_all(nodes.Name))
        yield from ((place, node.attr) for node in template.find_all(nodes.Getattr))


def held_by(node: ast.ClassDef | ast.Module, place: Path) -> Iterator[tuple[str, str]]:
    """Yield the fields of a class or the constants of a module."""
    for each in node.body:
        if isinstance(each, ast.Assign | ast.AnnAssign):
            yield from assigned(each, place)


def assigned(node: ast.AST, place: Path) -> Iterator[tuple[str, str]]:
    """Yield each name to which a statement, or what stands in it, assigns."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield f"{place}:{each.lineno}", each.id


def local_names() -> Iterator[tuple[str, str]]:
    """Yield where it stands and each name that a module assigns to anywhere."""
    for place, module in parsed().items():
        yield from assigned(module, place)


def refused(words: list[Retired], found: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names that use what is retired, each with its place."""
    places: dict[str, str] = {}
    for place, name in found:
        places.setdefault(name, place)
    return [
        f"{place}: {name}"
        for name, place in places.items()
        if name not in KEPT and any(each.is_in(name) for each in words)
    ]


def test_glossary_row_has_term_and_meaning() -> None:
    terms = [term for term, meaning, _ in rows() if term and meaning]

    assert len(terms) == len(set(terms)) == len(rows()) >= 40


def test_retired_word_is_in_no_name() -> None:
    words = retired()

    assert words
    assert refused(words, names()) == []


def test_retired_word_is_in_no_local() -> None:
    words = [each for each in retired() if not each.is_alone]

    assert words
    assert refused(words, local_names()) == []


def test_kept_name_is_used_and_retired() -> None:
    used = {name for _, name in (*names(), *local_names())}

    assert [name for name in KEPT if name not in used] == []
    assert [name for name in KEPT if not any(each.is_in(name) for each in retired())] == []


def test_names_are_those_of_each_kind_of_thing() -> None:
    found = {name for _, name in names()}

    # A template and its macro, a field, a member of an enum, a parameter and a constant.
    assert {"misdirected", "type_line", "ranked_cases", "ON_HOLD"} <= found
    assert {"seen_version", "MISDIRECTED"} <= found


@pytest.mark.parametrize(
    ("entry", "name", "is_in"),
    [
        (Retired(("aid",), is_alone=False), "_note_aids", True),
        (Retired(("aid",), is_alone=False), "said", False),
        (Retired(("aid",), is_alone=False), "ReadingAid", True),
        (Retired(("wrong", "door"), is_alone=False), "_flag_wrong_doors", True),
        (Retired(("wrong", "door"), is_alone=False), "wrong_password_door", False),
        (Retired(("told",), is_alone=True), "_told", True),
        (Retired(("told",), is_alone=True), "told_to", False),
    ],
)
def test_retired_word_is_found_by_its_rule(entry: Retired, name: str, is_in: bool) -> None:
    assert entry.is_in(name) is is_in
