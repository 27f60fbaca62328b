"""Find on the triage page what its tests look for."""

import re

from tests.portal.conftest import Browser
from tests.portal.samples import Seeded


def page_of(made: Seeded) -> str:
    """Return the address of a sample's page."""
    return f"/submissions/{made.reference}"


def key(page: str, name: str) -> str:
    """Return what stands under a key on a page; empty when nothing does."""
    found = re.search(rf'data-key="{name}"[^>]*>(.*?)</(?:button|summary|p|a)>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""


def press(browser: Browser, made: Seeded, name: str) -> int:
    """Press the button that stands under a key, with all that its form holds."""
    page = browser.get(page_of(made)).text
    form = next(part for part in page.split("<form")[1:] if f'data-key="{name}"' in part)
    address = re.search(r'action="([^"]+)"', form)
    assert address is not None
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields.pop("csrf_token")
    path = address.group(1).replace("&amp;", "&")
    return browser.post(path, page_of(made), **fields).status_code
