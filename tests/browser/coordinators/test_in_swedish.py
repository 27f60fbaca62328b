"""A Swedish coordinator's whole way on a telephone, from invitation to written confirmation.

The line drops during an upload, the session ends in the middle of a form, and no page says a
sentence in English.
"""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.language.choice import CATALOGUES, catalogue
from tests.browser.support import pages
from tests.browser.test_whole_way import (
    FILES,
    Somebody,
    Way,
    arrive,
    confirm_in_writing,
    house,
    is_read,
    payload,
    triage,
)
from tests.flow.installation import Installation, wait_for
from tests.portal.building import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.components]
__all__ = ["house"]

WIDTH = 360
EMAIL = "coord-swedish@example.org"
# Almost every English sentence has one of these words, and no Swedish one has any.
ENGLISH = re.compile(
    r"\b(the|and|you|your|of|is|been|have|this|that|these|with|from|please|which|what|when|where"
    r"|who|will|must|should|into)\b",
    re.IGNORECASE,
)
# What somebody wrote stands apart, the other language says its own name, a mail of ours is in both
# languages, and some countries have English names in Swedish too.
OURS = """
() => {
  const copy = document.body.cloneNode(true);
  const apart = "bdi, option, script, [data-language], textarea, .letter";
  for (const each of copy.querySelectorAll(apart)) each.remove();
  return copy.textContent;
}
"""


def sv(sentence: str) -> str:
    """Return a sentence of ours in Swedish."""
    return str(catalogue(CATALOGUES, "sv").gettext(sentence))


def look_at(page: Page) -> None:
    """See that the page is in Swedish throughout and need not be scrolled sideways."""
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "sv", page.url
    assert ENGLISH.findall(str(page.evaluate(OURS))) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, page.url


def test_english_would_be_noticed() -> None:
    assert ENGLISH.findall("Please sign in") == ["Please"]
    assert (
        ENGLISH.findall(sv("What you have typed on this page is kept if you sign in again.")) == []
    )


def test_no_page_is_in_english(house: Installation, chromium: Browser) -> None:
    phone = pages.open_context(chromium, width=WIDTH, locale="sv-SE")
    desk = pages.open_context(chromium).new_page()
    way = Way("swedish", WIDTH, True, "ltr")
    page = phone.new_page()
    officer = arrive(house, desk, "INTAKE", way)

    coordinator, code = accept_invitation(house, page)
    reference = refer_over_a_bad_line(coordinator, code)
    wait_for(lambda: is_read(house, reference), "the documents are safe to look at", 120)
    triage(desk, officer.url, reference, Way("desk", 1440, True, "ltr"))
    confirm_in_writing(desk, officer.url, reference, Way("desk", 1440, True, "ltr"))
    page.goto(coordinator.url)
    look_at(page)
    expect(page.get_by_text(sv("Confirmation available")).first).to_be_visible()
    page.goto(f"{coordinator.url}/referrals/{reference}")
    look_at(page)
    link = page.get_by_role("link", name=re.compile("Bekräftelse.*PDF"))
    answer = phone.request.get(coordinator.url + (link.get_attribute("href") or ""))

    assert answer.body().startswith(b"%PDF-")
    phone.close()
    desk.context.close()


def accept_invitation(house: Installation, page: Page) -> tuple[Somebody, str]:
    """Follow an invitation, choose a password, set up the second factor and sign in.

    Also returns a recovery code for the next time.
    """
    link = re.search(
        r"http\S+", house.flask("users", "invite", EMAIL, "--role", "COORD", "--region", "VAST")
    )
    assert link is not None
    person = Somebody(page, f"http://127.0.0.1:{house.port}", EMAIL)
    page.goto(link[0])
    look_at(page)
    page.get_by_label(sv("New password"), exact=True).fill(PASSWORD)
    page.get_by_label(sv("The same password again")).fill(PASSWORD)
    page.get_by_role("button", name=sv("Set password")).click()
    look_at(page)
    page.get_by_role("button", name=sv("Start")).click()
    look_at(page)
    person.secret = page.locator(".key bdi").inner_text().replace(" ", "")
    page.get_by_label(sv("Six digits")).fill(person.code())
    page.get_by_role("button", name=sv("Confirm")).click()
    look_at(page)
    recovery = page.locator(".recovery bdi").all_inner_texts()
    page.get_by_role("link", name=sv("I have kept them")).click()
    look_at(page)
    page.get_by_role("button", name=sv("Sign out")).click()
    look_at(page)
    sign_in(page, person.url, recovery[0])
    return person, recovery[1]


def sign_in(page: Page, url: str, code: str) -> None:
    """Sign in by password and a recovery code, each of which counts once."""
    page.goto(f"{url}/sign-in")
    look_at(page)
    page.get_by_label(sv("E-mail address")).fill(EMAIL)
    page.get_by_label(sv("Password")).fill(PASSWORD)
    page.get_by_role("button", name=sv("Sign in")).click()
    page.get_by_label(sv("Six digits from your authenticator app")).fill(code)
    look_at(page)
    page.get_by_role("button", name=sv("Continue"), exact=True).click()
    expect(page.get_by_role("heading", name=sv("Nothing waits for you"))).to_be_visible()
    look_at(page)


def refer_over_a_bad_line(person: Somebody, code: str) -> str:
    """Refer while the line drops during an upload and the session ends before the end."""
    page = person.page
    page.locator(".door").get_by_role("link", name=sv("New referral")).click()
    look_at(page)
    page.get_by_role("button", name=sv("Start")).click()
    look_at(page)
    page.get_by_label(sv("Adults")).fill("1")
    page.context.set_offline(True)
    page.get_by_label(sv("Choose files")).set_input_files([payload(*FILES[0])])
    expect(page.locator("[data-state]").first).to_contain_text("Anslutningen bröts")
    look_at(page)
    page.context.set_offline(False)
    expect(page.get_by_text(sv("1 file, ready to be sent."))).to_be_visible()
    # The server no longer knows who it is: what is typed from here on must stay.
    page.context.clear_cookies(name="avrr")
    page.get_by_label(sv("Anything we should know first?")).fill("Hon är trygg hos mig.")
    expect(page.locator("[data-saved-at]")).to_contain_text("Du har loggats ut")
    look_at(page)
    again = page.context.new_page()
    sign_in(again, person.url, code)
    again.close()
    page.get_by_role("button", name=sv("Continue"), exact=True).click()
    expect(page.get_by_role("heading", name=sv("Check before you send"))).to_be_visible()
    look_at(page)
    expect(page.locator("main")).to_contain_text("Hon är trygg hos mig.")
    page.get_by_role("button", name=sv("Send now")).click()
    expect(page.get_by_role("heading", name=sv("Received"))).to_be_visible()
    look_at(page)
    return page.locator(".reference").inner_text().strip()
