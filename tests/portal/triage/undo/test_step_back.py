"""Check that undo goes back step by step, and that nobody takes back what another did."""

import re
from pathlib import Path

import pytest

from intake.core.services import Services
from intake.triage.undoing.acts import REVERSALS, STAYS
from portal.app import TEMPLATES
from storage.audit_acts import Act
from storage.documents.document_types import of_documents
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of, press

# The acts behind each form of the triage page.
ACTS_OF_FORMS: dict[str, set[Act]] = {
    "staff.claim": {Act.ITEM_CLAIMED},
    "staff.release": {Act.ITEM_RELEASED},
    "triage.confirm": {Act.SUBMISSION_CONFIRMED},
    "triage.hold": {Act.SUBMISSION_HELD},
    "triage.resume": {Act.SUBMISSION_RESUMED},
    "triage.close_without": {Act.SUBMISSION_CLOSED_WITHOUT},
    "triage.hand_on": {Act.SUBMISSION_HANDED_ON},
    "triage.set_kind": {Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED},
    "triage.confirm_kinds": {Act.DOCUMENT_TYPE_CONFIRMED},
    "triage.accept": {Act.SUBMISSION_ACCEPTED},
    "triage.open_case": {Act.SUBMISSION_ACCEPTED},
    "triage.split": {Act.SUBMISSION_SPLIT},
    "triage.merge": {Act.CASE_MERGED},
    "triage.end_day": {Act.DATE_ENDED},
    "triage.decide_person": {Act.PERSON_CONFIRMED, Act.PERSON_DISMISSED},
    "triage.decide_aid": {Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED},
    "assigning.assign": {Act.ITEM_ASSIGNED},
    "undoing.step_back": {
        Act.DECISION_TAKEN_BACK,
        Act.FILING_UNDONE,
        Act.MAIL_TAKEN_BACK,
        Act.SUBMISSION_OPENED_AGAIN,
        Act.SUBMISSION_REOPENED,
        Act.SUBMISSION_RESUMED,
        Act.TASK_REOPENED,
    },
    "finishes.finish": {Act.SUBMISSION_FINISHED},
    "undoing.open_again": {Act.SUBMISSION_OPENED_AGAIN, Act.MAIL_TAKEN_BACK},
    "tasks.do": {Act.TASK_DONE, Act.SUBMISSION_HELD},
    "tasks.reopen": {Act.TASK_REOPENED},
    "quarantine.show": {Act.DOCUMENT_SHOWN},
    "case_matters.note_decision": {Act.DECISION_NOTED},
    "case_matters.note_facts": {Act.CASE_FACTS_NOTED},
    "case_matters.tell": {Act.FACTS_TOLD},
    "case_matters.answer_reading": {Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED, Act.FACTS_TOLD},
    "case_matters.note_day": {Act.DATE_CONFIRMED},
    "documents.choose_charset": {Act.DOCUMENT_CHARSET_CHOSEN},
}
TAKEN_BACK = re.compile(r"Taken back: ([^<]+?) <span class=\"also\">at <time")
FORM = re.compile(r"form\(url_for\(\"([a-z_.]+)\"")


def forms() -> set[str]:
    """Return the endpoints of the forms in the templates of the triage page."""
    found: set[str] = set()
    for path in [*Path(TEMPLATES, "triage").glob("*.html"), Path(TEMPLATES, "_macros.html"),
                 *Path(TEMPLATES, "triage", "cards").glob("*.html")]:  # fmt: skip
        found |= set(FORM.findall(path.read_text("utf-8")))
    return found


def test_every_form_of_the_page_has_its_acts_in_the_table_or_says_why_not() -> None:
    assert forms() - set(ACTS_OF_FORMS) == set()
    behind = set().union(*ACTS_OF_FORMS.values())
    assert behind - set(REVERSALS) - set(STAYS) == set()
    assert set(REVERSALS) & set(STAYS) == set()


def types_of(services: Services, made: Seeded) -> list[str]:
    ids = extracted_values.ids_of(services, made)
    with services.database.reading() as session:
        return [each.document_type for each in of_documents(session, ids) if each.decided_at]


def state_of(services: Services, made: Seeded) -> str:
    with services.database.reading() as session:
        return session.get_one(Submission, made.submission_id).state


def step_number(browser: Browser, made: Seeded) -> str:
    found = re.search(r'name="number" value="(\d+)"', browser.get(page_of(made)).text)
    assert found is not None
    return found.group(1)


def step_back(browser: Browser, made: Seeded, number: str) -> tuple[int, str]:
    answer = browser.post(f"{page_of(made)}/step-back", page_of(made), number=number)
    return answer.status_code, answer.text


def test_steps_go_back_one_by_one_and_each_is_named(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    browser, page = signed_in("INTAKE"), page_of(made)
    form = extracted_values.ids_of(services, made)[1]
    value = extracted_values.add_value(services, form, "trial", "2027-02-01")
    browser.post(f"{page}/kinds", page)
    browser.post(f"{page}/aids/{value}", page, answer="yes")
    browser.post(f"{page}/hold", page, why="consent_missing")
    browser.post(f"{page}/close-without", page, why="internal")

    said = []
    while key(browser.get(page).text, "z").startswith("Undo"):
        assert press(browser, made, "z") == 303
        found = TAKEN_BACK.search(browser.get(page).text)
        assert found is not None
        said.append(found.group(1))

    assert said == [
        "closed without a written confirmation",
        "hold",
        "reading accepted, trial",
        "2 types accepted",
    ]
    assert key(browser.get(page).text, "z") == "Nothing of yours is left to take back."
    assert types_of(services, made) == []
    assert state_of(services, made) == "QUEUED"


def test_a_type_that_was_set_twice_goes_back_to_the_first(
    services: Services, signed_in: SignIn
) -> None:
    made = mixed.clean(services, 2)
    browser = signed_in("INTAKE")
    form = extracted_values.ids_of(services, made)[1]
    for kind in ("CONS-SHARE", "RISK-ASM"):
        browser.post(f"/documents/{form}/kind", page_of(made), kind=kind)

    press(browser, made, "z")

    assert types_of(services, made) == ["CONS-SHARE"]
    press(browser, made, "z")
    assert types_of(services, made) == []


def test_a_colleagues_act_is_taken_back_by_them_alone(
    services: Services, signed_in: SignIn
) -> None:
    made = mixed.clean(services, 3)
    mine, theirs = signed_in("INTAKE"), signed_in("INTAKE", "two")
    mine.post(f"{page_of(made)}/kinds", page_of(made))
    number = step_number(mine, made)
    theirs.post(f"{page_of(made)}/hold", page_of(made), why="sender_unsure")
    their_number = step_number(theirs, made)

    shown = key(mine.get(page_of(made)).text, "z")
    stale = step_back(mine, made, number)
    another = step_back(mine, made, their_number)

    assert shown.startswith("Nothing of yours can be taken back: a colleague acted after you.")
    assert "Intake officer 2: hold," in shown
    assert (stale[0], another[0]) == (409, 409)
    assert "A colleague acted after you" in stale[1]
    assert len(types_of(services, made)) == 2
    assert press(theirs, made, "z") == 303
    assert press(mine, made, "z") == 303
    assert types_of(services, made) == []


def test_a_second_tab_takes_nothing_back_twice(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 4)
    browser, page = signed_in("INTAKE"), page_of(made)
    browser.post(f"{page}/kinds", page)
    browser.post(f"{page}/hold", page, why="sender_unsure")
    number = step_number(browser, made)

    assert step_back(browser, made, number)[0] == 303
    status, text = step_back(browser, made, number)

    assert status == 409
    assert "This was taken back already" in text
    assert len(types_of(services, made)) == 2


@pytest.mark.parametrize("role", ["MGR", "PROT"])
def test_whoever_only_reads_is_offered_nothing(
    services: Services, signed_in: SignIn, role: str
) -> None:
    made = mixed.clean(services, 5)
    officer = signed_in("INTAKE")
    officer.post(f"{page_of(made)}/kinds", page_of(made))

    answer = signed_in(role).get(page_of(made))

    assert answer.status_code != 200 or key(answer.text, "z") == ""
