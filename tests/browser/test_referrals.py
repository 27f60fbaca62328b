"""Check a coordinator's day in a real browser: on a phone and a desk, with and without script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.support import coordinator, pages
from tests.browser.support.coordinator import (
    NEWCOMER,
    Ward,
    begin,
    give_password,
    payload,
    sign_in,
    walk,
)
from tests.browser.support.pages import SCHEMES, WIDTHS, Scheme
from tests.browser.test_pages import faults_of, watch
from tests.portal.coordinators.support import Telephone

pytestmark = pytest.mark.browser
MIN_CONTRAST = 4.5
LARGE = 3_000_000
FIRST_PIECE = 512 * 1024


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """Give a served portal with a coordinator who has a factor, and one who has none."""
    with coordinator.serve(tmp_path_factory.mktemp("referrals")) as served:
        yield served


def test_a_referral_without_script_on_a_phone(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360, has_script=False)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)

    page.get_by_label("How urgent is it?").select_option("urgent")
    page.get_by_label("Adults").fill("1")
    page.get_by_label("Choose files").set_input_files(
        [payload("remiss.pdf", 40_000), payload("samtycke.pdf", 9_000)]
    )
    page.get_by_role("button", name="Upload the chosen files").click()
    page.get_by_text("2 files, ready to be sent.").wait_for()
    page.get_by_role("button", name="Remove samtycke.pdf").click()
    page.get_by_text("1 file, ready to be sent.").wait_for()
    kept = page.get_by_label("How urgent is it?").input_value()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check before you send").wait_for()
    page.get_by_role("button", name="Send now").click()

    page.get_by_role("heading", name="Received").wait_for()
    reference = page.locator(".reference").inner_text()
    page.get_by_role("link", name="My referrals").first.click()
    assert kept == "urgent"
    page.get_by_role("heading", name=reference).wait_for()
    context.close()


def test_a_referral_with_script_shows_each_file_on_its_way(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    complaints = watch(page)
    sign_in(page, ward)
    begin(page, ward)

    page.get_by_label("Choose files").set_input_files(
        [payload("remiss.pdf", LARGE), payload("empty.txt", 0)]
    )
    page.get_by_text("1 file, ready to be sent.").wait_for()
    states = page.locator(".file-state").all_inner_texts()
    page.get_by_role("button", name="Remove empty.txt").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check before you send").wait_for()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("heading", name="Received").wait_for()

    assert states == [
        "✓ Uploaded · 3.0 MB",
        "▲ This file is empty. Please remove it, or choose the right one.",
    ]
    assert "1 item received" in " ".join(page.locator("main").inner_text().split())
    assert complaints == []
    context.close()


def test_a_line_that_breaks_again_and_again_loses_nothing(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)
    seen: list[str] = []

    def break_every_second(route: Route) -> None:
        seen.append(route.request.method)
        if len(seen) % 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/referrals/uploads/.*offset="), break_every_second)

    page.get_by_label("Choose files").set_input_files([payload("remiss.pdf", LARGE)])
    page.get_by_text("1 file, ready to be sent.").wait_for()

    assert len(seen) >= 4
    assert page.locator(".file-state").inner_text() == "✓ Uploaded · 3.0 MB"
    context.close()


def test_after_a_reload_the_same_file_goes_on_where_it_ended(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)
    file = payload("remiss.pdf", LARGE)
    offsets: list[int] = []

    def hold_after_two(route: Route) -> None:
        offset = int(route.request.url.rpartition("=")[2])
        offsets.append(offset)
        if len(offsets) <= 2:
            route.continue_()

    pattern = re.compile(r"offset=")
    page.route(pattern, hold_after_two)
    page.get_by_label("Choose files").set_input_files([file])
    page.get_by_text("still being uploaded").wait_for()
    # The first piece is a sixth of the file: more than that has left only when it is stored.
    page.get_by_text(re.compile(r"[2-9]\d % · ")).wait_for()

    page.reload()
    page.get_by_text("Incomplete:").wait_for()
    page.get_by_role("button", name="Continue").click()
    why = page.locator("[data-why]").inner_text()
    page.unroute(pattern)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_label("Choose files").set_input_files([file])
    page.get_by_text("1 file, ready to be sent.").wait_for()

    went_on = [int(url.rpartition("=")[2]) for url in requests if "offset=" in url]
    assert why.startswith("Cannot be sent yet: 1 file is incomplete.")
    assert min(went_on) >= FIRST_PIECE
    assert page.locator(".file").count() == 1
    context.close()


def test_a_file_that_is_too_large_is_told_beside_it(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    sign_in(page, ward)
    begin(page, ward)
    page.evaluate(
        """() => {
          const list = new DataTransfer();
          list.items.add(new File([new Blob([new Uint8Array(101 * 1024 * 1024)])], "film.mp4"));
          const input = document.querySelector("#choose");
          input.files = list.files;
          input.dispatchEvent(new Event("change"));
        }"""
    )

    page.get_by_text("A file may have up to 100 MB.").first.wait_for()

    assert (
        page.locator("[data-why]").inner_text()
        == "No documents: this is sent as an advance notice."
    )
    context.close()


def test_a_newcomer_sets_up_the_factor_by_the_labels(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    complaints = watch(page)
    give_password(page, ward, NEWCOMER)
    faults = [faults_of(page, 360, MIN_CONTRAST)]

    page.get_by_role("button", name="Start").click()
    page.get_by_role("img").wait_for()
    faults.append(faults_of(page, 360, MIN_CONTRAST))
    page.wait_for_function("document.querySelector('.qr').naturalWidth > 100")
    secret = page.locator(".key bdi").inner_text().replace(" ", "")
    page.get_by_label("Six digits").fill(Telephone(ward.clock, secret).code())
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
    faults.append(faults_of(page, 360, MIN_CONTRAST))
    page.get_by_role("link", name="I have kept them").click()

    page.get_by_role("heading", name="Nothing waits for you").wait_for()
    assert faults == [[], [], []]
    assert complaints == []
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_in_order(ward: Ward, chromium: Browser, width: int, scheme: Scheme) -> None:
    context = pages.open_context(chromium, width=width, scheme=scheme)
    page = context.new_page()
    complaints = watch(page)
    faults: dict[str, list[str]] = {}

    for name, path in walk(page, ward):
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        if found := faults_of(page, width, MIN_CONTRAST):
            faults[f"{name} {path}"] = found
        page.evaluate("document.documentElement.dir = 'rtl'")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults[f"{name} from right to left"] = ["too wide"]
        page.evaluate("document.documentElement.dir = 'ltr'")
    context.close()

    assert faults == {}
    # A refused form answers 400 or 401, which the browser counts as an error of its own.
    assert [each for each in complaints if not re.search("status of 40[01]", each)] == []


def test_a_service_without_space_is_said_in_its_words(ward: Ward, chromium: Browser) -> None:
    context = pages.open_context(chromium, width=360)
    page = context.new_page()
    # The waits between the tries take no time here.
    page.add_init_script("window.setTimeout = (act) => { queueMicrotask(act); return 0; }")
    sign_in(page, ward)
    begin(page, ward)
    full = {"error": "storage_full", "message": "The service cannot store anything at the moment."}
    page.route(re.compile(r"offset="), lambda route: route.fulfill(status=507, json=full))

    page.get_by_label("Choose files").set_input_files([payload("remiss.pdf", 1000)])
    page.get_by_text("The service cannot store anything at the moment.").wait_for()

    assert "choose the file again to continue" in page.locator(".file-state").inner_text()
    assert (
        page.locator("[data-why]")
        .inner_text()
        .startswith("Cannot be sent yet: 1 file is incomplete")
    )
    context.close()
