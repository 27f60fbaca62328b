"""Hold that nothing else on a page is called as what the officer's list is narrowed by.

The place of work travels in the addresses of pages. A field of the same name in such an address
would narrow the list to what was chosen there, and the next submission would be lost.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from intake.queues.work_list import Filters

ROOT = Path(__file__).parents[4]
OF_PLACE = frozenset({field.name for field in fields(Filters)} | {"queue", "after"})
# The list's own form narrows it, and its own module reads what it is narrowed by.
OWN = {"templates/triage/queues/_views.html", "portal/triage/filters.py"}
FORM = re.compile(r'<form method="get".*?</form>', re.DOTALL)
NAME = re.compile(r'\bname="([a-z_-]+)"')
LINK = re.compile(r"url_for\([^{}]*?\*\*[^{}]*?\)", re.DOTALL)
KEYWORD = re.compile(r"(\w+)=")


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name, text = str(path.relative_to(ROOT)), path.read_text("utf-8")
        if name not in OWN:
            yield name, text


def asked_of_addresses(text: str) -> set[str]:
    """Return the names of what a module reads from the address."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"request.args.get", "request.values.get"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_no_form_in_the_place_has_a_field_of_the_places_name() -> None:
    found = {
        name: taken
        for name, text in templates()
        for form in FORM.findall(text)
        if "place" in form and (taken := OF_PLACE & set(NAME.findall(form)))
    }

    assert found == {}


def test_no_page_in_the_place_asks_its_address_for_a_name_of_the_place() -> None:
    found = {}
    for path in sorted((ROOT / "portal").rglob("*.py")):
        name, text = str(path.relative_to(ROOT)), path.read_text("utf-8")
        is_in_place = "portal.triage.decide" in text or "portal.triage.filters" in text
        if name not in OWN and is_in_place and (taken := OF_PLACE & asked_of_addresses(text)):
            found[name] = taken

    assert found == {}


def test_no_link_that_carries_the_place_says_another_thing_by_its_names() -> None:
    # The list's own links name its queue, and the row that a part of the list comes after.
    narrowing = OF_PLACE - {"queue", "after"}
    found = {
        name: taken
        for name, text in templates()
        for link in LINK.findall(text)
        if (taken := narrowing & set(KEYWORD.findall(link)))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [('request.args.get("language", "")', {"language"}), ("request.form.get('language')", set())],
)
def test_the_names_of_an_address_are_found(source: str, names: set[str]) -> None:
    assert asked_of_addresses(source) == names
