"""Read what tests need from pages of the second factor."""

import re

from tests.portal.building import HOST
from tests.portal.conftest import Browser

KEY = re.compile(r'class="key"[^>]*><bdi[^>]*>([A-Z2-7 ]+)</bdi>')


RECOVERY = re.compile(r"<li><bdi>([A-Z2-7-]{19})</bdi></li>")


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("avrr", domain=HOST)
    assert cookie is not None
    return cookie.value
