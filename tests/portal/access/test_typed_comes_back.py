"""Send every form that officers can reach with what cannot be: it comes back with what was typed.

The forms are found by following all links in the world of the access matrix, so a new form is
tried by itself. Passwords never come back, and what searches is no form to be filled in again.
"""

import html
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from tests.portal.access.people import PEOPLE, Viewer
from tests.portal.access.person import SITE, Person, text_of
from tests.portal.access.test_no_dead_end import walk
from tests.portal.access.world import World

NAMES = ("INTAKE", "CASH", "PROT", "MGR", "ADMIN")
VIEWERS = [each for each in PEOPLE if each.name in NAMES]
NOT_TYPED = {"hidden", "radio", "checkbox", "submit", "password", "file"}
# Longer than any field takes, and together not longer than a form may be.
MAX_LONG, MAX_TOGETHER = 3000, 30_000
# What must at least be met and refused, of the forms that an officer fills in by hand.
SURELY = {
    "INTAKE": {"case_matters.note_day", "case_matters.tell", "cases.note"},
    "CASH": {"case_matters.note_decision", "triage.accept"},
    "MGR": {"bulk_exports.ask", "absences.set_absence"},
}
# Whoever compares a sheet of paper, or looks for something, types it anew.
ASKS_ONLY = {"searching.search", "documents.search", "confirmations.compare"}


@dataclass
class TypedForm:
    """A form that is sent: its address, what stands in it, and the fields that a person types."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)


class PostForms(HTMLParser):
    """The forms of a page that change something, with the first of each choice chosen."""

    def __init__(self, path: str, page: str) -> None:
        super().__init__()
        self.forms: list[TypedForm] = []
        self._path = path
        self._in: TypedForm | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form and its fields."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "get").lower() == "post":
            self._in = TypedForm(urljoin(self._path, said.get("action", self._path)))
            self.forms.append(self._in)
        if self._in is None:
            return
        name, value, kind = said.get("name", ""), said.get("value", ""), said.get("type", "text")
        if tag == "textarea":
            self._in.typed.add(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and value:
            self._in.fields.setdefault(self._select, value)
        elif name == "csrf_token":
            # Each person who sends a form has a token of their own.
            return
        elif name and (tag == "button" or (tag == "input" and kind in {"hidden", "radio"})):
            self._in.fields.setdefault(name, value)
        elif tag == "input" and name and kind not in NOT_TYPED and "readonly" not in said:
            self._in.typed.add(name)

    def handle_endtag(self, tag: str) -> None:
        """End a form or a choice."""
        if tag == "form":
            self._in = None
        if tag == "select":
            self._select = ""


def endpoint_of(app: Flask, action: str) -> str:
    adapter = app.url_map.bind("portal.test")
    return str(adapter.match(urlsplit(action).path, method="POST")[0])


def forms_of(app: Flask, viewer: Viewer) -> dict[str, TypedForm]:
    """Return one form of each address of the application, and of each set of typed fields."""
    person = Person(app, viewer)
    found: dict[str, TypedForm] = {}
    for path in walk(person).pages:
        page = text_of(person.client.get(path, base_url=SITE, buffered=True))
        for form in PostForms(path, page).forms:
            endpoint = endpoint_of(app, form.action)
            if form.typed and endpoint not in ASKS_ONLY:
                found.setdefault(f"{endpoint} {sorted(form.typed)}", form)
    return found


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_a_refused_form_comes_back_with_all_that_was_typed(
    app: Flask, world: World, original: World, viewer: Viewer
) -> None:
    lost, refused = [], set()
    for name, form in forms_of(app, viewer).items():
        endpoint = name.partition(" ")[0]
        long = "x" * min(MAX_LONG, MAX_TOGETHER // len(form.typed))
        for ending in (long, ""):
            typed = {each: f"Typed {each} «&» {ending}" for each in form.typed}
            answer = Person(app, viewer).ask("POST", endpoint, form.action, **(form.fields | typed))
            if answer.status_code < 400:
                world.restore(original)
                continue
            refused.add(endpoint)
            said = html.unescape(text_of(answer))
            lost += [
                f"{answer.status_code} {endpoint}: {each}"
                for each, value in typed.items()
                if value.strip() not in said
            ]

    assert "\n".join(sorted(set(lost))) == ""
    assert SURELY.get(viewer.name, set()) - refused == set()
