"""Check the page of a submission in a real browser: the letter, the fold, news, and its width."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake.access import gate
from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.cases.known.fields import KnownField, TypedAnswers
from intake.core.services import Services
from intake.triage.known import tell
from storage.crypto.sealing import seal
from storage.documents.documents import Document
from storage.submissions.submissions import Submission, place
from tests.browser.support import mixed, pages
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.known.test_filled import ZONE

pytestmark = pytest.mark.browser
LONG = "Akut!\n" + "".join(f"Rad {number} om hotet.\n" for number in range(120)) + "Ring mig nu."
# A page learns what is on screen only after it was drawn: an act that comes sooner leads once more
# to lines that it does not know as seen.
NEXT_FRAMES = """() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
})"""
PARTS = (Part("", "CLEAN", "", "text/plain", 9, role="body"), Part("TEST a.pdf", "STORED"))


@dataclass(frozen=True)
class Desk:
    """A served portal with its services, and an officer's colleague who acts beside."""

    services: Services
    url: str
    colleague: SignedInUser

    def page_of(self, made: Seeded) -> str:
        """Return the address of a page."""
        return f"{self.url}/submissions/{made.reference}?queue=Q1"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Serve a portal with two officers."""
    services = build_services(tmp_path_factory.mktemp("known"), Clock(), "http://127.0.0.1")
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    other = accounts.create_with_password(services, "two@iom.example", "INTAKE", None, PASSWORD)
    with pages.running(services, build_app(services)) as url:
        yield Desk(services, url, other)


@pytest.fixture
def page(desk: Desk, chromium: Browser) -> Iterator[Page]:
    """Give a page of the signed-in officer."""
    context = pages.open_context(chromium)
    opened = context.new_page()
    pages.sign_in(opened, pages.Site(desk.url, {}, {}))
    yield opened
    context.close()


def write_letter(desk: Desk, made: Seeded, text: str) -> None:
    """Let the letter of a submission say something."""
    with desk.services.database.transaction() as session:
        row = session.get_one(Submission, made.submission_id)
        key = desk.services.keyring.open(session, row.data_key_id)
        row.body_text = seal(key, place("submissions", "body_text", row.id), text)


def reading_state(page: Page) -> str:
    """Return what the script knows of the letter: "read" once every line was on screen, else ""."""
    return page.locator("#letter").get_attribute("data-must-read") or ""


def watch_lines(page: Page) -> None:
    """Note in the page, by our own means, which lines of the letter were ever on screen."""
    page.evaluate(
        """() => {
        window.seen = new Set();
        const look = () => {
            const top = document.querySelector(".triage-head").getBoundingClientRect().bottom;
            for (const each of document.querySelectorAll("#letter .letter > span")) {
                const box = each.getBoundingClientRect();
                if (box.top < innerHeight && box.bottom > Math.max(top, 0)) {
                    const lines = each.textContent.match(/Rad \\d+|Ring mig nu/g) || [];
                    lines.forEach((line) => seen.add(line));
                }
            }
            requestAnimationFrame(look);
        };
        look();
        }"""
    )


@pytest.mark.parametrize("width", pages.WIDTHS)
def test_r_passes_a_long_emergency_only_when_every_line_was_on_screen(
    desk: Desk, page: Page, width: int
) -> None:
    made = mixed.dated(desk.services, pages.WIDTHS.index(width) + 10)
    write_letter(desk, made, LONG)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(desk.page_of(made))
    watch_lines(page)
    lines = LONG.count("Rad ") + 1

    presses = 0
    while reading_state(page) != "read":
        presses += 1
        assert presses < 40
        page.keyboard.press("r")
        page.evaluate(NEXT_FRAMES)
    assert page.evaluate("seen.size") == lines
    with page.expect_navigation():
        page.keyboard.press("r")

    assert "/confirmation" in page.url
    assert presses >= 2


def test_a_blind_second_r_shows_the_next_lines_and_confirms_nothing(desk: Desk, page: Page) -> None:
    made = mixed.dated(desk.services, 20)
    write_letter(desk, made, LONG)
    page.goto(desk.page_of(made))

    page.keyboard.press("r")
    page.keyboard.press("r")

    expect(page.locator("[data-tell]")).to_contain_text("Read all of the letter first")
    assert "/confirmation" not in page.url
    assert reading_state(page) == ""


def test_whoever_jumps_to_the_end_is_led_back_to_the_middle(desk: Desk, page: Page) -> None:
    made = mixed.dated(desk.services, 21)
    write_letter(desk, made, LONG)
    page.goto(desk.page_of(made))
    last = page.get_by_text("Ring mig nu.")
    last.evaluate("each => each.scrollIntoView({ block: 'end' })")
    expect(last).to_be_in_viewport()

    page.keyboard.press("r")

    expect(page.locator("#letter .letter > span", has_text="Rad 60 ")).not_to_be_in_viewport()
    expect(page.locator("[data-tell]")).to_contain_text("Read all of the letter first")
    assert "/confirmation" not in page.url


def urgent_stranger(desk: Desk) -> Seeded:
    """Plant an emergency that has no case, so that it can be finished without one."""
    return samples.seed(
        desk.services,
        parts=PARTS,
        queue="Q1",
        priority="emergency",
        reason="sender_says_urgent",
        with_case=False,
    )


@pytest.mark.parametrize("act", ["u", "d"])
def test_no_other_end_passes_a_long_emergency_either(desk: Desk, page: Page, act: str) -> None:
    made = mixed.dated(desk.services, 22) if act == "u" else urgent_stranger(desk)
    write_letter(desk, made, LONG)
    page.goto(desk.page_of(made))
    page.keyboard.press(act)
    page.locator("details[open] form").get_by_role("radio").last.check()

    page.locator("details[open] form").get_by_role("button").click()

    expect(page.locator("[data-tell]")).to_contain_text("Read all of the letter first")
    assert page.url == desk.page_of(made)


def test_the_letter_keeps_every_character(desk: Desk, page: Page) -> None:
    made = mixed.dated(desk.services, 24)
    text = (
        "Akut!\n\n  Två  mellanslag\u00a0här. " + "x" * 200 + "\n" + "شخص تجريبي " * 40 + "😀" * 90
    )
    write_letter(desk, made, text)
    page.goto(desk.page_of(made))

    shown = page.locator("#letter .letter").evaluate_all(
        "all => all.map((each) => each.textContent).join('\\n')"
    )

    assert shown == text


def test_without_script_the_letter_stands_in_full_above_the_form(
    desk: Desk, chromium: Browser
) -> None:
    made = mixed.dated(desk.services, 25)
    write_letter(desk, made, LONG)
    context = pages.open_context(chromium, has_script=False)
    opened = context.new_page()
    pages.sign_in(opened, pages.Site(desk.url, {}, {}))
    opened.goto(desk.page_of(made))
    opened.get_by_role("link", name="Confirm in writing").first.click()

    letter = opened.locator(".top-letter .letter")
    expect(letter).to_contain_text("Rad 119 om hotet.")
    foot = letter.evaluate("each => each.getBoundingClientRect().bottom")
    assert foot < opened.locator(".paper-form").evaluate("each => each.getBoundingClientRect().top")
    context.close()


def test_a_short_letter_of_an_emergency_is_on_screen_and_costs_no_key(
    desk: Desk, page: Page
) -> None:
    made = mixed.dated(desk.services, 2)
    page.goto(desk.page_of(made))
    expect(page.get_by_text("Ring mig gärna på förmiddagen.")).to_be_in_viewport()

    with page.expect_navigation():
        page.keyboard.press("r")

    assert "/confirmation" in page.url


def test_one_key_opens_the_fold_and_what_is_typed_is_noted(desk: Desk, page: Page) -> None:
    made = mixed.clean(desk.services, 3)
    page.goto(desk.page_of(made))

    page.keyboard.press("i")
    expect(page.get_by_label("Safe contact")).to_be_focused()
    page.get_by_label("Return to").fill("Irak")
    with page.expect_navigation():
        page.get_by_label("Return to").press("Enter")

    expect(page.locator("#done")).to_contain_text("Facts noted: 1 answer")
    expect(page.locator(".glance")).to_contain_text("Iraq")
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.locator(".glance")).not_to_contain_text("Iraq")


def test_news_is_offered_and_nothing_moves(desk: Desk, page: Page) -> None:
    made = samples.seed(desk.services, parts=PARTS)
    document_id = extracted_values.ids_of(desk.services, made)[1]
    page.goto(desk.page_of(made))
    mark = page.locator(f'[data-state="{document_id}"]')
    expect(mark).to_contain_text("Being inspected")
    offer = page.get_by_role("button", name="Changed – show")
    expect(offer).to_be_hidden()
    places = """[...document.querySelectorAll('main *')]
        .filter((each) => each.checkVisibility())
        .map((each) => `${each.tagName} ${each.id} ${each.getBoundingClientRect().top}`)"""
    before = page.evaluate(places)

    with desk.services.database.transaction() as session:
        session.get_one(Document, document_id).state = "CLEAN"
    tell.tell(
        desk.services,
        gate.submission_to_change(desk.services, desk.colleague, made.reference),
        TypedAnswers({KnownField.COUNTRY: "IRQ"}),
    )
    # The page asks when it comes to the front; that spares the test the wait of its clock.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(offer).to_be_visible()
    expect(mark).to_contain_text("Clean")
    assert page.evaluate(places) == before
    with page.expect_navigation():
        page.keyboard.press(".")
    expect(page.locator(".glance")).to_contain_text("Iraq")


def test_a_word_narrows_the_types_and_chooses_the_first(desk: Desk, page: Page) -> None:
    made = mixed.clean(desk.services, 4)
    page.goto(desk.page_of(made))
    types = page.locator("#kind")
    assert types.locator("optgroup").first.get_attribute("label") == "Likely"
    all_types = types.locator("option").count()

    page.get_by_label("Narrow the list").fill("guardian")

    assert types.locator("option").count() == 1
    assert "Guardian" in types.evaluate("list => list.selectedOptions[0].textContent")
    page.get_by_label("Narrow the list").fill("")
    assert types.locator("option").count() == all_types
    assert "Referral form" in types.evaluate("list => list.selectedOptions[0].textContent")


@pytest.mark.parametrize("width", [360, 720])
def test_no_long_word_makes_the_page_wider_than_the_window(
    desk: Desk, chromium: Browser, width: int
) -> None:
    """A width of 720 is a window of 1440 at a zoom of 200 %."""
    made = samples.seed(desk.services, parts=PARTS, subject="Å" * 300)
    write_letter(desk, made, "W" * 400)
    document_id = extracted_values.ids_of(desk.services, made)[1]
    extracted_values.add_value(desk.services, document_id, "mrz", ZONE, is_checked=True)
    extracted_values.add_value(desk.services, document_id, "k_number", "K" * 200, "K" * 200)
    extracted_values.add_person(desk.services, made, "N" * 120, "1987")
    tell.tell(
        desk.services,
        gate.submission_to_change(desk.services, desk.colleague, made.reference),
        TypedAnswers({KnownField.SAFE_CONTACT: "direct"}, detail="D" * 400, said_by="S" * 100),
    )
    context = pages.open_context(chromium, width=width)
    page = context.new_page()
    pages.sign_in(page, pages.Site(desk.url, {}, {}))

    page.goto(desk.page_of(made))
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "\ufffd" not in page.locator("main").inner_text()
    context.close()


def test_the_page_of_an_emergency_works_without_script(
    desk: Desk, chromium: Browser, tmp_path: Path
) -> None:
    made = mixed.dated(desk.services, 5)
    context = pages.open_context(chromium, has_script=False)
    page = context.new_page()
    pages.sign_in(page, pages.Site(desk.url, {}, {}))
    page.goto(f"{desk.url}/submissions/{made.reference}/confirmation")
    page.get_by_role("link", name="Read the letter").click()
    expect(page.locator("#letter")).to_be_in_viewport()

    page.get_by_role("link", name="Confirm in writing").click()

    expect(page.get_by_role("button", name="Sign what is shown")).to_be_visible()
    page.goto(desk.page_of(made))
    page.locator("#not-known > summary").click()
    page.get_by_label("Escort needed").select_option(label="Yes")
    page.get_by_role("button", name="Note it").first.click()
    expect(page.locator(".glance")).to_contain_text("Escort")
    context.close()
