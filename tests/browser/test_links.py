"""Somebody without an account sends documents by a link, on a telephone with script."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from intake.core.services import Services
from tests.browser.support import pages
from tests.browser.support.coordinator import payload
from tests.browser.test_pages import faults_of, watch
from tests.portal import samples
from tests.portal.correspondence import links
from tests.support.people import plant_user

pytestmark = pytest.mark.browser
WIDTH = 360
MIN_CONTRAST = 7


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in a case with a link."""
    case = links.case_reference(services, samples.seed(services).submission_id)
    made = links.make_link(services, plant_user(services), case)
    return {"link": urlsplit(made.url).path}, {}


def test_documents_go_up_in_pieces_and_the_code_stays_in_this_browser(
    chromium: Browser, tmp_path: Path
) -> None:
    with pages.serve(tmp_path, fill) as site:
        context = pages.open_context(chromium, width=WIDTH)
        page = context.new_page()
        complaints = watch(page)
        page.goto(site.url + site.public["link"])
        page.get_by_label("Choose files").set_input_files(
            [payload("first.jpg", 1_500_000), payload("second.pdf", 9_000)]
        )
        page.get_by_text("2 files, ready to be sent.").wait_for()
        page.reload()
        kept = page.locator(".file-name").all_inner_texts()
        faults = faults_of(page, WIDTH, MIN_CONTRAST)
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("heading", name="Received").wait_for()
        code = page.locator(".reference").inner_text()
        page.reload()
        code_again = page.locator(".reference").inner_text()
        faults += faults_of(page, WIDTH, MIN_CONTRAST)
        context.close()

    assert kept == ["first.jpg", "second.pdf"]
    assert code == code_again
    assert faults == []
    assert complaints == []
