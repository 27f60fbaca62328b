"""Check that the places and the lists fold on a narrow screen, and open by keys and without script.

At 320 px, which is 1280 px at 400 %, nothing scrolls sideways (WCAG 2.2 §1.4.10).
"""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.support import pages
from tests.browser.support.pages import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("has_script", [True, False])
def test_the_places_open_by_keys_and_mark_the_present_one(
    site: Site, chromium: Browser, *, has_script: bool
) -> None:
    context = pages.open_context(chromium, width=320, has_script=has_script)
    page = context.new_page()
    pages.sign_in(page, site)
    page.goto(f"{site.url}/queues")
    menu = page.locator(".menu > summary")
    places = page.get_by_role("navigation", name="Service")
    expect(menu).to_contain_text("Queues")
    expect(places.get_by_role("link", name="My cases")).to_be_hidden()

    menu.focus()
    page.keyboard.press("Enter")
    expect(places.locator("[aria-current=page]")).to_have_text("Queues")
    places.get_by_role("link", name="My cases").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")
    expect(menu).to_contain_text("My cases")
    context.close()


def test_the_lists_open_by_keys_and_tell_what_is_urgent(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=320, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)
    page.goto(f"{site.url}/queues/Q2")
    fold = page.locator(".rail summary")
    expect(fold).to_contain_text("New referrals")
    expect(fold).to_contain_text("Emergency")

    fold.focus()
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Lists of work").get_by_role("link", name="Mine").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Mine")
    context.close()


def test_with_room_enough_nothing_folds(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)
    page.goto(f"{site.url}/queues/Q2")

    expect(page.locator(".menu > summary")).to_be_hidden()
    expect(page.locator(".rail summary")).to_be_hidden()
    places = page.get_by_role("navigation", name="Service")
    expect(places.get_by_role("link", name="My cases")).to_be_visible()
    places.get_by_role("link", name="My cases").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")
    context.close()
