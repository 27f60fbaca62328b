"""Sign users in by password, and keep their sessions on the server.

The second factor follows in `second_factor`. A stranger learns nothing: the answer and the work
are the same whether an account exists or not (ASVS 5.0 6.3.8). An attempt is counted before its
password is compared, so that attempts made at once do not pass the limit.

Guesses are limited by account, by network and in all. None of these limits keeps out who comes with
the right password from a browser of their own, whatever strangers do: a network, or everybody
together, that fails often gets fewer tries for each account, never none (threat W4). A network that
fails often, or is turned away often because the line before the passwords is full, comes last in
that line; for this all networks of one owner count as one.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.accounts import known_browsers, password_work, passwords
from intake.accounts.accounts import SignedInUser, email_hash, signed_in_user
from intake.core import audit, networks
from intake.core.errors import IntakeError
from intake.core.fair_line import Caller, LineFull
from storage.accounts import users
from storage.audit_acts import Act
from storage.worded import worded

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

SESSION_IDLE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=8)
SEEN_STEP = timedelta(minutes=1)
RATE_WINDOW = timedelta(minutes=15)
MAX_TRIES_OF_ACCOUNT_AND_NETWORK = 10
# A network that failed so often, or all networks together, get fewer tries for each account: it may
# be one proxy that everybody comes through.
MAX_TRIES_OF_NETWORK = 50
MAX_TRIES_IN_ALL = 500
TRIES_WHILE_MANY_FAIL = 3
MAX_TRIES_OF_ACCOUNT = 100
MAX_TRIES_OF_BROWSER = 10
KNOWN_NETWORK_LIFE = timedelta(days=30)
TOKEN_BYTES = 32


class SignInRefused(IntakeError):
    """The account is missing or disabled, or the password is wrong; the answer is the same."""

    reason = "sign_in_refused"
    public = worded("The address or the password is not right.")
    status = 401


class AccountWaits(IntakeError):
    """The password is right, and a manager has not said yes to the account yet."""

    reason = "account_waits"
    public = worded("Your password is right. Your account works once a manager has said yes to it.")
    status = 403


class TooManyAttempts(IntakeError):
    """The limit of failed attempts is reached, whether the account exists or not."""

    reason = "too_many_attempts"
    public = worded("There were too many attempts. Please wait 15 minutes and try again.")
    status = 429


@dataclass(frozen=True)
class SignedIn:
    """A new session; `session_token` goes to the browser and is stored only as a hash.

    `browser_mark` goes to the browser too (`known_browsers`). It is empty and `is_whole` is false
    while the account's second factor is still to be given.
    """

    session_token: str
    user: SignedInUser
    browser_mark: str = ""
    is_whole: bool = True


def sign_in(
    services: "Services",
    email: str,
    password: str,
    network: str,
    browser: str = "",
    browser_mark: str = "",
) -> SignedIn:
    """Check a password and start a session.

    `network` is the caller's address or prefix, counted and not kept; `browser` says of which
    kind the browser is, for the owner's list; `browser_mark` is what it was given before, or empty.
    Raises SignInRefused, AccountWaits, TooManyAttempts or LineFull.
    """
    address = email.strip().lower()
    attempt = _reserve(services, address, network, browser_mark)
    with services.database.reading() as session:
        user = users.by_email_hash(session, email_hash(services, session, address))
        is_active = user is not None and users.is_active(user, services.now())
    known_hash = user.password_hash if user is not None and is_active else None
    is_right = password_work.compare(
        services, attempt.caller, password, known_hash, attempt.given_back_ids
    )
    if not is_right or user is None or known_hash is None:
        with services.database.transaction() as session:
            # The account's bucket is a keyed hash: two accounts differ, and that is all it tells.
            audit.note(
                services,
                session,
                "anonymous",
                Act.ACCOUNT_SIGN_IN_REFUSED,
                ("account", attempt.account),
            )
        raise SignInRefused
    proved = _Proved(user.id, known_hash, _better_hash(services, attempt, password, known_hash))
    signed_in = _start_session(services, proved, attempt, browser)
    if not signed_in.is_whole:
        return signed_in
    return replace(signed_in, browser_mark=known_browsers.make_mark(services, address))


def sign_out(services: "Services", token: str) -> None:
    """End the session of a token; an unknown or ended one is no error."""
    with services.database.transaction() as session:
        row = users.session_by_token(session, token)
        if row is None or row.ended_at is not None:
            return
        row.ended_at = services.now()
        audit.note(
            services,
            session,
            f"user:{row.user_id}",
            Act.ACCOUNT_SIGNED_OUT,
            ("account", row.user_id),
        )


def user_of_session(
    services: "Services", token: str, *, is_attended: bool = True
) -> SignedInUser | None:
    """Return the user of a session, None when it is idle, too old or ended, lacks its second
    factor, or its account is not active.

    Notes at most once a minute that the session was used. `is_attended` is false for a request
    that a page makes by itself: nobody need be there, so it does not keep the session alive.
    """
    now = services.now()
    with services.database.reading() as session:
        row = users.session_by_token(session, token)
        if row is None or row.ended_at is not None:
            return None
        if row.seen_at + SESSION_IDLE <= now or row.created_at + SESSION_LIFE <= now:
            return None
        user = users.by_id(session, row.user_id)
        if user is None or not users.is_active(user, now) or user.waits_since is not None:
            return None
        if user.totp_confirmed_at is not None and row.factor_at is None:
            return None
        is_noted = is_attended and row.seen_at + SEEN_STEP <= now
        seen_at = now if is_noted else row.seen_at
        viewer = replace(
            signed_in_user(user),
            session_hash=row.token_hash,
            session_ends_at=min(seen_at + SESSION_IDLE, row.created_at + SESSION_LIFE),
        )
    if is_noted:
        with services.database.transaction() as session:
            users.note_seen(session, token, now)
    return viewer


def owner_of_session(services: "Services", token: str) -> str | None:
    """Return whose session a token was, also one that is idle or ended; None for none of ours."""
    if not token:
        return None
    with services.database.reading() as session:
        row = users.session_by_token(session, token)
        return row.user_id if row is not None else None


def is_idle(services: "Services", token: str) -> bool:
    """Tell whether a token's session ended by itself, because nobody used it or it was too old.

    One that still waits for the second factor let nobody in, so nobody was signed out.
    """
    with services.database.reading() as session:
        row = users.session_by_token(session, token) if token else None
        if row is None or row.ended_at is not None:
            return False
        now = services.now()
        return row.seen_at + SESSION_IDLE <= now or row.created_at + SESSION_LIFE <= now


@dataclass(frozen=True)
class _Attempt:
    """A counted attempt: the ids of its counts, two of the buckets, and who waits to be hashed.

    `given_back_ids` are the counts that do not stay when the line is full.
    """

    event_ids: list[int]
    given_back_ids: list[int]
    account: str
    known_network: str
    caller: Caller


@dataclass(frozen=True)
class _Proved:
    """Whose password was right: the hash that it matched, and a better one to keep, or None."""

    user_id: str
    password_hash: str
    better_hash: str | None


def _reserve(services: "Services", address: str, network: str, browser_mark: str = "") -> _Attempt:
    """Count an attempt before it is known to fail. Raises TooManyAttempts."""
    now = services.now()
    with services.database.transaction() as session:
        account, here, pair, known, all_networks, around = (
            services.keyring.lookup(session, "rate", bucket)
            for bucket in (
                account_bucket(address),
                f"network {network}",
                f"account {address} network {network}",
                f"known {address} network {network}",
                "all networks",
                f"around {networks.around(network)[0]}",
            )
        )
        own = known_browsers.bucket_of(services, session, address, browser_mark)
        if own is not None:
            # What strangers did does not count against a browser that its owner has used before.
            buckets = [services.keyring.lookup(session, "rate", own)]
            limits = [(buckets[0], MAX_TRIES_OF_BROWSER)]
        else:
            buckets = [account, here, pair, all_networks]
            limits = _limits(session, buckets, known, now)
        users.lock_rates(session, buckets[:2])
        since = now - RATE_WINDOW
        is_doubted = own is None and users.is_reached(session, around, since, MAX_TRIES_OF_NETWORK)
        if any(users.is_reached(session, bucket, since, most) for bucket, most in limits):
            raise TooManyAttempts
        given_back = users.reserve_attempt(session, buckets, now)
        # It stays when the line is full. More than the limit is not kept, or a flood would fill the
        # disk.
        is_kept = own is None and not is_doubted
        kept = users.reserve_attempt(session, [around], now) if is_kept else []
    caller = Caller(account, network, is_proved=own is not None, is_doubted=is_doubted)
    return _Attempt([*given_back, *kept], given_back, account, known, caller)


def _limits(
    session: "Session", buckets: list[str], known: str, now: datetime
) -> list[tuple[str, int]]:
    """Return the limits of a browser that nobody knows, as (bucket, most tries).

    `buckets` are those of the account, the network, both together, and everybody.
    """
    account, here, pair, all_networks = buckets
    since = now - RATE_WINDOW
    do_many_fail = users.is_reached(session, here, since, MAX_TRIES_OF_NETWORK) or users.is_reached(
        session, all_networks, since, MAX_TRIES_IN_ALL
    )
    limits = [(pair, TRIES_WHILE_MANY_FAIL if do_many_fail else MAX_TRIES_OF_ACCOUNT_AND_NETWORK)]
    # Strangers on many networks must not lock an officer out: the limit of the account does not
    # apply on a network from which it signed in before.
    if not users.is_reached(session, known, now - KNOWN_NETWORK_LIFE, 1):
        limits.append((account, MAX_TRIES_OF_ACCOUNT))
    return limits


def _better_hash(
    services: "Services", attempt: _Attempt, password: str, known_hash: str
) -> str | None:
    """Return a new hash for one that was made with older parameters, when there is time for it."""
    if not passwords.is_outdated(known_hash):
        return None
    try:
        return password_work.make_hash(services, replace(attempt.caller, is_proved=True), password)
    except LineFull:
        # The next sign-in makes it.
        return None


def account_bucket(address: str) -> str:
    """Return the name, before hashing, under which an account's attempts are counted."""
    return f"account {address}"


def _start_session(
    services: "Services", proved: _Proved, attempt: _Attempt, browser: str
) -> SignedIn:
    token, now = secrets.token_urlsafe(TOKEN_BYTES), services.now()
    with services.database.transaction() as session:
        # Locked, as a change of the password locks it: of the two one comes first. Then either
        # the change finds this session and ends it, or this finds that the password is no more.
        user = users.locked(session, proved.user_id)
        if user is None or not users.is_active(user, now):
            # The account was disabled while the password was compared.
            raise SignInRefused
        if user.password_hash != proved.password_hash:
            raise SignInRefused
        if user.waits_since is not None:
            raise AccountWaits
        users.give_back_attempt(session, attempt.event_ids)
        users.forget_rates(session, now - KNOWN_NETWORK_LIFE)
        users.note_rate(session, attempt.known_network, now)
        user.password_hash = proved.better_hash or user.password_hash
        users.begin_session(session, token, user.id, now, browser=browser)
        audit.note(
            services, session, f"user:{user.id}", Act.ACCOUNT_SIGNED_IN, ("account", user.id)
        )
        return SignedIn(token, signed_in_user(user), is_whole=user.totp_confirmed_at is None)
