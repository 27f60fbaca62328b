"""Check on its page that an answer to a question is taken back before it leaves."""

import html
import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from intake.correspondence import case_messages
from tests.intake.correspondence.asked_questions import Desk, open_desk
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.triage.forms import key

UNDO_SECONDS = 30
TEXT = "Yes: the person needs a valid passport first."
BOX = re.compile(r'<textarea id="message"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
VERSION = re.compile(r'name="version" value="(\d+)"')
TAKEN = re.compile(r'name="taken" value="([0-9a-f]{32})"')


@pytest.fixture
def desk(services: Services) -> Desk:
    """Give a question of a coordinator."""
    return open_desk(services)


def path_of(desk: Desk) -> str:
    return f"/submissions/{desk.reference}/question"


def answer(browser: Browser, desk: Desk) -> str:
    """Answer the question; return the page to which that leads."""
    fields = {"message_id": case_messages.new_message_id(), "message": TEXT}
    sent = browser.post(path_of(desk), path_of(desk), **fields)
    assert sent.status_code == 303
    return browser.get(sent.headers["Location"].partition("#")[0]).text


def take_back(browser: Browser, desk: Desk, shown: str) -> tuple[int, str]:
    """Send the form that the page offers; return the status and the page."""
    taken = TAKEN.search(shown)
    assert taken is not None
    address = f"{path_of(desk)}/take-back"
    sent = browser.post(address, path_of(desk), taken=taken.group(1))
    return sent.status_code, sent.text


def said(page: str) -> str:
    """Return the line that says what happened."""
    return page.partition('id="said"')[2].partition("</div>")[0]


def test_the_line_says_when_it_leaves_and_its_text_comes_back_into_its_field(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    shown = answer(browser, desk)

    assert "The answer is written. A mail tells the coordinator that there is one." in said(shown)
    assert 'data-leaves="30"' in said(shown)
    assert key(shown, "z").startswith("Undo")
    assert "Your answer to the coordinator is written." in said(browser.get(path_of(desk)).text)
    status, after = take_back(browser, desk, shown)
    assert status == 200
    assert "Taken back: the answer did not leave, and the question waits again." in said(after)
    found = BOX.search(after)
    assert found is not None
    assert html.unescape(found.group(1)).strip() == TEXT
    assert key(after, "z") == ""
    assert desk.open_types() == ["submission"]


def test_a_second_press_and_a_late_one_say_why(desk: Desk, signed_in: SignIn, clock: Clock) -> None:
    browser = signed_in("INTAKE")
    shown = answer(browser, desk)
    take_back(browser, desk, shown)
    twice = take_back(browser, desk, shown)
    later = answer(browser, desk)
    clock.move(timedelta(seconds=31))

    late = take_back(browser, desk, later)

    assert (twice[0], late[0]) == (409, 409)
    assert "This message was taken back already. Nothing was changed." in twice[1]
    assert "It has left the house meanwhile, so it cannot be taken back any more." in late[1]
    assert key(browser.get(path_of(desk)).text, "z") == ""


def test_who_answers_after_a_colleague_is_told_and_loses_nothing(
    desk: Desk, signed_in: SignIn
) -> None:
    first, second = signed_in("INTAKE"), signed_in("INTAKE", "second")
    version = VERSION.search(second.get(path_of(desk)).text)
    assert version is not None
    answer(first, desk)
    fields = {
        "message_id": case_messages.new_message_id(),
        "message": "Mine is another.",
        "version": version.group(1),
    }

    late = second.post(path_of(desk), path_of(desk), **fields)

    assert late.status_code == 409
    assert "wrote about this question meanwhile: it stands above. Nothing was sent." in late.text
    assert TEXT in html.unescape(late.text)
    found, newer = BOX.search(late.text), VERSION.search(late.text)
    assert found is not None
    assert newer is not None
    assert html.unescape(found.group(1)).strip() == "Mine is another."
    again = second.post(path_of(desk), path_of(desk), **(fields | {"version": newer.group(1)}))
    assert again.status_code == 303


def test_a_colleague_is_offered_nothing(desk: Desk, signed_in: SignIn) -> None:
    browser, other = signed_in("INTAKE"), signed_in("INTAKE", "second")
    answer(browser, desk)

    assert key(other.get(path_of(desk)).text, "z") == ""
