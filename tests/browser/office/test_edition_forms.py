"""Check the form of a checklist in a real browser: by script and without, nothing typed is lost."""

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

pytestmark = pytest.mark.browser

FORM = "/admin/editions/checklist/propose?code=referrals"


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in the officer."""
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    return {}, {}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a served portal."""
    with pages.serve(tmp_path / "portal", fill) as served:
        yield served


def act(page: Page, code: str) -> None:
    """Press a button of a row."""
    page.locator(f'[name=do][value="{code}"]').click()


def rows(page: Page) -> list[str]:
    return [each.get_attribute("value") or "" for each in page.locator("[name=items]").all()]


@pytest.mark.parametrize("has_script", [True, False])
def test_rows_are_changed_moved_and_added_and_the_difference_is_in_words(
    site: Site, chromium: Browser, has_script: bool
) -> None:
    context = pages.open_context(chromium, has_script=has_script)
    page = context.new_page()
    heard = watch(page)
    pages.sign_in(page, site)
    page.goto(site.url + FORM)

    act(page, "open:items.3")
    expect(page.locator("#edited.opened")).to_be_visible()
    if has_script:
        expect(page.locator('[name="items.3.type"]')).to_be_focused()
        assert page.url.endswith(FORM)
    page.fill('[name="items.3.wording.sv"]', 'Åäö & ett "citat"')
    act(page, "fold:items.3")
    expect(page.locator(".opened")).to_have_count(0)
    act(page, "up:items.3")
    expect(page.locator(".edition-row").nth(2)).to_contain_text('Åäö & ett "citat"')
    act(page, "add:items")
    expect(page.locator("#edited.opened")).to_be_visible()
    act(page, "remove:items.36")
    expect(page.locator("[name=items]")).to_have_count(36)
    page.fill("[name=note]", "A new name for one paper.")
    page.locator("[name=note]").press("Enter")

    expect(page.locator(".changes .row")).to_have_count(2)
    expect(page.locator(".changes")).to_contain_text('Åäö & ett "citat"')
    expect(page.locator(".changes")).to_contain_text("now after")
    assert heard == []
    context.close()


def test_what_was_typed_stays_when_the_form_is_refused(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium)
    page = context.new_page()
    pages.sign_in(page, site)
    page.goto(site.url + FORM)

    act(page, "add:items")
    expect(page.locator("#edited.opened")).to_be_visible()
    page.fill('[name="items.36.wording.en"]', "Only in English")
    page.fill("[name=note]", "One more paper is asked for.")
    page.locator("[name=note]").press("Enter")

    expect(page.locator("[role=alert]")).to_contain_text("Nothing was stored.")
    expect(page.locator('[name="items.36.wording.en"]')).to_have_value("Only in English")
    expect(page.locator('[id="items.36.wording.sv-error"]')).to_contain_text("This is missing.")
    expect(page.locator("[name=note]")).to_have_value("One more paper is asked for.")
    assert rows(page)[-1] == "36"
    context.close()
