"""What a user's role or region decides is asked in the rooms of access and accounts only.

Another room may write a role or a region down, such as on a draft or under a paper; it compares,
looks up or hands on neither.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

INTAKE = Path(__file__).parents[3] / "intake"
DECIDING = ("access", "accounts")
USERS = {"SignedInUser", "User"}
FIELDS = {"role", "region"}
# Modules that decide by a role or region nevertheless, each with its reason.
ALLOWED: dict[str, str] = {}


def decisions(source: str) -> list[str]:
    """Return the expressions by which a module decides about a user's role or region."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            known = set(_users(function))
            found += [
                ast.unparse(part)
                for used in _deciding(function)
                for part in _parts(used)
                if isinstance(part, ast.Attribute)
                and part.attr in FIELDS
                and ast.unparse(part.value) in known
            ]
    return found


def _users(function: ast.FunctionDef) -> Iterator[str]:
    """Give the names that hold an account: by their annotation, or as an answer of `users`."""
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        annotation = argument.annotation
        if annotation is not None and USERS & set(_words(annotation)):
            yield argument.arg
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and "users." in ast.unparse(node.value):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))
        if isinstance(node, ast.For) and "users." in ast.unparse(node.iter):
            yield ast.unparse(node.target)


def _parts(used: ast.AST) -> Iterator[ast.AST]:
    """Give an expression and what is in it, but not what a call in it is given."""
    yield used
    if not isinstance(used, ast.Call):
        for child in ast.iter_child_nodes(used):
            yield from _parts(child)


def _words(annotation: ast.expr) -> list[str]:
    text = ast.unparse(annotation)
    return "".join(each if each.isalnum() else " " for each in text).split()


def _deciding(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Give what decides: comparisons, look-ups, and what is handed on by its place."""
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
        elif isinstance(node, ast.Call):
            yield from node.args
        elif isinstance(node, ast.Subscript):
            yield node.slice
        elif isinstance(node, ast.Match):
            yield node.subject


@pytest.mark.parametrize(
    ("line", "is_decision"),
    [
        ("return user.role in COORDINATORS", True),
        ("return user.region == case.region", True),
        ("return programmes_of(user.role)", True),
        ("return TABLE[user.role]", True),
        ("return {user.role: 1}.get(user.role)", True),
        ("account = users.by_id(session, 'x')\n    return account.region is None", True),
        ("return (user.role, 1) == before", True),
        ("return Draft(region=user.region)", False),
        ("return sign(Promise(role=user.role))", False),
        ("return document.role in BODY_ROLES", False),
        ("return rights.require(user)", False),
    ],
)
def test_a_decision_is_recognised(line: str, is_decision: bool) -> None:
    source = f"def view(user: 'SignedInUser', document: Document) -> bool:\n    {line}\n"

    assert bool(decisions(source)) is is_decision


def test_roles_and_regions_of_users_decide_in_access_alone() -> None:
    modules = {
        path.relative_to(INTAKE).as_posix(): path
        for path in sorted(INTAKE.rglob("*.py"))
        if path.relative_to(INTAKE).parts[0] not in DECIDING
    }

    found = {name: decisions(path.read_text()) for name, path in modules.items()}

    assert {name: used for name, used in found.items() if used and name not in ALLOWED} == {}
    assert set(ALLOWED) <= {name for name, used in found.items() if used}
