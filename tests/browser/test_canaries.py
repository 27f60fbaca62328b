"""Canaries through every input, and all pages in a browser: none sings (threat W7)."""

import io
import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from intake.access import gate
from intake.arrivals import drafts, whole_files
from intake.core.services import Services
from storage.accounts.users import Role
from tests.browser.support.canaries import CANARIES, STRANGE
from tests.browser.support.crawling import Walk
from tests.portal import samples
from tests.portal.building import HOST, Clock, build_app, build_services
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.portal.triage import extracted_values
from tests.portal.triage.crowd import plant_session

pytestmark = pytest.mark.browser

URL = f"http://{HOST}"
ROLES = (None, Role.INTAKE, Role.CASH, Role.MGR, Role.ADMIN, Role.COORD)
# A script that listens, before anything of a page runs, to canaries and to what the policy forbids.
LISTEN = """
window.sung = []; window.forbidden = [];
window.sing = window.alert = (number) => window.sung.push(number);
document.addEventListener("securitypolicyviolation",
  (event) => window.forbidden.push(event.effectiveDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services whose rows are full of canaries."""
    built = build_services(tmp_path_factory.mktemp("canaries"), Clock())
    seed_canaries(built)
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    """Give the application."""
    return build_app(services)


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """Give a browser's page that listens, and reaches nothing but what a test shows it."""
    context = chromium.new_context()
    context.add_init_script(LISTEN)
    yield context.new_page()
    context.close()


def seed_canaries(services: Services) -> None:
    """Put in mail, documents, people, readings and labels, each with a canary of its own."""
    text = cycle(CANARIES)
    # A name each, with the endings that people send: a table's, a picture's, an archive's.
    endings = (".pdf", ".csv", ".jpg", ".zip", ".xlsx")
    parts = tuple(
        Part(f"{canary}{ending}", state, page_count=1)
        for canary, ending, state in zip(
            CANARIES, cycle(endings), cycle(("CLEAN", "ACTIVE", "HELD", "LOCKED")), strict=False
        )
    )
    for start in range(0, len(CANARIES), 20):
        made = samples.seed(
            services,
            subject=next(text),
            body_text="\n".join(CANARIES[start : start + 20]),
            sender=next(text),
            parts=(
                Part("", "CLEAN", "", "text/plain", 612, role="body"),
                *parts[start : start + 20],
            ),
            queue="Q3" if start else "Q2",
            verdict="unknown" if start else "registered",
            reason=next(text),
            flags=[next(text)],
        )
        document = copies.documents_of(services, made.submission_id)[1]
        copies.add_copy(services, document.id, (next(text),))
        extracted_values.add_kind(services, document.id, "REF-FORM", (next(text),))
        extracted_values.add_value(services, document.id, "mrz", next(text), next(text))
        extracted_values.add_person(services, made, next(text), "1990-01-02")
    samples.seed(services, programme="cash", subject=next(text), sender=next(text))


def walk_of(services: Services, app: Flask, role: Role | None) -> tuple[Walk, list[str]]:
    """Return somebody who may walk, and where the walk starts; a role of None is a stranger."""
    starts = ["/", "/verify", "/stopped-addresses", "/numbers/lists"]
    if role is None:
        return Walk(app, app.test_client(), URL), [*starts, "/sign-in", "/invitation/none"]
    region = "VAST" if role is Role.COORD else None
    user, cookie, _token = plant_session(services, app, f"{CANARIES[2]}"[:60], role, region)
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie, domain=HOST)
    if role is Role.COORD:
        draft_id = drafts.start_draft(services, user)
        starts.append(f"/referrals/drafts/{draft_id}")
        drafts.save_draft(
            services, gate.draft_to_change(services, user, draft_id), {"note": CANARIES[0]}
        )
        for name in CANARIES[:10]:
            whole_files.take_whole(
                services,
                gate.draft_to_change(services, user, draft_id),
                claimed_name=name,
                claimed_type="",
                most_bytes=1000,
                content=io.BytesIO(b"%PDF"),
            )
    return Walk(app, client, URL), starts


def show(page: Page, app: Flask, path: str, body: bytes, headers: dict[str, str]) -> None:
    """Show a page under an address, as if a server had answered with it."""
    files = app.test_client()

    def respond(route: Route) -> None:
        asked = route.request.url.removeprefix(URL)
        if asked == path:
            route.fulfill(status=200, headers=headers | {"Content-Type": "text/html"}, body=body)
        elif asked.startswith("/static/"):
            found = files.get(asked, base_url=URL, buffered=True)
            route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.data)
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", respond)
    page.goto(URL + path)


def heard(page: Page) -> list[str]:
    """Return what sang, what the policy forbade, and elements that no page of ours has."""
    found: list[str] = page.evaluate(
        "(strange) => [...window.sung.map((n) => `sang ${n}`), ...window.forbidden,"
        " ...[...document.querySelectorAll(strange)].map((each) => each.outerHTML.slice(0, 120))]",
        STRANGE,
    )
    return found


def test_canaries_are_heard_where_nothing_is_escaped(page: Page, app: Flask) -> None:
    silent = []
    for canary in CANARIES:
        show(page, app, "/control", f"<!doctype html><p>{canary}</p>".encode(), {})
        if not heard(page):
            silent.append(canary)

    assert len(CANARIES) == 80
    # A link's scheme does nothing as a text.
    assert [each for each in silent if "javascript:" not in each] == []


@pytest.mark.parametrize("role", ROLES)
def test_no_canary_sings_on_any_page(
    services: Services, app: Flask, page: Page, role: Role | None
) -> None:
    walk, starts = walk_of(services, app, role)
    met, texts = {}, cycle(CANARIES)
    # The second round meets what the first one changed: other forms, and its own texts.
    for _ in range(2):
        walk.open(*starts)
        walk.fill(texts)
        met.update(walk.answers)
        walk = Walk(app, walk.client, URL, answers=walk.answers)
    walk.open(*starts)
    met.update(walk.pages)

    found = {}
    for number, (path, answer) in enumerate(met.items()):
        if answer.mimetype == "text/html":
            show(page, app, f"/shown/{number}", answer.data, dict(answer.headers))
            found[path] = heard(page)

    assert {path: what for path, what in found.items() if what} == {}
    assert any("sing(" in answer.text for answer in met.values())
    policies = {answer.headers["Content-Security-Policy"] for answer in met.values()}
    assert not [policy for policy in policies if re.search(r"unsafe|data:|\*", policy)]
