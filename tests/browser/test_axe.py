"""Check every page in every state, looked at by axe.

Narrow and light, then wide, dark, from the right.

The browser walks once; each test asks for one kind of fault of what it saw.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.support import faults
from tests.browser.tour import serve
from tests.browser.tour.serve import Tour
from tests.browser.tour.stops import Stop, of_strangers

pytestmark = pytest.mark.browser
NARROW, WIDE = 360, 1440
# 1280 px at 400 % (WCAG 2.2 §1.4.10), and 1440 px at 200 %.
ZOOMED, TWICE = 320, 720
# Endpoints that do not answer with a page, and so have nothing to look at.
NOT_PAGES = frozenset(
    {
        "static",
        "bulk_exports.take",
        "bulk_exports.take_sheet",
        "condition.liveness",
        "confirmations.pdf",
        "documents.page",
        "documents.safe_pdf",
        "documents.thumbnail",
        "link_uploads.progress",
        "numbers.export",
        "numbers.export_sheet",
        "office_data.export",
        "presence.changes",
        "second_factor.picture",
        "triage.go_on",
        "uploads.progress",
        "work_acts.news",
    }
)
Found = dict[str, list[str]]


@dataclass
class Seen:
    """What the walk saw: the faults by stop, and the endpoints that answered with a page."""

    tour: Tour
    by_axe: Found = field(default_factory=dict)
    in_the_dark: Found = field(default_factory=dict)
    too_wide: Found = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(tour_of_all: Tour, chromium: Browser) -> Seen:
    """Walk through everything once."""
    found = Seen(tour_of_all)
    public = {stop.name for stop in of_strangers(tour_of_all.rows)}
    for stop, page in serve.walk(tour_of_all, chromium, NARROW):
        _look(found, stop, page, is_public=stop.name in public)
    return found


def _look(found: Seen, stop: Stop, page: Page, *, is_public: bool) -> None:
    page.evaluate(faults.UNFOLD)
    found.by_axe[stop.name] = faults.found_by_axe(page, is_public=is_public)
    found.too_wide[f"{stop.name}, {ZOOMED} px"] = faults.overflow(page, ZOOMED)
    large = faults.overflow_of_large_text(page, TWICE)
    found.too_wide[f"{stop.name}, large text"] = large
    page.evaluate("document.documentElement.dir = 'rtl'")
    found.too_wide[f"{stop.name}, from the right"] = faults.overflow(page, NARROW)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": WIDE, "height": 800})
    found.in_the_dark[stop.name] = faults.found_in_looks(page, is_public=is_public)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": 800})


def _only_faults(found: Found) -> Found:
    return {name: each for name, each in found.items() if each}


def test_axe_finds_nothing(seen: Seen) -> None:
    assert _only_faults(seen.by_axe) == {}


def test_axe_finds_nothing_in_the_dark_and_from_the_right(seen: Seen) -> None:
    assert _only_faults(seen.in_the_dark) == {}


def test_nothing_is_wider_than_a_screen_four_times_enlarged(seen: Seen) -> None:
    assert _only_faults(seen.too_wide) == {}


def test_no_page_was_forgotten(seen: Seen) -> None:
    rules = seen.tour.app.url_map.iter_rules()
    routes = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}

    assert routes - seen.tour.seen == NOT_PAGES
