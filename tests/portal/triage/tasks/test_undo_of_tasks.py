"""Check that the key on its page takes back a task which an officer did, of every kind."""

import pytest

from intake.core.services import Services
from intake.queues.task_outcomes import OUTCOMES, STAYS_OPEN, Outcome
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage.forms import key, page_of, press
from tests.portal.triage.tasks.asked import ask, do, item_of

OF_PROTECTION = {TaskKind.PROTECTION_SIGN, TaskKind.PROTECTION_ESCALATED}
EVERY = [(kind, outcome) for kind, outcomes in OUTCOMES.items() for outcome in outcomes]


@pytest.mark.parametrize(("kind", "outcome"), EVERY)
def test_the_key_takes_back_a_task_that_was_done(
    services: Services, signed_in: SignIn, kind: TaskKind, outcome: Outcome
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, kind)
    browser = signed_in("PROT" if kind in OF_PROTECTION else "INTAKE")
    again = {"again_on": "2026-12-01", "again_at": "10:00"} if outcome in STAYS_OPEN else {}
    status, _where, _text = do(
        browser, made, item_id, outcome=outcome.value, note="TEST note", **again
    )
    assert status == 303

    page = browser.get(page_of(made)).text

    if outcome in STAYS_OPEN:
        assert key(page, "z").startswith("“Not reached” stays noted")
        return
    assert key(page, "z").startswith("Undo: task done")
    assert press(browser, made, "z") == 303
    assert item_of(services, item_id).closed_at is None


@pytest.mark.parametrize("kind", [TaskKind.MISSING_DOCUMENTS, TaskKind.COORDINATOR_WROTE])
def test_a_task_of_the_case_is_taken_back_on_the_page_too(
    services: Services, signed_in: SignIn, kind: TaskKind
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, kind)
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, item_id)
        item.case_id = session.get_one(Submission, made.submission_id).case_id
        item.submission_id = None
    browser = signed_in("INTAKE")
    do(browser, made, item_id, outcome=OUTCOMES[kind][0].value, note="TEST note")

    page = browser.get(page_of(made)).text

    assert key(page, "z").startswith("Undo: task done")
    assert press(browser, made, "z") == 303
    assert item_of(services, item_id).closed_at is None


def test_a_colleagues_task_is_not_offered(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.TOO_LARGE)
    do(signed_in("INTAKE", "second"), made, item_id, outcome="left", note="TEST note")

    page = signed_in("INTAKE").get(page_of(made)).text

    assert not key(page, "z").startswith("Undo")
