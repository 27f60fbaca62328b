"""Check in a real browser that a message is taken back by its key, and without script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake.accounts import accounts
from intake.core.services import Services
from tests.browser.support import pages
from tests.browser.support.pages import Site
from tests.browser.test_pages import watch
from tests.portal.building import PASSWORD
from tests.portal.cases.seen_case import register, seed_case

pytestmark = pytest.mark.browser
COUNTED = re.compile(r"\(in \d+ s\)")
UNDO = re.compile("the message to the coordinator")
TEXT = "Please look at the form again, page two."


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in the officer and a case with a registered sender; return its page."""
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    case = seed_case(services)
    register(services, case)
    return {}, {"case": case.path}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a served portal with the case."""
    planted = pages.plant(tmp_path / "planted", fill)
    with pages.serve_copy(planted, tmp_path / "portal") as served:
        yield served


def write(page: Page, site: Site) -> None:
    """Write the message."""
    page.goto(f"{site.url}{site.officer['case']}")
    page.get_by_text("To the coordinator", exact=True).click()
    page.get_by_label("Message to the coordinator").fill(TEXT)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#said")).to_contain_text("The message is written.")


def test_its_key_takes_it_back_and_gives_the_text_back(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium)
    page = context.new_page()
    complaints = watch(page)
    pages.sign_in(page, site)
    write(page, site)
    expect(page.locator("#said [data-leaves-in]")).to_have_text(COUNTED)

    page.locator("h1").click()
    with page.expect_navigation():
        page.keyboard.press("z")

    expect(page.locator("#said")).to_contain_text("Taken back: the message did not leave.")
    expect(page.get_by_label("Message to the coordinator")).to_have_value(TEXT)
    assert complaints == []


def test_without_script_its_button_does(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)
    write(page, site)

    page.get_by_role("button", name=UNDO).click()

    expect(page.locator("#said")).to_contain_text("Taken back: the message did not leave.")
