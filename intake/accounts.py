"""Accounts: invitations, passwords, sign-in and server-side sessions.

A stranger learns nothing: the same answer after the same work, whether an account
exists or not (ASVS 5.0 6.3.8). Limits count before the password is looked at, so
that attempts made at once cannot slip past. Imports storage only.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake import passwords
from intake.errors import AddressInvalid, Conflict, IntakeError
from intake.roles import ROLE_WORDS, checked_role
from storage import audit, users
from storage.base import new_id
from storage.sealing import seal, unseal
from storage.users import Role, User, UserSession

if TYPE_CHECKING:
    from intake.services import Services
    from storage.database import Session

INVITATION_LIFE = timedelta(hours=72)
SESSION_IDLE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=8)
SEEN_STEP = timedelta(minutes=1)
RATE_WINDOW = timedelta(minutes=15)
MAX_TRIES_OF_ACCOUNT_AND_NETWORK = 10
MAX_TRIES_OF_NETWORK = 50
MAX_TRIES_OF_ACCOUNT = 100
KNOWN_NETWORK_LIFE = timedelta(days=30)
TOKEN_BYTES = 32


class SignInRefused(IntakeError):
    """No such account, a wrong password or a disabled account: never told apart."""

    reason = "sign_in_refused"
    public = "The address or the password is not right."
    status = 401


class TooManyAttempts(IntakeError):
    """The limit of failed attempts is reached, whether the account exists or not."""

    reason = "too_many_attempts"
    public = "There were too many attempts. Please wait 15 minutes and try again."
    status = 429


class InvitationInvalid(IntakeError):
    """An invitation was used, replaced, is too old or never was: never told apart."""

    reason = "invitation_invalid"
    public = "This invitation cannot be used any more. Please ask for a new one."
    status = 404


@dataclass(frozen=True)
class Invitation:
    """A fresh invitation. `url_token` is shown once and stored only as a hash."""

    url_token: str
    user_id: str
    label: str
    expires_at: datetime


@dataclass(frozen=True)
class SignedInUser:
    """Who acts: an account without its address."""

    id: str
    label: str
    role: Role
    region: str | None

    @property
    def actor(self) -> str:
        """Return the name under which acts are audited."""
        return f"user:{self.id}"


@dataclass(frozen=True)
class SignedIn:
    """A fresh session; `session_token` goes to the browser and is stored only as a hash."""

    session_token: str
    user: SignedInUser


def invite(services: "Services", email: str, role: str, region: str | None) -> Invitation:
    """Make an account and its invitation, or renew the invitation of one not yet used.

    Raises AddressInvalid, AccountInvalid, and Conflict when the account is in use.
    """
    token, now = secrets.token_urlsafe(TOKEN_BYTES), services.now()
    with services.database.transaction() as session:
        user = _account(services, session, email, checked_role(role, region), region)
        user.invitation_hash = users.token_hash(token)
        user.invitation_expires_at = now + INVITATION_LIFE
        _audit(services, session, "system:command", "account.invited", user.id)
        return Invitation(token, user.id, user.label, user.invitation_expires_at)


def accept_invitation(services: "Services", token: str, password: str) -> None:
    """Set the first password. Raises InvitationInvalid or PasswordRefused."""
    passwords.check_new(password, invited_email(services, token))
    password_hash = passwords.make_hash(password)
    with services.database.transaction() as session:
        user_id = users.use_invitation(session, token, password_hash, services.now())
        if user_id is None:
            raise InvitationInvalid
        users.end_sessions_of(session, user_id, services.now())
        _audit(services, session, f"user:{user_id}", "account.activated", user_id)


def invited_email(services: "Services", token: str) -> str:
    """Return the address that an invitation is for. Raises InvitationInvalid."""
    with services.database.reading() as session:
        user = users.by_invitation(session, token)
        if user is None or not users.is_active(user, services.now()):
            raise InvitationInvalid
        if user.invitation_expires_at is None or user.invitation_expires_at <= services.now():
            raise InvitationInvalid
        return unseal(services.keyring.system(session), f"users.email:{user.id}", user.email)


def create_with_password(
    services: "Services", email: str, role: str, region: str | None, password: str
) -> SignedInUser:
    """Make a ready account, for the demo. Raises as `invite` does, and PasswordRefused."""
    passwords.check_new(password, _normalised(email))
    password_hash = passwords.make_hash(password)
    with services.database.transaction() as session:
        user = _account(services, session, email, checked_role(role, region), region)
        user.password_hash = password_hash
        user.invitation_hash = user.invitation_expires_at = None
        _audit(services, session, "system:command", "account.created", user.id)
        return _shown(user)


def sign_in(services: "Services", email: str, password: str, network: str) -> SignedIn:
    """Check a password and start a session.

    `network` is the caller's address or prefix. Raises SignInRefused or TooManyAttempts.
    """
    address = email.strip().lower()
    attempt = _reserve(services, address, network)
    with services.database.reading() as session:
        user = users.by_email_hash(session, _email_hash(services, session, address))
        is_active = user is not None and users.is_active(user, services.now())
    known_hash = user.password_hash if user is not None and is_active else None
    if not passwords.matches(password, known_hash) or user is None or known_hash is None:
        with services.database.transaction() as session:
            # The account's bucket is a keyed hash: it tells two accounts apart, and no more.
            _audit(services, session, "anonymous", "account.sign_in_refused", attempt.account)
        raise SignInRefused
    better_hash = passwords.make_hash(password) if passwords.is_outdated(known_hash) else None
    return _start_session(services, user.id, attempt, better_hash)


def sign_out(services: "Services", token: str) -> None:
    """End the session of a token; an unknown or ended one is no error."""
    with services.database.transaction() as session:
        row = users.session_by_token(session, token)
        if row is None or row.ended_at is not None:
            return
        row.ended_at = services.now()
        _audit(services, session, f"user:{row.user_id}", "account.signed_out", row.user_id)


def user_of_session(services: "Services", token: str) -> SignedInUser | None:
    """Return who holds a session, or None when it is idle, old, ended or its account is not active.

    Notes at most once a minute that it was used.
    """
    now = services.now()
    with services.database.reading() as session:
        row = users.session_by_token(session, token)
        if row is None or row.ended_at is not None:
            return None
        if row.seen_at + SESSION_IDLE <= now or row.created_at + SESSION_LIFE <= now:
            return None
        user = users.by_id(session, row.user_id)
        if user is None or not users.is_active(user, now):
            return None
        shown = _shown(user)
    if row.seen_at + SEEN_STEP <= now:
        with services.database.transaction() as session:
            users.note_seen(session, token, now)
    return shown


@dataclass(frozen=True)
class _Attempt:
    """A counted attempt: what was counted, and the buckets it was counted in."""

    event_ids: list[int]
    account: str
    known_network: str


def _reserve(services: "Services", address: str, network: str) -> _Attempt:
    """Count an attempt before it is known to fail. Raises TooManyAttempts."""
    now = services.now()
    since = now - RATE_WINDOW
    with services.database.transaction() as session:
        account, here, pair, known = (
            services.keyring.lookup(session, "rate", bucket)
            for bucket in (
                f"account {address}",
                f"network {network}",
                f"account {address} network {network}",
                f"known {address} network {network}",
            )
        )
        users.lock_rates(session, [account, here])
        # Strangers on many networks must not lock an officer out: the cap of the whole account
        # does not hold where this account signed in before.
        is_known = users.count_rate(session, known, now - KNOWN_NETWORK_LIFE) > 0
        is_over = (
            users.count_rate(session, pair, since) >= MAX_TRIES_OF_ACCOUNT_AND_NETWORK
            or users.count_rate(session, here, since) >= MAX_TRIES_OF_NETWORK
            or (users.count_rate(session, account, since) >= MAX_TRIES_OF_ACCOUNT and not is_known)
        )
        if is_over:
            raise TooManyAttempts
        event_ids = users.reserve_attempt(session, [account, here, pair], now)
    return _Attempt(event_ids, account, known)


def _start_session(
    services: "Services", user_id: str, attempt: _Attempt, better_hash: str | None
) -> SignedIn:
    token, now = secrets.token_urlsafe(TOKEN_BYTES), services.now()
    with services.database.transaction() as session:
        user = users.by_id(session, user_id)
        if user is None or not users.is_active(user, now):
            # Disabled while the password was compared.
            raise SignInRefused
        users.give_back_attempt(session, attempt.event_ids)
        users.forget_rates(session, now - KNOWN_NETWORK_LIFE)
        users.note_rate(session, attempt.known_network, now)
        user.password_hash = better_hash or user.password_hash
        session.add(
            UserSession(
                token_hash=users.token_hash(token), user_id=user.id, created_at=now, seen_at=now
            )
        )
        _audit(services, session, f"user:{user.id}", "account.signed_in", user.id)
        return SignedIn(token, _shown(user))


def _account(
    services: "Services", session: "Session", email: str, role: Role, region: str | None
) -> User:
    """Return a new account, or the one of this address when it was never activated."""
    address = _normalised(email)
    email_hash = _email_hash(services, session, address)
    user = users.by_email_hash(session, email_hash)
    if user is not None and user.password_hash is not None:
        raise Conflict("This address has an account already.")
    label = f"{ROLE_WORDS[role]} {users.count_with_role(session, role) + 1}"
    if user is None:
        user_id = new_id()
        sealed = seal(services.keyring.system(session), f"users.email:{user_id}", address)
        user = User(
            id=user_id, email=sealed, email_hash=email_hash, label=label, created_at=services.now()
        )
    elif user.role != role:
        user.label = label
    user.role, user.region = role, region
    session.add(user)
    session.flush()
    return user


def _normalised(email: str) -> str:
    address = email.strip().lower()
    if len(address) > 254 or re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", address) is None:
        raise AddressInvalid
    return address


def _email_hash(services: "Services", session: "Session", address: str) -> str:
    return services.keyring.lookup(session, "email", address)


def _shown(user: User) -> SignedInUser:
    return SignedInUser(user.id, user.label, Role(user.role), user.region)


def _audit(services: "Services", session: "Session", actor: str, act: str, account: str) -> None:
    audit.append(session, services.now(), actor=actor, act=act, subject=("account", account))
