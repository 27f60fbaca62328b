"""Check paper: what can be read is printed, black on white; what can be pressed is not."""

import pytest
from playwright.sync_api import Browser

from tests.browser.tour import serve
from tests.browser.tour.serve import Tour

pytestmark = pytest.mark.browser
# What must stand on the paper of each page, as selectors.
PRINTED = {
    "all-open": ("h1", ".group-head", ".line .line-what", ".line-code", ".line-clock"),
    "case": ("h1", ".timeline .said", "#missing", "#people", "#dates"),
    "triage-dated": ("h1", ".parts", ".frame img", "#clock", "#history"),
    "confirmation looked at": ("h1", ".paper"),
    "recovery codes": ("h1", ".recovery li"),
    "sent": ("h1", ".reference", ".steps"),
}
ACTS = (
    "nav, button, .button, input:not([type=hidden]), textarea, select, summary, .exit, .send-bar"
    ", .on-screen"
)
VISIBLE = """
(selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())
  .map((each) => each.outerHTML.slice(0, 60))
"""
GROUNDS = """
() => [document.documentElement, document.querySelector("main")]
  .map((each) => getComputedStyle(each).backgroundColor)
"""


def test_what_can_be_read_is_printed_and_what_can_be_pressed_is_not(
    tour_of_all: Tour, chromium: Browser
) -> None:
    absent, pressed, grounds = {}, {}, set()

    for stop, page in serve.walk(tour_of_all, chromium, 1440, "dark", only=PRINTED.keys()):
        page.emulate_media(media="print", color_scheme="dark")
        absent[stop.name] = [
            each for each in PRINTED[stop.name] if not page.evaluate(VISIBLE, each)
        ]
        pressed[stop.name] = page.evaluate(VISIBLE, ACTS)
        grounds |= set(page.evaluate(GROUNDS))
        page.emulate_media(media="screen", color_scheme="dark")

    assert absent == {name: [] for name in PRINTED}
    assert pressed == {name: [] for name in PRINTED}
    assert grounds == {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


def test_nothing_moves_for_who_wants_nothing_to_move(tour_of_all: Tour, chromium: Browser) -> None:
    moving = {}

    for stop, page in serve.walk(tour_of_all, chromium, only={"style guide"}):
        page.emulate_media(reduced_motion="reduce")
        moving[stop.name] = page.evaluate(
            "() => [...document.querySelectorAll('*')].filter((each) => {"
            "const s = getComputedStyle(each);"
            "return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0"
            " && s.transitionProperty !== 'none'; }).length"
        )

    assert moving == {"style guide": 0}
