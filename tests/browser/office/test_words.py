"""Read every page in every state for words that are not for its reader, and weigh it.

The tour opens them all (`tests.browser.tour.stops`), with what scripts put into the page.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser

from tests.browser.tour import serve
from tests.browser.tour.serve import Tour
from tests.portal.text import page_codes

pytestmark = pytest.mark.browser
MAX_PAGE_BYTES = 60_000


@dataclass
class Read:
    """What the walk found: by stop the codes of the page, and how many bytes it has."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def read(tour_of_all: Tour, chromium: Browser) -> Read:
    """Walk through everything once."""
    found = Read()
    for stop, page in serve.walk(tour_of_all, chromium):
        content = page.content()
        found.codes[stop.name] = page_codes.codes_of(content)
        found.sizes[stop.name] = len(content.encode())
    return found


def test_no_page_says_a_code(read: Read) -> None:
    assert {name: codes for name, codes in read.codes.items() if codes} == {}


def test_no_page_is_heavy(read: Read) -> None:
    assert {name: size for name, size in read.sizes.items() if size >= MAX_PAGE_BYTES} == {}
