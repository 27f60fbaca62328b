"""Check the words of the audit: each act that is written has some, and each subject it is about."""

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.text import audit_acts

SOURCE = Path(__file__).parents[3]
ROOMS = ("intake", "portal", "mailbox", "storage")
# `audit.note(services, session, actor, act, subject)`, and what stands below it.
WRITERS = {"note": 4}
PLACE_OF_TYPE = 0


def _subjects(tree: ast.AST) -> Iterator[str]:
    """Yield the type of each subject that a call writes as it stands."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        place = WRITERS.get(getattr(node.func, "attr", ""))
        if place is None or getattr(getattr(node.func, "value", None), "id", "") != "audit":
            continue
        for subject in node.args[place : place + 1]:
            for pair in (each for each in ast.walk(subject) if isinstance(each, ast.Tuple)):
                kind = pair.elts[PLACE_OF_TYPE]
                if isinstance(kind, ast.Constant):
                    yield str(kind.value)


def subjects() -> set[str]:
    """Return every type of subject that the source names where it writes an event."""
    return {
        kind
        for room in ROOMS
        for path in sorted((SOURCE / room).rglob("*.py"))
        for kind in _subjects(ast.parse(path.read_text(encoding="utf-8")))
    }


def test_each_subject_of_an_event_has_words_and_no_words_are_left_over() -> None:
    assert set(audit_acts.SUBJECTS) == subjects()
