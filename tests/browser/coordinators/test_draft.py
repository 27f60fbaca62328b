"""Check in a real browser that a draft loses no word: in two windows, and after the session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from intake.accounts.sign_in import SESSION_IDLE
from tests.browser.support import coordinator, pages
from tests.browser.support.coordinator import Ward, begin, payload, sign_in

pytestmark = pytest.mark.browser
NOTE = "Anything we should know first?"


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """Give a served portal with a coordinator who has a factor."""
    with coordinator.serve(tmp_path_factory.mktemp("draft")) as served:
        yield served


def test_two_windows_of_a_draft_show_both_texts(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    first = context.new_page()
    sign_in(first, ward)
    begin(first, ward)
    second = context.new_page()
    second.goto(first.url)

    first.get_by_label(NOTE).fill("From the first window")
    expect(first.locator("[data-saved-at]")).to_contain_text("Saved")
    second.get_by_label(NOTE).fill("From the second window")
    expect(second.locator("[data-saved-at]")).to_contain_text("Changed in another window")
    second.get_by_label("Adults").fill("1")
    second.get_by_role("button", name="Continue").click()

    expect(second.get_by_role("alert")).to_contain_text("From the first window")
    assert second.get_by_label(NOTE).input_value() == "From the second window"
    context.close()


def test_what_is_chosen_and_typed_before_the_scripts_arrive_is_kept(
    ward: Ward, chromium: Browser
) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)
    held: list[Route] = []
    is_slow = True

    def carry(route: Route) -> None:
        if is_slow:
            held.append(route)
        else:
            route.continue_()

    for script in ("draft.js", "upload.js"):
        page.route(f"**/static/{script}*", carry)
    page.goto(page.url, wait_until="commit")

    page.get_by_label(NOTE).fill("Typed on a slow line")
    page.get_by_label("How urgent is it?").select_option("urgent")
    page.get_by_label("Choose files").set_input_files([payload("remiss.pdf", 40_000)])
    with page.expect_event("load"):
        is_slow = False
        for route in held:
            route.continue_()

    expect(page.get_by_text("1 file, ready to be sent.")).to_be_visible()
    expect(page.locator("[data-saved-at]")).to_contain_text("Saved")
    page.unroute_all()
    page.reload()
    assert page.get_by_label(NOTE).input_value() == "Typed on a slow line"
    assert page.get_by_label("How urgent is it?").input_value() == "urgent"
    expect(page.get_by_text("1 file, ready to be sent.")).to_be_visible()
    context.close()


def test_what_is_typed_after_the_session_ended_is_saved_after_signing_in(
    ward: Ward, chromium: Browser
) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)
    draft = page.url
    ward.clock.move(SESSION_IDLE * 2)

    page.get_by_label(NOTE).fill("Typed after the end")
    expect(page.locator("[data-saved-at]")).to_contain_text("You have been signed out")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-saved-at]")).to_contain_text("You have been signed out")
    assert page.url == draft
    sign_in(context.new_page(), ward)
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", name="Check before you send")).to_be_visible()
    expect(page.get_by_text("Typed after the end")).to_be_visible()
    context.close()


def test_the_language_changes_at_once_and_keeps_what_is_typed(
    ward: Ward, chromium: Browser
) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)

    page.get_by_label(NOTE).fill("Kept over the change")
    page.get_by_role("button", name="Svenska").click()
    expect(page.get_by_role("heading", name="Ny remiss")).to_be_visible()

    assert page.locator("#note").input_value() == "Kept over the change"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="New referral")).to_be_visible()
    context.close()
