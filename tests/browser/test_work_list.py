"""Check the work list in a real browser.

Selecting and searching by key, and news that move nothing.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.support import pages
from tests.browser.support.pages import Site
from tests.browser.test_pages import watch

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, chromium: Browser) -> Iterator[Page]:
    """Give a page of a signed-in officer; whatever the browser complains of fails the test."""
    context = pages.open_context(chromium)
    opened = context.new_page()
    complaints = watch(opened)
    pages.sign_in(opened, site)
    yield opened
    context.close()
    assert complaints == []


def test_rows_are_selected_by_key_and_taken_together(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/queues/Q2?holder=nobody")
    rows = page.locator("tbody tr").count()

    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[name=item]:checked")).to_have_count(2)
    # Enter on a checkbox opens the row; it never sends the form of all selected rows.
    page.locator("[name=item]").first.focus()
    page.keyboard.press("x")
    expect(page.locator("[name=item]:checked")).to_have_count(1)
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.get_by_label("or give them to")).to_be_focused()
    page.get_by_role("button", name="Take them").click()

    expect(page.get_by_text("2 taken.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(rows - 2)


def test_enter_on_a_checkbox_opens_its_row(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/queues/Q2")
    box = page.locator("[name=item]").nth(1)
    reference = page.locator("[data-open]").nth(1).inner_text()

    box.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert f"/submissions/{reference}" in page.url


def test_the_search_is_one_key_away_and_stands_in_no_address(site: Site, page: Page) -> None:
    for path in ("/queues", "/queues/Q2"):
        page.goto(site.url + path)
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("neverwritten")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("neverwritten")
    assert page.url == f"{site.url}/search"


def test_news_offer_themselves_and_move_nothing(site: Site, page: Page) -> None:
    def answer(route: Route) -> None:
        route.fulfill(json={"new": 3}, headers={"ETag": '"3"'})

    page.clock.install()
    page.goto(f"{site.url}/queues/Q2")
    page.route("**/news?*", answer)
    before = page.locator("tbody").inner_html()
    offer = page.get_by_text("3 new – show")
    expect(offer).to_be_hidden()

    page.clock.run_for(31_000)
    expect(offer).to_be_visible()
    with page.expect_request("**/news?*") as second:
        page.clock.run_for(30_000)

    assert second.value.headers["if-none-match"] == '"3"'
    assert page.locator("tbody").inner_html() == before
    page.unroute("**/news?*")
    with page.expect_navigation():
        page.keyboard.press(".")
    expect(page.get_by_text("3 new – show")).to_be_hidden()


def test_whoever_was_signed_out_asks_no_more(site: Site, page: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=303, headers={"Location": "/sign-in"})

    page.clock.install()
    page.goto(f"{site.url}/queues/Q2")
    page.route("**/news?*", answer)
    with page.expect_request("**/news?*"):
        page.clock.run_for(31_000)
    # One more round trip: by its end the page has acted on the answer.
    page.evaluate("() => fetch('/static/mark.svg').then(() => null)")
    page.clock.run_for(120_000)

    assert len(asked) == 1
