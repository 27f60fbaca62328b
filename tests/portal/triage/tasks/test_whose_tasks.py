"""Check whose a task is: protection officers do their own queue, and their notes are theirs."""

import pytest

from intake.core.services import Services
from storage.submissions.queue_items import TaskKind
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage.forms import page_of
from tests.portal.triage.tasks.asked import ask, card, do, rows_of


@pytest.mark.parametrize("programme", ["referrals", "cash"])
def test_protection_officers_take_and_finish_their_queue(
    services: Services, signed_in: SignIn, programme: str
) -> None:
    made = samples.seed(services, programme=programme, with_case=False, state="HOLDING")
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    officer = signed_in({"referrals": "INTAKE", "cash": "CASH"}[programme])
    protector = signed_in("PROT")

    taken = protector.post(f"/items/{item_id}/claim", page_of(made), queue="Q12")
    row = protector.get("/queues/Q12").text
    status, onward, _ = do(
        protector, made, item_id, place="?queue=Q12", outcome="not_wanted", note="KANARIE"
    )
    after = protector.get(onward).text
    shown = card(officer.get(page_of(made)).text, item_id)
    (done,) = rows_of(services, made)
    reopened = protector.post(f"/tasks/{item_id}/reopen", onward, outcome=done.id)

    assert (taken.status_code, taken.location) == (303, "/queues/Q12")
    assert '<span class="line-who">You</span>' in row
    assert (status, onward) == (303, f"/queues/Q12?did={done.id}#done")
    assert "The person does not want it.</strong>" in after
    assert "The person does not want it</strong>" in shown
    assert "KANARIE" not in shown
    assert "What was noted is for protection officers." in shown
    assert reopened.status_code == 303
    assert "KANARIE" in card(protector.get(reopened.location).text, item_id)


def test_lists_of_others_offer_nothing_to_take(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    ask(services, made, TaskKind.PROTECTION_SIGN)
    ask(services, made, TaskKind.CALL_SENDER)
    protector, officer = signed_in("PROT"), signed_in("INTAKE")

    offers = {
        (name, queue): 'data-do="take"' in browser.get(f"/queues/{queue}").text
        for name, browser in (("PROT", protector), ("INTAKE", officer))
        for queue in ("Q2", "Q4", "Q12")
    }

    assert {each for each, offered in offers.items() if offered} == {
        ("PROT", "Q12"),
        ("INTAKE", "Q2"),
        ("INTAKE", "Q4"),
    }


def test_the_other_programme_reads_no_note_of_before(services: Services, signed_in: SignIn) -> None:
    made = mixed.guessed(services, 1)
    item_id = ask(services, made, TaskKind.NO_USABLE_SENDER)
    officer, cash = signed_in("INTAKE"), signed_in("CASH")
    do(officer, made, item_id, outcome="left", note="KANARIE")
    own = officer.get(page_of(made)).text

    officer.post(f"{page_of(made)}/hand-on", page_of(made))
    theirs = cash.get(page_of(made))

    assert "KANARIE" in own
    assert theirs.status_code == 200
    assert "KANARIE" not in theirs.text
    assert card(theirs.text, item_id) == ""


def test_a_note_is_kept_where_the_page_is_closed_to_its_writer_by_now(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services, programme="cash", with_case=False, state="HOLDING")
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    first, second = signed_in("PROT"), signed_in("PROT", "second")
    token = "/queues/Q12"
    first.post(f"/tasks/{item_id}/done", token, outcome="no_sign")

    refused = second.post(f"/tasks/{item_id}/done", token, outcome="escalated", note="To the DPO")

    assert refused.status_code == 409
    assert "No sign of danger" in refused.text
    assert "To the DPO</textarea>" in refused.text
    assert 'class="button" href="/queues"' in refused.text
