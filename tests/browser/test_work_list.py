"""Check the work list in a real browser.

Selecting and searching by key, and news that move nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from intake.accounts import accounts
from intake.core.services import Services
from tests.browser.support import pages
from tests.browser.support.pages import Site
from tests.browser.test_pages import watch
from tests.portal import samples
from tests.portal.building import PASSWORD

pytestmark = pytest.mark.browser
SCREEN = 900
MAX_ROW = 40
SUBJECTS = (
    "Ny remiss, kvinna 34",
    "",
    "إحالة جديدة لامرأة",
    "x" * 400,
    "\u202eettim er",
    "<img src=x onerror=alert(1)>\x00\x1b[31m",
)


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in more than a screen of submissions, some with subjects that strangers chose badly."""
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    for number in range(60):
        samples.seed(
            services,
            subject=SUBJECTS[number % len(SUBJECTS)],
            queue=("Q2", "Q2", "Q1", "Q15")[number % 4],
            due_in=timedelta(minutes=30 * number),
            verdict="registered" if number % 3 else "unknown",
        )
    return {}, {}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a served portal with more rows than a screen or a page holds."""
    with pages.serve(tmp_path_factory.mktemp("full"), fill) as served:
        yield served


def tops(page: Page) -> list[float]:
    """Return how far down each row stands."""
    return page.evaluate(  # type: ignore[no-any-return]
        "() => [...document.querySelectorAll('.line')].map((e) => e.getBoundingClientRect().top)"
    )


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
    rows = page.locator(".line").count()

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
    expect(page.get_by_label("Assign to", exact=True)).to_be_focused()
    page.get_by_role("button", name="Assign to me").click()

    expect(page.get_by_text("2 taken.")).to_be_visible()
    expect(page.locator(".line")).to_have_count(rows - 2)


def test_enter_on_a_checkbox_opens_its_row(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/queues/Q2")
    box = page.locator("[name=item]").nth(1)
    reference = page.locator(".line-code").nth(1).inner_text()

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
    before = page.locator(".work-lines").inner_html()
    places = tops(page)
    offer = page.get_by_text("3 new – show")
    expect(offer).to_be_hidden()

    page.clock.run_for(31_000)
    expect(offer).to_be_visible()
    with page.expect_request("**/news?*") as second:
        page.clock.run_for(30_000)

    assert second.value.headers["if-none-match"] == '"3"'
    assert page.locator(".work-lines").inner_html() == before
    assert tops(page) == places
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


@pytest.mark.parametrize(("path", "most"), [("/queues/all", 20), ("/queues/Q2", 20)])
def test_a_screen_holds_twenty_rows_of_one_line(
    full: Site, chromium: Browser, path: str, most: int
) -> None:
    context = pages.open_context(chromium, width=1440)
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": SCREEN})
    pages.sign_in(page, full)
    page.goto(full.url + path)

    heights = page.evaluate(
        "() => [...document.querySelectorAll('.line')].map((e) => e.offsetHeight)"
    )
    seen = page.evaluate(
        "() => [...document.querySelectorAll('.line')]"
        ".filter((e) => e.getBoundingClientRect().bottom <= innerHeight).length"
    )
    context.close()

    assert max(heights) <= MAX_ROW
    assert seen >= most


def test_on_a_telephone_a_row_is_three_short_lines(full: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    pages.sign_in(page, full)
    page.goto(f"{full.url}/queues/all")

    highest = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.line')].map((e) => e.offsetHeight))"
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert highest <= 3 * 30
    assert width == 360


@pytest.mark.parametrize("start", ["/", "/queues", "/queues/Q2", "/search"])
def test_a_key_after_g_opens_each_list_from_every_page(
    full: Site, chromium: Browser, start: str
) -> None:
    context = pages.open_context(chromium)
    page = context.new_page()
    complaints = watch(page)
    pages.sign_in(page, full)
    heads = {
        "a": "All open",
        "m": "Mine",
        "r": "Replies",
        "d": "Due soon",
        "q": "Queues",
    }
    for key, head in heads.items():
        page.goto(full.url + start)
        page.keyboard.press("g")
        with page.expect_navigation():
            page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_contain_text(head)
    context.close()

    assert complaints == []


def test_the_next_piece_of_a_list_goes_on_where_the_last_ended(
    full: Site, chromium: Browser
) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, full)
    page.goto(f"{full.url}/queues/all")
    codes = page.locator(".line-code").all_inner_texts()
    page.get_by_role("link", name="Next 10").click()
    codes += page.locator(".line-code").all_inner_texts()
    context.close()

    assert len(codes) == len(set(codes)) == 60
