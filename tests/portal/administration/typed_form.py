"""Read the form of an edition as a browser would send it, and send it."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.portal.conftest import Browser

LIST = "/admin/editions/countries"
FORM = f"{LIST}/propose"
NOTE = "The agency has published a new list."
Fields = dict[str, str | list[str]]


class _Form(HTMLParser):
    """Collects what stands in the inputs of the form of a class."""

    def __init__(self, css_class: str) -> None:
        super().__init__()
        self._class = css_class
        self._is_inside = False
        self._open = ""
        self.found: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = self._class in found.get("class", "").split()
        if not self._is_inside:
            return
        name = found.get("name", "")
        if tag == "input" and (found.get("type") != "checkbox" or "checked" in found):
            self.found.setdefault(name, []).append(found.get("value", ""))
        elif tag in {"textarea", "select"}:
            self._open = name
            self.found[name] = [""]
        elif tag == "option" and "selected" in found:
            self.found[self._open] = [found.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._is_inside and self.lasttag == "textarea":
            self.found[self._open] = [self.found[self._open][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._is_inside:
            # A browser leaves the first line end of a text out.
            text = self.found[self._open][0].removeprefix("\n")
            self.found[self._open] = [text.replace("\n", "\r\n")]
            self.lasttag = ""
        if tag == "form":
            self._is_inside = False


def typed_in(page: str, css_class: str = "edition-form") -> Fields:
    """Return what a browser would send of a form, without its token."""
    reader = _Form(css_class)
    reader.feed(page)
    assert reader.found, f"no form {css_class}"
    return {name: values for name, values in reader.found.items() if name != "csrf_token" and name}


def fill(*countries: str, **changes: str | list[str]) -> Fields:
    """Return a form that may be proposed, with changes."""
    fields: Fields = {
        "code": "iom_payable",
        "language": "",
        "newest": "0",
        "valid_from": "2026-11-01",
        "valid_to": "",
        "source": "The agency's page",
        "countries": list(countries or ("IRQ", "SOM")),
        "note": NOTE,
    }
    return fields | changes


def send(browser: Browser, path: str, page: str, fields: Fields) -> TestResponse:
    """Send a form with the token of the page on which it stands."""
    return browser.post(path, page, **fields)  # type: ignore[arg-type] # several of one name


def propose(browser: Browser, *countries: str, **changes: str | list[str]) -> str:
    """Propose and return the page where it is shown."""
    answer = send(browser, FORM, FORM, fill(*countries, **changes))
    assert answer.status_code == 303, answer.text
    return str(answer.location)
