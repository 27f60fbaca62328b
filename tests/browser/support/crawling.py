"""Crawl our own pages: follow links, and fill every field of every form.

The crawler calls the application itself, without a network; a browser can then show what it met.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# The most pages of one route that a walk opens, and the addresses that would end its session.
MAX_OF_A_ROUTE = 2
NOT_WALKED = re.compile(r"/(static|sign-out)(/|$)")
TEXT_TYPES = {"text", "search", "email", "tel", "url", "password", ""}


@dataclass
class Form:
    """A form: where it goes, and its fields with what they hold; `texts` can be written in."""

    action: str
    is_multipart: bool = False
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in known:
            self.links.append(known["href"])
        elif tag == "form":
            is_multipart = known.get("enctype") == "multipart/form-data"
            self._form = Form(known.get("action", ""), is_multipart)
            if known.get("method", "get").lower() == "post":
                self.forms.append(self._form)
        elif self._form is not None:
            self._take_field(self._form, tag, known)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _take_field(self, form: Form, tag: str, known: dict[str, str]) -> None:
        name, kind = known.get("name", ""), known.get("type", "").lower()
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and known.get("value"):
            # The first answer that is not empty, so that a form that needs one is whole.
            form.fields.append((self._select, known["value"]))
            self._select = ""
        elif tag == "textarea" or (tag == "input" and kind in TEXT_TYPES):
            form.fields.append((name, known.get("value", "")))
            form.texts.add(name)
        elif (tag == "input" and kind not in {"file", "submit"}) or tag == "button":
            form.fields.append((name, known.get("value", "")))


@dataclass
class Walk:
    """What one person met: pages by path, and the answers to the forms that they sent."""

    app: Flask
    client: FlaskClient
    base_url: str
    pages: dict[str, TestResponse] = field(default_factory=dict)
    answers: dict[str, TestResponse] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def open(self, *starts: str) -> None:
        """Follow links from some pages until there is nothing new."""
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            if path in self.pages or not self._is_new(path):
                continue
            answer = self.client.get(path, base_url=self.base_url, buffered=True)
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            self.pages[path] = answer
            waiting += [link for link in _read(answer).links if self._is_ours(link)]

    def fill(self, texts: Iterator[str]) -> None:
        """Send every form of every page once, a text in each field that takes one.

        Then send every form again with a text in hidden fields as well, where nobody expects one.
        """
        for path, page in list(self.pages.items()):
            for form in _read(page).forms:
                # Without an action a form goes to its page's own address.
                form.action = form.action or path
                key = _shape(form.action)
                if key in self.answers or NOT_WALKED.search(form.action):
                    continue
                for suffix, everywhere in (("", False), (" everywhere", True)):
                    self.answers[key + suffix] = self._send(form, texts, everywhere=everywhere)

    def _send(self, form: Form, texts: Iterator[str], *, everywhere: bool) -> TestResponse:
        values: dict[str, str] = {}
        for name, value in form.fields:
            if not name:
                continue
            is_text = name in form.texts or (everywhere and name != "csrf_token")
            values.setdefault(name, next(texts) if is_text else value)
        kind = "multipart/form-data" if form.is_multipart else "application/x-www-form-urlencoded"
        return self.client.post(
            form.action, base_url=self.base_url, data=values, content_type=kind, buffered=True
        )

    def _is_ours(self, link: str) -> bool:
        parts = urlsplit(link)
        return not parts.netloc and parts.path.startswith("/") and not NOT_WALKED.search(parts.path)

    def _is_new(self, path: str) -> bool:
        shape = _shape(path)
        self._seen[shape] = self._seen.get(shape, 0) + 1
        return self._seen[shape] <= MAX_OF_A_ROUTE


def _shape(path: str) -> str:
    """Return a path without what differs between pages of one route: ids, references, query."""
    bare = path.partition("?")[0].partition("#")[0]
    return re.sub(r"/([0-9a-f]{32}|[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{2,3})(?=/|$)", "/*", bare)


def _read(answer: TestResponse) -> _Reader:
    reader = _Reader()
    reader.feed(answer.text)
    return reader
