"""Show users their own account: open sessions, which they can end, and past sign-ins.

Coordinators see their own sign-ins (requirement 114), and so does everybody else. No network is
shown, since none is kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.accounts.accounts import address_of, ends_soon
from intake.accounts.sign_in import SESSION_IDLE, SESSION_LIFE, account_bucket
from intake.core import audit
from intake.core.errors import NotFound
from storage import audit as audit_trail
from storage.accounts import open_sessions, users
from storage.audit_acts import Act

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session

SHOWN_FOR = timedelta(days=90)
MAX_SIGN_INS = 30
LOGGED = (
    Act.ACCOUNT_SIGNED_IN,
    Act.ACCOUNT_SIGNED_OUT,
    Act.ACCOUNT_SIGN_IN_REFUSED,
    Act.ACCOUNT_FACTOR_PROVED,
    Act.ACCOUNT_FACTOR_RECOVERED,
    Act.ACCOUNT_FACTOR_REFUSED,
    Act.ACCOUNT_FACTOR_ADDED,
    Act.ACCOUNT_FACTOR_REMOVED,
    Act.ACCOUNT_PROVED_AGAIN,
    Act.ACCOUNT_PROOF_REFUSED,
    Act.ACCOUNT_PASSWORD_CHANGED,
    Act.ACCOUNT_CODES_MADE,
    Act.ACCOUNT_SESSION_ENDED,
    Act.ACCOUNT_SESSIONS_ENDED,
)


@dataclass(frozen=True)
class OpenSession:
    """A browser in which the account is signed in.

    `browser` is its kind or empty; `is_here` tells that it is the one which asks.
    """

    handle: str
    begun_at: datetime
    seen_at: datetime
    browser: str
    is_here: bool


@dataclass(frozen=True)
class LogIn:
    """A sign-in, a refusal or a change of how the account signs in; `act` is its audit code."""

    at: datetime
    act: str


@dataclass(frozen=True)
class OwnAccount:
    """An account as its owner sees it.

    `name` and `direct_line` are empty until written. `ends_at` None means that it never ends; with
    `ends_soon` the page asks for a renewal.
    """

    email: str
    name: str
    direct_line: str
    ends_at: datetime | None
    ends_soon: bool
    sessions: tuple[OpenSession, ...]
    log_ins: tuple[LogIn, ...]


def choose_language(services: "Services", user: "SignedInUser", language: str) -> None:
    """Keep the language of a user's own account; audited when it is another than before.

    `language` is one in which the portal has its pages; the caller has checked that.
    """
    with services.database.transaction() as session:
        account = users.locked(session, user.id)
        if account is None or account.language == language:
            return
        account.language = language
        audit.note(services, session, user, Act.ACCOUNT_LANGUAGE_CHOSEN, ("account", account.id))


def read_own_account(services: "Services", user: "SignedInUser", token: str) -> OwnAccount:
    """Return a user's own account, seen from the session of a token. Raises NotFound."""
    now = services.now()
    with services.database.reading() as session:
        row = users.by_id(session, user.id)
        if row is None:
            raise NotFound
        email = address_of(services, session, row)
        return OwnAccount(
            email=email,
            name=row.name or "",
            direct_line=row.direct_line or "",
            ends_at=row.expires_at,
            ends_soon=ends_soon(row.expires_at, now),
            sessions=_open(session, row, token, now),
            log_ins=_log_ins(services, session, row, email),
        )


def end_session(services: "Services", user: "SignedInUser", handle: str) -> None:
    """End one of a user's own sessions. Raises NotFound for an ended one or somebody else's."""
    with services.database.transaction() as session:
        if not open_sessions.end_one(session, user.id, handle, services.now()):
            raise NotFound
        audit.note(services, session, user, Act.ACCOUNT_SESSION_ENDED, ("account", user.id))


def end_other_sessions(services: "Services", user: "SignedInUser", token: str) -> int:
    """End all sessions of a user but that of the token, and return how many were ended."""
    with services.database.transaction() as session:
        ended = open_sessions.end_others(session, user.id, token, services.now())
        if ended:
            audit.note(services, session, user, Act.ACCOUNT_SESSIONS_ENDED, ("account", user.id))
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
    # The session that asks comes first: it is the one that its owner recognises.
    return tuple(sorted(shown, key=lambda each: not each.is_here))


def _log_ins(
    services: "Services", session: "Session", row: "User", email: str
) -> tuple[LogIn, ...]:
    # A refused attempt is recorded for the address, since nobody knows who made it.
    refused = services.keyring.lookup(session, "rate", account_bucket(email))
    found = audit_trail.newest_of(
        session,
        "account",
        [row.id, refused],
        LOGGED,
        since=services.now() - SHOWN_FOR,
        limit=MAX_SIGN_INS,
    )
    return tuple(LogIn(event.at, event.act) for event in found)
