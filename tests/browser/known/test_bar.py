"""Check the bar of the triage page in a real browser: its order, and that it is one line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from intake.access import gate
from intake.accounts import accounts
from intake.cases import withdrawal
from intake.core.services import Services
from storage.cases import cases
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.browser.support import mixed, pages
from tests.browser.support.pages import Planted, Site
from tests.portal import samples
from tests.portal.building import PASSWORD
from tests.portal.triage.tasks.asked import ask
from tests.support.people import plant_user

pytestmark = pytest.mark.browser
STRANGER = {
    "state": "HOLDING",
    "with_case": False,
    "verdict": "unknown",
    "sender_reasons": ["address_not_registered"],
    "subject": "TEST A question with a long subject, as people write them all the time here",
}
IN_BAR = ".act-bar > a, .act-bar > form > button, .act-bar > details > summary, .act-bar > p"


def fill(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in the states in which the bar holds most."""
    accounts.create_with_password(services, pages.OFFICER, "INTAKE", None, PASSWORD)
    accounts.create_with_password(services, "two@iom.example", "INTAKE", None, PASSWORD)
    endangered = samples.seed(services, queue="Q3", **STRANGER)
    ask(services, endangered, TaskKind.PROTECTION_SIGN)
    stopped = mixed.clean(services, 5)
    with services.database.reading() as session:
        case = cases.by_id(session, session.get_one(Submission, stopped.submission_id).case_id)
    assert case is not None
    officer = plant_user(services, "Intake officer 9")
    withdrawal.stop_case(services, gate.case_to_change(services, officer, case.reference))
    made = {
        "stopped": stopped,
        "clean": mixed.clean(services, 1),
        "dated": mixed.dated(services, 2),
        "robot": mixed.robot(services, 3),
        "call back": mixed.call_back(services, 4),
        "stranger": samples.seed(services, queue="Q3", **STRANGER),
        "urgent stranger": samples.seed(services, queue="Q1", priority="emergency", **STRANGER),
        "endangered": endangered,
    }
    return {}, {name: f"/submissions/{each.reference}?queue=Q3" for name, each in made.items()}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Give the states."""
    return pages.plant(tmp_path_factory.mktemp("planted"), fill)


@pytest.fixture
def site(planted: Planted, tmp_path: Path) -> Iterator[Site]:
    """Give a served portal with them."""
    with pages.serve_copy(planted, tmp_path / "portal") as served:
        yield served


@pytest.fixture
def page(site: Site, chromium: Browser) -> Iterator[Page]:
    """Give a page of a signed-in officer."""
    context = pages.open_context(chromium)
    opened = context.new_page()
    pages.sign_in(opened, site)
    yield opened
    context.close()


def test_the_bar_is_one_line_and_begins_with_the_only_filled_button(site: Site, page: Page) -> None:
    lines, filled, handed_on = {}, {}, set()
    for name, path in site.officer.items():
        page.goto(f"{site.url}{path}")
        parts = page.locator(IN_BAR)
        middles = parts.evaluate_all(
            "all => all.map((each) => { const box = each.getBoundingClientRect();"
            " return Math.round((box.top + box.bottom) / 2); })"
        )
        lines[name] = max(middles) - min(middles)
        filled[name] = parts.evaluate_all(
            "all => all.map((each) => each.matches('button, a, summary') "
            "&& getComputedStyle(each).backgroundColor !== 'rgba(0, 0, 0, 0)')"
        )
        if page.locator(".act-bar [data-key=e]").count():
            handed_on.add(name)

    assert {name: gap for name, gap in lines.items() if gap > 4} == {}
    # Where one is filled, it is the first; what cannot be done yet is a line of text, at the end.
    assert {name: each for name, each in filled.items() if any(each[1:])} == {}
    assert [filled[name][0] for name in ("clean", "dated", "robot", "stopped")] == [True] * 4
    assert handed_on >= {"robot", "call back", "stranger", "endangered"}


def test_what_cannot_be_done_yet_never_stands_first(site: Site, page: Page) -> None:
    for path in site.officer.values():
        page.goto(f"{site.url}{path}")

        assert page.locator(IN_BAR).first.get_attribute("data-no") is None


def test_a_hold_says_until_when_and_opens_the_next(site: Site, page: Page) -> None:
    page.goto(f"{site.url}{site.officer['stranger']}")
    held = page.url.rpartition("/")[2].partition("?")[0]
    page.keyboard.press("h")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert held not in page.url.partition("?")[0]
    done = page.locator("#done")
    assert f"{held} held" in done.inner_text()
    page.goto(f"{site.url}/submissions/{held}")
    assert "on hold until" in page.locator(".facts-line").inner_text()
