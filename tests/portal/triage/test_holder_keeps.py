"""Hold that a caseworker keeps what they have, whatever they do with it on its page.

They read it because they have its item. An act that moves it to another queue must leave it with
them, with its page and the way back.
"""

from collections.abc import Callable

import pytest
from flask import Flask

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.triage import decisions
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Outcome, Submission
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import key, page_of, press

UNFILED = {"with_case": False, "state": "HOLDING", "queue": "Q3"}
# Each act of the page that takes the submission to another queue or out of all, its form's fields,
# and how the submission waits before it.
MOVING: dict[str, list[tuple[dict[str, str], dict[str, object]]]] = {
    "triage.hold": [
        ({"why": "waits_for_answer"}, UNFILED),
        ({"why": "sender_unsure"}, {}),
        ({"why": "consent_missing"}, {"queue": "Q1", "priority": "emergency"}),
    ],
    "triage.open_case": [({}, UNFILED)],
    "triage.close_without": [({"why": "internal"}, {})],
    "finishes.finish": [({"outcome": each.value}, UNFILED) for each in Outcome],
}
# Acts that give it away, as their words say, that come after another act, or that move nothing.
OTHERS = {
    "triage.hand_on": "gives it to the other programme for good",
    "assigning.assign": "gives it to a colleague",
    "triage.confirm": "is for cash, which caseworkers do not read",
    "triage.accept": "files it into a case, whose owner has it",
    "triage.split": "files it into a case, whose owner has it",
    "triage.merge": "files it into a case, whose owner has it",
    "triage.resume": "comes after a hold",
    "undoing.open_again": "comes after an end",
    "undoing.step_back": "comes after any act",
    "triage.confirm_kinds": "moves nothing",
    "triage.set_kind": "moves nothing",
    "triage.decide_aid": "moves nothing",
    "triage.decide_person": "moves nothing",
    "triage.end_day": "moves nothing",
}
EACH = [
    pytest.param(act, fields, before, id=f"{act}-{number}")
    for act, ways in MOVING.items()
    for number, (fields, before) in enumerate(ways)
]


def has_it(services: Services, worker_id: str, before: dict[str, object]) -> Seeded:
    """Plant a submission that was assigned to a caseworker."""
    made = samples.seed(services, **before)
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, made.item_id)
        item.claimed_by, item.claimed_at = worker_id, services.now()
        # Only who has been in can own a case.
        session.get_one(User, worker_id).password_hash = "planted"
    return made


def do(browser: Browser, made: Seeded, act: str, fields: dict[str, str]) -> str:
    app = browser.client.application
    with app.test_request_context(base_url="http://portal.test"):
        path = app.url_for(act, reference=made.reference, queue="mine")
    page = page_of(made)
    answer = browser.post(path, f"{page}?queue=mine", **fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def holder(services: Services, made: Seeded) -> str | None:
    with services.database.reading() as session:
        item = queue_items.open_of_kind(session, made.submission_id, TaskKind.SUBMISSION)
    return item.claimed_by if item is not None else None


def worker_of(services: Services) -> str:
    with services.database.reading() as session:
        return session.query(User).filter_by(role="CASEW").one().id


@pytest.mark.parametrize(("act", "fields", "before"), EACH)
def test_the_holder_keeps_the_page_and_the_way_back(
    services: Services,
    signed_in: SignIn,
    act: str,
    fields: dict[str, str],
    before: dict[str, object],
) -> None:
    browser = signed_in("CASEW")
    worker = worker_of(services)
    made = has_it(services, worker, before)

    location = do(browser, made, act, fields)
    page = browser.get(page_of(made))

    assert "left=" not in location
    assert page.status_code == 200
    assert key(page.text, "z").startswith("Undo")
    assert holder(services, made) in {worker, None}
    assert press(browser, made, "z") == 303
    assert holder(services, made) == worker
    assert browser.get(page_of(made)).status_code == 200
    assert made.reference in browser.get("/queues/mine").text


def test_what_they_hold_stays_in_their_list_and_comes_back_to_them(
    services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("CASEW")
    worker = worker_of(services)
    made = has_it(services, worker, {"queue": "Q1", "priority": "emergency"})

    do(browser, made, "triage.hold", {"why": "waits_for_answer"})
    held = holder(services, made)
    listed = browser.get("/queues/mine").text
    do(browser, made, "triage.resume", {})

    assert held == holder(services, made) == worker
    assert made.reference in listed


def test_what_a_colleague_finished_stays_closed_to_who_had_it(
    services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("CASEW")
    made = has_it(services, worker_of(services), UNFILED)
    officer = signed_in("INTAKE", "officer")

    do(officer, made, "finishes.finish", {"outcome": "nothing_to_do"})

    assert browser.get(page_of(made)).status_code != 200


def test_a_former_owner_gets_nothing_anew(
    services: Services, signed_in: SignIn, make_user: Callable[..., SignedInUser]
) -> None:
    browser = signed_in("CASEW")
    worker = worker_of(services)
    made = has_it(services, worker, {})
    do(browser, made, "triage.close_without", {"why": "internal"})
    taker = make_user("CASEW", "taker")
    with services.database.transaction() as session:
        session.query(Case).one().owner_id = taker.id

    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        decisions.reopen_locked(services, session, taker, submission)

    assert holder(services, made) is None
    assert browser.get(page_of(made)).status_code != 200


def test_every_act_of_the_page_is_named_here(app: Flask) -> None:
    acts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and rule.endpoint.startswith(("triage.", "finishes.", "assigning.", "undoing."))
    }

    assert acts == set(MOVING) | set(OTHERS)
