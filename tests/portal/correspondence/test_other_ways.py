"""Check that `q` always leads to a way to write, and that the page says which and why."""

import re

import pytest

from intake.accounts.register_entries import entry_of
from intake.core import submission_facts
from intake.core.services import Services
from intake.core.submission_facts import FormFacts
from intake.senders.register import add_sender
from storage.accounts.users import Role
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.intake.correspondence.conversations import Room, open_room
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.triage.forms import page_of

HARMLESS = "Please look at the form again. The second page is not there."
HIDDEN = re.compile(r'type="hidden" name="(message_id|version|shown)" value="([^"]+)"')


@pytest.fixture
def room(services: Services) -> Room:
    """Give an upload of a coordinator with an account, in a case."""
    found = open_room(services)
    with services.database.transaction() as session:
        submission = session.get_one(Submission, found.waiting.submission_id)
        key = services.keyring.open(session, submission.data_key_id)
        submission.channel = "portal"
        submission.facts = submission_facts.seal_form(key, submission.id, FormFacts())
    return found


def written(browser: Browser, path: str, text: str, **more: str) -> tuple[int, str, str]:
    fields = dict(HIDDEN.findall(browser.get(f"{path}/answer").text))
    answer = browser.post(f"{path}/message", f"{path}/answer", message=text, **(fields | more))
    return answer.status_code, answer.location or "", answer.text


def test_an_upload_of_an_account_is_written_to_in_the_service(
    room: Room, signed_in: SignIn
) -> None:
    browser, path = signed_in("INTAKE"), f"/submissions/{room.referral_code}"

    asked = browser.get(f"{path}/answer").text
    status, location, _text = written(browser, path, HARMLESS)

    assert "Write to the coordinator" in asked
    assert "No mail goes out. " in asked
    assert (status, location) == (303, f"{path}?wrote=told#done")
    other = samples.seed(room.services)
    assert "The message is written." in browser.get(f"{page_of(other)}?wrote=told").text
    assert [row.kind for row in room.rows()] == ["to_coordinator"]


def test_an_answer_ends_the_reply_that_waited(
    services: Services, room: Room, signed_in: SignIn
) -> None:
    browser, path = signed_in("INTAKE"), f"/submissions/{room.referral_code}"
    room.reply("Which page?")

    def waiting() -> list[str]:
        with services.database.reading() as session:
            items = session.query(QueueItem).filter_by(case_id=room.waiting.case_id).all()
        return [item.kind for item in items if item.closed_at is None]

    assert TaskKind.COORDINATOR_WROTE in waiting()
    assert written(browser, path, HARMLESS)[0] == 303
    assert TaskKind.COORDINATOR_WROTE not in waiting()
    assert all(row.read_at for row in room.rows() if row.kind == "from_coordinator")


def test_a_refused_text_comes_back_with_what_is_wrong(room: Room, signed_in: SignIn) -> None:
    browser, path = signed_in("INTAKE"), f"/submissions/{room.referral_code}"
    text = "The number 070-123 45 67 <b>is wrong</b>"

    status, _location, page = written(browser, path, text)
    empty = written(browser, path, " ")

    assert status == 400
    assert "&lt;b&gt;is wrong" in page
    assert "Must change" in page
    assert empty[0] == 400
    assert room.rows() == []


def test_the_same_form_again_writes_one_message(room: Room, signed_in: SignIn) -> None:
    browser, path = signed_in("INTAKE"), f"/submissions/{room.referral_code}"
    fields = dict(HIDDEN.findall(browser.get(f"{path}/answer").text))

    for _time in range(2):
        browser.post(f"{path}/message", f"{path}/answer", message=HARMLESS, **fields)

    assert len(room.rows()) == 1


def test_a_registered_sender_without_an_account_is_called_and_given_a_link(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services, channel="upload")
    add_sender(services, "operator", "n.n@region.example", "VAST", phone="+46 40 123 45 67")
    with services.database.transaction() as session:
        entry = entry_of(services, session, "n.n@region.example")
        assert entry is not None
        submission = session.get_one(Submission, made.submission_id)
        submission.sender_id = entry.id
        case = session.get_one(Case, submission.case_id)
        code = case.reference

    page = signed_in("INTAKE").get(f"{page_of(made)}/answer").text

    assert "Call, and give a link" in page
    assert "+46 40 123 45 67" in page
    assert f'href="/links/{code}"' in page
    assert f'href="/phone-note?case={code}"' in page


def test_nobody_who_is_known_is_called_and_the_call_written_down(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services, channel="phone", with_case=False, state="HOLDING", queue="Q3")

    page = signed_in("INTAKE").get(f"{page_of(made)}/answer").text

    assert "Call, and write it down" in page
    assert 'href="/phone-note' in page
    # The number that a colleague noted stands in the note.
    assert samples.BODY.splitlines()[2] in page
    assert "Use a number that you know from elsewhere" not in page


def test_what_is_no_way_any_more_takes_no_message(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, channel="phone", with_case=False, state="HOLDING", queue="Q3")
    browser = signed_in("INTAKE")

    answer = browser.post(
        f"{page_of(made)}/message", f"{page_of(made)}/answer", message=HARMLESS, message_id="0" * 32
    )

    assert answer.status_code == 409
    assert "Call, and write it down" in answer.text


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTAKE, Role.CASEW, Role.CASH}))
def test_who_does_not_answer_has_no_way_here(
    services: Services, signed_in: SignIn, role: str
) -> None:
    made = samples.seed(services, channel="upload")

    assert signed_in(role).get(f"{page_of(made)}/answer").status_code in {303, 404}
