"""Check codes.

What a column holds is named by its enum, and written as a plain string nowhere else.
"""

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from storage.audit_acts import Act
from storage.cases.cases import CaseState
from storage.mail.outbox import MailKind, codes_of
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SubmissionState

ROOT = Path(__file__).parents[2]
MODULES = [
    path
    for package in ("intake", "portal", "mailbox")
    for path in sorted((ROOT / package).rglob("*.py"))
]


def values(*enums: type[StrEnum]) -> frozenset[str]:
    """Return the stored codes of enums."""
    return frozenset(member.value for enum in enums for member in enum)


ACTS = values(Act)
# By the column's name. What a mail's kind and a task's kind are called, other kinds may be too, so
# only these tables' own rows are looked at.
CODES = {
    "state": values(CaseState, SubmissionState),
    "kind": values(TaskKind) | {code for kind in MailKind for code in codes_of(kind)},
}
ROWS = frozenset({"QueueItem", "OutboxMessage", "Case", "Submission"})
NAMES = frozenset({"item", "case", "row", "submission", "message", "mail"})


def literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield codes that are written out: acts anywhere, others where a column's value stands."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if text in ACTS:
                yield node
            case ast.Call(func=ast.Name(id=name)) if name in ROWS:
                for keyword in node.keywords:
                    yield from _codes(keyword.arg or "", keyword.value)
            case ast.Compare(left=ast.Attribute(value=ast.Name(id=name), attr=column)):
                if name in NAMES:
                    for other in node.comparators:
                        yield from _codes(column, other)
            case ast.Assign(targets=[ast.Name(id="KIND" | "KINDS" | "TASK")]):
                yield from _codes("kind", node.value)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr=column)]):
                if name in NAMES:
                    yield from _codes(column, node.value)


def _codes(column: str, value: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and node.value in CODES.get(column, ()):
            yield node


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('note(user, "case.opened")', ["case.opened"]),
        ('case.state = "CLOSED"', ["CLOSED"]),
        ('is_open = case.state not in {"CLOSED", "WITHDRAWN"}', ["CLOSED", "WITHDRAWN"]),
        ('QueueItem(kind="quarantine")', ["quarantine"]),
        ('KINDS = ("REM3", "REM7")', ["REM3", "REM7"]),
        ("case.state = CaseState.CLOSED", []),
        ('Draft(kind="submission")', []),
        ('document.state == "CLOSED"', []),
    ],
)
def test_a_written_out_code_is_found(source: str, found: list[str]) -> None:
    assert sorted(str(node.value) for node in literals(ast.parse(source))) == found


def test_no_module_outside_storage_writes_a_code_out() -> None:
    written = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for path in MODULES
        for node in literals(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert written == []
