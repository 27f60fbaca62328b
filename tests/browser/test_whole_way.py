"""A referral's whole way in a real browser, on a whole installation with all its processes.

A coordinator is invited, signs in by a code from the telephone, refers six files of which one is
locked and one infected, and reads the receipt. An officer decides by keys and signs the
written confirmation. The coordinator reads it and adds the missing document. All this runs with
script and without, on a telephone and a desk, from left to right and from right to left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from mailbox.demo.eicar import eicar
from tests.browser.support import pages
from tests.browser.test_pages import watch
from tests.components.dovecot import Dovecot
from tests.components.server import scratch_folder
from tests.components.smtp_sink import SmtpSinkProcess
from tests.flow.installation import Installation, wait_for
from tests.intake.sandbox.samples import locked_pdf
from tests.portal.building import PASSWORD
from tests.samples.paperwork.files import text_pdf

pytestmark = [pytest.mark.browser, pytest.mark.components]
FILES = [
    ("remiss.pdf", text_pdf(["Remiss till IOM Finland\nRemissblankett\nBehov av stöd"])),
    ("samtycke.pdf", text_pdf(["Samtycke till informationsdelning\nJag samtycker till att"])),
    ("bedömning.pdf", text_pdf(["Riskbedömning\nHotbild och risknivå\nSkyddsbehov"])),
    ("anteckning.txt", b"En anteckning utan namn."),
    ("pass.pdf", locked_pdf(user="another word")),
    ("bilaga.com", eicar()),
]


@dataclass(frozen=True)
class Way:
    """How somebody comes: how wide the screen is, whether scripts run, which way the text runs."""

    name: str
    width: int
    has_script: bool
    direction: str

    def open(self, chromium: Browser) -> BrowserContext:
        """Give a browser window of this kind."""
        context = pages.open_context(chromium, width=self.width, has_script=self.has_script)
        if self.direction == "rtl":
            context.add_init_script(TURNED)
        return context

    def look_at(self, page: Page) -> None:
        """See that the page that is open runs the right way and need not be scrolled sideways."""
        page.wait_for_load_state()
        # Without script nothing could turn the page.
        page.evaluate(f"document.documentElement.dir = '{self.direction}'")
        assert page.evaluate("document.documentElement.scrollWidth") <= self.width, page.url


TURNED = """addEventListener("DOMContentLoaded", () => document.documentElement.dir = "rtl")"""
WAYS = [
    Way("script-1440-ltr", 1440, True, "ltr"),
    Way("plain-360-ltr", 360, False, "ltr"),
    Way("script-360-rtl", 360, True, "rtl"),
    Way("plain-1440-rtl", 1440, False, "rtl"),
]


@pytest.fixture(scope="module")
def house(dovecot: Dovecot) -> Iterator[Installation]:
    """Give an installation with all its processes."""
    with (
        scratch_folder() as scratch,
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(
            scratch / "app", dovecot, user="whole-way@example.org", smtp_url=sink.url
        ) as installation,
    ):
        installation.flask("db", "upgrade")
        installation.start("serve", "poll", "work", "send")
        wait_for(lambda: "down" not in installation.checks().values(), "the house is up")
        yield installation


@dataclass
class Somebody:
    """A person at a browser of their own."""

    page: Page
    url: str
    email: str
    secret: str = ""

    def accept(self, link: str) -> None:
        """Follow an invitation and choose a password."""
        self.page.goto(link)
        self.page.get_by_label("New password", exact=True).fill(PASSWORD)
        self.page.get_by_label("The same password again").fill(PASSWORD)
        self.page.get_by_role("button", name="Set password").click()
        self.page.wait_for_load_state()

    def give_password(self) -> None:
        """Sign in as far as the password goes."""
        self.page.goto(f"{self.url}/sign-in")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_load_state()

    def enrol(self) -> None:
        """Set up the second factor, as the page says."""
        self.page.get_by_role("button", name="Start").click()
        self.secret = self.page.locator(".key bdi").inner_text().replace(" ", "")
        self.page.get_by_label("Six digits").fill(self.code())
        self.page.get_by_role("button", name="Confirm").click()
        self.page.get_by_role("link", name="I have kept them").click()

    def give_code(self) -> None:
        """Answer the question for a code; the one of the enrolment was used up."""
        self.page.get_by_label("Six digits from your authenticator").fill(self.code(steps=1))
        self.page.get_by_role("button", name="Continue").click()
        expect(self.page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()

    def code(self, steps: int = 0) -> str:
        """Return what the telephone shows now, or some steps from now."""
        totp = pyotp.TOTP(self.secret)
        return totp.at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def arrive(house: Installation, page: Page, role: str, way: Way, *region: str) -> Somebody:
    """Invite somebody by the operator's command, and let them set up their account."""
    email = f"{role.lower()}-{way.name}@example.org"
    said = house.flask("users", "invite", email, "--role", role, *region)
    link = re.search(r"http\S+", said)
    assert link is not None
    person = Somebody(page, f"http://127.0.0.1:{house.port}", email)
    person.accept(link[0])
    return person


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_from_the_referral_to_the_part_that_was_missing(
    house: Installation, chromium: Browser, way: Way
) -> None:
    region, office = way.open(chromium), way.open(chromium)
    complaints = [watch(page := region.new_page()), watch(desk := office.new_page())]
    coordinator = arrive(house, page, "COORD", way, "--region", "VAST")
    coordinator.enrol()
    page.get_by_role("button", name="Sign out").click()
    coordinator.give_password()
    coordinator.give_code()
    officer = arrive(house, desk, "INTAKE", way)

    reference = refer(page, way)
    wait_for(lambda: is_read(house, reference), "the documents are safe to look at", 120)
    triage(desk, officer.url, reference, way)
    confirm_in_writing(desk, officer.url, reference, way)
    added = add_what_is_missing(page, coordinator.url, reference, way)

    wait_for(lambda: is_read(house, added), "the addition is safe to look at", 120)
    first, second = (shown(house, code) for code in (reference, added))
    states = sorted(document["state"] for document in first["documents"] if document["size"])
    assert states.count("INFECTED") == states.count("LOCKED") == 1
    assert first["case"] == second["case"]
    assert {"R1", "R2"} <= {receipt["kind"] for receipt in first["receipts"]}
    assert [said for told in complaints for said in told if not said.startswith("info:")] == []
    region.close()
    office.close()


def refer(page: Page, way: Way) -> str:
    """Send the six files as a new referral and return its reference."""
    page.locator(".door").get_by_role("link", name="New referral").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_label("How urgent is it?").select_option("urgent")
    page.get_by_label("Adults").fill("1")
    page.get_by_label("Choose files").set_input_files(
        [payload(name, content) for name, content in FILES]
    )
    if not way.has_script:
        page.get_by_role("button", name="Upload the chosen files").click()
    expect(page.get_by_text("6 files, ready to be sent.")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    expect(page.locator("main")).to_contain_text("6 items")
    way.look_at(page)
    return page.locator(".reference").inner_text().strip()


def payload(name: str, content: bytes) -> FilePayload:
    """Make a file to be chosen."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def triage(desk: Page, url: str, reference: str, way: Way) -> None:
    """Decide about the referral: by keys alone where scripts run, else by its buttons."""
    desk.goto(f"{url}/queues")
    desk.get_by_role("link", name="New referrals").first.click()
    desk.locator(f'[data-open][href*="{reference}"]').click()
    way.look_at(desk)
    if way.has_script:
        while desk.locator('[data-key="y"]:not([data-no])').count():
            with desk.expect_navigation():
                desk.keyboard.press("y")
    else:
        while (types := desk.get_by_role("button", name=re.compile(r"Accept \d+ type"))).count():
            types.first.click()


def confirm_in_writing(desk: Page, url: str, reference: str, way: Way) -> None:
    """Sign the written confirmation as a named officer."""
    desk.goto(f"{url}/submissions/{reference}")
    if way.has_script:
        with desk.expect_navigation():
            desk.keyboard.press("r")
    else:
        desk.get_by_role("link", name="Confirm in writing").click()
    desk.get_by_label("Next step").fill("Vi bedömer underlaget. We assess the papers.")
    desk.get_by_role("button", name="Check and show again").click()
    tick = desk.get_by_label("I have read what is marked")
    if tick.count():
        tick.check()
    desk.get_by_role("button", name="Sign what is shown").click()
    expect(desk.locator("#done")).to_contain_text("Confirmed in writing")


def add_what_is_missing(page: Page, url: str, reference: str, way: Way) -> str:
    """Read the confirmation as the coordinator, and send what it says is missing."""
    page.goto(f"{url}/referrals")
    way.look_at(page)
    expect(page.get_by_text("Still needed:").first).to_be_visible()
    page.get_by_role("link", name=reference).click()
    link = page.get_by_role("link", name=re.compile(r"Confirmation.*PDF"))
    answer = page.context.request.get(url + (link.get_attribute("href") or ""))
    assert answer.body().startswith(b"%PDF-")
    page.goto(f"{url}/referrals")
    page.get_by_role("button", name=re.compile(f"Add documents.*{reference}")).click()
    page.get_by_label("Choose files").set_input_files([payload("pass.pdf", text_pdf(["Pass"]))])
    if not way.has_script:
        page.get_by_role("button", name="Upload the chosen files").click()
    expect(page.get_by_text("1 file, ready to be sent.")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    return page.locator(".reference").inner_text().strip()


def shown(house: Installation, reference: str) -> dict[str, Any]:  # Any: what JSON holds
    """Return one submission as the operator's command prints it."""
    (found,) = [each for each in house.submissions() if each["reference"] == reference]
    return found


def is_read(house: Installation, reference: str) -> bool:
    """Tell whether the worker has queued a submission and read its documents."""
    return "submission.read" in house.acts_on(reference)
