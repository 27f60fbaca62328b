"""Act on a page of the tour before it is looked at: send a form, often wrongly, or press a key."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
from playwright.sync_api import Page, Route

from tests.browser.support.coordinator import payload
from tests.browser.tour.rows import Rows
from tests.portal.building import PASSWORD
from tests.portal.cases.seen_case import ADDRESS

Act = Callable[[Page, Rows], None]
# Selects the first row of a list, as if the list had been read before somebody else took the item.
TICK = """
() => {
  const box = document.querySelector("[name=item]");
  box.value = box.value.split(".")[0] + "." + "0".repeat(32);
  box.checked = true;
}
"""
# Longer than a reauthentication counts, shorter than a session may be idle.
PROOF_OVER = timedelta(minutes=11)
# Fills in the form whose action ends so, and sends it as it is, whatever the browser would object.
SEND = """
([action, fields, step]) => {
  const forms = [...document.forms].filter(
    (each) => each.action.split("?")[0].endsWith(action) && !each.matches("[data-language]"),
  );
  const has = (each) => [...each.querySelectorAll("button")].some((one) => one.value === step);
  const form = (step && forms.find(has)) || forms[0];
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  form.noValidate = true;
  const submitters = [...form.querySelectorAll("button")];
  form.requestSubmit(submitters.find((each) => each.value === step) || submitters[0]);
}
"""


def sends(action: str, step: str = "", **fields: str) -> Act:
    """Return the act of sending a form, by the end of its address; `step` is a button's value."""

    def send(page: Page, _rows: Rows) -> None:
        with page.expect_navigation():
            page.evaluate(SEND, [action, fields, step])

    return send


def takes_back(action: str, step: str) -> Act:
    """Return the act of sending a form, and taking that back on the page that follows."""

    def act(page: Page, rows: Rows) -> None:
        sends(action, step)(page, rows)
        sends("/step-back")(page, rows)

    return act


def presses(key: str) -> Act:
    """Return the act of pressing a key that changes what the page shows."""
    return lambda page, _rows: page.keyboard.press(key)


def clicks(selector: str, until: str) -> Act:
    """Return the act of pressing a button whose answer a script puts into the page."""

    def click(page: Page, _rows: Rows) -> None:
        page.click(selector)
        page.wait_for_selector(until)

    return click


def takes_a_file(content: str) -> Act:
    """Return the act of sending a file from the only form that takes one."""

    def take(page: Page, _rows: Rows) -> None:
        file = {"name": "x.json", "mimeType": "application/json", "buffer": content.encode()}
        page.set_input_files("[type=file]", file)  # type: ignore[arg-type] # a FilePayload
        with page.expect_navigation():
            page.click("main form button")

    return take


def comes_from_elsewhere(page: Page, _rows: Rows) -> None:
    """Follow a link on another site to a page that asks for a sign-in, and stay half-way."""
    origin = page.url.rpartition("/")[0]
    asked: list[str] = []

    def stay(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/queues", stay)
    link = f'<a href="{origin}/queues">your receipt</a>'
    page.route(
        "http://mail.example/", lambda route: route.fulfill(body=link, content_type="text/html")
    )
    page.goto("http://mail.example/")
    page.get_by_role("link").click()
    page.get_by_role("heading", name="One moment").wait_for()


def gives_a_password(page: Page, rows: Rows) -> None:
    """Sign in as the coordinator, up to the question for the code."""
    sends("/sign-in", email=ADDRESS, password=PASSWORD)(page, rows)


def gives_a_wrong_code(page: Page, rows: Rows) -> None:
    """Sign in as the coordinator, with a code that is none."""
    gives_a_password(page, rows)
    sends("/sign-in/code", code="000000")(page, rows)


def searches(page: Page, _rows: Rows) -> None:
    """Find a word in the document."""
    page.get_by_placeholder("Find in the text").fill("remiss")
    page.keyboard.press("Enter")


def adds_files(page: Page, rows: Rows) -> None:
    """Begin a referral and add two files."""
    sends("/referrals/new")(page, rows)
    page.get_by_label("Choose files").set_input_files(
        [payload("remiss.pdf", 9_000), payload("en mycket lång bilaga " * 8 + ".pdf", 400)]
    )
    page.get_by_text("2 files, ready to be sent.").wait_for()


def is_refused(page: Page, rows: Rows) -> None:
    """Send a referral with an answer that cannot be read."""
    adds_files(page, rows)
    page.get_by_label("Adults").fill("many")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").wait_for()


def sends_it(page: Page, rows: Rows) -> None:
    """Send a referral."""
    adds_files(page, rows)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("heading", name="Received").wait_for()


def looks_once_more(page: Page, rows: Rows) -> None:
    """Look at a referral once more before it is sent."""
    adds_files(page, rows)
    page.get_by_label("How urgent is it?").select_option("emergency")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check before you send").wait_for()


def asks_too_much(page: Page, rows: Rows) -> None:
    """Ask a question that points at a person."""
    sends("/consultation")(page, rows)
    page.get_by_label("Your question").fill("May 19870501-1234 come?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("alert").wait_for()


def sets_a_factor(page: Page, rows: Rows) -> None:
    """Set up a second factor, so that its recovery codes are shown."""
    sends("/begin")(page, rows)
    secret = page.locator(".key bdi").inner_text().replace(" ", "")
    sends("/second-factor", code=pyotp.TOTP(secret).at(rows.clock.at))(page, rows)


def sends_papers(page: Page, _rows: Rows) -> None:
    """Send a document with a link, without the address that was refused before."""
    page.get_by_label("E-mail for").fill("")
    page.get_by_label("Choose files").set_input_files([payload("remiss.pdf", 400)])
    page.get_by_text("1 file, ready to be sent.").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Received").wait_for()


def ticks_what_is_taken(page: Page, rows: Rows) -> None:
    """Take an item of a list that a colleague has taken meanwhile."""
    page.evaluate(TICK)
    sends("/several", "take")(page, rows)


def comes_late(action: str, step: str = "", **fields: str) -> Act:
    """Return the act of sending a form when the last reauthentication does not count any more."""

    def send(page: Page, rows: Rows) -> None:
        rows.clock.move(PROOF_OVER)
        sends(action, step, **fields)(page, rows)

    return send


def answers_without_a_verdict(page: Page, _rows: Rows) -> None:
    """Answer for what somebody opened with a reason, without choosing a verdict."""
    with page.expect_navigation():
        page.locator(".opening-form").first.evaluate(
            "(form) => { form.noValidate = true; form.requestSubmit(); }"
        )
