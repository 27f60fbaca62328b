"""Sign-in and its limits, sessions and their end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import argon2
import pytest
from argon2 import PasswordHasher

from intake.accounts import accounts, passwords, sign_in
from intake.accounts.sign_in import SignInRefused, TooManyAttempts
from intake.core.errors import IntakeError
from intake.core.services import Services
from storage.accounts import users
from storage.accounts.users import User, UserSession
from tests.intake.accounts.signing_in.support import BOTH_DATABASES, EMAIL, acts, attempt, fail
from tests.portal.building import PASSWORD, Clock


@pytest.mark.parametrize("email", ["stranger@iom.example", EMAIL, "", "not an address"])
def test_unknown_and_wrong_are_the_same_answer(services: Services, email: str) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)

    with pytest.raises(SignInRefused) as refused:
        sign_in.sign_in(services, email, "a wrong but long password", "192.0.2.1")

    assert refused.value.public == SignInRefused.public
    assert acts(services)[-1] == "account.sign_in_refused"


def test_a_strangers_attempt_costs_the_work_of_a_wrong_one(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hash is nearly all of the time; over four hundred samples it is measured in a soak."""
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    accounts.create_with_password(services, "gone@iom.example", "INTAKE", None, PASSWORD)
    accounts.invite_account(services, "invited@iom.example", "INTAKE", None)
    with services.database.transaction() as session:
        gone = session.query(User).filter(User.label == "Intake officer 2").one()
        gone.disabled_at = clock()
    compare, work = argon2.low_level.verify_secret, []

    def counted(kept: bytes, typed: bytes, kind: argon2.Type) -> bool:
        work.append((argon2.extract_parameters(kept.decode()), len(typed)))
        return compare(kept, typed, kind)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", counted)
    for email in (EMAIL, "gone@iom.example", "invited@iom.example", "stranger@iom.example"):
        fail(services, 1, email)

    assert len(work) == 4
    assert len({str(each) for each in work}) == 1


def test_a_disabled_account_is_refused_and_its_session_ends(
    services: Services, clock: Clock
) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token
    with services.database.transaction() as session:
        session.query(User).one().disabled_at = clock()

    assert sign_in.user_of_session(services, token) is None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")


def test_an_invited_account_without_password_is_refused(services: Services) -> None:
    accounts.invite_account(services, EMAIL, "INTAKE", None)

    fail(services, 1)


def test_ten_failures_from_one_network_stop_that_network_only(
    services: Services, clock: Clock
) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    fail(services, 10)

    with pytest.raises(TooManyAttempts):
        sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")
    assert sign_in.sign_in(services, EMAIL, PASSWORD, "198.51.100.7")
    clock.move(timedelta(minutes=15, seconds=1))
    assert sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")


def test_unknown_addresses_meet_the_same_limit(services: Services) -> None:
    fail(services, 10, "stranger@iom.example")

    with pytest.raises(TooManyAttempts):
        sign_in.sign_in(services, "stranger@iom.example", "wrong", "192.0.2.1")


def test_fifty_failures_stop_a_network_for_every_account(services: Services) -> None:
    for number in range(50):
        attempt(services, f"guess{number}@iom.example")

    with pytest.raises(TooManyAttempts):
        sign_in.sign_in(services, "another@iom.example", "wrong", "192.0.2.1")


def test_officer_attacked_by_strangers_is_not_locked_out(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")
    for number in range(100):
        attempt(services, network=f"203.0.113.{number}")

    with pytest.raises(TooManyAttempts):
        sign_in.sign_in(services, EMAIL, "wrong", "203.0.113.200")
    assert sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")


@BOTH_DATABASES
def test_attempts_at_once_do_not_slip_past_the_limit(services: Services) -> None:
    def try_once(_number: int) -> str:
        try:
            sign_in.sign_in(services, EMAIL, "wrong", "192.0.2.1")
        except IntakeError as error:
            return error.reason
        return "signed in"

    with ThreadPoolExecutor(16) as pool:
        reasons = list(pool.map(try_once, range(40)))

    assert reasons.count("sign_in_refused") == 10


@BOTH_DATABASES
def test_rightful_sign_ins_are_not_counted(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)

    for _ in range(12):
        assert sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")


def test_an_outdated_hash_is_made_again_at_sign_in(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    older = PasswordHasher(time_cost=1).hash(PASSWORD)
    with services.database.transaction() as session:
        session.query(User).one().password_hash = older

    sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")

    with services.database.reading() as session:
        kept = session.query(User).one().password_hash or ""
    assert kept != older
    assert passwords.matches(PASSWORD, kept)


def test_every_sign_in_has_its_own_token_and_only_its_hash_is_kept(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)

    first = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token
    second = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token

    assert first != second
    with services.database.reading() as session:
        kept = {row.token_hash for row in session.query(UserSession)}
    assert kept == {users.token_hash(first), users.token_hash(second)}


def test_a_session_ends_after_15_idle_minutes(services: Services, clock: Clock) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token

    clock.move(timedelta(minutes=14))
    assert sign_in.user_of_session(services, token)
    clock.move(timedelta(minutes=14))
    assert sign_in.user_of_session(services, token)
    clock.move(timedelta(minutes=15))
    assert sign_in.user_of_session(services, token) is None


def test_a_session_ends_after_8_hours_of_use(services: Services, clock: Clock) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token

    for _ in range(47):
        clock.move(timedelta(minutes=10))
        assert sign_in.user_of_session(services, token)
    clock.move(timedelta(minutes=10))
    assert sign_in.user_of_session(services, token) is None


@BOTH_DATABASES
def test_use_is_noted_at_most_once_a_minute(services: Services, clock: Clock) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token
    started_at = clock()

    clock.move(timedelta(seconds=59))
    sign_in.user_of_session(services, token)

    with services.database.reading() as session:
        assert session.query(UserSession).one().seen_at == started_at
    clock.move(timedelta(seconds=1))
    sign_in.user_of_session(services, token)
    with services.database.reading() as session:
        assert session.query(UserSession).one().seen_at == clock()


def test_sign_out_ends_a_session_once(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token

    sign_in.sign_out(services, token)
    sign_in.sign_out(services, token)

    assert sign_in.user_of_session(services, token) is None
    assert acts(services).count("account.signed_out") == 1


def test_all_sessions_of_an_account_can_be_ended(services: Services, clock: Clock) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    tokens = [
        sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token for _ in range(2)
    ]

    with services.database.transaction() as session:
        users.end_sessions_of(session, user.id, clock())

    assert [sign_in.user_of_session(services, token) for token in tokens] == [None, None]
