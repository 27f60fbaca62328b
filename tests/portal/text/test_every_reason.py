"""Check that each reason which the code can write has a sentence.

The codes are read out of the source: what stands where a reason stands, in the calls that take one.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.sandbox.protocol.rendition import UNSEEN
from portal.text import labels

SOURCE = Path(__file__).parents[3] / "intake"
# Which argument of a call is a reason, counted from 0; `reason=` is one everywhere.
ARGUMENTS = {
    "held": 0, "locked": 0, "unreadable": 0, "NotDrawn": 0, "NotOpened": 1, "Inspection": 2,
    "Verdict": 1, "changed": 1, "TextPages": 3, "Rendition": 1, "Scan": 1, "JailError": 0,
    "ParseTimeout": 0, "ParseCrash": 0, "OutputRefused": 0, "_ended": 2, "_nothing": 0, "_hold": 2,
}  # fmt: skip
# Functions that return a reason.
RETURNING = frozenset({"reason", "held_reason"})
# Its reason is for the log alone.
UNLOCKING = "UnlockingUnavailable"


def reasons_in(tree: ast.AST) -> Iterator[str]:
    """Yield every text that stands where a reason stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        if isinstance(node, ast.FunctionDef) and node.name in RETURNING:
            for found in ast.walk(node):
                if isinstance(found, ast.Return) and found.value is not None:
                    yield from _texts(found.value)


def _of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    if name == UNLOCKING:
        return
    place = ARGUMENTS.get(name)
    if place is not None and place < len(call.args):
        yield from _texts(call.args[place])
    for keyword in call.keywords:
        if keyword.arg == "reason":
            yield from _texts(keyword.value)


def _texts(value: ast.AST) -> Iterator[str]:
    if isinstance(value, ast.Call):
        return  # what a person wrote, opened with its key, or what another function says
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value
    for inner in ast.iter_child_nodes(value):
        yield from _texts(inner)


def codes() -> list[str]:
    """Return the codes; of one that is put together, how it begins."""
    found = {
        code
        for path in sorted(SOURCE.rglob("*.py"))
        for code in reasons_in(ast.parse(path.read_text()))
    }
    return sorted({*found, *UNSEEN} - {"rule:"})


def test_codes_are_found() -> None:
    assert {"layout_not_available", "text_cut_off", "zip_disagrees", "unpacking_"} <= {*codes()}
    assert len(codes()) > 100


@pytest.mark.parametrize("code", codes())
def test_each_reason_has_a_sentence(code: str) -> None:
    sentence = labels.reason(code)

    assert not sentence.startswith("Reason:")
    assert sentence.endswith((".", ")", ". "))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "unpacking_signal_9",
            "It could not be opened. The program that reads it stopped over it.",
        ),
        (
            "inspection_wall_clock",
            "It could not be judged. It took longer than any legitimate document.",
        ),
        (
            "no_copy_bad_png",
            "No safe copy could be made. What was read of it is not as it should be.",
        ),
        ("suspicious:disk_image", "A rule of ours suspects it. A person must look. (disk_image)"),
        ("bad_new_thing", "What was read of it is not as it should be."),
        ("something_else", "Reason: something else."),
    ],
)
def test_reason_that_is_put_together_has_one_too(code: str, sentence: str) -> None:
    assert labels.reason(code) == sentence
