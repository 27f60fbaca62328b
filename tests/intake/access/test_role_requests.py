"""Check the yes of a manager: before it, an account that would read content does not work."""

from datetime import timedelta

import pytest

from intake.access import programmes
from intake.access.compartments import MATRIX
from intake.access.safeguards import role_requests, unusual_access
from intake.access.safeguards.four_eyes import FourEyesNeeded, OneHand
from intake.accounts import accounts, administration, sign_in
from intake.accounts.accounts import SignedInUser
from intake.accounts.roles import NEEDS_YES
from intake.accounts.sign_in import AccountWaits, SignInRefused
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.outbox import invitations
from intake.outbox.invitations import Invited
from storage.accounts import role_requests as rows_of
from storage.accounts.users import Role
from storage.mail import outbox
from tests.intake.access.two_people import vouch
from tests.portal.correspondence.links import TEXTS
from tests.support.building import Clock
from tests.support.invited import mailed_letter, mailed_token, say_yes
from tests.support.people import plant_user

EMAIL = "new@iom.example"
PASSWORD = "a calm and long sentence"
NETWORK = "192.0.2.1"


@pytest.fixture
def admin(sqlite_services: Services) -> SignedInUser:
    """Give who invites."""
    return plant_user(sqlite_services, "Administrator 1", "ADMIN")


@pytest.fixture
def manager(sqlite_services: Services) -> SignedInUser:
    """Give who says yes."""
    return plant_user(sqlite_services, "Programme manager 1", "MGR")


def invite(services: Services, admin: SignedInUser, role: str = "CASEW") -> Invited:
    region = "VAST" if role.startswith("COORD") else None
    invited = invitations.invite(services, TEXTS, admin, EMAIL, role, region)
    accounts.accept_invitation(services, mailed_token(services, invited.user_id), PASSWORD)
    return invited


def waiting_id(services: Services) -> str:
    with services.database.reading() as session:
        (request,) = rows_of.waiting(session, limit=2)
    return request.id


def enter(services: Services) -> str:
    return sign_in.sign_in(services, EMAIL, PASSWORD, NETWORK).session_token


def test_every_role_that_reads_or_decides_about_content_needs_a_yes() -> None:
    reading = {*MATRIX, Role.COORD, Role.COORD_DEP}
    deciding = programmes.LIST_DECIDERS | unusual_access.ANSWERING

    assert reading | deciding == NEEDS_YES


@pytest.mark.parametrize("role", sorted(Role))
def test_an_account_that_reads_content_works_once_a_manager_said_yes(
    sqlite_services: Services, admin: SignedInUser, manager: SignedInUser, role: Role
) -> None:
    invited = invite(sqlite_services, admin, role)

    if role in NEEDS_YES:
        with pytest.raises(AccountWaits):
            enter(sqlite_services)
        say_yes(sqlite_services, manager)

    assert invited.waits_for_yes is (role in NEEDS_YES)
    viewer = sign_in.user_of_session(sqlite_services, enter(sqlite_services))
    assert viewer is not None
    assert viewer.role is role


def test_who_waits_and_types_a_wrong_password_is_told_nothing(
    sqlite_services: Services, admin: SignedInUser
) -> None:
    invite(sqlite_services, admin)

    with pytest.raises(SignInRefused):
        sign_in.sign_in(sqlite_services, EMAIL, "a wrong but long password", NETWORK)


def test_a_manager_of_the_inviters_hand_cannot_say_yes(
    sqlite_services: Services, admin: SignedInUser, manager: SignedInUser
) -> None:
    vouch(sqlite_services, manager, admin)
    invite(sqlite_services, admin)

    with pytest.raises(OneHand):
        say_yes(sqlite_services, manager)
    (shown,) = role_requests.list_asked(sqlite_services, manager)
    assert not shown.may_answer


def test_nobody_says_yes_to_themselves(
    sqlite_services: Services, admin: SignedInUser, manager: SignedInUser
) -> None:
    administration.change_role(sqlite_services, admin, manager.id, "DPO", None)

    with pytest.raises(FourEyesNeeded):
        say_yes(sqlite_services, manager)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MGR}))
def test_only_a_manager_answers(sqlite_services: Services, admin: SignedInUser, role: Role) -> None:
    invite(sqlite_services, admin)
    somebody = plant_user(sqlite_services, "Somebody", role)
    request_id = waiting_id(sqlite_services)

    for answer in (role_requests.approve_role, role_requests.refuse_role):
        with pytest.raises(NotFound):
            answer(sqlite_services, somebody, request_id)


def test_an_answer_is_given_once(
    sqlite_services: Services, admin: SignedInUser, manager: SignedInUser
) -> None:
    invite(sqlite_services, admin)
    request_id = waiting_id(sqlite_services)
    role_requests.refuse_role(sqlite_services, manager, request_id)

    for answer in (role_requests.approve_role, role_requests.refuse_role):
        with pytest.raises(Conflict):
            answer(sqlite_services, manager, request_id)
    with pytest.raises(SignInRefused):
        enter(sqlite_services)


def test_a_yes_is_to_what_was_asked_last(
    sqlite_services: Services, clock: Clock, admin: SignedInUser, manager: SignedInUser
) -> None:
    invitations.invite(sqlite_services, TEXTS, admin, EMAIL, "CASH", None)
    earlier = waiting_id(sqlite_services)
    clock.advance(timedelta(minutes=1))
    invite(sqlite_services, admin, "CASEW")

    with pytest.raises(Conflict):
        role_requests.approve_role(sqlite_services, manager, earlier)
    say_yes(sqlite_services, manager)
    viewer = sign_in.user_of_session(sqlite_services, enter(sqlite_services))
    assert viewer is not None
    assert viewer.role is Role.CASEW


def test_an_operators_account_works_at_once_and_nobody_stands_behind_it(
    sqlite_services: Services,
) -> None:
    made = accounts.invite_account(sqlite_services, EMAIL, "MGR", None)
    accounts.accept_invitation(sqlite_services, made.url_token, PASSWORD)

    assert enter(sqlite_services)


def test_the_mail_brings_the_link_to_the_invited_person_alone(
    sqlite_services: Services, admin: SignedInUser
) -> None:
    invited = invitations.invite(sqlite_services, TEXTS, admin, EMAIL, "CASEW", None)

    letter = mailed_letter(sqlite_services, invited.user_id)
    with sqlite_services.database.reading() as session:
        row = outbox.newest_of_accounts(session, [invited.user_id])[invited.user_id]
    assert f"\r\nTo: {EMAIL}\r\n".encode() in letter
    assert (row.state, row.kind, row.submission_id) == ("due", "INV", None)
    assert not hasattr(invited, "url_token")
