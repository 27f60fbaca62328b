"""Check exported lists.

Asked for by one, allowed by another, taken by the first for a day, each step audited.
"""

from datetime import timedelta

import pytest

from intake.access.safeguards.four_eyes import ASKING_LIFE, FourEyesNeeded
from intake.access.safeguards.written_reason import ReasonInvalid
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.oversight import exports
from intake.oversight.exports import ListOver, Stand
from intake.oversight.programme_statistics import TooMuchToCount
from storage import audit
from storage.operations.exports import BulkExport
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter
from tests.support.threads import run_together

REASON = "The yearly report to the ministry"


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give who asks."""
    return plant_user(services, "Intake officer 1", "INTAKE")


@pytest.fixture
def manager(services: Services) -> SignedInUser:
    """Give who decides."""
    return plant_user(services, "Manager 1", "MGR")


def ask(services: Services, user: SignedInUser, programme: str = "referrals") -> str:
    return exports.ask_export(services, user, programme, "", REASON)


def plant_arrivals(services: Services) -> list[str]:
    """Put in two referrals of now and one of cash; return the referrals' references."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        found = [planter.submission(reference=f"AAA-AAA-A{each}").reference for each in (1, 2)]
        planter.submission(reference="CCC-CCC-C1", programme="cash")
    return found


def acts_on(services: Services, export_id: str) -> list[tuple[str, str]]:
    with services.database.reading() as session:
        events = audit.of_subject(session, "list", export_id)
    return [(event.actor, event.act) for event in events]


def test_two_persons_let_a_list_leave_and_each_step_is_audited(
    services: Services, officer: SignedInUser, manager: SignedInUser, clock: Clock
) -> None:
    references = plant_arrivals(services)
    clock.advance(timedelta(minutes=1))
    export_id = ask(services, officer)
    exports.approve_export(services, manager, export_id)

    taken = exports.take_export(services, officer, export_id)

    assert sorted(row.reference for row in taken) == references
    assert acts_on(services, export_id) == [
        (officer.actor, "list.asked"),
        (manager.actor, "list.approved"),
        (officer.actor, "list.taken"),
    ]


def test_nothing_that_came_after_the_asking_is_in_it(
    services: Services, officer: SignedInUser, manager: SignedInUser, clock: Clock
) -> None:
    export_id = ask(services, officer)
    exports.approve_export(services, manager, export_id)
    clock.advance(timedelta(minutes=1))
    plant_arrivals(services)

    assert exports.take_export(services, officer, export_id) == []


def test_nobody_allows_what_they_asked_for(services: Services, manager: SignedInUser) -> None:
    export_id = ask(services, manager)

    with pytest.raises(FourEyesNeeded):
        exports.approve_export(services, manager, export_id)

    assert exports.read_export(services, manager, export_id).stand is Stand.WAITING


@pytest.mark.parametrize("role", ["INTAKE", "CASH", "ADMIN", "COORD"])
def test_no_other_role_decides(services: Services, officer: SignedInUser, role: str) -> None:
    export_id = ask(services, officer)

    with pytest.raises(NotFound):
        exports.approve_export(services, plant_user(services, "Other", role), export_id)


def test_only_who_asked_takes_it(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    export_id = ask(services, officer)
    exports.approve_export(services, manager, export_id)

    for other in (manager, plant_user(services, "Intake officer 2", "INTAKE")):
        with pytest.raises(NotFound):
            exports.take_export(services, other, export_id)


def test_nothing_is_taken_before_it_is_allowed_or_when_it_was_refused(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    export_id = ask(services, officer)
    with pytest.raises(ListOver):
        exports.take_export(services, officer, export_id)

    exports.refuse_export(services, manager, export_id)

    with pytest.raises(ListOver):
        exports.take_export(services, officer, export_id)
    with pytest.raises(Conflict):
        exports.approve_export(services, manager, export_id)


def test_an_asking_lapses_and_so_does_what_was_allowed(
    services: Services, officer: SignedInUser, manager: SignedInUser, clock: Clock
) -> None:
    old, allowed = ask(services, officer), ask(services, manager)
    other = plant_user(services, "Data protection officer 1", "DPO")
    exports.approve_export(services, other, allowed)
    clock.advance(exports.TAKEN_WITHIN)
    with pytest.raises(ListOver):
        exports.take_export(services, manager, allowed)

    clock.advance(ASKING_LIFE)

    with pytest.raises(Conflict):
        exports.approve_export(services, manager, old)


def test_a_programme_is_a_world_of_its_own(services: Services, officer: SignedInUser) -> None:
    with pytest.raises(NotFound):
        ask(services, officer, "cash")

    export_id = ask(services, officer)
    cash_officer = plant_user(services, "Cash officer 1", "CASH")
    assert exports.list_exports(services, cash_officer) == []
    with pytest.raises(NotFound):
        exports.read_export(services, cash_officer, export_id)


def test_the_same_is_asked_for_once(services: Services, officer: SignedInUser) -> None:
    ask(services, officer)

    with pytest.raises(Conflict):
        ask(services, officer)


def test_a_reason_is_needed_and_lies_sealed(services: Services, officer: SignedInUser) -> None:
    with pytest.raises(ReasonInvalid):
        exports.ask_export(services, officer, "referrals", "", "why not")

    export_id = ask(services, officer)

    with services.database.reading() as session:
        assert REASON.encode() not in session.get_one(BulkExport, export_id).reason
    assert exports.read_export(services, officer, export_id).reason == REASON


def test_of_two_decisions_at_once_one_counts(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    export_id = ask(services, officer)
    decide = (exports.approve_export, exports.refuse_export)

    outcome = run_together(2, lambda number: decide[number](services, manager, export_id))

    assert len(outcome.results) == 1
    assert [type(error) for error in outcome.errors] == [Conflict]


def test_a_quarter_with_too_much_is_refused_whole(
    services: Services, officer: SignedInUser, manager: SignedInUser, clock: Clock
) -> None:
    plant_arrivals(services)
    clock.advance(timedelta(minutes=1))
    export_id = ask(services, officer)
    exports.approve_export(services, manager, export_id)

    with pytest.raises(TooMuchToCount):
        exports.take_export(services, officer, export_id, most_rows=1)
