"""Check that a partner's page says nothing in English once another language is chosen.

Every page of a coordinator, of a person with a link and of a stranger is made in the stand-in
language; each word on it must have come through the catalogue, or be somebody's own.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from intake.core.services import Services
from portal.app import TEMPLATES
from portal.language.choice import LINK_LANGUAGES
from portal.web.policy import ROLES, Permission, policy_of
from storage.accounts.users import Role
from tests.portal.building import HOST, Clock
from tests.portal.conftest import Browser
from tests.portal.coordinators.support import Coordinator, make_coordinator
from tests.portal.language.catalogues import BEGIN, END, write_stand_in

# The names of languages, and of the office, are the same in every language.
OWN_NAMES = frozenset({*LINK_LANGUAGES.values(), "IOM Finland"})
SAID_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")
SAID_DATA = (
    "data-left",
    "data-last",
    "data-none",
    "data-saved",
    "data-not-saved",
    "data-signed-out",
    "data-elsewhere",
    "data-copied",
)
REFERENCE = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{2}\b")
# After these nobody is signed in, and what follows is a stranger's page.
ENDS_THE_SESSION = frozenset({"entrance.sign_out"})
# An answer that leads to another page has no words that anybody reads.
LEADS_ON = frozenset({301, 302, 303, 308})
LETTERS = re.compile(r"[^\W\d_]{2,}")


class Words(HTMLParser):
    """Gathers the words of a page that are neither in the stand-in language nor somebody's own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._own: list[str] = []
        self._mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what is read aloud, and note where somebody's own words begin."""
        given = dict(attrs)
        for name in (*SAID_ATTRIBUTES, *SAID_DATA):
            self._look(given.get(name) or "")
        for text in _texts(json.loads(given.get("data-words") or "{}")):
            self._look(text)
        is_mark = "mark" in (given.get("class") or "").split()
        self._mark = is_mark or (self._mark and tag == "bdi")
        is_own = tag in {"bdi", "script", "style", "option", "textarea"} or "letter" in (
            given.get("class") or ""
        )
        # The word of a mark is ours, though it stands isolated like somebody's own.
        if (self._own or is_own) and not self._mark:
            self._own.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note where somebody's own words end."""
        if tag in self._own:
            while self._own.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Look at a text of the page."""
        if not self._own:
            self._look(data)

    def _look(self, text: str) -> None:
        # What stands between the brackets came through the catalogue, whatever is within it.
        rest = re.sub(f"{BEGIN}[^{BEGIN}]*?{END}", " ", REFERENCE.sub("", text))
        while (
            BEGIN in rest
            and END in rest
            and rest != (shorter := re.sub(f"{BEGIN}[^{BEGIN}{END}]*{END}", " ", rest))
        ):
            rest = shorter
        if LETTERS.search(rest) and rest.strip() not in OWN_NAMES:
            self.found.append(" ".join(rest.split()))


def _texts(told: object) -> list[str]:
    if isinstance(told, str):
        return [told]
    values = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return [text for value in values for text in _texts(value)]


def english_on(page: str) -> list[str]:
    """Return what a page says that did not come through the catalogue."""
    words = Words()
    words.feed(page)
    return words.found


@pytest.fixture
def stand_in(app: Flask, tmp_path: Path) -> Flask:
    """Give an application whose Swedish is the stand-in language."""
    app.config["CATALOGUES"] = write_stand_in(tmp_path / "catalogues")
    return app


@pytest.fixture
def west(stand_in: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator who reads the stand-in language."""
    made = make_coordinator(stand_in, services, clock)
    made.get("/?page-language=sv")
    return made


def test_the_check_itself_finds_what_did_not_come_through() -> None:
    assert english_on(f'<p aria-label="Leave">{BEGIN}x{END} Sent <bdi>Anna</bdi></p>') == [
        "Leave",
        "Sent",
    ]
    assert english_on("""<form data-words='{"bytes": "bytes"}'></form>""") == ["bytes"]


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/sign-in?next=/referrals", "/verify", "/invitation/x", "/nothing-here"],
)
def test_a_stranger_reads_no_english(stand_in: Flask, path: str) -> None:
    browser = Browser(stand_in)
    browser.get("/?page-language=sv")

    assert english_on(browser.get(path).text) == []


@pytest.mark.parametrize("path", ["/helpline", "/about"])
def test_an_applicant_reads_no_english(stand_in: Flask, path: str) -> None:
    assert english_on(Browser(stand_in).get(f"{path}?lang=sv").text) == []


def test_errors_of_sign_in_are_said(stand_in: Flask, services: Services) -> None:
    browser = Browser(stand_in)
    browser.get("/?page-language=sv")

    assert english_on(browser.sign_in("nobody@region.example").text) == []
    assert english_on(browser.post("/verify", "/verify", digest="short").text) == []
    assert english_on(browser.post("/verify", "/verify", digest="a" * 64).text) == []
    assert english_on(browser.post("/verify", "/verify", digest="XZHR" * 5).text) == []


def test_a_coordinator_reads_no_english(west: Coordinator) -> None:
    draft_id = west.begin()
    files = (("remiss.pdf", b"%PDF-1.7 x"), ("tom.pdf", b""))
    west.send_form(draft_id, "add", files=files, own_code="V-17", priority="emergency", note="Hej")
    pages = [
        "/", "/referrals", "/referrals/new", "/referrals/consultation", "/account",
        "/account/password", "/second-factor", f"/referrals/drafts/{draft_id}",
        f"/referrals/drafts/{draft_id}/check",
    ]  # fmt: skip
    shown = {path: english_on(west.get(path).text) for path in pages}
    faults = west.send_form(draft_id, "check", adults="many", own_code="870501-1234")
    shown["faults"] = english_on(west.get(faults.location).text)
    west.send_form(draft_id, "save", adults="1", own_code="V-17", priority="emergency")
    sent = west.send_form(draft_id, "send", adults="1", own_code="V-17", priority="emergency")
    page = west.get(sent.location).text
    reference = re.findall(r'class="reference"[^>]*><bdi>([^<]+)', page)[0]
    shown["sent"] = english_on(page)
    shown["list"] = english_on(west.get("/referrals").text)
    shown["referral"] = english_on(west.get(f"/referrals/{reference}").text)
    shown["not there"] = english_on(west.get("/referrals/K7M-4QX-9T").text)

    assert {path: words for path, words in shown.items() if words} == {}


def test_options_and_what_is_asked_are_said(west: Coordinator) -> None:
    page = west.get(f"/referrals/drafts/{west.begin()}").text
    options = re.findall(r"<option[^>]*>([^<]+)</option>", page)
    unsaid = [each for each in options if not each.startswith(BEGIN)]

    # What is left are the names of countries, which the CLDR has in Swedish.
    assert "Sverige" in unsaid
    assert not any(each in {"Sweden", "Arabic", "Not known", "Yes"} for each in unsaid)


def test_whatever_a_coordinator_can_reach_is_in_their_language(
    west: Coordinator, stand_in: Flask
) -> None:
    draft_id = west.begin()
    file_id = west.announce(draft_id, 9).get_json()["id"]
    known = {
        "draft_id": draft_id,
        "file_id": file_id,
        "upload_id": file_id,
        "reference": "K7M-4QX-9T",
        "paper_id": "f" * 32,
        "handle": "f" * 32,
        "token": "no-such-token",
    }
    rules = [
        rule
        for rule in stand_in.url_map.iter_rules()
        if rule.endpoint not in ENDS_THE_SESSION and rule.endpoint != "static"
    ]
    assert {name for rule in _theirs(stand_in, rules) for name in rule.arguments} <= set(known)

    shown = {}
    for rule in _theirs(stand_in, rules):
        values = {name: known[name] for name in rule.arguments}
        path = stand_in.url_map.bind(HOST).build(
            rule.endpoint, values, method=next(iter(rule.methods or ()))
        )
        for method in sorted(rule.methods or ()):
            if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}:
                answer = west.ask(method, path)
                if answer.mimetype == "text/html" and answer.status_code not in LEADS_ON:
                    shown[f"{method} {rule.rule}"] = english_on(answer.text)

    assert len(shown) > 30
    assert {asked: words for asked, words in shown.items() if words} == {}


def test_pages_of_staff_are_closed_to_a_coordinator(west: Coordinator) -> None:
    for path in ("/account/name", "/absences", "/queues", "/admin/audit"):
        answer = west.get(path)

        assert answer.status_code in {403, 404}
        assert english_on(answer.text) == []


def _theirs(app: Flask, rules: list[Rule]) -> list[Rule]:
    return [
        rule
        for rule in rules
        if (permission := policy_of(app, rule.endpoint)) is not None
        and (permission is Permission.PUBLIC or Role.COORD in ROLES[permission])
    ]


def test_every_template_of_these_pages_is_looked_at(app: Flask) -> None:
    rooms = {"coordinators", "errors"}
    theirs = {
        endpoint
        for endpoint in app.view_functions
        if endpoint != "static"
        and policy_of(app, endpoint) in {Permission.REFER, Permission.PUBLIC}
    }
    literal = re.compile(r">\s*[A-Z][a-z]+ [a-z]+[^<{]*<")
    found = [
        (path.name, match.group())
        for room in rooms
        for path in sorted((TEMPLATES / room).glob("*.html"))
        for match in literal.finditer(path.read_text(encoding="utf-8"))
    ]

    assert theirs
    assert found == []
