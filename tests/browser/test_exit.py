"""«Leave this page»: always in reach, with and without script, by a finger and by keys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.support import pages
from tests.browser.support.pages import Site

pytestmark = pytest.mark.browser
WEATHER = "https://en.ilmatieteenlaitos.fi/"


def open_page(context: BrowserContext, site: Site, path: str = "/") -> Page:
    """Open a page where the weather is of our own making: nothing leaves this machine."""
    context.route(
        f"{WEATHER}**", lambda route: route.fulfill(body="<h1>Mild</h1>", content_type="text/html")
    )
    page = context.new_page()
    page.goto(site.url + path)
    return page


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """Give a telephone's window."""
    opened = pages.open_context(chromium, width=360, has_script=request.param)
    yield opened
    opened.close()


def test_one_press_leads_away_from_the_end_of_a_page(context: BrowserContext, site: Site) -> None:
    page = open_page(context, site)
    page.mouse.wheel(0, 4_000)

    # The link stays where the thumb is, wherever the page was scrolled to.
    expect(page.get_by_role("link", name="Leave this page")).to_be_in_viewport()
    page.get_by_role("link", name="Leave this page").click()

    page.wait_for_url(WEATHER)


def test_it_is_the_second_stop_of_the_keyboard(context: BrowserContext, site: Site) -> None:
    page = open_page(context, site)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(WEATHER)


def test_with_script_going_back_does_not_lead_here(chromium: Browser, site: Site) -> None:
    context = pages.open_context(chromium)
    page = open_page(context, site)
    page.goto(f"{site.url}/sign-in")

    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(WEATHER)
    page.go_back()

    # The page before stays in the history, as the foot of the page says; this one does not.
    assert page.url == f"{site.url}/"
    context.close()


def test_esc_three_times_in_a_row_leaves_also_from_a_field(chromium: Browser, site: Site) -> None:
    context = pages.open_context(chromium)
    page = open_page(context, site, "/sign-in")
    page.get_by_label("Password").focus()

    for key in ("Escape", "Escape", "a", "Escape"):
        page.keyboard.press(key)
    expect(page.locator("[data-exit-said]")).to_have_text(
        "Press Esc 2 more times to leave this page."
    )
    assert page.url.endswith("/sign-in")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    page.wait_for_url(WEATHER)
    context.close()
