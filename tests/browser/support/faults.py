"""Find what is wrong with a page that is open, by axe and by measuring the page itself.

axe-core comes with its wheel, and the browser's own tools put it into the page, so that the
page's script policy stays as it is. What axe cannot tell is measured here.
"""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# WCAG 2.0, 2.1 and 2.2, A and AA, and what is good practice besides.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# WCAG 2.2 §2.5.8; axe has this rule switched off by default.
TARGETS = "target-size"
CONTRAST = "color-contrast"
# WCAG 2.2 §1.4.6, AAA, which requirement 122 asks of the public pages.
ENHANCED = "color-contrast-enhanced"
RUN = """
async (options) => {
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => {
    const why = [...any, ...all, ...none].map((check) => check.message).join(" ");
    return `${id}: ${target.join(" ")}: ${why}`;
  }));
}
"""
UNFOLD = "for (const each of document.querySelectorAll('details:not([name])')) each.open = true"
# A script that tells how far anything reaches beyond the screen, and what reaches farthest.
OVERFLOW = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = (each) => ["auto", "scroll", "hidden"].includes(getComputedStyle(each).overflowX);
  const isInside = (each) => {
    for (let up = each.parentElement; up; up = up.parentElement) if (scrolls(up)) return true;
    return false;
  };
  const wide = [...document.querySelectorAll("body *")].filter((each) => {
    const { left, right, width } = each.getBoundingClientRect();
    return width && (right > room + 1 || left < -1) && !isInside(each);
  });
  const named = wide.slice(0, 4).map((each) => `${each.tagName}.${each.className}`);
  return [`${document.documentElement.scrollWidth} px of ${room}`, ...named];
}
"""
# A script that tells what scrolls sideways inside the page, beside a document's own pages.
SCROLLS = """
() => [...document.querySelectorAll("body *:not(.pane)")]
  .filter((each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowX))
  .filter((each) => each.clientWidth > 2 && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.tagName}.${each.className} scrolls sideways`)
"""


def found_by_axe(page: Page, *, is_public: bool = False) -> list[str]:
    """Return what axe finds by all rules: each as its rule, the part of the page, and why."""
    rules = {TARGETS: {"enabled": True}}
    if is_public:
        rules[ENHANCED] = {"enabled": True}
    return _run(page, {"runOnly": {"type": "tag", "values": list(TAGS)}, "rules": rules})


def found_in_looks(page: Page, *, is_public: bool = False) -> list[str]:
    """Return what axe finds by the rules that depend on scheme, width and direction."""
    rules = [CONTRAST, TARGETS, "scrollable-region-focusable", "link-in-text-block"]
    return _run(page, {"runOnly": {"type": "rule", "values": rules + [ENHANCED] * is_public}})


def wait_for_looks(page: Page) -> None:
    """Wait until the page's styles and pictures are here: its words come before its looks."""
    page.wait_for_load_state()


def overflow(page: Page, width: int) -> list[str]:
    """Return what is wider than a screen of this width (WCAG 2.2 §1.4.10: 320 px)."""
    wait_for_looks(page)
    page.set_viewport_size({"width": width, "height": 800})
    found: list[str] = page.evaluate(OVERFLOW) + page.evaluate(SCROLLS)
    return found


def overflow_of_large_text(page: Page, width: int) -> list[str]:
    """Return what is too wide when only the text is twice as large (WCAG 2.2 §1.4.4)."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = overflow(page, width)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def _run(page: Page, options: dict[str, Any]) -> list[str]:  # Any: JSON, as axe takes it
    wait_for_looks(page)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    # Without `preload` axe does not fetch the style sheets again; none of these rules reads them.
    known = {"resultTypes": ["violations"], "preload": False, "iframes": False}
    found: list[str] = page.evaluate(RUN, {**options, **known})
    return found
