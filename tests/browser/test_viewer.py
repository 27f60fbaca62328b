"""Check the viewer in a real browser.

Keys, turning, searching and two sides, with and without script.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

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


def where(page: Page) -> str:
    return page.locator("[data-where]").inner_text()


def top_of(page: Page, number: int) -> float:
    box = page.locator(f"#page-{number}").bounding_box()
    assert box is not None
    return box["y"]


def test_keys_turn_the_pages(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    seen = [where(page)]

    for key in ("n", "ArrowRight", "p", "End", "n", "Home", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(where(page))

    assert [text.split()[1] for text in seen] == ["1", "2", "3", "2", "4", "4", "1", "1"]
    page.keyboard.press("n")
    assert 0 <= top_of(page, 2) < 100
    expect(page.locator(".tiles a[aria-current]")).to_have_text("Page 2")


def test_scrolling_by_hand_tells_where_one_is(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])

    page.mouse.move(700, 500)
    page.mouse.wheel(0, top_of(page, 3) - 20)

    expect(page.locator("[data-where]")).to_have_text("Page 3 of 4")


def test_pictures_load_as_they_are_needed_and_nothing_jumps(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    before = top_of(page, 4) - top_of(page, 1)

    page.keyboard.press("End")
    expect(page.locator("#page-4 img")).to_have_js_property("naturalWidth", 620)
    page.keyboard.press("Home")

    assert top_of(page, 4) - top_of(page, 1) == pytest.approx(before, abs=1)


def test_larger_smaller_and_fit(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])

    def width() -> float:
        return float(page.evaluate("document.querySelector('#page-1 img').offsetWidth"))

    fit = width()
    page.keyboard.press("+")
    larger = width()
    page.keyboard.press("0")
    again = width()
    page.keyboard.press("-")
    assert larger == pytest.approx(fit * 1.25, rel=0.01)
    assert again == fit
    assert width() == pytest.approx(fit * 0.75, rel=0.01)


def test_rotating_turns_one_page_within_its_frame(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    frame, image = page.locator("#page-2 .frame"), page.locator("#page-2 img")
    page.keyboard.press("n")
    upright = frame.bounding_box()

    page.keyboard.press("o")

    turned, picture = frame.bounding_box(), image.bounding_box()
    assert upright is not None
    assert turned is not None
    assert picture is not None
    assert turned["width"] == pytest.approx(upright["width"], abs=1)
    assert turned["height"] == pytest.approx(upright["width"] * 620 / 877, rel=0.02)
    # The rotated picture fills its frame and nothing of it is cut off.
    for side in ("x", "y", "width", "height"):
        assert picture[side] == pytest.approx(turned[side], abs=4)
    assert page.locator("#page-1 .turn-1").count() == 0
    for _ in range(3):
        page.keyboard.press("o")
    assert frame.bounding_box() == upright
    page.keyboard.press("O")
    assert page.locator(".turn-1").count() == 4


def test_rotating_from_right_to_left_stays_in_its_frame(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    page.evaluate("document.documentElement.dir = 'rtl'")

    page.keyboard.press("o")
    turned = page.locator("#page-1 .frame").bounding_box()
    picture = page.locator("#page-1 img").bounding_box()
    page.keyboard.press("ArrowLeft")

    assert turned is not None
    assert picture is not None
    assert picture["x"] == pytest.approx(turned["x"], abs=4)
    assert where(page) == "Page 2 of 4"


def test_searching_marks_pages_and_sends_nothing(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method + request.url))

    page.keyboard.press("/")
    page.keyboard.type("SAMTYCKE")
    page.keyboard.press("Enter")

    expect(page.locator("[data-found]")).to_have_text("Found on page 2")
    assert where(page) == "Page 2 of 4"
    assert page.locator(".sheet.hit").get_attribute("id") == "page-2"
    expect(page.locator(".tiles a.hit")).to_have_text("Page 2, found here")
    assert [line for line in sent if "POST" in line or "SAMTYCKE" in line] == []
    page.get_by_label("Find in the text").fill("nobody at all")
    page.keyboard.press("Enter")
    expect(page.locator("[data-found]")).to_have_text("Found on no page")
    assert page.locator(".sheet.hit").count() == 0


def test_enter_goes_from_hit_to_hit(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    page.keyboard.press("/")
    page.keyboard.type("a")
    seen = []

    for _ in range(3):
        page.keyboard.press("Enter")
        seen.append(where(page).split()[1])

    assert seen == ["1", "2", "1"]
    # While the field has the focus, a letter key types and does nothing else.
    page.keyboard.type("n")
    assert where(page).split()[1] == "1"
    page.keyboard.press("Escape")
    assert page.get_by_label("Find in the text").input_value() == "an"
    page.keyboard.press("n")
    assert where(page).split()[1] == "2"


def test_s_leads_to_the_other_side(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.wait_for_url("**?beside=*")

    page.keyboard.press("s")
    page.keyboard.press("n")
    assert where(page) == "Page 2 of 2"
    page.keyboard.press("s")
    assert where(page) == "Page 1 of 4"

    left, right = (page.locator(".pane").nth(side).bounding_box() for side in (0, 1))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]


def test_the_sheet_of_keys_opens_and_closes(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["viewer"])

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("n")
    assert where(page) == "Page 1 of 4"
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_viewer_works_without_script(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)

    page.goto(site.url + site.officer["viewer"])
    assert page.locator(".sheet img").count() == 4
    assert not page.get_by_role("button", name="Next").is_visible()
    page.get_by_label("Find in the text").fill("samtycke")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("[data-found]")).to_have_text("Found on page 2")
    page.get_by_text("Text of page 2").click()
    expect(page.get_by_text("Underskrift: ja")).to_be_visible()
    page.get_by_role("link", name="Side by side").first.click()
    expect(page.locator(".pane")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save safe PDF").click()
    assert download.value.suggested_filename.startswith("document-")
    context.close()


def test_an_officer_decides_from_the_quarantine_without_script(
    site: Site, chromium: Browser
) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)

    page.goto(f"{site.url}/quarantine")
    row = page.get_by_role("row").filter(has_text="Nested too deeply.")
    row.get_by_role("link", name="Decide").click()
    page.get_by_text("Reject it").first.click()
    page.get_by_label("Why: Reject it").fill("Sent by mistake, says the coordinator.")
    page.get_by_role("button", name="Reject").click()

    page.wait_for_url("**/submissions/**")
    expect(page.get_by_text("Intake officer 1 rejected it")).to_be_visible()
    expect(page.get_by_text("Sent by mistake, says the coordinator.")).to_be_visible()
    context.close()


def test_a_turned_page_does_not_widen_a_phone(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    complaints = watch(page)
    pages.sign_in(page, site)
    for name in ("viewer", "viewer-beside"):
        page.goto(site.url + site.officer[name])
        for key in ("O", "+", "+", "n"):
            page.keyboard.press(key)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()

    assert complaints == []
