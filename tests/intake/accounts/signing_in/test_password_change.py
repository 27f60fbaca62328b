"""Check that the old password ends with the change, whatever else goes on at that moment.

The clock that the services read is the test's: at a chosen reading of it somebody else acts, so
that every order of two acts is tried and none is left to chance.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyotp
import pytest

from intake.accounts import accounts, administration, own_password, second_factor, sign_in
from intake.accounts.accounts import SignedInUser
from intake.accounts.sign_in import SignInRefused
from intake.core.errors import NotFound
from intake.core.services import Services
from tests.intake.accounts.signing_in.support import BOTH_DATABASES, EMAIL
from tests.portal.building import PASSWORD, Clock

NEW = "quite another calm sentence"
NETWORK = "192.0.2.1"


@dataclass
class Interrupted:
    """A clock at whose reading of a number somebody else acts, once."""

    clock: Clock
    reading: int
    act: Callable[[], object]
    read: int = field(default=0)

    def __call__(self) -> datetime:
        """Return the present, after what happens in between."""
        self.read += 1
        if self.read == self.reading:
            self.act()
        return self.clock()


def interrupted(
    services: Services, clock: Clock, reading: int, act: Callable[[], object]
) -> Services:
    """Return services in whose work something happens in between."""
    return replace(services, now=Interrupted(clock, reading, act))


def officer_in(services: Services) -> tuple[SignedInUser, str]:
    """Return an officer and the token of their open session."""
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    return user, sign_in.sign_in(services, EMAIL, PASSWORD, NETWORK).session_token


@BOTH_DATABASES
@pytest.mark.parametrize("reading", [1, 2, 3])
def test_a_sign_in_under_way_fails_with_the_old_password(
    services: Services, clock: Clock, reading: int
) -> None:
    user, token = officer_in(services)

    def change() -> None:
        own_password.change_password(services, user, token, PASSWORD, NEW)

    with pytest.raises(SignInRefused):
        sign_in.sign_in(interrupted(services, clock, reading, change), EMAIL, PASSWORD, NETWORK)
    assert sign_in.sign_in(services, EMAIL, NEW, NETWORK).is_whole


@BOTH_DATABASES
def test_who_signs_in_while_it_is_changed_is_signed_out(services: Services, clock: Clock) -> None:
    user, token = officer_in(services)
    opened: list[str] = []

    def enter() -> None:
        opened.append(sign_in.sign_in(services, EMAIL, PASSWORD, NETWORK).session_token)

    fresh = own_password.change_password(
        interrupted(services, clock, 1, enter), user, token, PASSWORD, NEW
    )

    assert sign_in.user_of_session(services, opened[0]) is None
    assert sign_in.user_of_session(services, token) is None
    assert sign_in.user_of_session(services, fresh) is not None


@pytest.mark.parametrize("reading", [1, 2])
@pytest.mark.parametrize("by", ["the owner", "an administrator"])
def test_a_code_does_not_complete_a_sign_in_that_was_ended_meanwhile(
    services: Services, clock: Clock, reading: int, by: str
) -> None:
    user, token = officer_in(services)
    totp = pyotp.TOTP(second_factor.begin_enrolment(services, token, user.id).secret)
    second_factor.confirm_enrolment(services, token, user.id, totp.at(clock()))
    pending = sign_in.sign_in(services, EMAIL, PASSWORD, NETWORK).session_token
    admin = accounts.create_with_password(services, "a@iom.example", "ADMIN", None, PASSWORD)

    def end() -> None:
        if by == "the owner":
            own_password.change_password(services, user, token, PASSWORD, NEW)
        else:
            administration.end_sessions(services, admin, user.id)

    clock.move(second_factor.TRIES_WINDOW / 15)
    with pytest.raises(NotFound):
        second_factor.complete_sign_in(
            interrupted(services, clock, reading, end), pending, totp.at(clock())
        )


def test_a_new_telephone_revives_no_session_that_was_ended(
    services: Services, clock: Clock
) -> None:
    user, token = officer_in(services)
    secret = second_factor.begin_enrolment(services, token, user.id).secret
    own_password.change_password(services, user, token, PASSWORD, NEW)

    second_factor.confirm_enrolment(services, token, user.id, pyotp.TOTP(secret).at(clock()))

    assert sign_in.user_of_session(services, token) is None
