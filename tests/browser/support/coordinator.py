"""Serve a portal with two coordinators' accounts, and walk through it in a real browser."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from intake.accounts import accounts, second_factor
from tests.browser.support import pages
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.coordinators.support import Telephone

EMAIL = "coordinator@region.example"
NEWCOMER = "newcomer@region.example"


@dataclass(frozen=True)
class Ward:
    """A served portal with a coordinator who has a factor, and one who has none."""

    url: str
    telephone: Telephone
    clock: Clock


@contextmanager
def serve(folder: Path, catalogues: Path | None = None) -> Iterator[Ward]:
    """Serve a portal on a free port of this machine, perhaps with other catalogues."""
    clock = Clock()
    services = build_services(folder, clock, "http://127.0.0.1")
    user = accounts.create_with_password(services, EMAIL, "COORD", "VAST", PASSWORD)
    accounts.create_with_password(services, NEWCOMER, "COORD", "SYD", PASSWORD)
    telephone = Telephone(
        clock, second_factor.begin_enrolment(services, "no session", user.id).secret
    )
    second_factor.confirm_enrolment(services, "no session", user.id, telephone.code())
    app = build_app(services)
    if catalogues is not None:
        app.config["CATALOGUES"] = catalogues
    with pages.running(services, app) as url:
        yield Ward(url, telephone, clock)


def sign_in(page: Page, ward: Ward) -> None:
    """Sign in by password and code, by the fields' labels."""
    give_password(page, ward, EMAIL)
    page.get_by_label("Six digits from your authenticator").fill(ward.telephone.code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Nothing waits for you").wait_for()


def give_password(page: Page, ward: Ward, email: str) -> None:
    """Fill in the sign-in form, and wait for what comes behind it."""
    page.goto(f"{ward.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def begin(page: Page, ward: Ward) -> None:
    """Begin a referral from the start page."""
    page.goto(ward.url)
    page.get_by_role("link", name="New referral").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_label("How urgent is it?").wait_for()


def payload(name: str, size: int) -> FilePayload:
    """Make a file of random bytes."""
    return {"name": name, "mimeType": "application/pdf", "buffer": secrets.token_bytes(size)}


def walk(page: Page, ward: Ward) -> Iterator[tuple[str, str]]:
    """Open the pages of a coordinator one after the other, and tell which one is open."""
    # After this time the codes that the tests before tried are no longer counted.
    ward.clock.move(second_factor.TRIES_WINDOW)
    give_password(page, ward, EMAIL)
    yield "code", page.url
    page.get_by_label("Six digits from your authenticator").fill("000000")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("This code is not right.").wait_for()
    yield "code refused", page.url
    page.get_by_label("Six digits from your authenticator").fill(ward.telephone.code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Nothing waits for you").wait_for()
    yield "home", page.url
    for name in ("New referral", "My referrals", "Ask without naming anyone"):
        page.goto(ward.url)
        page.locator(".door").get_by_role("link", name=name).click()
        page.get_by_role("heading", name=name, level=1).wait_for()
        yield name, page.url
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Your question").wait_for()
    yield "question", page.url
    page.get_by_label("Your question").fill("May 19870501-1234 come?")
    page.locator("main form").get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Please take out what points to a person").wait_for()
    yield "question refused", page.url
    begin(page, ward)
    yield "draft", page.url
    page.get_by_label("Choose files").set_input_files(
        [payload("remiss.pdf", 300_000), payload("en mycket lång bilaga " * 8 + ".pdf", 400)]
    )
    page.get_by_text("2 files, ready to be sent.").wait_for()
    page.get_by_label("Adults").fill("many")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").wait_for()
    yield "draft refused", page.url
    page.get_by_label("Adults").fill("1")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check before you send").wait_for()
    yield "check", page.url
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("heading", name="Received").wait_for()
    yield "sent", page.url
    begin(page, ward)
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_text("Your draft is saved.").wait_for()
    yield "mine", page.url
