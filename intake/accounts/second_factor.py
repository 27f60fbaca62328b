"""Set up and check the second factor: six digits from a telephone, or one of ten recovery codes.

Codes are time-based (RFC 6238) with SHA-1, six digits and thirty seconds, which every
authenticator can do. The step before and the step after are accepted too, and each code once
(ASVS 5.0 6.5.1). The secret is sealed with the system's key; nobody, not even an administrator,
can look it up.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyotp

from intake.accounts import known_browsers, sign_in
from intake.accounts.accounts import address_of, signed_in_user
from intake.accounts.sign_in import SignedIn, TooManyAttempts
from intake.core import audit
from intake.core.errors import Conflict, IntakeError, NotFound
from storage.accounts import second_factors, users, vouches
from storage.accounts.users import Role
from storage.accounts.vouches import VouchKind
from storage.audit_acts import Act
from storage.crypto.sealing import seal, unseal
from storage.submissions.submissions import place
from storage.worded import worded

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.core.settings import Settings
    from storage.accounts.users import User
    from storage.database import Session

ISSUER = "Document service"
STEP_SECONDS = 30
TOLERATED_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
MAX_TRIES = 10
TRIES_WINDOW = timedelta(minutes=15)
# So long after the password the code may be given; later the user signs in anew.
PENDING_LIFE = timedelta(minutes=5)
# So long a new secret waits for its first code, in the session that asked for it.
ENROLMENT_LIFE = timedelta(minutes=15)
# What tries are counted for: the code after the password, or a proof in an open session.
SIGNING_IN = "factor"
SIGNED_IN = "proof"
ALWAYS = frozenset({Role.COORD, Role.COORD_DEP})


class CodeRefused(IntakeError):
    """The code is wrong, was used already, or is too old; the answer is the same."""

    reason = "code_refused"
    public = worded("This code is not right. Please wait for the next one and try again.")
    status = 401


@dataclass(frozen=True)
class Enrolment:
    """A secret that is not confirmed yet, to be shown once: as text and as an otpauth address."""

    secret: str
    address: str


def is_needed(settings: "Settings", role: Role) -> bool:
    """Tell whether an account of a role must have a second factor.

    Coordinators must, since they come from outside; in production everybody must (ASVS 6.3.3).
    """
    return role in ALWAYS or settings.is_production


def begin_enrolment(
    services: "Services", token: str, user_id: str, *, is_replacing: bool = False
) -> Enrolment:
    """Make a new secret, unconfirmed; the one in use stays valid until the new one is confirmed.

    It waits for `ENROLMENT_LIFE`, and for the session of the token alone. The caller sets
    `is_replacing` after a reauthentication only. Raises NotFound, and Conflict when a factor is in
    use and is not to be replaced.
    """
    secret = pyotp.random_base32(length=32)
    with services.database.transaction() as session:
        user = _account(session, user_id)
        if user.totp_confirmed_at is not None and not is_replacing:
            raise Conflict("There is a second factor already.")
        key = services.keyring.system(session)
        waiting = f"{users.token_hash(token)} {services.now().isoformat()} {secret}"
        user.totp_next = seal(key, _place(user_id, "totp_next"), waiting)
        return _enrolment(user, secret)


def pending_enrolment(services: "Services", token: str, user_id: str) -> Enrolment | None:
    """Return the secret that waits in this session for its first code, or None.

    Raises NotFound.
    """
    with services.database.reading() as session:
        user = _account(session, user_id)
        secret = _next_secret(services, session, user, token)
        return _enrolment(user, secret) if secret is not None else None


def confirm_enrolment(services: "Services", token: str, user_id: str, code: str) -> list[str]:
    """Confirm a secret by its first code; return the recovery codes, shown once.

    The session of the token counts as authenticated; all others of the account end. Raises
    CodeRefused, TooManyAttempts, or Conflict when there is nothing to confirm.
    """
    counted = count_try(services, user_id)
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with services.database.transaction() as session:
        user = _account(session, user_id)
        now, secret = services.now(), _next_secret(services, session, user, token)
        if secret is None:
            raise Conflict("There is no second factor to confirm.")
        step = _matching_step(secret, code, now, None)
        if step is None:
            raise CodeRefused
        key = services.keyring.system(session)
        user.totp_secret, user.totp_next = seal(key, _place(user_id), secret), None
        user.totp_confirmed_at, user.totp_last_step = now, step
        users.give_back_attempt(session, counted)
        own = users.session_by_token(session, token)
        # A session that was ended meanwhile, or is somebody else's, is not opened by this.
        is_open = own is not None and own.ended_at is None and own.user_id == user_id
        users.end_sessions_of(session, user_id, now)
        if own is not None and is_open:
            session.refresh(own)
            own.ended_at, own.factor_at, own.proved_at = None, now, now
        second_factors.replace_codes(
            session, user_id, [_code_hash(services, session, each) for each in codes]
        )
        audit.note(
            services, session, f"user:{user_id}", Act.ACCOUNT_FACTOR_ADDED, ("account", user_id)
        )
    return codes


def make_recovery_codes(services: "Services", user_id: str) -> list[str]:
    """Make new recovery codes, shown once; the old ones end. For callers that reauthenticated.

    Raises NotFound, and Conflict when there is no second factor that they could replace.
    """
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with services.database.transaction() as session:
        user = _account(session, user_id)
        if user.totp_confirmed_at is None:
            raise Conflict("There is no second factor.")
        hashed = [_code_hash(services, session, each) for each in codes]
        second_factors.replace_codes(session, user_id, hashed)
        audit.note(
            services, session, f"user:{user_id}", Act.ACCOUNT_CODES_MADE, ("account", user_id)
        )
    return codes


def count_recovery_codes(services: "Services", user_id: str) -> int:
    """Count the recovery codes that are not used yet."""
    with services.database.reading() as session:
        return second_factors.count_left(session, user_id)


def complete_sign_in(
    services: "Services", token: str, code: str, browser_mark: str = ""
) -> SignedIn:
    """Complete a sign-in after the password, by a code of the telephone or a recovery code.

    `browser_mark` is what `known_browsers` gave this browser before, or empty: its tries count by
    themselves, so that somebody who knows the password alone cannot lock the owner out. The session
    gets a new token (ASVS 5.0 7.2.4). Raises CodeRefused, TooManyAttempts, and
    NotFound when the password was not given within `PENDING_LIFE`.
    """
    user_id = pending_user_id(services, token)
    if user_id is None:
        raise NotFound
    counted = count_try(services, user_id, SIGNING_IN, browser_mark)
    new_token = secrets.token_urlsafe(sign_in.TOKEN_BYTES)
    with services.database.transaction() as session:
        user = _account(session, user_id)
        now = services.now()
        old = users.session_by_token(session, token)
        if old is None or old.ended_at is not None:
            # The password was changed, or the sessions were ended, while the code was on its way.
            raise NotFound
        by = use_code(services, session, user, code, now)
        if by is None:
            audit.note(
                services,
                session,
                f"user:{user_id}",
                Act.ACCOUNT_FACTOR_REFUSED,
                ("account", user_id),
            )
        else:
            users.give_back_attempt(session, counted)
            old.ended_at = now
            users.begin_session(
                session, new_token, user_id, now, browser=old.browser, factor_at=now
            )
            audit.note(services, session, f"user:{user_id}", by, ("account", user_id))
        viewer, address = signed_in_user(user), address_of(services, session, user)
    # Raised after the commit, so that the refusal is recorded.
    if by is None:
        raise CodeRefused
    return SignedIn(new_token, viewer, known_browsers.make_mark(services, address))


def pending_user_id(services: "Services", token: str) -> str | None:
    """Return the id of the user of a session that waits for its second factor, or None."""
    now = services.now()
    with services.database.reading() as session:
        row = users.session_by_token(session, token)
        if row is None or row.ended_at is not None or row.factor_at is not None:
            return None
        user = users.by_id(session, row.user_id)
        is_due = user is not None and user.totp_confirmed_at is not None
        is_usable = user is not None and users.is_active(user, now)
        is_late = row.created_at + PENDING_LIFE <= now
        return row.user_id if is_due and is_usable and not is_late else None


def remove_factor(services: "Services", by: "SignedInUser", user_id: str) -> None:
    """Remove a lost factor, so that its owner sets up a new one at the next sign-in.

    An administrator does this after calling back; all sessions end. They are not the second
    person of this account from now on. Raises NotFound.
    """
    with services.database.transaction() as session:
        user = _account(session, user_id)
        user.totp_secret = user.totp_next = user.totp_confirmed_at = user.totp_last_step = None
        second_factors.replace_codes(session, user_id, [])
        users.end_sessions_of(session, user_id, services.now())
        vouches.note(session, user_id, by.id, VouchKind.FACTOR_REMOVED, services.now())
        audit.note(services, session, by, Act.ACCOUNT_FACTOR_REMOVED, ("account", user_id))


def use_code(
    services: "Services", session: "Session", user: "User", code: str, now: datetime
) -> Act | None:
    """Use a code and return the act that this is, None for a wrong code."""
    if user.totp_secret is None or user.totp_confirmed_at is None:
        return None
    written = "".join(code.split())
    step = _matching_step(_secret(services, session, user), written, now, user.totp_last_step)
    if step is not None:
        user.totp_last_step = step
        return Act.ACCOUNT_FACTOR_PROVED
    hashed = _code_hash(services, session, written)
    is_used = second_factors.use_code(session, user.id, hashed, now)
    return Act.ACCOUNT_FACTOR_RECOVERED if is_used else None


def count_try(
    services: "Services", user_id: str, purpose: str = SIGNED_IN, browser_mark: str = ""
) -> list[int]:
    """Count an attempt before it is known to fail, and return what a right one gives back.

    Tries of a signed-in user count apart from those of somebody who only knows the password. Raises
    TooManyAttempts, and NotFound when there is no such account.
    """
    now = services.now()
    with services.database.transaction() as session:
        address = address_of(services, session, _account(session, user_id))
        known = known_browsers.bucket_of(services, session, address, browser_mark)
        bucket = services.keyring.lookup(session, "rate", f"{purpose} {user_id} {known or ''}")
        users.lock_rates(session, [bucket])
        if users.is_reached(session, bucket, now - TRIES_WINDOW, MAX_TRIES):
            raise TooManyAttempts
        return users.reserve_attempt(session, [bucket], now)


def _matching_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the time step of a code, None when no step has it or the step was used already."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    here = int(now.timestamp()) // STEP_SECONDS
    for step in range(here - TOLERATED_STEPS, here + TOLERATED_STEPS + 1):
        is_new = last_step is None or step > last_step
        if is_new and secrets.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def _recovery_code() -> str:
    """Make a code of eighty random bits, in groups that can be read aloud."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    return "-".join(text[place : place + 4] for place in range(0, 16, 4))


def _code_hash(services: "Services", session: "Session", code: str) -> str:
    plain = code.replace("-", "").upper()
    return services.keyring.lookup(session, "recovery-code", plain)


def _secret(services: "Services", session: "Session", user: "User") -> str:
    return unseal(services.keyring.system(session), _place(user.id), user.totp_secret)


def _next_secret(services: "Services", session: "Session", user: "User", token: str) -> str | None:
    """Return the unconfirmed secret, None for one of another session and for one that ended.

    Whoever holds another open session of the account could make the codes of the new telephone.
    """
    if user.totp_next is None:
        return None
    where = _place(user.id, "totp_next")
    waiting = unseal(services.keyring.system(session), where, user.totp_next).split(" ")
    # What an older release left says neither session nor time, and is begun again.
    if len(waiting) != 3 or not secrets.compare_digest(waiting[0], users.token_hash(token)):
        return None
    is_late = datetime.fromisoformat(waiting[1]) + ENROLMENT_LIFE <= services.now()
    return None if is_late else waiting[2]


def _enrolment(user: "User", secret: str) -> Enrolment:
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    return Enrolment(secret, totp.provisioning_uri(name=user.label, issuer_name=ISSUER))


def _place(user_id: str, column: str = "totp_secret") -> str:
    return place("users", column, user_id)


def _account(session: "Session", user_id: str) -> "User":
    user = users.locked(session, user_id)
    if user is None:
        raise NotFound
    return user
