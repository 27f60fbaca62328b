"""Take pictures of the pages: `python -m tests.browser.screenshots [FOLDER] [--all]`.

Without `--all` the few that README, `docs/desk.md` and `docs/tour.md` show, into `docs/`; with it
every page in every width, scheme and direction, to look at.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.support import coordinator, pages
from tests.browser.support.pages import SCHEMES, WIDTHS, Scheme, Site

SHOWN_PAGES = ("all-open", "submission", "case")
# What a coordinator sees on a telephone, by the names of the walk.
SHOWN_ON_A_PHONE = ("draft", "check", "sent")
# States that a key leads to: {name: (page, key)}. Keys that decide something come last.
STATES = {
    "triage-hold": ("triage-clean", "h"),
    "triage-keys": ("triage-clean", "?"),
    "queue-keys": ("queue", "?"),
    "triage-done": ("triage-guessed", "y"),
}


def main(arguments: list[str]) -> None:
    """Serve the portal and take the pictures."""
    named = [Path(argument) for argument in arguments if not argument.startswith("--")]
    folder = named[0] if named else Path("docs")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = pages.launch(playwright)
        with pages.serve(Path(scratch)) as site:
            if "--all" in arguments:
                take_all(browser, site, folder)
            else:
                take(browser, site, folder, 1440, "light", SHOWN_PAGES)
        if "--all" not in arguments:
            take_on_a_phone(browser, Path(scratch) / "phone", folder)
        browser.close()


def take_on_a_phone(browser: Browser, scratch: Path, folder: Path) -> None:
    """Take a coordinator's pages as a telephone shows them, without what is below its screen."""
    with coordinator.serve(scratch) as ward:
        context = pages.open_context(browser, width=360)
        page = context.new_page()
        for name, _path in coordinator.walk(page, ward):
            if name in SHOWN_ON_A_PHONE:
                page.screenshot(path=folder / f"phone-{name}.png")
        context.close()


def take_all(browser: Browser, site: Site, folder: Path) -> None:
    """Take every page in every width and scheme, and once from right to left."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            take(browser, site, folder, width, scheme)
        take(browser, site, folder, width, "light", is_rtl=True)


def take(
    browser: Browser,
    site: Site,
    folder: Path,
    width: int,
    scheme: Scheme,
    names: tuple[str, ...] = (),
    *,
    is_rtl: bool = False,
) -> None:
    """Take the named pages, or all."""
    context = pages.open_context(browser, width=width, scheme=scheme)
    page = context.new_page()

    def shoot(listed: dict[str, str]) -> None:
        for name, path in listed.items():
            if names and name not in names:
                continue
            page.goto(site.url + path)
            # What is folded away is unfolded, to be looked at too.
            page.evaluate(
                "for (const d of document.querySelectorAll('.to-do, .offer')) d.open = true"
            )
            snap(name)

    def snap(name: str) -> None:
        if is_rtl:
            page.evaluate("document.documentElement.dir = 'rtl'")
        label = name if names else f"{name}-{width}-{'rtl' if is_rtl else scheme}"
        page.screenshot(path=folder / f"{label}.png", full_page=True)

    def shoot_states() -> None:
        for name, (opened, key) in STATES.items():
            if names and name not in names:
                continue
            page.goto(site.url + site.officer[opened])
            page.keyboard.press(key)
            page.wait_for_load_state("networkidle")
            snap(name)

    shoot(site.public)
    pages.sign_in(page, site)
    shoot(site.officer)
    shoot_states()
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
