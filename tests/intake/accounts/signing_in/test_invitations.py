"""Check invitations: once, for 72 hours, to the right people; and what an account keeps sealed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from intake.accounts import accounts, sign_in
from intake.accounts.accounts import InvitationInvalid
from intake.accounts.passwords import PasswordRefused
from intake.accounts.roles import AccountInvalid
from intake.core.errors import AddressInvalid, Conflict, IntakeError
from intake.core.fair_line import LineFull
from intake.core.services import Services
from storage.accounts.users import User
from storage.audit import AuditEvent
from tests.intake.accounts.signing_in.support import BOTH_DATABASES, EMAIL, acts, fail
from tests.portal.building import PASSWORD, Clock


@BOTH_DATABASES
def test_an_invitation_sets_a_password_and_signs_in(services: Services) -> None:
    invitation = accounts.invite_account(services, " Anna.Berg@IOM.example ", "INTAKE", None)

    accounts.accept_invitation(services, invitation.url_token, PASSWORD)

    assert invitation.label == "Intake officer 1"
    assert sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").user.label == "Intake officer 1"
    assert acts(services) == ["account.invited", "account.activated", "account.signed_in"]


def test_an_invitation_works_once(services: Services) -> None:
    token = accounts.invite_account(services, EMAIL, "INTAKE", None).url_token
    accounts.accept_invitation(services, token, PASSWORD)

    with pytest.raises(InvitationInvalid):
        accounts.accept_invitation(services, token, PASSWORD)


@BOTH_DATABASES
def test_of_many_uses_at_once_one_wins(services: Services) -> None:
    token = accounts.invite_account(services, EMAIL, "INTAKE", None).url_token

    def use(number: int) -> bool:
        try:
            accounts.accept_invitation(services, token, f"{PASSWORD} {number}")
        except (InvitationInvalid, LineFull):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_an_invitation_expires_after_72_hours(services: Services, clock: Clock) -> None:
    token = accounts.invite_account(services, EMAIL, "INTAKE", None).url_token
    clock.move(timedelta(hours=72))

    with pytest.raises(InvitationInvalid):
        accounts.accept_invitation(services, token, PASSWORD)


def test_a_new_invitation_replaces_the_old_one(services: Services) -> None:
    old = accounts.invite_account(services, EMAIL, "INTAKE", None)
    new = accounts.invite_account(services, EMAIL, "CASH", None)

    with pytest.raises(InvitationInvalid):
        accounts.accept_invitation(services, old.url_token, PASSWORD)
    accounts.accept_invitation(services, new.url_token, PASSWORD)
    assert new.user_id == old.user_id
    assert new.label == "Cash officer 1"


def test_an_account_in_use_is_not_invited_again(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)

    with pytest.raises(Conflict):
        accounts.invite_account(services, EMAIL, "MGR", None)


def test_a_weak_password_leaves_the_invitation_open(services: Services) -> None:
    token = accounts.invite_account(services, EMAIL, "INTAKE", None).url_token

    with pytest.raises(PasswordRefused):
        accounts.accept_invitation(services, token, "anna.berg anna.berg")
    accounts.accept_invitation(services, token, PASSWORD)


@pytest.mark.parametrize(
    ("email", "role", "region", "error"),
    [
        ("nobody", "INTAKE", None, AddressInvalid),
        ("a@b@c.example", "INTAKE", None, AddressInvalid),
        (EMAIL, "KING", None, AccountInvalid),
        (EMAIL, "COORD", None, AccountInvalid),
        (EMAIL, "COORD-DEP", "NARNIA", AccountInvalid),
        (EMAIL, "INTAKE", "NARNIA", AccountInvalid),
    ],
)
def test_impossible_accounts_are_refused(
    services: Services, email: str, role: str, region: str | None, error: type[IntakeError]
) -> None:
    with pytest.raises(error):
        accounts.invite_account(services, email, role, region)

    assert acts(services) == []


def test_the_address_is_sealed_and_not_in_the_audit(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "COORD", "VAST", PASSWORD)
    fail(services, 1)

    with services.database.reading() as session:
        user = session.query(User).one()
        written = [
            f"{event.actor} {event.subject_id} {event.detail}"
            for event in session.query(AuditEvent)
        ]
    assert b"anna" not in user.email
    assert not any("anna" in line for line in written)
