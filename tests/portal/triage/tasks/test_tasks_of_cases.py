"""Check tasks that hang on a case, and what waits for a consent: the page and the way on."""

from datetime import timedelta

import pytest

from intake.cases import completeness
from intake.core.services import Services
from intake.queues.tasks import add_case_task
from storage.cases.cases import Case
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import key, page_of
from tests.portal.triage.tasks.asked import card, do
from tests.support.rows import Planter


def on_case(services: Services, made: Seeded, kind: TaskKind) -> tuple[str, str]:
    """Hang a task on the case of a sample, to which something newer came; return item and code."""
    with services.database.transaction() as session:
        row = session.get_one(Submission, made.submission_id)
        case = session.get_one(Case, row.case_id)
        later = row.received_at + timedelta(hours=1)
        planter = Planter(session, services.keyring, services.now())
        planter.submission(case_id=case.id, state="CONFIRMED", received_at=later)
        add_case_task(services, session, case, kind=kind, reason="papers_missing")
        item = session.query(QueueItem).filter_by(case_id=case.id, kind=kind).one()
        return item.id, case.reference


def test_done_on_an_older_submission_it_leads_back_there_and_names_the_case(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id, code = on_case(services, made, TaskKind.MISSING_DOCUMENTS)
    browser = signed_in("INTAKE")
    shown = card(browser.get(page_of(made)).text, item_id)
    assert f'name="from_page" value="{made.reference}"' in shown

    status, onward, _ = do(
        browser,
        made,
        item_id,
        outcome="not_coming",
        note="They were burnt.",
        from_page=made.reference,
    )

    assert status == 303
    assert onward.startswith(f"{page_of(made)}?did=")
    after = browser.get(onward.partition("#")[0]).text
    assert f'Case <bdi class="code">{code}</bdi>' in after.partition('id="done"')[2]


@pytest.mark.parametrize(("role", "leads_to"), [("PROT", "/without-consent"), ("INTAKE", "/cases")])
def test_the_task_about_acting_without_consent_leads_to_its_page(
    services: Services, signed_in: SignIn, role: str, leads_to: str
) -> None:
    made = samples.seed(services)
    item_id, _ = on_case(services, made, TaskKind.VITAL_INTEREST)

    shown = card(signed_in(role).get(page_of(made)).text, item_id)

    assert f'href="{leads_to}' in shown


def test_what_waits_for_the_consent_offers_to_note_it_and_no_confirmation(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    with services.database.transaction() as session:
        (item,) = queue_items.of_submission(session, made.submission_id)
        item.queue, item.reason = "Q4", "waits_for_consent"
        code = session.get_one(
            Case, session.get_one(Submission, made.submission_id).case_id
        ).reference

    page = signed_in("INTAKE").get(page_of(made)).text

    bar = page.partition('class="act-bar"')[2]
    assert bar.index("Note the consent") < bar.index("Hold")
    assert f'href="/cases/{code}#consents"' in bar
    assert key(page, "r") == "Confirm: it waits for the consent"
    assert "/confirmation?" not in bar.partition("Note the consent")[0]


def test_the_page_of_a_case_announces_no_reminder_that_is_not_written(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")
    with services.database.transaction() as session:
        row = session.get_one(Submission, made.submission_id)
        row.state = "CONFIRMED"
        case = session.get_one(Case, row.case_id)
        case.state = "CONFIRMED"
        completeness.refresh_completeness(services, session, case.id)
        code, path = case.reference, f"/cases/{case.reference}"
        announced = case.next_reminder_at
        task = session.query(QueueItem).filter_by(case_id=case.id).one().id
    assert announced is not None
    assert "is reminded of what is missing" in browser.get(path).text

    do(browser, made, task, outcome="not_coming", note="They were burnt.")

    assert "is reminded of what is missing" not in browser.get(path).text
    assert browser.post(f"/cases/{code}/stop", path).status_code == 303
    assert "is reminded of what is missing" not in browser.get(path).text
