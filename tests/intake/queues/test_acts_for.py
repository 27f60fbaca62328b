"""Check that who acts for an absent colleague has their work in the own list, and only then."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.rights import NotOwn
from intake.accounts.accounts import SignedInUser
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.queues import work_list
from intake.queues.lists.rail import read_rail
from intake.queues.work_list import Filters
from storage.accounts import absences
from storage.accounts.users import Role, User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.intake.queues.test_covered import TODAY, Desk, plant_desk
from tests.support.building import Clock
from tests.support.rows import Planter

Change = Callable[[Services, Desk], object]


def mine(services: Services, user: SignedInUser) -> dict[str, str]:
    """Return {item: for whom} of a user's own list, whose number in the rail is the same."""
    page = work_list.read_page(services, user, "mine", Filters(), limit=50)
    assert read_rail(services, user).mine == len(page.rows) == page.found
    return {row.item_id: row.acts_for for row in page.rows}


@pytest.mark.parametrize("role", [Role.INTAKE, Role.CASEW])
def test_the_deputys_own_list_has_it_and_says_whose_it_is(services: Services, role: Role) -> None:
    desk = plant_desk(services, role)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        own = planter.item(planter.submission(), claimed_by=desk.deputy.id).id

    found = mine(services, desk.deputy)

    assert found == {own: "", desk.item_id: "Anna Berg", desk.in_case_id: "Anna Berg"}


def test_the_deputy_does_it_without_taking_it_over(services: Services) -> None:
    desk = plant_desk(services)
    with services.database.reading() as session:
        later = session.get_one(QueueItem, desk.in_case_id)
        in_case = session.get_one(Submission, later.submission_id)
        case = session.get_one(Case, in_case.case_id)

    gate.submission_to_read(services, desk.deputy, desk.reference)
    gate.submission_to_change(services, desk.deputy, desk.reference)
    gate.submission_to_change(services, desk.deputy, in_case.reference)
    gate.case_to_change(services, desk.deputy, case.reference)
    for item_id in (desk.item_id, desk.in_case_id):
        gate.task_to_do(services, desk.deputy, item_id)
    first = work_list.reference_after_task(services, desk.deputy, "mine", Filters(), "")
    second = work_list.next_reference(services, desk.deputy, "mine", Filters(), str(first))

    assert {first, second} == {desk.reference, in_case.reference}


def come_back(services: Services, desk: Desk) -> None:
    with services.database.transaction() as session:
        for row in absences.away_on(session, services.now().date()).values():
            row.ended_at = services.now()


def leave(services: Services, desk: Desk) -> None:
    with services.database.transaction() as session:
        session.get_one(User, desk.deputy.id).disabled_at = services.now()


def be_away_too(services: Services, desk: Desk) -> None:
    plant_absence(services, desk.deputy, TODAY, TODAY)


def choose_another(services: Services, desk: Desk) -> None:
    other = plant_colleague(services, "Caseworker 3", role=Role.CASEW)
    make_deputy(services, desk.absent, other)


def become_a_cash_officer(services: Services, desk: Desk) -> None:
    with services.database.transaction() as session:
        session.get_one(User, desk.deputy.id).role = Role.CASH


@pytest.mark.parametrize(
    "change", [come_back, leave, be_away_too, choose_another, become_a_cash_officer]
)
def test_it_ends_at_once_with_whatever_made_them_act(services: Services, change: Change) -> None:
    desk = plant_desk(services)
    opened = gate.submission_to_change(services, desk.deputy, desk.reference)

    change(services, desk)

    assert mine(services, desk.deputy) == {}
    with pytest.raises(NotFound), services.database.transaction() as session:
        opened.row(services, session)
    with pytest.raises(NotOwn):
        gate.submission_to_read(services, desk.deputy, desk.reference)


def test_it_ends_with_the_last_day_of_the_office(services: Services, clock: Clock) -> None:
    desk = plant_desk(services)
    # The last day is 27 November in Helsinki, where it ends at 22:00 UTC.
    clock.at = clock.at.replace(day=27, hour=21, minute=59)
    assert len(mine(services, desk.deputy)) == 2

    clock.advance(timedelta(minutes=1))

    assert mine(services, desk.deputy) == {}


def test_where_the_deputy_is_away_too_their_deputy_has_it(services: Services) -> None:
    desk = plant_desk(services)
    last = plant_colleague(services, "Caseworker 3", role=Role.CASEW)
    make_deputy(services, desk.deputy, last)
    be_away_too(services, desk)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        theirs = planter.item(planter.submission(), claimed_by=desk.deputy.id).id

    found = mine(services, last)

    assert found == {
        desk.item_id: "Anna Berg",
        desk.in_case_id: "Anna Berg",
        theirs: "Bo Ek",
    }


def test_two_absences_of_one_person_show_it_once(services: Services) -> None:
    desk = plant_desk(services)
    plant_absence(services, desk.absent, TODAY, TODAY)

    assert sorted(mine(services, desk.deputy)) == sorted([desk.item_id, desk.in_case_id])


def test_a_deputy_sees_nothing_of_a_programme_that_they_do_not_read(services: Services) -> None:
    desk = plant_desk(services)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        # As an account that once did the work of the other programme could have left it.
        cash = planter.submission(programme="cash")
        planter.item(cash, queue="Q9", programme="cash", claimed_by=desk.absent.id)
        reference = cash.reference

    assert sorted(mine(services, desk.deputy)) == sorted([desk.item_id, desk.in_case_id])
    with pytest.raises(NotFound):
        gate.submission_to_read(services, desk.deputy, reference)


def test_colleagues_who_do_not_act_have_nothing_of_it(services: Services) -> None:
    desk = plant_desk(services)
    other = plant_colleague(services, "Caseworker 3", role=Role.CASEW)

    assert mine(services, other) == {}
    with pytest.raises(NotOwn):
        gate.submission_to_read(services, other, desk.reference)
    assert sorted(mine(services, desk.absent)) == [desk.item_id]
