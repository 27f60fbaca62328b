"""Check on the pages that a message to a coordinator is taken back before it leaves."""

import html
import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from tests.portal.building import Clock
from tests.portal.cases.seen_case import Seen, register, seed_case, send
from tests.portal.conftest import TOKEN, Browser, SignIn
from tests.portal.triage.forms import key

UNDO_SECONDS = 30
TEXT = "Please look at the form again, page two."
BOX = re.compile(r'<textarea id="message"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
BACK = re.compile(r'action="([^"]+/message/take-back)"')
TAKEN = re.compile(r'name="taken" value="([0-9a-f]{32})"')


@pytest.fixture
def case(services: Services) -> Seen:
    """Give a case whose sender is registered."""
    made = seed_case(services)
    register(services, made)
    return made


def take_back(browser: Browser, shown: str) -> tuple[int, str]:
    """Send the form that the page offers; return the status and the page."""
    address, taken = BACK.search(shown), TAKEN.search(shown)
    assert address is not None
    assert taken is not None
    answer = browser.post(address.group(1), "/queues", taken=taken.group(1))
    return answer.status_code, answer.text


def said(page: str) -> str:
    """Return the line that says what happened."""
    return page.partition('id="said"')[2].partition("</div>")[0]


def test_the_line_says_when_it_leaves_and_the_key_takes_it_back(
    case: Seen, signed_in: SignIn, clock: Clock
) -> None:
    browser = signed_in("INTAKE")
    send(browser, case, "message", message=TEXT)
    shown = browser.get(f"{case.path}?said=message").text

    assert "The message is written. A mail tells the coordinator that there is one." in said(shown)
    assert 'data-leaves="30"' in said(shown)
    assert "until then the coordinator cannot read it" in said(shown)
    assert key(shown, "z").startswith("Undo")
    assert key(browser.get(case.path).text, "z").startswith("Undo")
    status, after = take_back(browser, shown)
    assert (status, case.messages()) == (200, [])
    assert "Taken back: the message did not leave." in said(after)
    found = BOX.search(after)
    assert found is not None
    assert html.unescape(found.group(1)).strip() == TEXT
    assert key(after, "z") == ""


def test_a_second_press_and_a_late_one_say_why(case: Seen, signed_in: SignIn, clock: Clock) -> None:
    browser = signed_in("INTAKE")
    send(browser, case, "message", message=TEXT)
    shown = browser.get(case.path).text
    take_back(browser, shown)
    twice = take_back(browser, shown)
    send(browser, case, "message", message=TEXT)
    later = browser.get(case.path).text
    clock.move(timedelta(seconds=31))

    late = take_back(browser, later)

    assert (twice[0], late[0]) == (409, 409)
    assert "This message was taken back already. Nothing was changed." in twice[1]
    assert "It has left the house meanwhile, so it cannot be taken back any more." in late[1]
    assert len(case.messages()) == 1
    after = browser.get(case.path).text
    assert (key(after, "z"), said(after)) == ("", "")


def test_a_colleague_is_offered_nothing(case: Seen, signed_in: SignIn) -> None:
    browser, other = signed_in("INTAKE"), signed_in("INTAKE", "second")
    send(browser, case, "message", message=TEXT)

    assert key(other.get(case.path).text, "z") == ""


def test_without_a_mail_it_can_be_taken_back_too(services: Services, signed_in: SignIn) -> None:
    case, browser = seed_case(services), signed_in("INTAKE")
    shown = send(browser, case, "message", message=TEXT)

    assert "The message is written. No mail leaves: " in said(shown)
    assert key(shown, "z").startswith("Undo")
    assert take_back(browser, shown)[0] == 200
    assert case.messages() == []


def test_the_page_of_the_submission_offers_it_after_it_was_written_there(
    case: Seen, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    send(browser, case, "message", message=TEXT)

    shown = browser.get(f"/submissions/{case.submission}?wrote=told").text

    assert "The message is written." in shown
    assert key(shown, "z").startswith("Undo")
    assert take_back(browser, shown)[0] == 200
    assert case.messages() == []


def test_a_form_without_its_token_takes_nothing_back(case: Seen, signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")
    send(browser, case, "message", message=TEXT)
    taken = TAKEN.search(browser.get(case.path).text)
    assert taken is not None
    assert TOKEN.search(browser.get(case.path).text) is not None

    answer = browser.client.post(f"{case.path}/message/take-back", data={"taken": taken.group(1)})

    assert answer.status_code >= 400
    assert len(case.messages()) == 1
