"""Check citations.

Every document that a text names exists, and every rule and threat has its entry.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "intake", "mailbox", "portal", "storage", "templates", "tests", ".ci")
SUFFIXES = {".py", ".html", ".css", ".js", ".json", ".txt", ".md", ".toml", ""}
REQUIREMENTS, THREATS = ROOT / "docs" / "requirements.md", ROOT / "docs" / "threats.md"
DOCUMENT = re.compile(r"(?<![\w./-])(?:[\w-]+/)*[\w-]+\.md\b")
# A citation may go over a line's end, in a comment too.
GAP = r"[\s#]+"
BETWEEN = rf"(?:,{GAP}(?:and{GAP})?|{GAP}and{GAP}|{GAP}to{GAP})"
LOCKS = {"requirements.txt", "requirements-dev.txt"}
SHORT_FORM = re.compile(
    r"\b(?:req\.|invariant|finding|findings) \d|\([BMPSW]\d{1,2}(?:(?:, | and )[BMPSW]\d{1,2})*\)"
)
NOT_OURS = {
    # A name that a stranger gives a file.
    "readme.md": {"tests/intake/sandbox/formats/test_inspect_format.py"},
}


@lru_cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return the path and the content of every text of the project but this one."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return tuple(
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted({*ROOT.glob("*.*"), ROOT / "Makefile", *inside})
        if path.suffix in SUFFIXES
        and path.is_file()
        and path != Path(__file__)
        and path.name not in LOCKS
    )


def cited(word: str, number: str) -> set[str]:
    """Return what is cited as `word`: «threat B2», «threats B1, B2 and B4», «threats M1 to M4»."""
    pattern = re.compile(rf"(?i)\b{word}s?{GAP}({number}(?:{BETWEEN}{number})*)\b")
    return {
        each
        for path, text in texts()
        if path not in {"docs/requirements.md", "docs/threats.md"}
        for match in pattern.finditer(text)
        for each in _each(match[1])
    }


def _each(several: str) -> Iterator[str]:
    spans = re.finditer(rf"([A-Za-z]?)(\d+)(?:{GAP}to{GAP}[A-Za-z]?(\d+))?", several)
    for letter, first, last in (span.groups() for span in spans):
        yield from (f"{letter}{n}" for n in range(int(first), int(last or first) + 1))


def entries(document: Path, form: str) -> list[str]:
    """Return the numbers of a document's entries, in its order."""
    return re.findall(rf"(?m)^\*\*{form}\.", document.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("word", "number", "document", "form"),
    [
        ("requirement", r"\d{1,3}", REQUIREMENTS, r"(\d+)"),
        ("scenario", r"\d{1,2}", REQUIREMENTS, r"Scenario (\d+)"),
        ("threat", r"[BMPRSW]\d{1,2}", THREATS, r"([BMPRSW]\d+)"),
    ],
)
def test_entry_is_there_for_each_citation_and_cited(
    word: str, number: str, document: Path, form: str
) -> None:
    listed, found = entries(document, form), cited(word, number)

    assert len(listed) == len(set(listed))
    assert found - set(listed) == set(), "cited, but not in the document"
    assert set(listed) - found == set(), "in the document, but cited by nobody"


def test_document_that_is_named_exists() -> None:
    missing = [
        f"{path}: {name}"
        for path, text in texts()
        for name in set(DOCUMENT.findall(text))
        if path not in NOT_OURS.get(name, set())
        and not any((place / name).is_file() for place in (ROOT, ROOT / "docs"))
    ]

    assert missing == []


def test_citation_has_the_one_form() -> None:
    short = [f"{path}: {m[0]}" for path, text in texts() for m in SHORT_FORM.finditer(text)]

    assert short == []
