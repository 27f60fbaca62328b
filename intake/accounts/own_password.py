"""Change a user's own password, after the old one was given; every other browser is signed out."""

import secrets
from typing import TYPE_CHECKING

from intake.accounts import password_work, passwords, second_factor
from intake.accounts.accounts import address_of
from intake.accounts.passwords import PasswordRefused
from intake.accounts.sign_in import TOKEN_BYTES
from intake.core import audit
from intake.core.errors import IntakeError, NotFound
from intake.core.fair_line import Caller
from storage.accounts import users
from storage.audit_acts import Act
from storage.worded import worded

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User, UserSession
    from storage.database import Session


class OldPasswordWrong(IntakeError):
    """The password that was given as the present one is wrong."""

    reason = "old_password_wrong"
    public = worded("This is not your password. Please try again.")
    status = 401


def change_password(
    services: "Services", user: "SignedInUser", token: str, old: str, new: str
) -> str:
    """Change a user's own password and return the session's new token (ASVS 5.0 6.2.3, 7.2.4).

    Every session of the account ends; that of `token` continues under the new token. Raises
    PasswordRefused, OldPasswordWrong, TooManyAttempts, LineFull, and NotFound when the session is
    not open.
    """
    account, email = _account(services, user)
    passwords.check_new(new, email)
    counted = second_factor.count_try(services, user.id)
    caller = Caller(user.id, "session", is_proved=True)
    if not password_work.compare(services, caller, old, account.password_hash, counted):
        with services.database.transaction() as session:
            audit.note(services, session, user, Act.ACCOUNT_PROOF_REFUSED, ("account", user.id))
        raise OldPasswordWrong
    if old == new:
        raise PasswordRefused("The new password is the old one. Please choose another.")
    new_hash = password_work.make_hash(services, caller, new)
    with services.database.transaction() as session:
        current = users.locked(session, user.id)
        row = users.session_by_token(session, token)
        if current is None or row is None or row.ended_at is not None or row.user_id != user.id:
            raise NotFound
        if current.password_hash != account.password_hash:
            # Another session changed the password while this one was compared.
            raise OldPasswordWrong
        current.password_hash = new_hash
        users.give_back_attempt(session, counted)
        users.end_sessions_of(session, user.id, services.now())
        new_token = _continue_session(services, session, row)
        audit.note(services, session, user, Act.ACCOUNT_PASSWORD_CHANGED, ("account", user.id))
    return new_token


def _account(services: "Services", user: "SignedInUser") -> "tuple[User, str]":
    """Return a user's account and its address."""
    with services.database.reading() as session:
        account = users.by_id(session, user.id)
        if account is None:
            raise NotFound
        return account, address_of(services, session, account)


def _continue_session(services: "Services", session: "Session", row: "UserSession") -> str:
    """Continue a session under a new token, and return the token."""
    new_token, now = secrets.token_urlsafe(TOKEN_BYTES), services.now()
    users.begin_session(
        session,
        new_token,
        row.user_id,
        now,
        browser=row.browser,
        factor_at=row.factor_at,
        # A session lives for eight hours from the sign-in; this is not one.
        since=row.created_at,
    )
    return new_token
