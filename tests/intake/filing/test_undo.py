"""Check undoing a filing: all is as before, once, and not after something left because of it."""

from collections.abc import Callable

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.filing import case_actions, undo
from storage.cases import cases
from storage.cases.cases import Case
from storage.submissions import queue_items
from tests.intake.reference_data.office import Office, accepted
from tests.samples.mail.mails import REGISTERED_SENDER, referral
from tests.support.desk import Desk
from tests.support.people import plant_user

pytestmark = pytest.mark.components


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.register()
    return Office(desk, plant_user(desk.services))


ACTS: dict[str, Callable[[Office, str, str], str]] = {
    "accept": accepted,
    "open": lambda office, held, _first: case_actions.open_case(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
    ),
    "accept with sender": lambda office, held, first: case_actions.accept_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
        gate.case_to_file_into(office.services, office.user, office.case_code(first)),
        with_sender=True,
    ),
    "open with sender": lambda office, held, _first: case_actions.open_case(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
        with_sender=True,
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_was_held_is_held_again_after_undoing(
    office: Office, act: Callable[[Office, str, str], str]
) -> None:
    first, held = office.opened(), office.held(REGISTERED_SENDER)
    office.desk.register("colleague@partner.example")
    before, of_case = office.state(held), office.state(first)

    act_id = act(office, held, first)
    made = office.mail(held).case_id
    undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))

    assert office.state(held) == before
    assert office.state(first) == of_case
    assert {each.act for each in office.acts(held)} >= {"undone"}
    with office.services.database.reading() as session:
        case = cases.by_id(session, made)
    assert case is not None
    assert case.state == ("RECEIVED" if made == office.mail(first).case_id else "CLOSED")


def test_an_undone_act_can_be_done_again(office: Office) -> None:
    first, held = office.opened(), office.held()

    undo.undo_filing(
        office.services,
        gate.filing_to_undo(office.services, office.user, accepted(office, held, first)),
    )
    accepted(office, held, first)

    assert office.mail(held).case_id == office.mail(first).case_id
    assert office.desk.open_items(held) == {("Q2", "submission")}


def test_an_undone_split_goes_back(office: Office) -> None:
    first = office.opened()
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))
    before = office.state(second)

    act_id = case_actions.split_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(second).reference),
    )
    undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))

    assert office.state(second) == before


def test_an_undone_merge_gives_back_all_its_mail(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="3"))
    before = [office.state(each) for each in (first, second, other)]
    old, into = office.case_code(first), office.case_code(other)

    batch = case_actions.merge_cases(
        office.services,
        gate.case_to_file_into(office.services, office.user, old, follows=False),
        gate.case_to_file_into(office.services, office.user, into, follows=False),
    )
    undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, batch))

    assert [office.state(each) for each in (first, second, other)] == before
    later = office.desk.handle(referral(reference=old, token="4"))
    assert office.case_code(later) == old


def test_what_a_rule_filed_is_held_after_undoing(office: Office) -> None:
    first = office.opened()
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))

    undo.undo_filing(
        office.services,
        gate.filing_to_undo(office.services, office.user, office.acts(second)[0].id),
    )

    mail = office.mail(second)
    assert (mail.state, mail.case_id, mail.filing_reason) == ("HOLDING", None, "filing_undone")
    assert office.desk.open_items(second) == {("Q3", "submission")}
    assert office.state(second)[4] == [office.mail(first).case_id]


def test_a_merge_is_undone_only_by_who_may_act_on_both_cases(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    caseworker = plant_user(office.services, "Caseworker 1", "CASEW")
    own(office, office.user, first)
    own(office, caseworker, other)
    batch = case_actions.merge_cases(
        office.services,
        *(
            gate.case_to_file_into(
                office.services, office.user, office.case_code(each), follows=False
            )
            for each in (first, other)
        ),
    )
    merged = office.state(first)

    with pytest.raises(NotFound):
        undo.undo_filing(office.services, gate.filing_to_undo(office.services, caseworker, batch))

    assert office.state(first) == merged


@pytest.mark.parametrize("is_taken", [True, False])
def test_who_has_only_the_mail_takes_back_a_new_case_until_it_is_somebodys(
    office: Office, is_taken: bool
) -> None:
    held = office.held()
    caseworker = plant_user(office.services, "Caseworker 1", "CASEW")
    act_id = case_actions.open_case(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
    )
    with office.services.database.transaction() as session:
        for item in queue_items.of_submission(session, held):
            item.claimed_by = caseworker.id
    if is_taken:
        own(office, office.user, held)

    if is_taken:
        with pytest.raises(NotFound):
            gate.filing_to_undo(office.services, caseworker, act_id)
    else:
        undo.undo_filing(office.services, gate.filing_to_undo(office.services, caseworker, act_id))

    assert office.mail(held).state == ("QUEUED" if is_taken else "HOLDING")


def own(office: Office, owner: SignedInUser, mail: str) -> None:
    with office.services.database.transaction() as session:
        session.get_one(Case, office.mail(mail).case_id).owner_id = owner.id


@pytest.mark.parametrize(("kind", "is_late"), [("R1x", True), ("R2", True), ("ASK", False)])
def test_nothing_is_undone_once_something_left_because_of_it(
    office: Office, kind: str, is_late: bool
) -> None:
    first, held = office.opened(), office.held()
    act_id = accepted(office, held, first)
    office.leave(first, kind)

    if is_late:
        with pytest.raises(Conflict):
            undo.undo_filing(
                office.services, gate.filing_to_undo(office.services, office.user, act_id)
            )
    else:
        undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))

    assert office.mail(held).state == ("QUEUED" if is_late else "HOLDING")


def test_an_act_is_undone_once(office: Office) -> None:
    first, held = office.opened(), office.held()
    act_id = accepted(office, held, first)
    undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))

    for again in [act_id, *(each.id for each in office.acts(held))]:
        with pytest.raises(Conflict):
            undo.undo_filing(
                office.services, gate.filing_to_undo(office.services, office.user, again)
            )


def test_an_act_is_not_undone_below_a_later_one(office: Office) -> None:
    first, other, held = office.opened("1"), office.opened("2"), office.held()
    act_id = accepted(office, held, first)
    case_actions.merge_cases(
        office.services,
        gate.case_to_file_into(
            office.services, office.user, office.case_code(first), follows=False
        ),
        gate.case_to_file_into(
            office.services, office.user, office.case_code(other), follows=False
        ),
    )

    with pytest.raises(Conflict):
        undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))


def test_a_new_case_that_took_more_mail_is_not_undone(office: Office) -> None:
    held, more = office.held(token="1"), office.held(token="2")
    act_id = case_actions.open_case(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
    )
    accepted(office, more, held)

    with pytest.raises(Conflict):
        undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))
