"""Check that a case whose owner left stands on the officers' first page until somebody has it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.accounts import administration
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage.accounts.users import Role, User
from storage.cases.cases import Case
from storage.crypto.keys import DataKeyRow
from tests.portal.building import Clock
from tests.portal.cases.seen_case import Seen, seed_case, send
from tests.portal.conftest import SignIn

MakeUser = Callable[..., SignedInUser]
Leave = Callable[[Services, SignedInUser, SignedInUser], None]


def disabled(services: Services, admin: SignedInUser, owner: SignedInUser) -> None:
    administration.disable_account(services, admin, owner.id)


def made_auditor(services: Services, admin: SignedInUser, owner: SignedInUser) -> None:
    administration.change_role(services, admin, owner.id, Role.AUDIT, None)


def ended(services: Services, _admin: SignedInUser, owner: SignedInUser) -> None:
    with services.database.transaction() as session:
        session.get_one(User, owner.id).expires_at = services.now()


def owned(services: Services, owner: SignedInUser, programme: str = "referrals") -> Seen:
    """Seed a confirmed case of somebody."""
    case = seed_case(services, programme)
    change(services, case, owner_id=owner.id, state="CONFIRMED")
    return case


def change(services: Services, case: Seen, **fields: str) -> None:
    """Give a case other values behind the program's back."""
    with services.database.transaction() as session:
        row = session.get_one(Case, case.case_id)
        for name, value in fields.items():
            setattr(row, name, value)


def is_listed(page: str, case: Seen) -> bool:
    return f'href="{case.path}#owner"' in page


@pytest.mark.parametrize("leave", [disabled, made_auditor, ended])
def test_a_case_whose_owner_left_is_listed_until_somebody_takes_it(
    services: Services, signed_in: SignIn, make_user: MakeUser, leave: Leave
) -> None:
    owner, admin, taker = make_user("CASEW"), make_user("ADMIN"), make_user("CASEW", "taker")
    case = owned(services, owner)
    officer, manager = signed_in("INTAKE"), signed_in("MGR")
    assert not is_listed(officer.get("/queues").text, case)

    leave(services, admin, owner)

    assert is_listed(officer.get("/queues").text, case)
    assert is_listed(manager.get("/queues").text, case)
    now_owner = case.row().owner_id or ""
    send(officer, case, "owner", to=taker.id, why="leaves_office", owner=now_owner)
    assert case.row().owner_id == taker.id
    assert "Cases without an owner" not in officer.get("/queues").text


@pytest.mark.parametrize(
    ("programme", "owner_role", "seers"),
    [("referrals", "CASEW", {"INTAKE", "MGR"}), ("cash", "CASH", {"CASH", "MGR"})],
)
def test_only_who_can_see_to_it_is_told(
    services: Services,
    signed_in: SignIn,
    make_user: MakeUser,
    programme: str,
    owner_role: str,
    seers: set[str],
) -> None:
    owner, admin = make_user(owner_role, "owner"), make_user("ADMIN")
    case = owned(services, owner, programme)

    disabled(services, admin, owner)

    told = {
        role
        for role in ("INTAKE", "CASEW", "CASH", "PROT", "MGR")
        if is_listed(signed_in(role).get("/queues").text, case)
    }
    assert told == seers


@pytest.mark.parametrize(
    "fields",
    [{"state": "CLOSED"}, {"state": "REDIRECTED"}, {"merged_into": "0" * 32}],
)
def test_a_case_that_is_over_needs_no_owner(
    services: Services, signed_in: SignIn, make_user: MakeUser, fields: dict[str, str]
) -> None:
    owner, admin = make_user("CASEW"), make_user("ADMIN")
    case = owned(services, owner)
    change(services, case, **fields)

    disabled(services, admin, owner)

    assert not is_listed(signed_in("INTAKE").get("/queues").text, case)


def test_an_erased_case_needs_no_owner(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    owner, admin = make_user("CASEW"), make_user("ADMIN")
    case = owned(services, owner)
    disabled(services, admin, owner)
    with services.database.transaction() as session:
        key_id = session.get_one(Case, case.case_id).data_key_id
        session.get_one(DataKeyRow, key_id).destroyed_at = services.now()

    assert not is_listed(signed_in("INTAKE").get("/queues").text, case)


def test_more_than_twenty_are_counted_and_move_up(
    services: Services, signed_in: SignIn, make_user: MakeUser, clock: Clock
) -> None:
    owner, admin = make_user("CASEW"), make_user("ADMIN")
    cases = []
    for _ in range(22):
        case = owned(services, owner)
        with services.database.transaction() as session:
            session.get_one(Case, case.case_id).opened_at = clock()
        clock.move(timedelta(seconds=1))
        cases.append(case)
    disabled(services, admin, owner)
    officer = signed_in("INTAKE")

    before = officer.get("/queues").text
    change(services, cases[0], state="CLOSED")
    after = officer.get("/queues").text

    assert "And 2 more." in before
    assert [is_listed(before, case) for case in cases] == [True] * 20 + [False] * 2
    assert is_listed(after, cases[20])


def test_a_case_that_nobody_confirmed_waits_in_its_queue(
    services: Services, signed_in: SignIn
) -> None:
    seed_case(services)

    assert "Cases without an owner" not in signed_in("INTAKE").get("/queues").text
