"""Read a page as the person before it does: its links, and its forms with what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

Fields = dict[str, str]
# What a form sends: an input may stand in it several times.
Sent = Mapping[str, str] | Mapping[str, str | list[str]]


@dataclass
class Form:
    """A form: where it goes, what is filled in, what can be chosen, and its buttons."""

    action: str
    fields: Fields = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """A page that was read; `path` is its own address."""

    def __init__(self, text: str, path: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.text = path, text
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = self._area = ""
        self.feed(text)

    def form(self, ending: str) -> Form | None:
        """Return the first form whose address, without what follows `?`, ends so."""
        found = (each for each in self.forms if each.action.partition("?")[0].endswith(ending))
        return next(found, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms and what is in them."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self.links.append(urljoin(self.path, said["href"]))
        if tag == "form":
            self.forms.append(Form(urljoin(self.path, said.get("action", self.path))))
        if self.forms:
            self._note(self.forms[-1], tag, said)

    def handle_data(self, data: str) -> None:
        """Keep what stands in a field of many lines; its first line break is none of it."""
        if self._area and self.forms:
            before = self.forms[-1].fields.get(self._area)
            text = data.removeprefix("\n") if before is None else before + data
            self.forms[-1].fields[self._area] = text

    def handle_endtag(self, tag: str) -> None:
        """End a field."""
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = ""

    def _note(self, form: Form, tag: str, said: Fields) -> None:
        name, value, kind = said.get("name", ""), said.get("value", ""), said.get("type", "")
        if tag == "textarea":
            self._area = name
            form.texts.add(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in said:
                form.fields[self._select] = value
        elif tag == "button" and kind == "submit" and name:
            form.buttons.append((name, value))
        elif tag == "input" and name and kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" in said:
                form.fields[name] = value
        elif tag == "input" and name:
            form.fields[name] = value
