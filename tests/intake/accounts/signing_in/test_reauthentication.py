"""Check reauthentication: by code or password, counted, written down, and for ten minutes."""

from datetime import timedelta

import pyotp
import pytest

from intake.accounts import accounts, reauthentication, second_factor, sign_in
from intake.accounts.accounts import SignedInUser
from intake.accounts.reauthentication import VALID_FOR, ProofRefused
from intake.accounts.second_factor import CodeRefused
from intake.accounts.sign_in import TooManyAttempts
from intake.core.errors import NotFound
from intake.core.services import Services
from tests.intake.accounts.signing_in.support import EMAIL, acts
from tests.portal.building import PASSWORD, Clock


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an officer without a second factor."""
    return accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)


@pytest.fixture
def token(services: Services, officer: SignedInUser) -> str:
    """Give the token of the officer's open session."""
    return sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token


def test_a_sign_in_is_a_proof_for_ten_minutes(services: Services, clock: Clock, token: str) -> None:
    at_first = reauthentication.is_reauthenticated(services, token)
    clock.move(VALID_FOR)

    assert (at_first, reauthentication.is_reauthenticated(services, token)) == (True, False)
    assert not reauthentication.is_reauthenticated(services, "nobody's")


def test_without_a_factor_the_password_proves_it(
    services: Services, clock: Clock, officer: SignedInUser, token: str
) -> None:
    clock.move(VALID_FOR)

    with pytest.raises(ProofRefused):
        reauthentication.reauthenticate(services, officer, token, "a wrong but long password")
    still = reauthentication.is_reauthenticated(services, token)
    reauthentication.reauthenticate(services, officer, token, PASSWORD)

    assert (still, reauthentication.is_reauthenticated(services, token)) == (False, True)
    assert acts(services)[-2:] == ["account.proof_refused", "account.proved_again"]


def test_with_a_factor_only_a_code_proves_it_and_each_code_once(
    services: Services, clock: Clock, officer: SignedInUser, token: str
) -> None:
    totp = pyotp.TOTP(second_factor.begin_enrolment(services, token, officer.id).secret)
    second_factor.confirm_enrolment(services, token, officer.id, totp.at(clock()))
    viewer = sign_in.user_of_session(services, token)
    assert viewer is not None
    clock.move(VALID_FOR)

    for wrong in (PASSWORD, "000000", totp.at(clock() - timedelta(minutes=5))):
        with pytest.raises(CodeRefused):
            reauthentication.reauthenticate(services, viewer, token, wrong)
    reauthentication.reauthenticate(services, viewer, token, totp.at(clock()))

    assert reauthentication.is_reauthenticated(services, token)
    with pytest.raises(CodeRefused):
        reauthentication.reauthenticate(services, viewer, token, totp.at(clock()))


def test_guessing_ends_after_ten_tries(
    services: Services, officer: SignedInUser, token: str
) -> None:
    for _ in range(10):
        second_factor.count_try(services, officer.id)

    with pytest.raises(TooManyAttempts):
        reauthentication.reauthenticate(services, officer, token, PASSWORD)


def test_a_session_that_is_over_or_anothers_proves_nothing(
    services: Services, officer: SignedInUser, token: str
) -> None:
    other = accounts.create_with_password(services, "b@iom.example", "CASH", None, PASSWORD)
    sign_in.sign_out(services, token)

    with pytest.raises(NotFound):
        reauthentication.reauthenticate(services, officer, token, PASSWORD)
    with pytest.raises(NotFound):
        reauthentication.reauthenticate(services, other, token, PASSWORD)
    assert not reauthentication.is_reauthenticated(services, token)
