"""Edit conflicts about a case's facts, a message, a hand-over, a confirmation and an answer."""

import re
from typing import TYPE_CHECKING

from intake.core.services import Services
from storage.cases.messages import CaseMessage
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission
from tests.intake.confirmations.papers import seed_case
from tests.intake.documents.held import seed_held
from tests.portal import samples
from tests.portal.cases import seen_case
from tests.portal.triage.edit_conflict.two_officers import (
    Two,
    form_on,
    hidden,
    race,
    replaced,
    signing,
)
from tests.portal.triage.forms import page_of

if TYPE_CHECKING:
    from collections.abc import Callable


def test_facts_show_line_by_line_what_differs(services: Services, two: Two) -> None:
    made = samples.seed(services)
    known = f"{page_of(made)}/known"

    answer = race(two, known, f"{page_of(made)}/facts", {"age": "child"}, {"age": "adult"})

    assert answer.text.count("(differs)") == 1
    assert replaced(two.second, answer, known).status_code == 303
    assert '<option value="adult" selected>' in two.first.get(known).text


def test_a_cash_decision_read_otherwise_shows_both(
    services: Services, desks: dict[str, Two]
) -> None:
    made, two = samples.seed(services, programme="cash"), desks["CASH"]
    theirs = {"country": "AFG", "decided_on": "2020-05-04", "amount_sek": "60 000"}
    mine = {**theirs, "amount_sek": "75 000"}

    answer = race(two, page_of(made), f"{page_of(made)}/decision", theirs, mine)

    assert "60000" in answer.text
    assert "75000" in answer.text
    assert replaced(two.second, answer, page_of(made)).status_code == 303
    assert "75 000 SEK" in two.first.get(page_of(made)).text


def test_two_messages_to_a_coordinator_meet(services: Services, two: Two) -> None:
    case = seen_case.seed_case(services)
    seen_case.with_coordinator(services, case)
    forms: list[Callable[[], dict[str, str]]] = [
        lambda: dict(seen_case.HIDDEN.findall(two.first.get(case.path).text)),
        lambda: dict(seen_case.HIDDEN.findall(two.second.get(case.path).text)),
    ]
    theirs = {"message_id": forms[0]()["message_id"], "message": "Tack, vi har det."}
    mine = {"message_id": forms[1]()["message_id"], "message": "Kan ni ringa oss?"}

    answer = race(two, case.path, f"{case.path}/message", theirs, mine)

    assert "Tack, vi har det." in answer.text
    assert form_on(answer)[1]["message"].strip() == "Kan ni ringa oss?"
    assert replaced(two.second, answer, case.path).status_code == 303
    with services.database.reading() as session:
        assert session.query(CaseMessage).filter_by(case_id=case.case_id).count() == 2


def test_two_notes_are_both_kept(services: Services, two: Two) -> None:
    case = seen_case.seed_case(services)

    seen_case.send(two.first, case, "note", note="The first note.")
    seen_case.send(two.second, case, "note", note="The second note.")

    page = two.first.get(case.path).text
    assert "The first note." in page
    assert "The second note." in page


def test_two_hand_overs_meet(services: Services, two: Two) -> None:
    case = seen_case.seed_case(services)
    options = re.findall(
        r'<option value="(\w{32})">([^<]+)</option>', two.first.get(case.path).text
    )
    ids = {label: account for account, label in options}
    theirs = {"to": ids["Caseworker 1"], "why": "absence", "owner": ""}
    mine = {"to": ids["Intake officer 2"], "why": "workload", "owner": ""}

    answer = race(two, case.path, f"{case.path}/owner", theirs, mine)

    assert "Handed over by <bdi>Intake officer 1</bdi>" in answer.text
    assert replaced(two.second, answer, case.path).status_code == 303
    assert case.row().owner_id == ids["Intake officer 2"]


def test_a_second_signature_is_not_made_unseen(services: Services, two: Two) -> None:
    case = seed_case(services)
    page = f"/submissions/{case.reference}/confirmation"
    theirs = signing(two.first, page, "Vi ringer er.", "")
    mine = signing(two.second, page, "Vi skriver till er.", "Vi behöver mer tid.")
    assert two.first.post(page, page, step="sign", **theirs).status_code == 303

    answer = two.second.post(page, page, step="sign", **mine)

    assert "Confirmed in writing by <bdi>Intake officer 1</bdi>" in answer.text
    assert "Vi ringer er." in answer.text
    again = replaced(two.second, answer, page)
    assert again.status_code == 200
    assert "Vi behöver mer tid." in again.text
    whole = {**mine, **hidden(again.text)}
    assert two.second.post(page, page, step="sign", **whole).status_code == 303


def test_a_second_answer_is_neither_lost_nor_sent_unseen(services: Services, two: Two) -> None:
    held = seed_held(services)
    with services.database.reading() as session:
        reference = session.get_one(Submission, held.submission_id).reference
    page = f"/submissions/{reference}/answer"
    chosen = f"{page}?code=call_us&answer_language=sv"
    theirs = {**hidden(two.first.get(chosen).text), "more": ""}
    mine = hidden(
        two.second.post(page, page, code="call_us", answer_language="sv", more="Ring mig.").text
    )
    assert two.first.post(page, page, step="send", **theirs).status_code == 303

    answer = two.second.post(page, page, step="send", more="Ring mig.", **mine)

    assert "Answer sent by <bdi>Intake officer 1</bdi>" in answer.text
    assert "Ring oss gärna" in answer.text
    assert form_on(answer)[1]["more"].strip() == "Ring mig."
    again = replaced(two.second, answer, page)
    assert "Ring mig." in again.text
    whole = {**mine, **hidden(again.text), "more": "Ring mig."}
    assert two.second.post(page, page, step="send", **whole).status_code == 303
    with services.database.reading() as session:
        kinds = session.query(OutboxMessage.kind).filter(OutboxMessage.kind.like("ANS%"))
        assert {kind for (kind,) in kinds} == {"ANS1", "ANS2"}
