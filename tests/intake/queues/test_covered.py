"""Check that what an absent officer has is shown to who acts for them, and taken over once."""

from dataclasses import dataclass

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.accounts.people.assignees import AssigneeAway
from intake.cases import hand_over
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.queues import assignment, bulk_actions, covered
from intake.queues.bulk_actions import ManyAct, Selected
from storage import audit
from storage.accounts import absences
from storage.accounts.users import Role
from storage.submissions.queue_items import QueueItem
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.support.rows import Planter
from tests.support.threads import run_together

TODAY = "2026-11-24"


@dataclass(frozen=True)
class Desk:
    """An absent caseworker with their deputy, an item of theirs and one of their case."""

    absent: SignedInUser
    deputy: SignedInUser
    reference: str
    item_id: str
    in_case_id: str


def plant_desk(services: Services, role: Role = Role.CASEW) -> Desk:
    absent = plant_colleague(services, "Caseworker 1", role=role, name="Anna Berg")
    deputy = plant_colleague(services, "Caseworker 2", role=role, name="Bo Ek")
    make_deputy(services, absent, deputy)
    plant_absence(services, absent, TODAY, "2026-11-27")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        submission = planter.submission()
        mine = planter.item(submission, claimed_by=absent.id, claimed_at=services.now())
        case = planter.case(owner_id=absent.id)
        later = planter.item(planter.submission(case_id=case.id))
        planter.item(planter.submission())
        return Desk(absent, deputy, submission.reference, mine.id, later.id)


def holder_of(services: Services, item_id: str) -> str | None:
    with services.database.reading() as session:
        return session.get_one(QueueItem, item_id).claimed_by


def test_the_deputy_sees_what_waits_and_nothing_else(services: Services) -> None:
    desk = plant_desk(services)

    (found,) = covered.read_covered(services, desk.deputy)

    assert (found.name, found.acts, found.may_take) == ("Anna Berg", "Bo Ek", True)
    assert {(item.id, item.is_theirs) for item in found.items} == {
        (desk.item_id, True),
        (desk.in_case_id, False),
    }


def test_a_manager_sees_it_and_takes_nothing(services: Services) -> None:
    desk = plant_desk(services)
    manager = plant_colleague(services, "Programme manager 1", role=Role.MGR)

    (found,) = covered.read_covered(services, manager)

    assert (len(found.items), found.may_take) == (2, False)
    with pytest.raises(NotFound):
        covered.take_over(services, manager, desk.item_id)


def test_others_see_nothing_of_it(services: Services) -> None:
    desk = plant_desk(services)
    for label, role in (("Caseworker 3", Role.CASEW), ("Cash officer 1", Role.CASH)):
        other = plant_colleague(services, label, role=role)
        assert covered.read_covered(services, other) == ()
        for item_id in (desk.item_id, desk.in_case_id, "f" * 32):
            with pytest.raises(NotFound):
                covered.take_over(services, other, item_id)
    assert holder_of(services, desk.item_id) == desk.absent.id


def test_what_is_taken_over_is_the_deputys_for_good(services: Services) -> None:
    desk = plant_desk(services)

    reference = covered.take_over(services, desk.deputy, desk.item_id)

    assert reference == desk.reference
    with services.database.transaction() as session:
        for row in absences.away_on(session, services.now().date()).values():
            row.ended_at = services.now()
    assert gate.submission_to_change(services, desk.deputy, reference)
    with services.database.reading() as session:
        item = session.get_one(QueueItem, desk.item_id)
        event = audit.of_subject(session, "submission", str(item.submission_id))[-1]
    assert (event.act, event.actor) == ("item.assigned", desk.deputy.actor)
    assert (event.detail["from"], event.detail["covers"]) == (desk.absent.id, desk.absent.id)


def test_what_is_taken_twice_is_taken_once(services: Services) -> None:
    desk = plant_desk(services)

    done = run_together(3, lambda _: covered.take_over(services, desk.deputy, desk.in_case_id))

    assert len(done.results) == 1
    # Once taken it is the deputy's own, so there is nobody any more for whom they would take it.
    assert {type(error) for error in done.errors} <= {Conflict, NotFound}
    assert holder_of(services, desk.in_case_id) == desk.deputy.id


def test_nothing_is_taken_over_once_they_are_back(services: Services) -> None:
    desk = plant_desk(services)
    with services.database.transaction() as session:
        for row in absences.away_on(session, services.now().date()).values():
            row.ended_at = services.now()

    with pytest.raises(NotFound):
        covered.take_over(services, desk.deputy, desk.item_id)
    assert covered.read_covered(services, desk.deputy) == ()


def test_a_closed_item_is_not_taken_over(services: Services) -> None:
    desk = plant_desk(services)
    with services.database.transaction() as session:
        session.get_one(QueueItem, desk.item_id).closed_at = services.now()

    with pytest.raises(Conflict):
        covered.take_over(services, desk.deputy, desk.item_id)


def test_work_for_somebody_away_is_asked_about_first(services: Services) -> None:
    desk = plant_desk(services, Role.INTAKE)
    giver = plant_colleague(services, "Intake officer 9")
    opened = gate.submission_to_change(services, giver, desk.reference)
    with services.database.transaction() as session:
        session.get_one(QueueItem, desk.item_id).claimed_by = None

    with pytest.raises(AssigneeAway) as asked:
        assignment.assign_item(services, opened, desk.absent.id, holder_id="")
    assert holder_of(services, desk.item_id) is None
    assignment.assign_item(services, opened, desk.absent.id, holder_id="", even_if_away=True)

    assert asked.value.deputy is not None
    assert (asked.value.to.name, asked.value.deputy.name) == ("Anna Berg", "Bo Ek")
    assert holder_of(services, desk.item_id) == desk.absent.id


def test_several_items_and_cases_are_asked_about_too(services: Services) -> None:
    desk = plant_desk(services, Role.INTAKE)
    giver = plant_colleague(services, "Intake officer 9")
    with services.database.transaction() as session:
        case = Planter(session, services.keyring, services.now()).case(owner_id=giver.id)
    to = next(
        each for each in bulk_actions.able_colleagues(services, giver) if each.id == desk.absent.id
    )
    opened = gate.items_to_change(services, giver, [desk.in_case_id])[desk.in_case_id]

    with pytest.raises(AssigneeAway):
        bulk_actions.act_on_items(services, ManyAct.ASSIGN, [Selected(opened, "")], to)
    with pytest.raises(AssigneeAway):
        hand_over.hand_over(
            services,
            gate.case_to_change(services, giver, case.reference),
            to_id=desk.absent.id,
            reason="workload",
            seen_owner_id=giver.id,
        )

    assert str(to.away_until) == "2026-11-27"
    assert holder_of(services, desk.in_case_id) is None
