"""One's own account: the sessions that are open, ending them, and who has signed in.

Coordinators see their own log-ins (domain.md §12.3); everybody else does likewise. No network is
shown, since none is kept. Imports storage and its neighbours only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.accounts import audit as auditing
from intake.accounts.accounts import ends_soon
from intake.accounts.sign_in import SESSION_IDLE, SESSION_LIFE, account_bucket
from intake.core.errors import NotFound
from storage import audit
from storage.accounts import open_sessions, users
from storage.crypto.sealing import unseal

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session

SHOWN_FOR = timedelta(days=90)
MAX_SIGN_INS = 30
LOGGED = (
    "account.signed_in",
    "account.signed_out",
    "account.sign_in_refused",
    "account.factor_proved",
    "account.factor_recovered",
    "account.factor_refused",
    "account.factor_added",
    "account.factor_removed",
    "account.proved_again",
    "account.proof_refused",
    "account.password_changed",
    "account.codes_made",
    "account.session_ended",
    "account.sessions_ended",
)


@dataclass(frozen=True)
class OpenSession:
    """One browser in which the account is signed in; `browser` is of which kind, or empty."""

    handle: str
    begun_at: datetime
    seen_at: datetime
    browser: str
    is_here: bool


@dataclass(frozen=True)
class LogIn:
    """One thing that happened at the account's door; `act` is the audit trail's code."""

    at: datetime
    act: str


@dataclass(frozen=True)
class OwnAccount:
    """An account as its owner sees it; `ends_at` None is no end, `ends_soon` asks for a renewal."""

    email: str
    ends_at: datetime | None
    ends_soon: bool
    sessions: tuple[OpenSession, ...]
    log_ins: tuple[LogIn, ...]


def read(services: "Services", user: "SignedInUser", token: str) -> OwnAccount:
    """Return a user's own account, seen from the session of a token. Raises NotFound."""
    now = services.now()
    with services.database.reading() as session:
        row = users.by_id(session, user.id)
        if row is None:
            raise NotFound
        key = services.keyring.system(session)
        email = unseal(key, f"users.email:{row.id}", row.email)
        return OwnAccount(
            email=email,
            ends_at=row.expires_at,
            ends_soon=ends_soon(row.expires_at, now),
            sessions=_open(session, row, token, now),
            log_ins=_log_ins(services, session, row, email),
        )


def end_session(services: "Services", user: "SignedInUser", handle: str) -> None:
    """End one of a user's own sessions at once. Raises NotFound for any other, and an ended one."""
    with services.database.transaction() as session:
        if not open_sessions.end_one(session, user.id, handle, services.now()):
            raise NotFound
        auditing.of_own_account(services, session, user, "account.session_ended")


def end_other_sessions(services: "Services", user: "SignedInUser", token: str) -> int:
    """End all of a user's sessions but the one at hand; return how many there were."""
    with services.database.transaction() as session:
        ended = open_sessions.end_others(session, user.id, token, services.now())
        if ended:
            auditing.of_own_account(services, session, user, "account.sessions_ended")
    return ended


def _open(session: "Session", row: "User", token: str, now: datetime) -> tuple[OpenSession, ...]:
    found = open_sessions.of_account(
        session, row.id, seen_after=now - SESSION_IDLE, begun_after=now - SESSION_LIFE
    )
    here = users.token_hash(token)
    shown = [
        OpenSession(
            each.handle, each.created_at, each.seen_at, each.browser, each.token_hash == here
        )
        for each in found
    ]
    # The one at hand stands first: it is the one that the reader recognises.
    return tuple(sorted(shown, key=lambda each: not each.is_here))


def _log_ins(
    services: "Services", session: "Session", row: "User", email: str
) -> tuple[LogIn, ...]:
    # A refused attempt is written down for the address, since nobody knows whose it was.
    refused = services.keyring.lookup(session, "rate", account_bucket(email))
    found = audit.newest_of(
        session,
        "account",
        [row.id, refused],
        LOGGED,
        since=services.now() - SHOWN_FOR,
        limit=MAX_SIGN_INS,
    )
    return tuple(LogIn(event.at, event.act) for event in found)
