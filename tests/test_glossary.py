"""Check the glossary: no module, class or function has a name that docs/glossary.md retires."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("portal", "intake", "mailbox", "storage")
RETIRED = re.compile(r"`([a-z]+(?: [a-z]+)*)`( \(alone\))?")
# An upper-case run stands for one word: `PDFPage` is pdf, page.
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True)
class Retired:
    """Words that no name has side by side; `is_alone` when only the whole name is meant."""

    words: tuple[str, ...]
    is_alone: bool

    def is_in(self, name: str) -> bool:
        """Tell whether a name in snake or camel case uses what is retired."""
        words = [word.lower() for word in WORD.findall(name)]
        size = len(self.words)
        if self.is_alone:
            return len(words) == size and self._are(words)
        return any(self._are(words[at : at + size]) for at in range(len(words) - size + 1))

    def _are(self, words: list[str]) -> bool:
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


def names() -> Iterator[tuple[str, str]]:
    """Yield where it stands and the name of each package, module, class and function.

    Migrations are left out: they keep the names of the tables that they made.
    """
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        if path.parent == ROOT / "storage" / "migrations" / "versions":
            continue
        place = path.relative_to(ROOT)
        yield str(place), path.parent.name if path.stem == "__init__" else path.stem
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{place}:{node.lineno}", node.name


def test_glossary_row_has_term_and_meaning() -> None:
    terms = [term for term, meaning, _ in rows() if term and meaning]

    assert len(terms) == len(set(terms)) == len(rows()) >= 40


def test_retired_word_is_in_no_name() -> None:
    words = retired()
    found = [
        f"{place}: {name} ({' '.join(each.words)})"
        for place, name in names()
        for each in words
        if each.is_in(name)
    ]

    assert words
    assert found == []


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
