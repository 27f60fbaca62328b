"""Check on the pages that a sign of danger is escalated to whom one chooses, and comes back."""

import html
import re
from datetime import timedelta

from intake.core.services import Services
from storage.accounts.absences import Absence
from storage.accounts.users import User
from storage.base import new_id
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.correspondence.links import case_reference
from tests.portal.samples import Seeded
from tests.portal.triage.forms import key, page_of
from tests.portal.triage.tasks.asked import ask, card, do, item_of, rows_of

NOTE = "KANARIE: they were made to sign"
OPTIONS = re.compile(r'<option value="(\w*)"[^>]*>([^<]+)</option>')


def escalated(services: Services, made: Seeded) -> str:
    """Return the id of the task that was opened."""
    with services.database.reading() as session:
        items = queue_items.of_submission(session, made.submission_id)
    return next(each.id for each in items if each.kind == TaskKind.PROTECTION_ESCALATED)


def choices(shown: str) -> dict[str, str]:
    """Return {what is read: what is sent} of those who can be asked."""
    return {html.unescape(words).strip(): value for value, words in OPTIONS.findall(shown)}


def test_all_others_are_asked_first_and_it_waits_in_their_list(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    first, second, officer = signed_in("PROT"), signed_in("PROT", "second"), signed_in("INTAKE")
    offered = choices(card(first.get(page_of(made)).text, item_id))
    assert next(iter(offered.items())) == ("All other protection officers", "")
    assert len(offered) == 2

    status, onward, _ = do(first, made, item_id, outcome="escalated", note=NOTE, to="")

    after = first.get(onward).text
    task_id = escalated(services, made)
    assert status == 303
    assert "Signs that somebody may need protection: <strong>Escalated.</strong>" in after
    assert "A mail goes to 1 protection officer." in after
    assert "A mail goes to 1 protection officer." in card(first.get(page_of(made)).text, item_id)
    assert key(after, "z").startswith("Open again")
    listed = second.get("/queues/Q12").text
    assert "<b>Escalated by " in listed
    assert '<bdi class="who-wrote">' in listed
    assert made.reference in listed
    shown = second.get(page_of(made)).text
    assert NOTE in card(shown, item_id)
    assert "Open again" in card(shown, item_id)
    assert 'value="acted"' in card(shown, task_id)
    theirs = officer.get(page_of(made)).text
    assert NOTE not in theirs
    assert "Escalated: somebody may need protection" in card(theirs, task_id)
    assert 'name="outcome"' not in card(theirs, task_id)


def test_it_stands_on_the_page_of_the_case(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    first, officer = signed_in("PROT"), signed_in("INTAKE")
    do(first, made, item_id, outcome="escalated", note=NOTE)

    shown = officer.get(f"/cases/{case_reference(services, made.submission_id)}").text

    assert "Escalated: somebody may need protection" in shown
    assert NOTE not in shown


def test_whoever_was_asked_acts_and_opens_it_again(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, programme="cash", with_case=False, state="HOLDING")
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    first, second = signed_in("PROT"), signed_in("PROT", "second")
    to = choices(card(first.get(page_of(made)).text, item_id))
    (chosen,) = [value for words, value in to.items() if value]
    do(first, made, item_id, outcome="escalated", note=NOTE, to=chosen)
    task_id = escalated(services, made)
    assert "You" in second.get("/queues/Q12").text

    without = do(second, made, task_id, outcome="acted", note="")
    status, onward, _ = do(second, made, task_id, outcome="acted", note="The police were called")
    after = second.get(onward).text
    (done,) = [row for row in rows_of(services, made) if row.outcome == "acted"]
    reopened = second.post(f"/tasks/{task_id}/reopen", "/queues/Q12", outcome=done.id)

    assert (without[0], status) == (400, 303)
    assert "Acted on." in after
    assert key(after, "z").startswith("Open again")
    assert reopened.status_code == 303
    assert item_of(services, task_id).closed_at is None


def test_who_gives_it_to_one_who_is_away_is_asked_first(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    first = signed_in("PROT")
    signed_in("PROT", "second")
    to = choices(card(first.get(page_of(made)).text, item_id))
    (chosen,) = [value for value in to.values() if value]
    with services.database.transaction() as session:
        today = services.now().date()
        row = Absence(id=new_id(), user_id=chosen, first_on=today, last_on=today, set_by=chosen)
        row.set_at = services.now() - timedelta(days=1)
        session.add(row)
        assert session.get_one(User, chosen).role == "PROT"

    status, _, asked = do(first, made, item_id, outcome="escalated", note=NOTE, to=chosen)

    assert status == 409
    assert f'name="to" value="{chosen}"' in asked
    assert 'name="outcome" value="escalated"' in asked
    assert NOTE in html.unescape(asked)
    assert do(first, made, item_id, outcome="escalated", note=NOTE, to=chosen, away="yes")[0] == 303
    assert item_of(services, escalated(services, made)).claimed_by == chosen


def test_what_was_typed_stands_again_where_nobody_was_chosen(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
    first = signed_in("PROT")

    status, _, text = do(first, made, item_id, outcome="escalated", note=NOTE, to="nobody")

    assert status == 400
    assert "Choose a protection officer of the list, or all of them." in card(text, item_id)
    assert NOTE in card(text, item_id)
    assert "Nobody else is a protection officer now, and nobody is there to get a mail." in text
    signed_in("MGR")
    assert "The managers get a task, and they and who is on duty get a mail." in (
        card(first.get(page_of(made)).text, item_id)
    )


def test_where_only_managers_can_be_told_the_page_says_so_and_they_see_each(
    services: Services, signed_in: SignIn
) -> None:
    first, head = signed_in("PROT"), signed_in("MGR")
    planted = [samples.seed(services) for _ in range(2)]
    after = ""
    for made in planted:
        item_id = ask(services, made, TaskKind.PROTECTION_SIGN)
        _, onward, _ = do(first, made, item_id, outcome="escalated", note=NOTE)
        after = first.get(onward).text

    assert "No mail goes to a protection officer. A mail goes to 1 manager, and the " in after
    board = head.get("/queues").text
    assert board.count("Nobody could be asked") == 2
    assert all(made.reference in board for made in planted)
    assert "A sign of danger was escalated, and no mail went to whom it was." in board
    assert NOTE not in board
