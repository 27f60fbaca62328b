"""Find on the triage page what its tests look for."""

import re

from tests.portal.samples import Seeded


def page_of(made: Seeded) -> str:
    """Return the address of a sample's page."""
    return f"/submissions/{made.reference}"


def key(page: str, name: str) -> str:
    """Return what stands under a key on a page; empty when nothing does."""
    found = re.search(rf'data-key="{name}"[^>]*>(.*?)</(?:button|summary|p|a)>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""
