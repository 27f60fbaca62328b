"""Check every page in a real browser: narrow and wide, light and dark, with and without script."""

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.browser.support import pages
from tests.browser.support.faults import wait_for_looks
from tests.browser.support.pages import SCHEMES, WIDTHS, Scheme, Site

pytestmark = pytest.mark.browser

# A script that finds low contrast, as WCAG 2.2 defines it, of every element with text of its own.
LOW_CONTRAST = """
(least) => {
  const curve = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const channel = (v) => curve(v / 255);
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".unseen, .skip, thead")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) found.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return found;
}
"""
UNLABELLED = """
() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter((field) => field.labels.length === 0).map((field) => field.name)
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, summary, input:not([type=hidden]), nav a, .button")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 24)
  .map((e) => e.textContent.trim())
"""


def faults_of(page: Page, width: int, least_contrast: float = 4.5) -> list[str]:
    """Return what is wrong with the page that is open."""
    faults = []
    wait_for_looks(page)
    overflow = page.evaluate("document.documentElement.scrollWidth")
    if overflow > width:
        faults.append(f"{overflow} px wide on a screen of {width}")
    if (headings := page.locator("h1").count()) != 1:
        faults.append(f"{headings} h1")
    if not page.locator("html").get_attribute("lang"):
        faults.append("no language")
    faults += [f"contrast of {found}" for found in page.evaluate(LOW_CONTRAST, least_contrast)]
    faults += [f"no label for {name}" for name in page.evaluate(UNLABELLED)]
    faults += [f"small target {name}" for name in page.evaluate(SMALL_TARGETS)]
    return faults


def watch(page: Page) -> list[str]:
    """Collect what the browser complains about: errors, blocked sources, dialogs."""
    complaints: list[str] = []

    def note(text: str) -> None:
        # A page that is meant to answer 404 is no complaint.
        if "404" not in text:
            complaints.append(text)

    def dismiss(dialog: Dialog) -> None:
        note(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda message: note(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: note(str(error)))
    page.on("dialog", dismiss)
    return complaints


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_in_order(site: Site, chromium: Browser, width: int, scheme: Scheme) -> None:
    context = pages.open_context(chromium, width=width, scheme=scheme)
    page = context.new_page()
    complaints = watch(page)
    faults = {}

    for paths in (site.public, site.officer):
        for name, path in paths.items():
            page.goto(site.url + path)
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
            if found := faults_of(page, width, 7 if paths is site.public else 4.5):
                faults[name] = found
        if paths is site.public:
            pages.sign_in(page, site)
    context.close()

    assert faults == {}
    assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_from_right_to_left_nothing_overflows(site: Site, chromium: Browser, width: int) -> None:
    context = pages.open_context(chromium, width=width)
    page = context.new_page()
    pages.sign_in(page, site)
    wide = {}

    for name, path in site.officer.items():
        page.goto(site.url + path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[name] = found
    context.close()

    assert wide == {}


def test_everything_works_without_script(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)

    page.get_by_role("navigation", name="Lists of work").get_by_text("New referrals").click()
    page.locator("[data-do=take] [name=item]").first.check()
    page.get_by_role("button", name="Assign to me").click()
    page.get_by_text("You", exact=True).wait_for()
    page.locator("[data-do=give_back] [name=item]").first.check()
    page.get_by_role("button", name="Unassign").click()
    page.locator("[data-open]").first.click()
    page.get_by_text("More").nth(1).click()
    page.get_by_role("button", name="Sign out").click()

    assert page.get_by_role("heading", level=1).inner_text() == "You are signed out"
    page.goto(f"{site.url}/queues")
    assert page.url.endswith("/sign-in?next=/queues")
    context.close()


def test_a_link_in_a_mail_finds_the_signed_in_officer(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)
    link = f'<a href="{site.url}/queues">your receipt</a>'
    context.route(
        "http://mail.example/", lambda route: route.fulfill(body=link, content_type="text/html")
    )

    page.goto("http://mail.example/")
    page.get_by_role("link").click()
    page.wait_for_url(f"{site.url}/queues")

    page.get_by_role("heading", name="Queues", level=1, exact=True).wait_for()
    context.close()


def test_the_keyboard_reaches_the_content_first(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium)
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")

    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert focused == "Skip to the content"
    assert outline == "solid"
    assert page.evaluate("document.activeElement.name") == "email"
    context.close()


def test_a_coordinator_without_a_factor_is_led_to_set_one_up(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    pages.sign_in(page, site, pages.COORDINATOR)

    page.get_by_role("heading", name="Set up two-step sign-in").wait_for()
    assert faults_of(page, 360) == []
    context.close()
