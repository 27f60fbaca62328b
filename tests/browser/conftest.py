"""Give the browser's tests Chromium, and portals that are served with sample rows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.support import pages
from tests.browser.support.pages import Site
from tests.browser.tour import serve
from tests.browser.tour.serve import Tour

# How long a page may take to change while four workers share two processors; no test is about it.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a served portal with sample rows."""
    with pages.serve(tmp_path_factory.mktemp("portal")) as served:
        yield served


@pytest.fixture(scope="module")
def tour_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    """Give a served portal in which every page has something to show."""
    with serve.serve(tmp_path_factory.mktemp("tour")) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a running Chromium."""
    with sync_playwright() as playwright:
        browser = pages.launch(playwright)
        yield browser
        browser.close()
