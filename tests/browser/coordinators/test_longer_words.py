"""Check that words four tenths longer than ours break no page of a coordinator on a telephone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.support import coordinator, faults, pages
from tests.browser.support.coordinator import Ward, walk
from tests.portal.language.catalogues import BEGIN, write_stand_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """Give a served portal whose Swedish is the stand-in language."""
    folder = tmp_path_factory.mktemp("longer")
    with coordinator.serve(folder / "app", write_stand_in(folder / "catalogues")) as served:
        yield served


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_wider_than_the_screen(ward: Ward, chromium: Browser, width: int) -> None:
    context = pages.open_context(chromium, width=width, locale="sv-SE")
    page = context.new_page()
    wide: dict[str, list[str]] = {}
    looked_at = 0

    for name, _path in walk(page, ward):
        page.evaluate(faults.UNFOLD)
        assert BEGIN in page.locator("main").inner_text(), name
        looked_at += 1
        if found := faults.overflow(page, width):
            wide[name] = found
    context.close()

    assert looked_at > 10
    assert wide == {}
