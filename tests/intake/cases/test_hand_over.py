"""Check hand over: to somebody who can act, with a reason, and never to nobody."""

from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.find import CaseMoved
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.cases.hand_over import (
    HandOverInvalid,
    HandOverReason,
    able_owners,
    hand_over,
    needs_owner,
)
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from storage import audit
from storage.accounts.users import User
from storage.cases.cases import Case
from tests.support.people import plant_user
from tests.support.rows import Planter

PHRASE = "a test phrase of the whole office"


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give the officer who owns the case."""
    return plant_user(sqlite_services, "Intake officer 7")


def colleague(services: Services, role: str = "CASEW", name: str = "next") -> SignedInUser:
    return create_with_password(services, f"{name}@office.example", role, None, PHRASE)


def plant_case(services: Services, **changes: str | None) -> Case:
    with services.database.transaction() as session:
        return Planter(session, services.keyring, services.now()).case(**changes)


def owner_of(services: Services, case: Case) -> str | None:
    with services.database.reading() as session:
        return session.get_one(Case, case.id).owner_id


def give(
    services: Services,
    user: SignedInUser,
    case: Case,
    to_id: str,
    reason: str = HandOverReason.ABSENCE.value,
    seen: str | None = None,
) -> None:
    seen_owner = case.owner_id or "" if seen is None else seen
    hand_over(
        services,
        gate.case_to_change(services, user, case.reference),
        to_id=to_id,
        reason=reason,
        seen_owner_id=seen_owner,
    )


def test_a_case_changes_hands_with_its_reason_in_the_trail(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    case = plant_case(sqlite_services, owner_id=officer.id, state="CONFIRMED")
    taker = colleague(sqlite_services)

    give(sqlite_services, officer, case, taker.id)

    assert owner_of(sqlite_services, case) == taker.id
    with sqlite_services.database.reading() as session:
        (event,) = audit.of_subject(session, "case", case.id)
    assert (event.act, event.actor) == ("case.handed_over", officer.actor)
    assert event.detail == {"from": officer.id, "to": taker.id, "reason": "absence"}


@pytest.mark.parametrize("nobody", ["", "0" * 32])
def test_nobody_is_no_owner(sqlite_services: Services, officer: SignedInUser, nobody: str) -> None:
    case = plant_case(sqlite_services, owner_id=officer.id, state="CONFIRMED")

    with pytest.raises(HandOverInvalid) as refused:
        give(sqlite_services, officer, case, nobody)

    assert set(refused.value.errors) == {"to"}
    assert owner_of(sqlite_services, case) == officer.id


@pytest.mark.parametrize("role", ["CASH", "PROT", "MGR", "COORD", "ADMIN"])
def test_who_cannot_act_in_the_programme_owns_nothing(
    sqlite_services: Services, officer: SignedInUser, role: str
) -> None:
    region = "SYD" if role == "COORD" else None
    other = create_with_password(sqlite_services, "x@office.example", role, region, PHRASE)
    case = plant_case(sqlite_services, owner_id=officer.id)

    with pytest.raises(HandOverInvalid):
        give(sqlite_services, officer, case, other.id)


@pytest.mark.parametrize("reason", ["", "because", "ABSENCE"])
def test_a_reason_is_one_of_the_list(
    sqlite_services: Services, officer: SignedInUser, reason: str
) -> None:
    case = plant_case(sqlite_services)
    taker = colleague(sqlite_services)

    with pytest.raises(HandOverInvalid) as refused:
        give(sqlite_services, officer, case, taker.id, reason)

    assert set(refused.value.errors) == {"why"}


def test_who_saw_another_owner_was_too_late(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    case = plant_case(sqlite_services, owner_id=officer.id)
    first = colleague(sqlite_services)
    second = colleague(sqlite_services, name="second")
    give(sqlite_services, officer, case, first.id)

    with pytest.raises(Conflict):
        give(sqlite_services, officer, case, second.id, seen=officer.id)

    assert owner_of(sqlite_services, case) == first.id


def test_the_same_form_twice_is_one_hand_over(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    case = plant_case(sqlite_services, owner_id=officer.id)
    taker = colleague(sqlite_services)

    for _ in range(2):
        give(sqlite_services, officer, case, taker.id)

    with sqlite_services.database.reading() as session:
        assert len(audit.of_subject(session, "case", case.id)) == 1


def test_a_case_of_the_other_programme_is_not_there(sqlite_services: Services) -> None:
    cash_officer = plant_user(sqlite_services, "Cash officer 1", "CASH")
    case = plant_case(sqlite_services)

    with pytest.raises(NotFound):
        give(sqlite_services, cash_officer, case, cash_officer.id)


def test_a_merged_case_is_not_handed_over_unseen(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    into = plant_case(sqlite_services)
    case = plant_case(sqlite_services, merged_into=into.id)
    taker = colleague(sqlite_services)

    with pytest.raises(CaseMoved) as moved:
        give(sqlite_services, officer, case, taker.id)

    assert moved.value.reference == into.reference
    assert owner_of(sqlite_services, into) is None


@pytest.mark.parametrize(
    ("state", "has_owner", "is_able", "needed"),
    [
        # It waits in no queue, as nothing is filed in it.
        ("RECEIVED", False, True, True),
        ("CLOSED", False, True, False),
        ("WITHDRAWN", False, True, False),
        ("CONFIRMED", False, True, True),
        ("CONFIRMED", True, True, False),
        ("CONFIRMED", True, False, True),
        ("SAFETY_HOLD", False, True, True),
    ],
)
def test_a_confirmed_case_needs_an_owner_who_can_act(
    sqlite_services: Services, state: str, has_owner: bool, is_able: bool, needed: bool
) -> None:
    taker = colleague(sqlite_services)
    case = plant_case(sqlite_services, state=state, owner_id=taker.id if has_owner else None)
    with sqlite_services.database.transaction() as session:
        if not is_able:
            session.get_one(User, taker.id).disabled_at = sqlite_services.now()
    with sqlite_services.database.reading() as session:
        found = needs_owner(session, case, able_owners(sqlite_services, session, case))

    assert found is needed


def test_whose_account_ends_or_never_began_is_not_offered(sqlite_services: Services) -> None:
    case = plant_case(sqlite_services)
    plant_user(sqlite_services, "Intake officer 8")  # invited, never signed in
    ended = colleague(sqlite_services, name="ended")
    able = colleague(sqlite_services, name="able")
    with sqlite_services.database.transaction() as session:
        row = session.get_one(User, ended.id)
        row.expires_at = sqlite_services.now() - timedelta(seconds=1)

    with sqlite_services.database.reading() as session:
        found = able_owners(sqlite_services, session, case)

    assert [each.id for each in found] == [able.id]
