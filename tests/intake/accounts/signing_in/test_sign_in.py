"""Sign-in and its limits, sessions and their end."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import argon2
import pytest
from argon2 import PasswordHasher

from intake.accounts import accounts, known_browsers, passwords, sign_in
from intake.accounts.sign_in import SignInRefused, TooManyAttempts
from intake.core.errors import IntakeError
from intake.core.fair_line import FairLine, LineFull
from intake.core.services import Services
from storage.accounts import users
from storage.accounts.users import RateEvent, User, UserSession
from tests.intake.accounts.signing_in.support import BOTH_DATABASES, EMAIL, acts, attempt, fail
from tests.portal.building import PASSWORD, Clock

ROOT = Path(__file__).parents[4]
HASHES = re.compile(r"\bpasswords\.(matches|make_hash)\b")


@pytest.mark.parametrize("email", ["stranger@iom.example", EMAIL, "", "not an address"])
def test_unknown_and_wrong_are_the_same_answer(services: Services, email: str) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)

    with pytest.raises(SignInRefused) as refused:
        sign_in.sign_in(services, email, "a wrong but long password", "192.0.2.1")

    assert refused.value.public == SignInRefused.public
    assert acts(services)[-1] == "account.sign_in_refused"


@pytest.mark.parametrize(("from_before", "costs"), [(None, 1), (2, 1), (1, 2)])
def test_a_strangers_attempt_costs_the_work_of_a_wrong_one(
    services: Services,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    from_before: int | None,
    costs: int,
) -> None:
    """The hash is nearly all of the time; over four hundred samples it is measured in a soak."""
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    accounts.create_with_password(services, "gone@iom.example", "INTAKE", None, PASSWORD)
    accounts.invite_account(services, "invited@iom.example", "INTAKE", None)
    with services.database.transaction() as session:
        gone = session.query(User).filter(User.label == "Intake officer 2").one()
        gone.disabled_at = clock()
        if from_before is not None:
            # As all releases before made them. That of somebody who is gone is not compared.
            older = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4).hash(PASSWORD)
            label = f"Intake officer {from_before}"
            session.query(User).filter(User.label == label).one().password_hash = older
    compare, work = argon2.low_level.verify_secret, []

    def counted(kept: bytes, typed: bytes, kind: argon2.Type) -> bool:
        work.append((argon2.extract_parameters(kept.decode()), len(typed)))
        return compare(kept, typed, kind)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", counted)
    for email in (EMAIL, "gone@iom.example", "invited@iom.example", "stranger@iom.example"):
        fail(services, 1, email)

    each_attempt = [
        sorted(map(str, work[start : start + costs])) for start in range(0, len(work), costs)
    ]
    assert len(each_attempt) == 4
    assert all(attempt == each_attempt[0] for attempt in each_attempt)
    assert len(set(each_attempt[0])) == costs


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


def test_fifty_failures_through_one_proxy_lock_nobody_out(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    for number in range(50):
        attempt(services, f"guess{number}@iom.example")

    assert sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")


@pytest.mark.parametrize(
    ("networks", "failures"),
    [(1, sign_in.MAX_TRIES_OF_NETWORK), (50, sign_in.MAX_TRIES_IN_ALL)],
)
def test_where_many_fail_each_account_gets_fewer_tries(
    services: Services, networks: int, failures: int
) -> None:
    for number in range(failures):
        attempt(services, f"guess{number}@iom.example", f"192.0.2.{number % networks}")
    for _ in range(sign_in.TRIES_WHILE_MANY_FAIL):
        attempt(services, "another@iom.example", "192.0.2.0" if networks == 1 else "198.51.100.1")

    with pytest.raises(TooManyAttempts):
        attempt(services, "another@iom.example", "192.0.2.0" if networks == 1 else "198.51.100.1")


def test_a_browser_of_their_own_lets_the_owner_in_whatever_strangers_do(
    services: Services,
) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    mark = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").browser_mark
    for number in range(100):
        attempt(services, network=f"203.0.113.{number % 10}")

    with pytest.raises(TooManyAttempts):
        sign_in.sign_in(services, EMAIL, PASSWORD, "203.0.113.1")
    assert sign_in.sign_in(services, EMAIL, PASSWORD, "203.0.113.1", "", mark)


def test_a_browser_guesses_no_more_than_ten_times(services: Services) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    mark = sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").browser_mark
    for number in range(10):
        sign_in._reserve(services, EMAIL, f"203.0.113.{number}", mark)

    with pytest.raises(TooManyAttempts):
        sign_in.sign_in(services, EMAIL, PASSWORD, "203.0.113.99", "", mark)


@pytest.mark.parametrize("cut", [slice(0, 0), slice(1, None), slice(0, -1)])
def test_a_mark_of_somebody_elses_making_counts_for_nothing(
    services: Services, clock: Clock, cut: slice
) -> None:
    mark = known_browsers.make_mark(services, EMAIL)
    with services.database.reading() as session:
        found = [
            known_browsers.bucket_of(services, session, EMAIL, mark[cut]),
            known_browsers.bucket_of(services, session, "other@iom.example", mark),
            known_browsers.bucket_of(services, session, EMAIL.upper(), mark),
        ]
        clock.move(timedelta(days=91))
        late = known_browsers.bucket_of(services, session, EMAIL, mark)

    assert found == [None, None, f"browser {mark[:32]}"]
    assert late is None


@pytest.mark.parametrize("email", [EMAIL, "stranger@iom.example"])
def test_a_full_line_answers_everybody_alike_and_counts_against_no_account(
    services: Services, email: str
) -> None:
    accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    full = replace(services, hashing=FairLine(at_once=0, places=0))

    for _ in range(20):
        with pytest.raises(LineFull):
            sign_in.sign_in(full, email, PASSWORD, "192.0.2.1")

    with services.database.reading() as session:
        (around,) = {event.bucket for event in session.query(RateEvent)}
    assert around == _around(services, "192.0.2.0/24")
    assert sign_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")


def test_who_is_turned_away_often_comes_last_with_all_networks_of_theirs(
    services: Services,
) -> None:
    full = replace(services, hashing=FairLine(at_once=0, places=0))
    for number in range(sign_in.MAX_TRIES_OF_NETWORK + 10):
        with pytest.raises(LineFull):
            sign_in.sign_in(
                full, f"x{number}@y.example", "a wrong one", f"2001:db8:0:{number}::/64"
            )

    beside = sign_in._reserve(services, EMAIL, "2001:db8:0:ff::/64").caller
    elsewhere = sign_in._reserve(services, EMAIL, "2001:db8:1::/64").caller

    assert (beside.is_doubted, elsewhere.is_doubted) == (True, False)
    with services.database.reading() as session:
        around = _around(services, "2001:db8::/48")
        kept = session.query(RateEvent).filter(RateEvent.bucket == around).count()
    assert kept == sign_in.MAX_TRIES_OF_NETWORK


def _around(services: Services, network: str) -> str:
    with services.database.transaction() as session:
        return services.keyring.lookup(session, "rate", f"around {network}")


def test_nothing_hashes_a_password_outside_of_the_line() -> None:
    callers = {
        path.relative_to(ROOT).as_posix()
        for room in ("intake", "portal", "mailbox", "storage")
        for path in (ROOT / room).rglob("*.py")
        if HASHES.search(path.read_text(encoding="utf-8"))
    }

    assert callers == {"intake/accounts/password_work.py"}


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

    # Who found no place in the line was not compared, and keeps the attempt.
    assert set(reasons) <= {"sign_in_refused", "line_full", "too_many_attempts"}
    compared = reasons.count("sign_in_refused")
    after = [try_once(number) for number in range(compared, 11)]
    assert after == ["sign_in_refused"] * (10 - compared) + ["too_many_attempts"]


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
