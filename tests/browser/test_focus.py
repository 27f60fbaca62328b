"""Check the focus.

Always to be seen, and never behind what stays in sight (WCAG 2.2 §2.4.7, §2.4.11).
"""

import pytest
from playwright.sync_api import Browser

from tests.browser.tour import serve
from tests.browser.tour.serve import Tour

pytestmark = pytest.mark.browser
# Low screens: the focus must be scrolled to, between a sticky head and a sticky bar.
SCREENS = ((360, 480), (1280, 420))
# Pages on which something stays in sight: the exit, a head of acts, tools, a bar to send.
STICKY = frozenset({"home", "verify refused", "triage-clean", "viewer", "draft with files"})
MAX_STOPS = 60
# A script that tells whether the focused element cannot be seen, or has nothing that marks it.
LOST = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return ["", ""];
  const label = `${e.tagName} ${(e.textContent || e.name || "").trim().slice(0, 30)}`;
  const marked = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== "none" &&
    parseFloat(s.outlineWidth) >= 2; };
  const around = e.closest(".row, tr");
  if (!marked(e) && !(around && marked(around))) return [label, "is not marked"];
  const seen = [...e.getClientRects()].some((r) => {
    for (const x of [0.05, 0.25, 0.5, 0.75, 0.95]) for (const y of [0.1, 0.5, 0.9]) {
      const hit = document.elementFromPoint(r.left + x * r.width, r.top + y * r.height);
      if (hit && (e === hit || e.contains(hit) || (hit.control && hit.control === e))) return true;
    }
    return false;
  });
  return [label, seen ? "" : "is covered"];
}
"""


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_focus_is_seen_wherever_the_keyboard_leads(
    tour_of_all: Tour, chromium: Browser, width: int, height: int
) -> None:
    lost, walked = {}, set()

    for stop, page in serve.walk(tour_of_all, chromium, width, only=STICKY):
        walked.add(stop.name)
        page.set_viewport_size({"width": width, "height": height})
        for way in ("Tab", "Shift+Tab"):
            for _ in range(MAX_STOPS):
                page.keyboard.press(way)
                label, fault = page.evaluate(LOST)
                if fault:
                    lost[f"{stop.name}: {label} {way}"] = fault

    assert lost == {}
    assert walked == STICKY
