"""Check the second factor.

Each code once, a little late or early, and ten codes for a lost telephone.
"""

from datetime import timedelta

import pyotp
import pytest

from intake.accounts import accounts, second_factor
from intake.accounts import sign_in as signing_in
from intake.accounts.second_factor import CodeRefused, is_needed
from intake.accounts.sign_in import TooManyAttempts
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.core.settings import read_settings
from storage.accounts import second_factors
from storage.accounts.users import Role, User
from storage.crypto.sealing import seal
from storage.submissions.submissions import place
from tests.intake.accounts.signing_in.support import EMAIL, acts
from tests.portal.building import Clock
from tests.support.environs import PRODUCTION

PASSWORD = "a long phrase for the tests of this office"
NO_CODES = ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000 ", "\x00" * 6]


def code_at(secret: str, clock: Clock, steps: int = 0) -> str:
    """Return the code that a telephone shows, some steps away from now."""
    return pyotp.TOTP(secret).at(clock(), counter_offset=steps)


def sign_in(services: Services) -> str:
    """Give the password and return the session's token."""
    return signing_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").session_token


@pytest.fixture
def secret(services: Services, clock: Clock) -> str:
    """Give the secret of a coordinator who has confirmed it a while ago."""
    user = accounts.create_with_password(services, EMAIL, "COORD", "SYD", PASSWORD)
    token = sign_in(services)
    secret = second_factor.begin_enrolment(services, token, user.id).secret
    second_factor.confirm_enrolment(services, token, user.id, code_at(secret, clock))
    clock.move(timedelta(minutes=5))
    return secret


def test_the_password_alone_signs_nobody_in(services: Services, secret: str) -> None:
    signed_in = signing_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1")

    assert not signed_in.is_whole
    assert signing_in.user_of_session(services, signed_in.session_token) is None


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_code_of_now_and_its_neighbours_sign_in_under_a_new_token(
    services: Services, clock: Clock, secret: str, steps: int
) -> None:
    token = sign_in(services)

    whole = second_factor.complete_sign_in(services, token, code_at(secret, clock, steps))

    viewer = signing_in.user_of_session(services, whole.session_token)
    assert viewer is not None
    assert (viewer.role, viewer.has_factor) == (Role.COORD, True)
    assert whole.session_token != token
    assert second_factor.pending_user_id(services, token) is None
    assert acts(services)[-1] == "account.factor_proved"


@pytest.mark.parametrize("steps", [-2, 2, 10])
def test_a_code_of_another_time_is_refused(
    services: Services, clock: Clock, secret: str, steps: int
) -> None:
    token = sign_in(services)

    with pytest.raises(CodeRefused):
        second_factor.complete_sign_in(services, token, code_at(secret, clock, steps))

    assert acts(services)[-1] == "account.factor_refused"


def test_a_code_counts_once(services: Services, clock: Clock, secret: str) -> None:
    code = code_at(secret, clock)
    second_factor.complete_sign_in(services, sign_in(services), code)

    with pytest.raises(CodeRefused):
        second_factor.complete_sign_in(services, sign_in(services), code)
    with pytest.raises(CodeRefused):
        second_factor.complete_sign_in(services, sign_in(services), code_at(secret, clock, -1))


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000 ", "\x00" * 6]
)
def test_what_is_no_code_is_refused(services: Services, secret: str, code: str) -> None:
    with pytest.raises(CodeRefused):
        second_factor.complete_sign_in(services, sign_in(services), code)


def test_guessing_ends_after_ten_tries(services: Services, clock: Clock, secret: str) -> None:
    token = sign_in(services)
    for _ in range(10):
        with pytest.raises(CodeRefused):
            second_factor.complete_sign_in(services, token, "000000")

    with pytest.raises(TooManyAttempts):
        second_factor.complete_sign_in(services, token, code_at(secret, clock))


def test_five_minutes_after_the_password_one_signs_in_anew(
    services: Services, clock: Clock, secret: str
) -> None:
    token = sign_in(services)
    clock.move(timedelta(minutes=5))

    with pytest.raises(NotFound):
        second_factor.complete_sign_in(services, token, code_at(secret, clock))


def test_right_codes_are_not_counted(services: Services, clock: Clock, secret: str) -> None:
    for _ in range(2 * second_factor.MAX_TRIES):
        clock.move(timedelta(seconds=second_factor.STEP_SECONDS))
        second_factor.complete_sign_in(services, sign_in(services), code_at(secret, clock))


def test_who_knows_the_password_alone_cannot_lock_the_owner_out(
    services: Services, clock: Clock, secret: str
) -> None:
    own = second_factor.complete_sign_in(services, sign_in(services), code_at(secret, clock))
    clock.move(timedelta(minutes=1))
    for _ in range(second_factor.MAX_TRIES):
        with pytest.raises(CodeRefused):
            second_factor.complete_sign_in(services, sign_in(services), "000000")

    with pytest.raises(TooManyAttempts):
        second_factor.complete_sign_in(services, sign_in(services), code_at(secret, clock))
    assert second_factor.complete_sign_in(
        services, sign_in(services), code_at(secret, clock), own.browser_mark
    )


def test_the_password_alone_gives_a_browser_no_mark(services: Services, secret: str) -> None:
    assert signing_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").browser_mark == ""


def test_a_recovery_code_signs_in_once(services: Services, clock: Clock) -> None:
    user = accounts.create_with_password(services, EMAIL, "COORD", "SYD", PASSWORD)
    token = sign_in(services)
    secret = second_factor.begin_enrolment(services, token, user.id).secret
    codes = second_factor.confirm_enrolment(services, token, user.id, code_at(secret, clock))

    second_factor.complete_sign_in(services, sign_in(services), f" {codes[3].lower()} ")

    assert len(set(codes)) == 10
    with pytest.raises(CodeRefused):
        second_factor.complete_sign_in(services, sign_in(services), codes[3])
    with services.database.reading() as session:
        assert second_factors.count_left(session, user.id) == 9
    assert "account.factor_recovered" in acts(services)


def test_confirming_ends_all_other_sessions(services: Services, clock: Clock) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    here, elsewhere = sign_in(services), sign_in(services)
    secret = second_factor.begin_enrolment(services, here, user.id).secret

    second_factor.confirm_enrolment(services, here, user.id, code_at(secret, clock))

    assert signing_in.user_of_session(services, here) is not None
    assert signing_in.user_of_session(services, elsewhere) is None


def test_a_wrong_first_code_confirms_nothing(services: Services, clock: Clock) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in(services)
    second_factor.begin_enrolment(services, token, user.id)

    with pytest.raises(CodeRefused):
        second_factor.confirm_enrolment(services, token, user.id, "000000")

    assert second_factor.pending_enrolment(services, token, user.id) is not None
    assert signing_in.user_of_session(services, token) is not None


def test_an_unconfirmed_secret_is_there_for_its_own_session_alone(
    services: Services, clock: Clock
) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    here, elsewhere = sign_in(services), sign_in(services)
    secret = second_factor.begin_enrolment(services, here, user.id).secret

    with pytest.raises(Conflict):
        second_factor.confirm_enrolment(services, elsewhere, user.id, code_at(secret, clock))
    assert second_factor.pending_enrolment(services, elsewhere, user.id) is None
    assert second_factor.pending_enrolment(services, here, user.id) is not None


def test_an_unconfirmed_secret_ends(services: Services, clock: Clock) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in(services)
    secret = second_factor.begin_enrolment(services, token, user.id).secret

    clock.move(second_factor.ENROLMENT_LIFE)

    with pytest.raises(Conflict):
        second_factor.confirm_enrolment(services, token, user.id, code_at(secret, clock))
    assert second_factor.pending_enrolment(services, token, user.id) is None


def test_what_an_older_release_left_unconfirmed_is_begun_again(services: Services) -> None:
    user = accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
    token = sign_in(services)
    with services.database.transaction() as session:
        key = services.keyring.system(session)
        where = place("users", "totp_next", user.id)
        session.get_one(User, user.id).totp_next = seal(key, where, pyotp.random_base32(length=32))

    assert second_factor.pending_enrolment(services, token, user.id) is None
    second_factor.begin_enrolment(services, token, user.id)
    assert second_factor.pending_enrolment(services, token, user.id) is not None


def test_a_factor_in_use_is_not_replaced_by_a_session(services: Services, secret: str) -> None:
    with services.database.reading() as session:
        user_id = session.query(User).one().id

    with pytest.raises(Conflict):
        second_factor.begin_enrolment(services, "any session", user_id)
    assert second_factor.pending_enrolment(services, "any session", user_id) is None


def test_a_lost_factor_is_taken_away_with_every_session(
    services: Services, clock: Clock, secret: str
) -> None:
    whole = second_factor.complete_sign_in(services, sign_in(services), code_at(secret, clock))
    admin = accounts.create_with_password(services, "a@iom.example", "ADMIN", None, PASSWORD)

    second_factor.remove_factor(services, admin, whole.user.id)

    assert signing_in.user_of_session(services, whole.session_token) is None
    assert signing_in.sign_in(services, EMAIL, PASSWORD, "192.0.2.1").is_whole


def test_the_secret_lies_nowhere_in_the_clear(services: Services, secret: str) -> None:
    with services.database.reading() as session:
        sealed = session.query(User).one().totp_secret

    assert sealed is not None
    assert secret.encode() not in sealed


@pytest.mark.parametrize(
    ("role", "in_demo", "in_production"),
    [(Role.COORD, True, True), (Role.COORD_DEP, True, True), (Role.INTAKE, False, True)],
)
def test_who_must_have_one(role: Role, in_demo: bool, in_production: bool) -> None:
    assert is_needed(read_settings({}), role) is in_demo
    assert is_needed(read_settings(PRODUCTION), role) is in_production
