"""Check finishing without a case on the pages: the choice, the next one, the way back, refusals."""

import html
import re

import pytest

from intake.access import gate
from intake.core.services import Services
from intake.queues.tasks import add_task
from intake.triage.endings import finish
from portal.text import labels
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, Submission
from tests.browser.support import mixed
from tests.intake.documents.held import seed_held
from tests.portal import samples
from tests.portal.conftest import TOKEN, Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import key, page_of, press
from tests.support.people import plant_user
from tests.support.rows import Planter

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
CHECKED = re.compile(r'name="outcome" value="(\w+)" required checked')


def state_of(services: Services, made: Seeded) -> tuple[str, str | None]:
    with services.database.reading() as session:
        row = session.get_one(Submission, made.submission_id)
        return row.state, row.outcome


def beside(services: Services, made: Seeded) -> None:
    """File something else in the same case."""
    with services.database.transaction() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        planter = Planter(session, services.keyring, services.now())
        planter.submission(case_id=case_id, state="QUEUED")


def unfiled(services: Services, **options: object) -> Seeded:
    """Plant mail of a person that is in no case."""
    options = {"with_case": False, "state": "HOLDING", "queue": "Q3", **options}
    return samples.seed(services, **options)


def card(page: str) -> str:
    """Return the card that says how it ended."""
    return page.partition('id="ended"')[2].partition("</li>")[0]


def test_one_key_finishes_a_machines_mail_and_opens_the_next(
    services: Services, signed_in: SignIn
) -> None:
    first, second = mixed.robot(services, 0), mixed.robot(services, 1)
    browser = signed_in("INTAKE")
    page = browser.get(f"{page_of(first)}?queue=Q3").text
    assert key(page, "d") == "Finish: automatic mail d"

    answer = browser.post(
        f"{page_of(first)}/finish?queue=Q3", f"{page_of(first)}?queue=Q3", outcome="automatic"
    )
    after = browser.get(answer.location).text

    assert answer.location == f"{page_of(second)}?queue=Q3&done={first.reference}#done"
    assert state_of(services, first) == ("CLOSED", "automatic")
    assert f"{first.reference}</bdi> finished: automatic mail." in after
    assert f'action="{page_of(first)}/step-back?queue=Q3' in after
    assert key(after, "z").startswith("Undo")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_page_says_how_it_ended_and_opens_it_again(
    services: Services, signed_in: SignIn, outcome: Outcome
) -> None:
    made = unfiled(services)
    browser = signed_in("INTAKE")
    browser.post(f"{page_of(made)}/finish", page_of(made), outcome=outcome)

    page = browser.get(page_of(made)).text

    assert labels.OUTCOMES[outcome] in card(page)
    assert "by <bdi>" in card(page)
    assert "Open again" in card(page)
    assert f"Finished: {labels.OUTCOMES[outcome].lower()} " in page
    assert key(page, "z").startswith("Undo: finished as")
    assert key(page, "d") == key(page, "h") == ""
    assert press(browser, made, "z") == 303
    assert state_of(services, made) == ("HOLDING", None)
    assert "Taken back: finished as" in browser.get(page_of(made)).text


@pytest.mark.parametrize(
    ("options", "likely"),
    [
        ({}, []),
        ({"sender_reasons": ["address_not_registered", "look_alike"]}, ["forged"]),
        ({"flags": ["wrong_door:repatriation_grant"]}, ["redirected"]),
        ({"reason": "automatic_mail"}, ["automatic"]),
    ],
)
def test_the_likely_end_is_chosen_already(
    services: Services, signed_in: SignIn, options: dict[str, object], likely: list[str]
) -> None:
    made = unfiled(services, **options)

    page = signed_in("INTAKE").get(page_of(made)).text

    assert CHECKED.findall(page) == likely
    assert page.count('name="outcome" value="') >= len(Outcome)


def test_no_end_and_a_strange_end_are_refused(services: Services, signed_in: SignIn) -> None:
    made = unfiled(services)
    browser = signed_in("INTAKE")

    for fields in ({}, {"outcome": "won"}):
        answer = browser.post(f"{page_of(made)}/finish", page_of(made), **fields)
        assert answer.status_code == 400
        assert "Choose how it ends." in answer.text

    assert state_of(services, made) == ("HOLDING", None)


def test_what_has_a_case_offers_no_end_and_says_why(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    beside(services, made)
    browser = signed_in("INTAKE")

    answer = browser.post(f"{page_of(made)}/finish", page_of(made), outcome="answered")

    assert key(browser.get(page_of(made)).text, "d") == ""
    assert answer.status_code == 409
    assert "It belongs to a case, so it ends with the case." in answer.text
    assert "finish it as “answered”" in answer.text


def test_a_sign_of_danger_says_so_under_the_key(services: Services, signed_in: SignIn) -> None:
    made = mixed.robot(services, 0)
    with services.database.transaction() as session:
        kind = TaskKind.PROTECTION_SIGN
        add_task(services, session, made.submission_id, kind=kind, reason=kind)
    browser = signed_in("INTAKE")

    answer = browser.post(f"{page_of(made)}/finish", page_of(made), outcome="automatic")

    assert key(browser.get(page_of(made)).text, "d") == "Finish: protection review first"
    assert answer.status_code == 409
    assert "A protection officer looks at them first" in answer.text
    assert state_of(services, made) == ("HOLDING", None)


def test_a_colleague_who_was_quicker_is_shown(services: Services, signed_in: SignIn) -> None:
    made = unfiled(services)
    first, second = signed_in("INTAKE", "first"), signed_in("INTAKE", "second")
    version = re.search(r'name="version" value="(\d+)"', second.get(page_of(made)).text)
    assert version is not None
    first.post(f"{page_of(made)}/finish", page_of(made), outcome="forged")

    answer = second.post(
        f"{page_of(made)}/finish", page_of(made), outcome="answered", version=version.group(1)
    )

    assert answer.status_code == 409
    assert "Closed: forged" in answer.text
    assert "Finish it as “answered”" in answer.text
    assert state_of(services, made) == ("CLOSED", "forged")


def test_a_hold_meanwhile_can_be_finished_all_the_same(
    services: Services, signed_in: SignIn
) -> None:
    made = unfiled(services)
    first, second = signed_in("INTAKE", "first"), signed_in("INTAKE", "second")
    version = re.search(r'name="version" value="(\d+)"', second.get(page_of(made)).text)
    assert version is not None
    first.post(f"{page_of(made)}/hold", page_of(made), why="sender_unsure")

    answer = second.post(
        f"{page_of(made)}/finish", page_of(made), outcome="forged", version=version.group(1)
    )

    assert "Finish it all the same" in answer.text
    fields = dict(HIDDEN.findall(answer.text.partition("versions-form")[2]))
    fields.pop("csrf_token")
    assert second.post(f"{page_of(made)}/finish", page_of(made), **fields).status_code == 303
    assert state_of(services, made) == ("CLOSED", "forged")


@pytest.mark.parametrize("role", ["PROT", "MGR", "COORD", "HELP"])
def test_who_decides_nothing_finishes_nothing(
    services: Services, signed_in: SignIn, role: str
) -> None:
    made, browser = unfiled(services), signed_in(role)

    for form in ("finish", "open-again"):
        answer = browser.post(f"{page_of(made)}/{form}", "/", outcome="forged")
        assert answer.status_code in {303, 404}

    assert state_of(services, made) == ("HOLDING", None)


def test_the_search_says_how_it_ended(services: Services, signed_in: SignIn) -> None:
    made = unfiled(services)
    browser = signed_in("INTAKE")
    browser.post(f"{page_of(made)}/finish", page_of(made), outcome="duplicate")

    found = browser.post("/search", "/queues", text=made.reference[:7]).text

    assert "Closed: duplicate" in found


def several(browser: Browser, *made: Seeded) -> str:
    """Finish ticked rows of the list; return the page that follows."""
    token = TOKEN.search(browser.get("/queues/Q3").text)
    assert token is not None
    data = {
        "csrf_token": token.group(1),
        "queue": "Q3",
        "do": "finish",
        "item": [f"{each.item_id}." for each in made],
    }
    return browser.client.post(
        "/queues/Q3/several", base_url="http://portal.test", data=data, follow_redirects=True
    ).text


def test_several_of_the_list_are_finished_and_the_rest_named(
    services: Services, signed_in: SignIn
) -> None:
    robots = [mixed.robot(services, number) for number in range(3)]
    person = unfiled(services, sender_reasons=[])
    browser = signed_in("INTAKE")

    done = several(browser, *robots[:2])
    mixed_up = several(browser, robots[2], person)

    assert "2 finished as automatic mail." in done
    assert "1 finished as automatic mail." in mixed_up
    assert f"{person.reference}</bdi>: it is not automatic mail." in html.unescape(mixed_up)
    assert [state_of(services, each) for each in robots] == [("CLOSED", "automatic")] * 3
    assert state_of(services, person) == ("HOLDING", None)


def answer_form(browser: Browser, reference: str) -> dict[str, str]:
    path = f"/submissions/{reference}/answer?code=call_us&answer_language=sv&queue=Q3"
    shown = browser.get(path).text.partition("answer-form")[2]
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(shown)}
    fields.pop("csrf_token")
    return fields


def answerable(services: Services, **options: object) -> Seeded:
    """Plant mail of a person to whom an answer can go."""
    options = {
        "with_case": False,
        "state": "HOLDING",
        "queue": "Q3",
        "kind": "submission",
    } | options
    held = seed_held(services, **options)
    with services.database.reading() as session:
        row = session.get_one(Submission, held.submission_id)
        item = queue_items.of_submission(session, row.id)[0]
    return Seeded(row.id, row.reference, item.id)


def test_send_and_finish_stands_first_and_opens_the_next(
    services: Services, signed_in: SignIn
) -> None:
    made, after = answerable(services), unfiled(services)
    browser = signed_in("INTAKE")
    path = f"{page_of(made)}/answer?queue=Q3"
    page = browser.get(f"{path}&code=call_us&answer_language=sv").text
    steps = re.findall(r'name="step" value="(\w+)"', page)

    answer = browser.post(
        path, path, step="finish", more="", **answer_form(browser, made.reference)
    )

    assert steps == ["finish", "send", "look"]
    assert "ends it as “answered”" in page
    assert answer.location == f"{page_of(after)}?queue=Q3&done={made.reference}#done"
    assert state_of(services, made) == ("CLOSED", "answered")


@pytest.mark.parametrize("place", ["queue=Q3", "queue=all"])
def test_the_answers_language_does_not_narrow_the_list(
    services: Services, signed_in: SignIn, place: str
) -> None:
    made, after = answerable(services), unfiled(services)
    browser = signed_in("INTAKE")
    page = browser.get(f"{page_of(made)}/answer?{place}&code=call_us&answer_language=sv").text
    action = html.unescape(re.findall(r'action="([^"]*/answer[^"]*)"', page)[-1])

    answer = browser.post(
        action, action, step="finish", more="", **answer_form(browser, made.reference)
    )

    assert answer.location == f"{page_of(after)}?{place}&done={made.reference}#done"
    assert key(page, r"Control\+Enter") == "Send and finish Ctrl Enter"
    assert "data-keys" in page


def test_where_it_cannot_be_finished_sending_stands_alone(
    services: Services, signed_in: SignIn
) -> None:
    made = answerable(services, with_case=True, state="QUEUED", queue="Q2")
    beside(services, made)
    browser = signed_in("INTAKE")
    path = f"{page_of(made)}/answer"
    fields = answer_form(browser, made.reference)

    page = browser.get(f"{path}?code=call_us&answer_language=sv").text
    refused = browser.post(path, path, step="finish", more="", **fields)

    assert re.findall(r'name="step" value="(\w+)"', page) == ["send", "look"]
    assert "It belongs to a case, so it ends with the case." in page
    assert refused.status_code == 409
    assert "It belongs to a case" in refused.text
    assert browser.post(path, path, step="send", more="", **fields).location == (
        f"{page_of(made)}#receipts"
    )


def test_words_are_kept_when_a_colleague_decided_meanwhile(
    services: Services, signed_in: SignIn
) -> None:
    made = answerable(services)
    first, second = signed_in("INTAKE", "first"), signed_in("INTAKE", "second")
    path = f"{page_of(made)}/answer"
    fields = answer_form(second, made.reference)
    first.post(f"{page_of(made)}/hold", page_of(made), why="sender_unsure")

    answer = second.post(path, path, step="finish", more="", **fields)

    assert answer.status_code == 409
    assert "Held for a person by" in html.unescape(answer.text)
    assert "Nothing was sent or finished" in answer.text
    again = dict(HIDDEN.findall(answer.text.partition("answer-form")[2])) | {"step": "finish"}
    again.pop("csrf_token")
    fresh = {name: html.unescape(value) for name, value in again.items()}
    assert second.post(path, path, more="", **fresh).status_code == 303
    assert state_of(services, made) == ("CLOSED", "answered")


def test_after_the_answer_left_nothing_opens_it(services: Services, signed_in: SignIn) -> None:
    # Nothing is held back here, so the answer is on its way at once.
    made = answerable(services)
    browser = signed_in("INTAKE")
    path = f"{page_of(made)}/answer"
    browser.post(path, path, step="finish", more="", **answer_form(browser, made.reference))

    page = browser.get(page_of(made)).text
    answer = browser.post(f"{page_of(made)}/open-again", page_of(made))

    assert "It stays so: an answer has left." in card(page)
    assert key(page, "z").startswith("Nothing more can be taken back: this has left.")
    assert answer.status_code == 409
    assert "It has left the house meanwhile" in answer.text
    assert state_of(services, made) == ("CLOSED", "answered")


def test_an_answered_question_says_how_it_ended(services: Services, signed_in: SignIn) -> None:
    made = unfiled(services)
    user = plant_user(services, "Officer 7")
    finish.finish_submission(
        services, gate.submission_to_change(services, user, made.reference), Outcome.REDIRECTED
    )

    page = signed_in("INTAKE").get(page_of(made)).text

    assert "by <bdi>Officer 7</bdi>" in card(page)
    assert "Sent on" in page
