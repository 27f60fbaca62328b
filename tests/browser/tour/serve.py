"""Serve the portal of the tour, and open every page in every state in one browser.

`serve` puts in the rows and serves them; `walk` opens one stop after the other and yields it. The
endpoints that answered with a page are remembered, so that a test can ask whether a new route was
forgotten.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, request
from playwright.sync_api import Browser, Page

from tests.browser.support import pages
from tests.browser.support.faults import wait_for_looks
from tests.browser.support.pages import Scheme
from tests.browser.tour import rows as tour_rows
from tests.browser.tour.rows import Rows
from tests.browser.tour.stops import STRANGER, Stop, stops_of
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.cases.seen_case import ADDRESS

UNDO_OVER = timedelta(seconds=31)


@dataclass
class Tour:
    """A served portal, its rows, and the endpoints that answered with a page so far."""

    url: str
    app: Flask
    rows: Rows
    seen: set[str] = field(default_factory=set)


@contextmanager
def serve(folder: Path) -> Iterator[Tour]:
    """Serve a portal in which every page has something to show."""
    clock = Clock()
    services = build_services(folder, clock, "http://127.0.0.1", undo_seconds="30")
    app = build_app(services)
    rows = tour_rows.plant(services, clock)
    # What was planted has left; what a stop sends can be taken back.
    clock.move(UNDO_OVER)
    with pages.running(services, app) as url:
        tour = Tour(url, app, rows)
        app.after_request(_remember(tour.seen))
        yield tour


def walk(
    tour: Tour,
    browser: Browser,
    width: int = 1440,
    scheme: Scheme = "light",
    *,
    only: Collection[str] = (),
) -> Iterator[tuple[Stop, Page]]:
    """Open every stop or those named, and yield each with the page that shows it."""
    for who, all_stops in stops_of(tour.rows).items():
        stops = [stop for stop in all_stops if not only or stop.name in only]
        if not stops:
            continue
        context = pages.open_context(browser, width=width, scheme=scheme)
        page = context.new_page()
        if who != STRANGER:
            _sign_in(tour, page, who)
        for stop in stops:
            page.goto(tour.url + stop.path)
            if stop.act is not None:
                stop.act(page, tour.rows)
                wait_for_looks(page)
            yield stop, page
        context.close()


def _sign_in(tour: Tour, page: Page, who: str) -> None:
    page.goto(f"{tour.url}/sign-in")
    page.get_by_label("E-mail address").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    if who == ADDRESS:
        page.get_by_label("Six digits from your authenticator").fill(tour.rows.telephone.code())
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", level=1).wait_for()


def _remember(seen: set[str]) -> Callable[[Response], Response]:
    def remember(response: Response) -> Response:
        if request.endpoint and response.mimetype == "text/html" and response.status_code < 300:
            seen.add(request.endpoint)
        return response

    return remember
