"""Ask a signed-in user to authenticate again before a sensitive act.

A stolen or forgotten open browser must not release malware or let somebody in (ASVS 5.0 7.5.3).
A user with a second factor gives a code, a user without one gives the password.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.accounts import password_work, second_factor
from intake.core import audit
from intake.core.errors import IntakeError, NotFound
from intake.core.fair_line import Caller
from storage.accounts import users
from storage.audit_acts import Act
from storage.worded import worded

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services

VALID_FOR = timedelta(minutes=10)


class ProofRefused(IntakeError):
    """The password is not this account's."""

    reason = "proof_refused"
    public = worded("This password is not right. Please try again.")
    status = 401


def is_reauthenticated(services: "Services", token: str) -> bool:
    """Tell whether the user of a session authenticated within the last `VALID_FOR`."""
    with services.database.reading() as session:
        row = users.session_by_token(session, token)
        if row is None or row.ended_at is not None or row.proved_at is None:
            return False
        return row.proved_at + VALID_FOR > services.now()


def reauthenticate(services: "Services", user: "SignedInUser", token: str, typed: str) -> None:
    """Authenticate a user again in their open session, by a code or by the password.

    Raises ProofRefused or CodeRefused for a wrong one, TooManyAttempts, LineFull, and NotFound when
    the session is not open.
    """
    counted = second_factor.count_try(services, user.id)
    is_right = _matches_password(services, user, typed, counted) if not user.has_factor else None
    with services.database.transaction() as session:
        account = users.locked(session, user.id)
        row = users.session_by_token(session, token)
        if account is None or row is None or row.ended_at is not None or row.user_id != user.id:
            raise NotFound
        now = services.now()
        if is_right is None:
            is_right = second_factor.use_code(services, session, account, typed, now) is not None
        if is_right:
            row.proved_at = now
            users.give_back_attempt(session, counted)
        act = Act.ACCOUNT_PROVED_AGAIN if is_right else Act.ACCOUNT_PROOF_REFUSED
        audit.note(services, session, user, act, ("account", user.id))
    # Raised after the commit, so that the refusal is recorded.
    if not is_right:
        raise second_factor.CodeRefused if user.has_factor else ProofRefused


def _matches_password(
    services: "Services", user: "SignedInUser", typed: str, counted: list[int]
) -> bool:
    with services.database.reading() as session:
        account = users.by_id(session, user.id)
    # Compared outside of the transaction, because the hash is slow on purpose.
    known_hash = account.password_hash if account is not None else None
    caller = Caller(user.id, "session", is_proved=True)
    return password_work.compare(services, caller, typed, known_hash, counted)
