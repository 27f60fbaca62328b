"""Check that each sign of an odd message or part has its sentence on the page."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.sandbox.protocol import signs as protocol
from portal.text.signs import SIGNS, sign

ROOMS = ("mail", "containers", "archives")
OF_PARTS = {
    "asked_for", "duplicate_header", "has_pictures", "header_cut", "in_body", "in_footer",
    "office_part", "rebuilt", "symlink", "system_part", "truncated",
    "unreadable_authentication_results",
}  # fmt: skip
# Every word that the opening writes as a mark of one part.
WRITTEN_AS = {"defects", "odd", "own"}
EVERY = protocol.OF_THE_MESSAGE | protocol.OF_A_PART | protocol.ADVICE | protocol.LIMITS


def test_every_sign_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert SIGNS.keys() == EVERY | OF_PARTS


@pytest.mark.parametrize("code", sorted(EVERY | OF_PARTS))
def test_a_sign_reads_as_a_sentence(code: str) -> None:
    words = sign(protocol.code_of(code) if code in EVERY else code)

    assert words[0].isupper()
    assert words.endswith(".")
    assert len(words) <= 100


def test_an_unknown_code_shows_as_itself() -> None:
    assert sign("ambiguous:odd_thing") == "Ambiguous:odd thing"


def written(node: ast.AST) -> Iterator[str]:
    """Yield the words of the marks that one statement or call writes."""
    values: list[ast.AST] = []
    if isinstance(node, ast.keyword) and node.arg in WRITTEN_AS:
        values = [node.value]
    elif isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(each, ast.Name) and each.id in WRITTEN_AS for each in targets):
            values = [node.value]
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        of = node.func.value if isinstance(node.func, ast.Attribute) else None
        is_added = name in {"add", "append"} and isinstance(of, ast.Name) and of.id in WRITTEN_AS
        is_noted = isinstance(node.func, ast.Name) and node.func.id == "_noted"
        values = list(node.args) if is_added or is_noted else []
    for value in values:
        for each in ast.walk(value):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                yield each.value


def test_every_mark_that_the_opening_writes_has_a_sentence() -> None:
    files = [file for room in ROOMS for file in Path("intake/sandbox", room).glob("*.py")]
    marks = {
        word
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for word in written(node)
    }

    assert {"duplicate_header", "truncated", "rebuilt", "office_part"} <= marks
    assert marks - SIGNS.keys() == set()
