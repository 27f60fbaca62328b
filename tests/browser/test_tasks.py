"""Check tasks in a real browser: worked off by keys alone, and without script."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake.accounts import accounts
from intake.core.services import Services
from storage.submissions.queue_items import TaskKind
from tests.browser.support import pages
from tests.browser.support.pages import Site
from tests.browser.test_pages import watch
from tests.portal import samples
from tests.portal.building import PASSWORD
from tests.portal.triage.tasks.asked import ask

pytestmark = pytest.mark.browser


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in the officer, and three submissions with a call each; return their pages."""
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    named = {}
    for number in range(3):
        made = samples.seed(services, subject=f"Remiss {number}")
        ask(services, made, TaskKind.CALL_SENDER, due_in=timedelta(hours=number + 1))
        named[f"call-{number}"] = f"/submissions/{made.reference}"
    return {}, named


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a served portal with the calls."""
    with pages.serve(tmp_path / "portal", fill) as served:
        yield served


def reference_of(site: Site, name: str) -> str:
    return site.officer[name].rpartition("/")[2]


def press(page: Page, *keys: str) -> None:
    """Press keys that stay on the page, and a last one that leads on."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_tasks_are_worked_off_by_keys_alone(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium)
    page = context.new_page()
    complaints = watch(page)
    pages.sign_in(page, site)
    page.goto(f"{site.url}/queues/Q4")

    press(page, "Enter")
    assert re.search(r"#task-[0-9a-f]{32}$", page.url)
    press(page, "k", "O", "k", "Tab", "Enter")

    done = page.locator("#done")
    expect(done).to_contain_text(f"{reference_of(site, 'call-0')} Call the sender: Reached")
    assert reference_of(site, "call-1") in page.url
    press(page, "z")
    assert reference_of(site, "call-0") in page.url
    card = page.locator(".card.task")
    expect(card).to_contain_text("opened again")
    expect(card.get_by_role("button", name="Not reached")).to_be_visible()
    # The day and time are filled in.
    with page.expect_navigation():
        card.get_by_role("button", name="Not reached").press("Enter")
    expect(done).to_contain_text("The task stays open until the new time.")
    context.close()
    assert complaints == []


def test_enter_in_a_field_reports_nothing_and_loses_nothing(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium)
    page = context.new_page()
    pages.sign_in(page, site)
    page.goto(site.url + site.officer["call-0"])

    page.get_by_label("What came of it").fill("Rang for long")
    for field in ("Day", "Time"):
        with page.expect_navigation():
            page.locator(".card.task").get_by_label(field, exact=True).press("Enter")

        expect(page.get_by_role("link", name="Choose what came of it.")).to_be_visible()
        expect(page.get_by_label("What came of it")).to_have_value("Rang for long")
    context.close()


def test_tasks_are_done_without_script(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)
    page.goto(f"{site.url}{site.officer['call-2']}?queue=Q4")

    page.get_by_role("button", name="Reached: forged").click()
    expect(page.locator(".problems")).to_be_focused()
    page.get_by_role("link", name="Please write a few words about it first.").press("Enter")
    expect(page.get_by_label("What came of it")).to_be_focused()
    page.get_by_label("What came of it").fill("They never wrote to us")
    page.get_by_role("button", name="Reached: forged").click()

    expect(page.locator("#done")).to_contain_text("It counts as forged and is held.")
    assert reference_of(site, "call-0") in page.url
    context.close()
