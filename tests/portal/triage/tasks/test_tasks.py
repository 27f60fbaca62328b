"""Check tasks on the pages: what a card says, what came of it, and what follows on the screen."""

import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from intake.queues.task_outcomes import OUTCOMES, Outcome
from intake.senders.register import add_sender
from portal.text import labels
from portal.text import tasks as task_words
from storage.mail import senders
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.triage.forms import key, page_of
from tests.portal.triage.tasks.asked import ask, card, do, item_of, rows_of

NOTE = "Called twice\n  they <b>answer</b> in the morning"
ROLES = dict.fromkeys(OUTCOMES, "INTAKE") | {
    TaskKind.PROTECTION_SIGN: "PROT",
    TaskKind.PROTECTION_ESCALATED: "PROT",
}


@pytest.mark.parametrize("kind", OUTCOMES)
def test_a_card_says_what_is_to_be_done_and_offers_its_ends(
    services: Services, signed_in: SignIn, kind: TaskKind
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, kind)

    shown = card(signed_in(ROLES[kind]).get(page_of(made)).text, item_id)

    assert labels.TASKS[kind] in shown
    assert task_words.to_do(kind, has_number=False) in shown
    assert re.findall(r'name="outcome" value="(\w+)" class="quiet', shown) == [
        *(each for each in OUTCOMES[kind] if each is not Outcome.NOT_REACHED),
        *(each for each in OUTCOMES[kind] if each is Outcome.NOT_REACHED),
    ]
    assert 'data-focus="k"' in shown
    assert ('type="date"' in shown) is (Outcome.NOT_REACHED in OUTCOMES[kind])


@pytest.mark.parametrize("kind", [TaskKind.QUARANTINE])
def test_what_ends_by_itself_says_so_and_has_no_form(
    services: Services, signed_in: SignIn, kind: TaskKind
) -> None:
    made = samples.seed(services, kind=kind)

    shown = card(signed_in("INTAKE").get(page_of(made)).text, made.item_id)

    assert task_words.TO_DO[kind] in shown
    assert "<form" not in shown


@pytest.mark.parametrize("kind", OUTCOMES)
def test_whoever_only_reads_has_no_form(
    services: Services, signed_in: SignIn, kind: TaskKind
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, kind)
    reader = signed_in("PROT" if ROLES[kind] == "INTAKE" else "INTAKE")

    page = reader.get(page_of(made)).text
    refused = do(reader, made, item_id, outcome=OUTCOMES[kind][0])

    assert task_words.TO_DO[kind] in card(page, item_id)
    assert "<form" not in card(page, item_id)
    assert refused[0] == 404
    assert item_of(services, item_id).closed_at is None


def test_the_number_of_the_register_stands_beside_the_call(
    services: Services, signed_in: SignIn
) -> None:
    add_sender(services, "test", "main@region.example", "VAST", name="Main", phone="+46 8 12 34")
    made = samples.seed(services)
    ids = {kind: ask(services, made, kind) for kind in OUTCOMES}
    browser = signed_in("INTAKE")
    without = browser.get(page_of(made)).text
    with services.database.transaction() as session:
        (entry,) = senders.everyone(session)
        session.get_one(Submission, made.submission_id).sender_id = entry.id

    page = browser.get(page_of(made)).text

    called = {kind for kind, item_id in ids.items() if "+46 8 12 34" in card(page, item_id)}
    assert called == {
        TaskKind.CALL_SENDER,
        TaskKind.CALL_BACK,
        TaskKind.RECEIPT_FAILED,
        TaskKind.RECEIPT_BOUNCED,
        TaskKind.NO_USABLE_SENDER,
    }
    for kind in called:
        assert "The register has no number for this sender." in card(without, ids[kind])
        assert "The register has no number" not in card(page, ids[kind])
        assert task_words.to_do(kind, has_number=False) in card(without, ids[kind])
        assert task_words.to_do(kind, has_number=True) in card(page, ids[kind])
    for kind in (TaskKind.CALL_SENDER, TaskKind.CALL_BACK):
        assert task_words.TO_DO[kind] not in card(without, ids[kind])


def test_a_task_is_done_and_opened_again_from_the_page(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.TOO_LARGE)
    browser = signed_in("INTAKE")

    status, onward, _ = do(browser, made, item_id, outcome="received_another_way", note=NOTE)
    after = browser.get(onward).text
    (row,) = rows_of(services, made)
    reopened = browser.post(f"/tasks/{item_id}/reopen", page_of(made), outcome=row.id)
    again = card(browser.get(reopened.location).text, item_id)

    assert (status, onward) == (303, f"{page_of(made)}?did={row.id}#done")
    assert "Too large for the mailbox: <strong>Received another way.</strong>" in after
    assert key(after, "z").startswith("Open again")
    assert "Received another way</strong>" in card(after, item_id)
    assert "Called twice\n  they &lt;b&gt;answer&lt;/b&gt; in the morning" in card(after, item_id)
    assert "Open again" in card(after, item_id)
    assert reopened.location == f"{page_of(made)}#task-{item_id}"
    assert 'value="left"' in again
    assert "<s>Received another way</s>" in again
    do(browser, made, item_id, outcome="left", note="Nobody answers", seen=row.id)
    clock.move(timedelta(days=1, seconds=1))
    later = signed_in("INTAKE", "later").get(page_of(made)).text
    assert "Left as it is" in card(later, item_id)
    assert "Open again" not in card(later, item_id)


def test_what_is_wrong_stands_beside_its_field_with_all_that_was_typed(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.CALL_SENDER)
    browser = signed_in("INTAKE")

    missing = do(browser, made, item_id, outcome="reached_forged", again_on="2026-12-01")
    past = do(
        browser,
        made,
        item_id,
        outcome="not_reached",
        note="x" * 501,
        again_on="2020-01-01",
        again_at="09:00",
    )
    nothing = do(browser, made, item_id, outcome="", note="Words")

    assert [each[0] for each in (missing, past, nothing)] == [400, 400, 400]
    assert "Please write a few words about it first." in card(missing[2], item_id)
    assert 'value="2026-12-01"' in card(missing[2], item_id)
    shown = card(past[2], item_id)
    assert "at most 500 characters" in shown
    assert "within the next 30 days" in shown
    assert f"{'x' * 501}</textarea>" in shown
    assert 'value="2020-01-01"' in shown
    assert 'value="09:00"' in shown
    assert "Choose what came of it." in card(nothing[2], item_id)
    assert "\nWords</textarea>" in card(nothing[2], item_id)
    assert rows_of(services, made) == []


def test_a_call_that_reached_nobody_waits_until_the_offices_time(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.CALL_SENDER)
    browser = signed_in("INTAKE")
    form = card(browser.get(page_of(made)).text, item_id)
    offered = dict(re.findall(r'name="(again_\w\w)" type="\w+" value="([^"]+)"', form))

    _, onward, _ = do(browser, made, item_id, outcome="not_reached", **offered)
    due_at = item_of(services, item_id).due_at
    after = browser.get(onward).text

    assert due_at > services.now()
    assert (due_at.minute, due_at.second) == (0, 0)
    assert "The task stays open until the new time." in after
    assert key(after, "z") == ""
    assert "Not reached</strong>" in card(after, item_id)
    assert 'value="reached_genuine"' in card(after, item_id)


def test_whoever_is_slower_reads_what_was_done_and_keeps_their_note(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.CALL_SENDER)
    first, second = signed_in("INTAKE"), signed_in("INTAKE", "second")
    at = {"again_on": "2026-11-26", "again_at": "09:00"}
    do(first, made, item_id, outcome="not_reached", note="No answer", **at)

    status, _, told = do(second, made, item_id, outcome="no_number", note=NOTE, **at)
    seen = re.search(r'name="seen" value="(\w+)"', told)
    assert seen is not None
    again = do(second, made, item_id, outcome="no_number", note=NOTE, seen=seen.group(1))
    late = do(first, made, item_id, outcome="reached_genuine", note="Mine", seen=seen.group(1))

    assert status == 409
    assert "reported: <strong>Not reached</strong>" in told
    assert "they &lt;b&gt;answer&lt;/b&gt; in the morning</textarea>" in told
    assert again[0] == 303
    assert late[0] == 409
    assert "reported: <strong>No number to call</strong>" in late[2]
    assert "Mine</textarea>" in late[2]
    assert [row.outcome for row in rows_of(services, made)] == ["not_reached", "no_number"]


def test_a_day_later_it_cannot_be_opened_again(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.NOT_OPENED)
    browser = signed_in("INTAKE")
    do(browser, made, item_id, outcome="left", note="Nobody answers")
    (row,) = rows_of(services, made)
    clock.move(timedelta(days=2))
    later = signed_in("INTAKE", "later")

    refused = later.post(f"/tasks/{item_id}/reopen", page_of(made), outcome=row.id)

    assert refused.status_code == 409
    assert "cannot be opened again" in refused.text


def test_a_list_of_tasks_is_worked_off_from_row_to_row(
    services: Services, signed_in: SignIn
) -> None:
    made = [samples.seed(services, subject=str(number)) for number in range(3)]
    ids = []
    for number, each in enumerate(made):
        due_in = timedelta(hours=number + 1)
        ids.append(ask(services, each, TaskKind.CALL_SENDER, due_in=due_in))
    browser = signed_in("INTAKE")
    rows = re.findall(r'data-open href="([^"]+)"', browser.get("/queues/Q4").text)

    leads = [
        do(browser, each, item_id, place="?queue=Q4", outcome="reached_genuine")[1]
        for each, item_id in zip(made, ids, strict=True)
    ]

    done = [rows_of(services, each)[0].id for each in made]
    assert rows == [
        f"{page_of(each)}?queue=Q4#task-{item_id}" for each, item_id in zip(made, ids, strict=True)
    ]
    assert leads == [
        f"{page_of(made[1])}?queue=Q4&did={done[0]}#done",
        f"{page_of(made[2])}?queue=Q4&did={done[1]}#done",
        f"/queues/Q4?did={done[2]}#done",
    ]
    second, last = (browser.get(leads[at]).text for at in (0, 2))
    assert f"{made[0].reference}</bdi> Call the sender: <strong>Reached; it is genuine" in second
    assert f"{made[2].reference}</bdi> Call the sender: <strong>Reached; it is genuine" in last
    assert key(last, "z").startswith("Open again")
    assert "Nothing waits here" in last


def test_a_genuine_call_lets_one_key_file_it_and_a_forged_one_does_not(
    services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    pages = {}
    for outcome in ("reached_genuine", "reached_forged"):
        made = mixed.call_back(services, 1)
        item_id = ask(services, made, TaskKind.CALL_BACK)
        do(browser, made, item_id, outcome=outcome, note="Asked by name")
        pages[outcome] = browser.get(page_of(made)).text

    assert key(pages["reached_genuine"], "y").startswith("File here")
    assert "Call the sender back first" not in pages["reached_genuine"]
    assert key(pages["reached_forged"], "y").startswith("Accept 1 type")
    assert (
        "A call said that it is forged, so it is not filed. Finish it as forged."
        in pages["reached_forged"]
    )
    assert "The submission itself stays open until it is finished." in pages["reached_forged"]


def test_what_another_did_is_not_told_as_ones_own(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.NO_USABLE_SENDER)
    other, browser = signed_in("INTAKE", "other"), signed_in("INTAKE")
    _, onward, _ = do(other, made, item_id, outcome="told_another_way")

    assert "Told another way.</strong>" in other.get(onward).text
    assert "Told another way.</strong>" not in browser.get(onward).text


def test_what_a_call_says_is_forged_is_not_confirmed(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    item_id = ask(services, made, TaskKind.CALL_SENDER)
    browser = signed_in("INTAKE")
    do(browser, made, item_id, outcome="reached_forged", note="They never wrote")

    page = browser.get(page_of(made)).text
    refused = browser.post(f"{page_of(made)}/confirm", page_of(made))

    assert key(page, "r") == "Confirm: it is forged"
    assert refused.status_code == 409
    assert "A call said that the sender did not write this" in refused.text
