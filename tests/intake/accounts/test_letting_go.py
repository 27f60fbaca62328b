"""Check that who changes role or region, or leaves, keeps nothing that was theirs."""

from collections.abc import Callable

import pytest

from intake.access import gate
from intake.access.rights import NotOwn
from intake.access.safeguards import break_glass
from intake.accounts import administration
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage import audit
from storage.access import grants
from storage.access.grants import CONTENT
from storage.accounts.users import Role, User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem
from tests.support.invited import say_yes
from tests.support.people import plant_user
from tests.support.rows import Planter

WHY = "The region called about a deadline of tomorrow."
Change = Callable[[Services, SignedInUser, str], None]


def disabled(services: Services, admin: SignedInUser, user_id: str) -> None:
    administration.disable_account(services, admin, user_id)


def made_auditor(services: Services, admin: SignedInUser, user_id: str) -> None:
    administration.change_role(services, admin, user_id, Role.AUDIT, None)


@pytest.mark.parametrize("change", [disabled, made_auditor])
def test_nothing_stays_with_who_leaves(services: Services, change: Change) -> None:
    admin = plant_user(services, "Administrator 1", "ADMIN")
    caseworker = plant_user(services, "Caseworker 1", "CASEW")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        case, other = planter.case(owner_id=caseworker.id), planter.case()
        submission = planter.submission(case_id=case.id)
        item = planter.item(submission, claimed_by=caseworker.id, claimed_at=services.now())
    break_glass.open_with_reason(services, caseworker, other.reference, CONTENT, WHY)
    assert gate.case_to_read(services, caseworker, case.reference)

    change(services, admin, caseworker.id)

    with services.database.reading() as session:
        assert session.get_one(Case, case.id).owner_id is None
        assert session.get_one(QueueItem, item.id).claimed_by is None
        assert grants.current(session, caseworker.id, services.now()) == []
        handed = audit.of_subject(session, "case", case.id)[-1]
    assert (handed.act, handed.actor) == ("case.handed_over", admin.actor)
    assert handed.detail == {"from": caseworker.id, "to": None, "reason": "leaves_office"}


def test_a_caseworker_made_manager_needs_a_reason_for_the_old_case(services: Services) -> None:
    admin = plant_user(services, "Administrator 1", "ADMIN")
    manager = plant_user(services, "Manager 1", "MGR")
    caseworker = plant_user(services, "Caseworker 1", "CASEW")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        case = planter.case(owner_id=caseworker.id)
        planter.submission(case_id=case.id)

    administration.change_role(services, admin, caseworker.id, Role.MGR, None)
    say_yes(services, manager)

    with services.database.reading() as session:
        assert session.get_one(User, caseworker.id).role == Role.MGR
    now_manager = SignedInUser(caseworker.id, "Manager 2", Role.MGR, None)
    with pytest.raises(NotOwn):
        gate.case_to_read(services, now_manager, case.reference)
