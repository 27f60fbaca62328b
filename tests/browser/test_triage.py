"""Check triage in a real browser: a morning of fifty by keys alone, counted; and without script."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, expect

from intake.accounts import accounts
from intake.core.services import Services
from tests.browser.support import mixed, pages
from tests.browser.support.keyboard import Keyboard
from tests.browser.support.pages import SCHEMES, WIDTHS, Planted, Scheme, Site
from tests.browser.test_pages import faults_of, watch
from tests.portal.building import PASSWORD

pytestmark = pytest.mark.browser
# Ctrl and Enter count as two.
MAX_PRESSES_CLEAN = 7


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in the officer and the fifty; name each by its sort and number."""
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    planted = mixed.plant(services)
    named = {
        f"{sort}-{number}": f"/submissions/{reference}"
        for sort, references in planted.by_sort.items()
        for number, reference in enumerate(references)
    }
    return {}, named


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Give the fifty as they came in."""
    return pages.plant(tmp_path_factory.mktemp("planted"), fill)


@pytest.fixture
def site(planted: Planted, tmp_path: Path) -> Iterator[Site]:
    """Give a served portal with the fifty; each test has its own, as it decides about them."""
    with pages.serve_copy(planted, tmp_path / "portal") as served:
        yield served


@pytest.fixture
def page(site: Site, chromium: Browser) -> Iterator[Page]:
    """Give a page of a signed-in officer; whatever the browser complains of fails the test."""
    context = pages.open_context(chromium)
    opened = context.new_page()
    complaints = watch(opened)
    pages.sign_in(opened, site)
    yield opened
    context.close()
    # A refused act answers 409, which the browser counts as an error of its own.
    assert [text for text in complaints if "409" not in text] == []


def shown(page: Page) -> str:
    """Return the reference that is open, empty on a list."""
    found = re.search(r"/submissions/([0-9A-Z-]+)", page.url)
    return found.group(1) if found else ""


def reference_of(path: str) -> str:
    return path.rpartition("/")[2]


def work_through(page: Page, site: Site, queue: str, keyboard: Keyboard) -> None:
    """Decide about everything in a queue by keys alone, until nothing changes any more."""
    page.goto(f"{site.url}/queues/{queue}")
    first = reference_of(page.locator("[data-open]").first.get_attribute("href") or "")
    keyboard.press("Enter", first.partition("?")[0])
    while reference := shown(page):
        while keyboard.is_offered("y"):
            keyboard.press("y", reference)
        if page.locator(".kind-name.clock").count():
            name_the_untold(page, reference, keyboard)
        if not keyboard.is_offered("r"):
            return
        keyboard.press("r", reference)
        keyboard.press("Control+Enter", reference)


def name_the_untold(page: Page, reference: str, keyboard: Keyboard) -> None:
    """Choose the document whose type could not be told, by its number, and name its type."""
    keyboard.press("4", reference)
    keyboard.type("t", reference)
    keyboard.type("passp", reference)
    keyboard.press("Enter", reference)


def test_a_morning_by_keys_alone(site: Site, page: Page) -> None:
    keyboard = Keyboard(page)

    for queue in ("Q1", "Q2", "Q3"):
        work_through(page, site, queue, keyboard)

    by_sort: dict[str, list[int]] = {}
    for name, path in site.officer.items():
        by_sort.setdefault(name.partition("-")[0], []).append(
            keyboard.presses.get(reference_of(path), 0)
        )
    assert max(by_sort["clean"]) <= MAX_PRESSES_CLEAN, by_sort
    assert median(by_sort["clean"]) <= 4
    assert min(by_sort["clean"]) >= 3
    assert median(by_sort["guessed"]) <= 6
    for queue in ("Q1", "Q2"):
        page.goto(f"{site.url}/queues/{queue}")
        expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    # Mail of machines and mail that needs a call back are left to a person, not to single keys.
    page.goto(f"{site.url}/queues/Q3")
    assert page.locator("[data-open]").count() == mixed.NUMBERS["robot"]
    # Besides, senders that get no mail are to be called; those tasks are of confirmed ones.
    page.goto(f"{site.url}/queues/Q4?state=HOLDING")
    assert page.locator("[data-open]").count() == mixed.NUMBERS["call_back"]


def test_a_clean_referral_is_confirmed_in_writing_by_five_keys(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/queues/Q2")
    first, second = (reference_of(site.officer[f"clean-{number}"]) for number in (0, 1))
    keyboard = Keyboard(page)

    for key in ("Enter", "y", "r", "Control+Enter"):
        keyboard.press(key, first)

    assert keyboard.presses[first] == 5 <= MAX_PRESSES_CLEAN
    assert shown(page) == second
    assert "/confirmation" not in page.url
    expect(page.locator("#done")).to_contain_text(f"{first} Confirmation signed")
    expect(page.locator("#done")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("z")
    assert shown(page) == first
    expect(page.locator("#done")).to_contain_text("Taken back: confirmation")
    page.goto(f"{site.url}/queues/Q2")
    expect(page.locator(f'[data-open][href*="{first}"]')).to_be_visible()


def test_words_that_were_typed_are_signed_from_their_field(site: Site, page: Page) -> None:
    page.goto(f"{site.url}{site.officer['clean-0']}/confirmation?queue=Q2")
    page.get_by_label("Remark").fill("Tack.")

    # What is signed is what was shown: with other words it is shown anew first.
    for _ in range(2):
        page.get_by_label("Remark").focus()
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")

    expect(page.locator("#done")).to_contain_text("Confirmation signed")
    assert shown(page) == reference_of(site.officer["clean-1"])


def test_it_is_closed_without_writing_only_with_a_reason(site: Site, page: Page) -> None:
    path = f"{site.url}{site.officer['clean-0']}?queue=Q2"
    page.goto(path)

    page.keyboard.press("u")
    expect(page.get_by_label("It is automatic mail")).to_be_focused()
    page.get_by_role("button", name="Close it").click()
    assert page.url == path
    page.get_by_label("It is internal, and nobody waits for an answer").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Close it").click()

    expect(page.locator("#done")).to_contain_text("closed without a written confirmation.")
    with page.expect_navigation():
        page.keyboard.press("z")
    assert shown(page) == reference_of(site.officer["clean-0"])
    expect(page.locator("#done")).to_contain_text(
        "Taken back: closed without a written confirmation"
    )


def test_mail_of_a_machine_takes_two_keys_from_the_list(site: Site, page: Page) -> None:
    robots = [reference_of(site.officer[f"robot-{number}"]) for number in range(3)]
    keyboard = Keyboard(page)
    page.goto(f"{site.url}/queues/Q3?holder=nobody&state=HOLDING")
    while robots[0] not in page.locator(".line.current").inner_text():
        page.keyboard.press("j")

    keyboard.press("Enter", robots[0])
    assert shown(page) == robots[0]
    keyboard.press("d", robots[0])

    assert keyboard.presses[robots[0]] == 2
    assert shown(page) == robots[1]
    expect(page.locator("#done")).to_contain_text(f"{robots[0]} finished: automatic mail.")
    expect(page.locator("#done")).to_be_focused()
    # The next one takes one key more, and one key brings it back.
    keyboard.press("d", robots[1])
    assert shown(page) == robots[2]
    keyboard.press("z", robots[1])
    assert shown(page) == robots[1]
    expect(page.locator("#done")).to_contain_text("Taken back: finished as")


def test_any_mail_is_finished_by_keys(site: Site, page: Page) -> None:
    page.goto(f"{site.url}{site.officer['call_back-0']}?queue=Q4")
    first = reference_of(site.officer["call_back-0"])

    page.keyboard.press("d")
    expect(page.get_by_role("radio", name="Answered")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Forged")).to_be_checked()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("#done")).to_contain_text(f"{first} finished: forged.")
    page.goto(f"{site.url}/submissions/{first}")
    expect(page.locator("#ended")).to_contain_text("Forged")
    with page.expect_navigation():
        page.get_by_role("button", name="Open again").click()
    expect(page.locator("#done")).to_contain_text("Taken back: finished as")


def test_keys_of_the_list(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/queues/Q2")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".line.current")).to_have_count(1)
    expect(page.locator(".line").nth(1)).to_have_class(re.compile("current"))
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(page.locator(".line.current .line-who")).to_have_text("You")
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.id").startswith("by-")
    # While a list of choices has the focus, a letter key chooses there and moves no row.
    page.keyboard.press("j")
    expect(page.locator(".line").nth(1)).to_have_class(re.compile("current"))
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("q")
    assert page.url.endswith("/queues")


def test_keys_of_a_submission(site: Site, page: Page) -> None:
    page.goto(f"{site.url}{site.officer['clean-3']}?queue=Q2")

    page.keyboard.press("n")
    expect(page.locator("[data-tell]")).to_have_text("Page 2 of 2")
    page.keyboard.press("o")
    expect(page.locator(".frame.turn-1")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("3")
    expect(page.locator("#shown")).to_have_text("TEST riskbedömning.pdf")
    page.keyboard.press("h")
    expect(page.get_by_label("Consent is missing")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Consent is missing")).to_be_hidden()
    page.keyboard.press("h")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("held.")
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.locator("#done")).to_contain_text("Taken back: hold")
    with page.expect_navigation():
        page.keyboard.press("s")
    assert "/documents/" in page.url


def test_a_key_without_its_act_says_why(site: Site, page: Page) -> None:
    page.goto(site.url + site.officer["guessed-0"])

    page.keyboard.press("r")

    expect(page.locator("[data-tell]")).to_have_text("Confirm: choose its case first")
    assert shown(page) == reference_of(site.officer["guessed-0"])


def test_a_key_struck_twice_acts_once(site: Site, page: Page) -> None:
    page.goto(f"{site.url}{site.officer['clean-0']}?queue=Q2")

    with page.expect_navigation():
        page.evaluate(
            "() => { for (const _ of [1, 2]) document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {key: 'r', bubbles: true})); }"
        )

    expect(page.get_by_role("heading", name="Confirm in writing")).to_be_visible()
    with page.expect_navigation():
        page.evaluate(
            "() => { for (const _ of [1, 2]) document.body.dispatchEvent(new KeyboardEvent("
            "'keydown', {key: 'Enter', ctrlKey: true, bubbles: true})); }"
        )
    expect(page.locator("#done")).to_contain_text("Confirmation signed")
    assert shown(page) == reference_of(site.officer["clean-1"])


def test_the_sheet_of_keys_and_switching_them_off(site: Site, page: Page) -> None:
    path = f"{site.url}{site.officer['clean-0']}"
    page.goto(path)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_label("Single keys act").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.press("y")
    assert page.url == path
    assert page.locator("kbd:visible").count() == 0
    page.reload()
    page.keyboard.press("y")
    assert page.url == path
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys act").check()
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("y")


def test_the_whole_way_without_script(site: Site, chromium: Browser) -> None:
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, site)

    page.goto(f"{site.url}/queues/Q3")
    assert page.locator("kbd:visible").count() == 0
    page.locator("[data-open]").first.click()
    page.get_by_role("button", name="File here").first.click()
    expect(page.locator("#done")).to_contain_text("Given a case")
    page.get_by_role("button", name="Accept 1 type").click()
    page.get_by_role("link", name="TEST riskbedömning.pdf").click()
    page.locator("#kind").select_option(label="Risk (and needs) assessment")
    page.get_by_role("button", name="Set type").click()
    expect(page.locator("#done")).to_contain_text("Type corrected")
    page.locator("summary", has_text="Hold").click()
    page.get_by_label("It waits for an answer").check()
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.locator("#done")).to_contain_text("held.")
    page.locator("#done").get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Confirm in writing").click()
    page.get_by_role("button", name="Sign what is shown").click()
    expect(page.locator("#done")).to_contain_text("Confirmation signed")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#done")).to_contain_text("Taken back: confirmation")
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_in_order_in_every_state(
    site: Site, chromium: Browser, width: int, scheme: Scheme
) -> None:
    context = pages.open_context(chromium, width=width, scheme=scheme)
    page = context.new_page()
    complaints = watch(page)
    pages.sign_in(page, site)
    faults = {}

    for sort in mixed.NUMBERS:
        page.goto(site.url + site.officer[f"{sort}-0"])
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        if found := faults_of(page, width):
            faults[sort] = found
        page.evaluate("document.documentElement.dir = 'rtl'")
        if (found_width := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults[f"{sort}-rtl"] = [f"{found_width} px wide"]
    page.goto(f"{site.url}/queues/Q2?region=VAST")
    if found := faults_of(page, width):
        faults["list"] = found
    context.close()

    assert faults == {}
    assert complaints == []
