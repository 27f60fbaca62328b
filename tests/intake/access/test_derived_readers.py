"""Whoever reads what was derived from documents asks in the same breath to whom it is open.

A function that reads names, values or days also calls `access.derived`; the others are listed, each
with its reason (threat P10).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
ROOMS = ("intake", "portal")
# Who reads derived rows: the modules with their queries, and the tables themselves.
QUERIES = {"people", "extracted_values", "legal_dates"}
READING = {"of_submissions", "of_everyone", "of_documents", "of_kind", "by_id", "decided_at"}
TABLES = {"Person", "ExtractedValue", "LegalDate"}
# How a function asks: by the room itself.
ASKING = ("derived.",)
# Functions that read without asking, each with its reason.
ALLOWED = {
    "intake/access/derived.py:open_days": "it is the one that is asked",
    "intake/access/derived.py:open_people": "it is the one that is asked",
    "intake/confirmations/facts.py:_confirmed_dates": "for the paper, and `as_seen` asks",
    "intake/recognition/similar_people.py:similar_people": "the worker ranks cases; nobody reads",
    "intake/recognition/suggestions.py:_store_people": "the worker keeps what was decided",
    "intake/recognition/suggestions.py:_store_values": "the worker keeps what was decided",
    "intake/triage/seen_history.py:_dates_of": "for `_is_open`, which asks",
    "intake/triage/confirm_facts.py:_fill": "of the document of a value that `decide_value` asked",
    "intake/triage/undoing/take_back.py:_day": "of one's own decision: `offers` refuses others'",
    "intake/triage/undoing/take_back.py:_person": "of one's own decision: `offers` refuses others'",
    "intake/triage/undoing/take_back.py:_unread": "of one's own decision: `offers` refuses others'",
    "intake/triage/undoing/take_back.py:stands": "whether it is there, and nothing of it",
}


def unasked(source: str) -> list[str]:
    """Return the names of functions that read derived rows and do not ask to whom they are open."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(_reads(call) for call in _calls(node))
        and not any(ast.unparse(call.func).startswith(ASKING) for call in _calls(node))
    ]


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _reads(call: ast.Call) -> bool:
    where, _, what = ast.unparse(call.func).rpartition(".")
    if where in QUERIES:
        return what in READING
    return what in {"get", "get_one", "query", "select"} and any(
        isinstance(each, ast.Name) and each.id in TABLES for each in call.args
    )


def test_what_was_derived_is_read_only_by_who_asks() -> None:
    found = {
        f"{path.relative_to(PROJECT)}:{name}"
        for room in ROOMS
        for path in sorted((PROJECT / room).rglob("*.py"))
        for name in unasked(path.read_text())
    }

    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def names(s):\n    return people.of_submissions(s, [])", ["names"]),
        ("def name(s):\n    return s.get(Person, 'id')", ["name"]),
        ("def days(s):\n    return select(LegalDate)", ["days"]),
        ("def seen(s):\n    return derived.open_rows(s, people.of_submissions(s, []))", []),
        ("def other(s):\n    return users.by_id(s, 'id')", []),
    ],
)
def test_a_reader_that_does_not_ask_is_found(source: str, found: list[str]) -> None:
    assert unasked(source) == found
