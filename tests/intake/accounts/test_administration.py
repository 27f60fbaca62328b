"""Check accounts as an administrator keeps them.

Out at once, renewed for a while, never one's own.
"""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from intake.accounts import accounts, administration, second_factor
from intake.accounts import sign_in as signing_in
from intake.accounts.accounts import SignedInUser
from intake.accounts.administration import RENEWED_FOR, OwnAccountRefused
from intake.accounts.sign_in import SignInRefused
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.outbox import invitations
from intake.outbox.invitations import Invited
from storage import audit
from storage.accounts import users
from storage.accounts.users import Role
from storage.audit_acts import READS
from tests.portal.correspondence.links import TEXTS
from tests.support.building import Clock
from tests.support.invited import mailed_token
from tests.support.rows import Planter

Act = Callable[[Services, SignedInUser, str], None]
PASSWORD = "a calm and long sentence"
EMAIL = "officer@iom.example"
NETWORK = "192.0.2.1"
VIEWER = SignedInUser("f" * 32, "Administrator 9", Role.ADMIN, None)


@pytest.fixture
def admin(sqlite_services: Services) -> SignedInUser:
    """Give an administrator without a second factor."""
    return accounts.create_with_password(
        sqlite_services, "admin@iom.example", "ADMIN", None, PASSWORD
    )


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer without a second factor."""
    return accounts.create_with_password(sqlite_services, EMAIL, "INTAKE", None, PASSWORD)


def sign_in(services: Services, email: str = EMAIL) -> str:
    return signing_in.sign_in(services, email, PASSWORD, NETWORK).session_token


def invite(
    services: Services, by: SignedInUser, email: str, role: str, region: str | None
) -> Invited:
    return invitations.invite(services, TEXTS, by, email, role, region)


def give_factor(services: Services, clock: Clock, user: SignedInUser, token: str) -> pyotp.TOTP:
    """Give an account a second factor, proved in the session of a token."""
    totp = pyotp.TOTP(second_factor.begin_enrolment(services, token, user.id).secret)
    second_factor.confirm_enrolment(services, token, user.id, totp.at(clock.now()))
    return totp


def read(services: Services, user_id: str) -> administration.Account:
    return administration.read_account(services, VIEWER, user_id)


def acts_on(services: Services, user_id: str) -> list[tuple[str, str]]:
    """Return (actor, act) of what was done to an account; looking at it is left out."""
    with services.database.reading() as session:
        events = audit.of_subject(session, "account", user_id)
    return [(event.actor, event.act) for event in events if event.act not in READS]


def test_an_account_is_told_with_its_state_and_without_a_password(
    sqlite_services: Services, clock: Clock, admin: SignedInUser, officer: SignedInUser
) -> None:
    sign_in(sqlite_services)

    shown = read(sqlite_services, officer.id)

    assert (shown.label, shown.role, shown.email) == ("Intake officer 1", Role.INTAKE, EMAIL)
    assert (shown.state, shown.has_factor) == ("active", False)
    assert shown.seen_at == clock.now()
    assert read(sqlite_services, admin.id).seen_at is None


def test_the_newest_session_counts_as_last_seen(services: Services, clock: Clock) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    with services.database.transaction() as session:
        other = Planter(session, services.keyring, clock.now()).user()
    sign_in(services)
    clock.advance(timedelta(hours=1))
    sign_in(services)

    with services.database.reading() as session:
        seen = users.last_seen(session, [user.id, other.id])

    assert seen == {user.id: clock.now()}


@pytest.mark.parametrize(("role", "labels"), [(None, 2), (Role.ADMIN, 1), (Role.CASH, 0)])
def test_the_list_narrows_by_role(
    sqlite_services: Services,
    admin: SignedInUser,
    officer: SignedInUser,
    role: Role | None,
    labels: int,
) -> None:
    found = administration.list_accounts(sqlite_services, VIEWER, role)

    assert len(found.accounts) == labels
    assert not found.is_cut


def test_a_disabled_account_is_out_at_once_and_cannot_come_back(
    sqlite_services: Services, admin: SignedInUser, officer: SignedInUser
) -> None:
    token = sign_in(sqlite_services)

    administration.disable_account(sqlite_services, admin, officer.id)

    assert signing_in.user_of_session(sqlite_services, token) is None
    with pytest.raises(SignInRefused):
        sign_in(sqlite_services)
    assert read(sqlite_services, officer.id).state == "disabled"
    assert (admin.actor, "account.disabled") in acts_on(sqlite_services, officer.id)


def test_disabling_voids_an_open_invitation(sqlite_services: Services, admin: SignedInUser) -> None:
    invitation = invite(sqlite_services, admin, EMAIL, "INTAKE", None)
    assert read(sqlite_services, invitation.user_id).state == "invited"
    token = mailed_token(sqlite_services, invitation.user_id)

    administration.disable_account(sqlite_services, admin, invitation.user_id)

    with pytest.raises(accounts.InvitationInvalid):
        accounts.accept_invitation(sqlite_services, token, PASSWORD)


@pytest.mark.parametrize("act", [administration.disable_account, administration.renew_account])
def test_what_is_disabled_is_neither_disabled_again_nor_renewed(
    sqlite_services: Services, admin: SignedInUser, officer: SignedInUser, act: Act
) -> None:
    administration.disable_account(sqlite_services, admin, officer.id)
    before = acts_on(sqlite_services, officer.id)

    with pytest.raises(Conflict):
        act(sqlite_services, admin, officer.id)

    assert acts_on(sqlite_services, officer.id) == before


@pytest.mark.parametrize(
    "act", [administration.disable_account, administration.remove_second_factor]
)
def test_nobody_weakens_their_own_account(
    sqlite_services: Services, admin: SignedInUser, act: Act
) -> None:
    with pytest.raises(OwnAccountRefused):
        act(sqlite_services, admin, admin.id)

    assert read(sqlite_services, admin.id).state == "active"


@pytest.mark.parametrize(
    "act",
    [
        administration.disable_account,
        administration.renew_account,
        administration.end_sessions,
        administration.remove_second_factor,
    ],
)
def test_nobody_is_not_there(sqlite_services: Services, admin: SignedInUser, act: Act) -> None:
    with pytest.raises(NotFound):
        act(sqlite_services, admin, "0" * 32)


def test_a_coordinators_account_ends_by_itself_and_is_renewed_for_half_a_year(
    sqlite_services: Services, clock: Clock, admin: SignedInUser
) -> None:
    invitation = invite(sqlite_services, admin, "c@region.example", "COORD", "VAST")
    first = read(sqlite_services, invitation.user_id).expires_at
    clock.advance(RENEWED_FOR)
    expired = read(sqlite_services, invitation.user_id).state

    administration.renew_account(sqlite_services, admin, invitation.user_id)

    assert first == clock.now()
    assert expired == "expired"
    renewed = read(sqlite_services, invitation.user_id)
    assert (renewed.state, renewed.expires_at) == ("invited", clock.now() + RENEWED_FOR)
    assert (admin.actor, "account.renewed") in acts_on(sqlite_services, invitation.user_id)


def test_an_officers_account_has_no_end_and_names_its_inviter(
    sqlite_services: Services, admin: SignedInUser
) -> None:
    invitation = invite(sqlite_services, admin, EMAIL, "INTAKE", None)

    assert read(sqlite_services, invitation.user_id).expires_at is None
    assert acts_on(sqlite_services, invitation.user_id) == [(admin.actor, "account.invited")]


def test_who_is_invited_again_in_another_role_loses_the_old_ones_end(
    sqlite_services: Services, admin: SignedInUser
) -> None:
    invite(sqlite_services, admin, EMAIL, "COORD", "VAST")

    again = invite(sqlite_services, admin, EMAIL, "INTAKE", None)

    assert read(sqlite_services, again.user_id).expires_at is None


def test_who_was_signed_out_may_sign_in_again(
    sqlite_services: Services, admin: SignedInUser, officer: SignedInUser
) -> None:
    token = sign_in(sqlite_services)

    administration.end_sessions(sqlite_services, admin, officer.id)

    assert signing_in.user_of_session(sqlite_services, token) is None
    assert signing_in.user_of_session(sqlite_services, sign_in(sqlite_services)) is not None


def test_a_lost_factor_is_taken_away_with_its_sessions(
    sqlite_services: Services, clock: Clock, admin: SignedInUser, officer: SignedInUser
) -> None:
    token = sign_in(sqlite_services)
    give_factor(sqlite_services, clock, officer, token)
    had = read(sqlite_services, officer.id).has_factor

    administration.remove_second_factor(sqlite_services, admin, officer.id)

    assert had
    assert not read(sqlite_services, officer.id).has_factor
    assert signing_in.user_of_session(sqlite_services, token) is None
    with pytest.raises(Conflict):
        administration.remove_second_factor(sqlite_services, admin, officer.id)
