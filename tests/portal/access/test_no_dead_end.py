"""Follow every link of every page that each role can reach: none leads to a closed page.

The world is that of the access matrix, so there is one of everything, and of most things several
that are somebody else's. Followed are links, and forms that only ask.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from storage.accounts.users import Role
from tests.portal.access.people import PEOPLE, Viewer
from tests.portal.access.person import SITE, Person, is_led_to_sign_in
from tests.portal.access.world import World

# What belongs to one thing in an address; pages that differ by it alone are of one shape.
OF_A_THING = re.compile(r"[0-9a-f]{32}|[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{2,3}|(?<=/)\d+(?=/|$)")
MAX_OF_A_SHAPE = 3
ROLES = [next(each for each in PEOPLE if each.role == role) for role in Role]
# The last page of somebody's visit: no session is left to follow links with.
LEAVING = "/sign-out"


class Links(HTMLParser):
    """The addresses to which the links of a page lead, and its forms that only ask."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.headings = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address of a link or a form."""
        known = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        if tag == "a":
            self.found.append(known.get("href", ""))
        elif tag == "form" and known.get("method", "get").lower() == "get":
            self.found.append(known.get("action", ""))


@dataclass
class Visit:
    """What one person met on the way through all pages: pages by path, and dead ends."""

    pages: dict[str, Links] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    shapes: dict[str, int] = field(default_factory=dict)

    def is_new(self, path: str) -> bool:
        """Tell whether a page is of a shape that was not met often yet."""
        bare, _, query = path.partition("?")
        names = ",".join(re.findall(r"(\w[\w-]*)=", query))
        shape = OF_A_THING.sub("*", bare) + "?" + names
        self.shapes[shape] = self.shapes.get(shape, 0) + 1
        return self.shapes[shape] <= MAX_OF_A_SHAPE


def walk(person: Person) -> Visit:
    """Follow all links from the first page on."""
    visit, waiting = Visit(), [("", "/")]
    while waiting:
        start, path = waiting.pop(0)
        if path.startswith((LEAVING, "/static")) or not visit.is_new(path):
            continue
        answer = person.client.get(path, base_url=SITE, buffered=True, follow_redirects=True)
        if answer.status_code != 200 or is_led_to_sign_in(answer):
            visit.dead.append(f"{start} leads to {path}: {answer.status_code}")
        if not _is_page(answer):
            continue
        page = visit.pages[path] = Links(answer.text)
        waiting += [(path, inside) for link in page.found if (inside := _inside(path, link))]
    return visit


def _inside(path: str, link: str) -> str:
    """Return the address to which a link of a page leads, empty when it leaves the portal."""
    whole = urlsplit(urljoin(f"{SITE}{path}", link))
    if not link or link.startswith("#") or f"{whole.scheme}://{whole.netloc}" != SITE:
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")


def _is_page(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html" and answer.status_code == 200


@pytest.mark.parametrize("viewer", ROLES, ids=lambda viewer: viewer.name)
def test_no_link_of_any_page_is_a_dead_end(app: Flask, world: World, viewer: Viewer) -> None:
    visit = walk(Person(app, viewer))

    assert "\n".join(visit.dead) == ""
    assert {path: page.headings for path, page in visit.pages.items() if page.headings != 1} == {}
    assert len(visit.pages) >= 3
