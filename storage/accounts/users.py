"""Store people who sign in, their server-side sessions, and failed attempts."""

import hashlib
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime, new_id
from storage.crypto.column_types import SealedText


class Role(StrEnum):
    """Roles of requirement 113."""

    COORD = "COORD"
    COORD_DEP = "COORD-DEP"
    INTAKE = "INTAKE"
    CASEW = "CASEW"
    HEALTH = "HEALTH"
    PROT = "PROT"
    CASH = "CASH"
    HELP = "HELP"
    MON = "MON"
    COUNTRY = "COUNTRY"
    MGR = "MGR"
    DPO = "DPO"
    ADMIN = "ADMIN"
    AUDIT = "AUDIT"


class User(Base):
    """An account. `email` is sealed with the system's key and found by keyed hash."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[bytes] = mapped_column(LargeBinary)
    email_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(64))
    # As colleagues and coordinators call them, and where they are reached; empty until written.
    name: Mapped[str | None] = mapped_column("sealed_name", SealedText("users.name"))
    direct_line: Mapped[str | None] = mapped_column(
        "sealed_direct_line", SealedText("users.direct_line")
    )
    # Whom new items and warnings go to while they are away; may have left since it was chosen.
    deputy_id: Mapped[str | None] = mapped_column(String(32), index=True)
    # In which language its owner reads the pages, as a BCP 47 code; None until they choose one.
    language: Mapped[str | None] = mapped_column(String(12))
    role: Mapped[str] = mapped_column(String(12))
    region: Mapped[str | None] = mapped_column(String(8))
    # Sealed: with a copy of the database alone nobody can try passwords.
    password_hash: Mapped[str | None] = mapped_column(
        "sealed_password_hash", SealedText("users.password_hash")
    )
    invitation_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invitation_expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # A new account does not work before a manager said yes to its role; None when they have, or
    # when nobody needs to.
    waits_since: Mapped[datetime | None] = mapped_column(UtcTime)
    # The second factor's secret, sealed with the system's key; counts once it is confirmed.
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # The secret of a new telephone, sealed likewise; its first code makes it the one in use.
    totp_next: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The newest time step whose code was used, since each code counts once (RFC 6238 §5.2).
    totp_last_step: Mapped[int | None] = mapped_column(Integer)


class UserSession(Base):
    """A signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # When the second factor was last proved in this session; None while it is still due.
    factor_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # When the session was last reauthenticated: sensitive acts ask again after a while.
    proved_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # Names the session on its owner's page; it opens nothing.
    handle: Mapped[str] = mapped_column(String(32), default=new_id)
    # The kind of browser in a few words, such as «Firefox on Windows»; never its address.
    browser: Mapped[str] = mapped_column(String(40), default="")


class RateEvent(Base):
    """One counted attempt; `bucket` is a keyed hash of what is limited."""

    __tablename__ = "rate_events"
    __table_args__ = (Index("ix_rate_events_bucket", "bucket", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcTime)


def token_hash(token: str) -> str:
    """Hash a random token for storage; it has 256 bits, so no stretching is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_id(session: Session, user_id: str) -> User | None:
    """Return one account or None."""
    return session.get(User, user_id)


def locked(session: Session, user_id: str) -> User | None:
    """Return one account as it is now, and keep others from changing it until the commit."""
    return session.scalar(
        select(User)
        .where(User.id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def by_email_hash(session: Session, email_hash: str) -> User | None:
    """Return the account of an address, or None."""
    return session.scalar(select(User).where(User.email_hash == email_hash))


def by_invitation(session: Session, token: str) -> User | None:
    """Return the account that an invitation's token opens, expired or not, or None."""
    return session.scalar(select(User).where(User.invitation_hash == token_hash(token)))


def count_with_role(session: Session, role: str) -> int:
    """Count the accounts of a role; the next label's number follows from it."""
    return session.scalar(select(func.count()).select_from(User).where(User.role == role)) or 0


def is_able(user: User, now: datetime) -> bool:
    """Say whether an account can be signed in to and worked with now; the rule of `able`."""
    is_ready = user.password_hash is not None and user.waits_since is None
    return is_ready and is_active(user, now)


def is_active(user: User, now: datetime) -> bool:
    """Say whether an account may be used."""
    is_expired = user.expires_at is not None and user.expires_at <= now
    return user.disabled_at is None and not is_expired


def called(user: User) -> str:
    """Return what colleagues call somebody: their name, or the label of an account without one."""
    return user.name or user.label


def with_label(session: Session, label: str) -> User | None:
    """Return the account with a label, the oldest if several have it, or None."""
    return session.scalar(
        select(User).where(User.label == label).order_by(User.created_at, User.id).limit(1)
    )


def labels_of(session: Session, user_ids: set[str]) -> dict[str, str]:
    """Return {id: what colleagues call them} of several accounts; unknown ids are absent."""
    if not user_ids:
        return {}
    columns = select(User.id, User.label, User.name).where(User.id.in_(user_ids))
    return {user_id: name or label for user_id, label, name in session.execute(columns)}


def known_as(name: str | None, label: str) -> str:
    """Return a person's name with the account's label, where namesakes must be told apart.

    >>> known_as("Demo Person", "Intake officer 2"), known_as(None, "Intake officer 2")
    ('Demo Person (Intake officer 2)', 'Intake officer 2')
    """
    return f"{name} ({label})" if name else label


def full_names_of(session: Session, user_ids: set[str]) -> dict[str, str]:
    """Return {id: name and label} of several accounts, for the audit; unknown ids are absent.

    The trail itself holds ids only. Whoever left keeps the name of their account here.
    """
    columns = select(User.id, User.label, User.name).where(User.id.in_(user_ids))
    return {user_id: known_as(name, label) for user_id, label, name in session.execute(columns)}


def use_invitation(session: Session, token: str, password_hash: str, now: datetime) -> str | None:
    """Set the password that an invitation allows to set, once.

    Returns the account's id, or None when the invitation was used, replaced or is too old.
    """
    return session.scalar(
        update(User)
        .where(
            User.invitation_hash == token_hash(token),
            User.invitation_expires_at > now,
            User.disabled_at.is_(None),
        )
        .values(password_hash=password_hash, invitation_hash=None, invitation_expires_at=None)
        .returning(User.id)
        # To bring objects of the session up to date, the library would compare the sealed column.
        .execution_options(synchronize_session=False)
    )


def session_by_token(session: Session, token: str) -> UserSession | None:
    """Return the session of a token, ended or not, or None."""
    return session.get(UserSession, token_hash(token))


def begin_session(
    session: Session,
    token: str,
    user_id: str,
    now: datetime,
    *,
    browser: str = "",
    factor_at: datetime | None = None,
    since: datetime | None = None,
) -> None:
    """Begin the session that a token opens, for somebody who proved just now who they are.

    `factor_at` is when the second factor was proved, None while it is due. `since` is when the
    life of the session that this one continues began, None for a sign-in: it begins now.
    """
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=since or now,
            seen_at=now,
            factor_at=factor_at,
            proved_at=now,
            browser=browser,
        )
    )


def note_seen(session: Session, token: str, now: datetime) -> None:
    """Record that a session is in use."""
    session.execute(
        update(UserSession).where(UserSession.token_hash == token_hash(token)).values(seen_at=now)
    )


def end_sessions_of(session: Session, user_id: str, now: datetime) -> None:
    """End all sessions of an account at once."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def lock_rates(session: Session, buckets: list[str]) -> None:
    """Let one transaction at a time count and reserve in these buckets, to its end.

    SQLite's write lock does so anyway. The buckets are locked in one order, so that no two
    transactions wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        for lock in sorted(int(bucket[:15], 16) for bucket in buckets):
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def count_rate(session: Session, bucket: str, since: datetime) -> int:
    """Count the attempts in a bucket since a time."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RateEvent)
            .where(RateEvent.bucket == bucket, RateEvent.at >= since)
        )
        or 0
    )


def is_reached(session: Session, bucket: str, since: datetime, number: int) -> bool:
    """Tell whether a bucket has so many attempts since a time; it reads no more than these."""
    found = session.scalar(
        select(RateEvent.id)
        .where(RateEvent.bucket == bucket, RateEvent.at >= since)
        .offset(number - 1)
        .limit(1)
    )
    return found is not None


def note_rate(session: Session, bucket: str, now: datetime) -> None:
    """Count one attempt."""
    session.add(RateEvent(bucket=bucket, at=now))


def reserve_attempt(session: Session, buckets: list[str], now: datetime) -> list[int]:
    """Count one attempt in several buckets and return the ids for `give_back_attempt`.

    An attempt is counted before it is known to fail, so that attempts made at once cannot pass a
    limit.
    """
    events = [RateEvent(bucket=bucket, at=now) for bucket in buckets]
    session.add_all(events)
    session.flush()
    return [event.id for event in events]


def give_back_attempt(session: Session, event_ids: list[int]) -> None:
    """Uncount an attempt that succeeded."""
    session.execute(delete(RateEvent).where(RateEvent.id.in_(event_ids)))


def forget_rates(session: Session, before: datetime) -> None:
    """Remove old attempts: they are of no use any more and point at people."""
    session.execute(delete(RateEvent).where(RateEvent.at < before))


def of_role(session: Session, role: str | None, *, limit: int) -> list[User]:
    """Return the accounts of a role or of all, by role and age, at most `limit` of them."""
    query = select(User).order_by(User.role, User.created_at, User.label).limit(limit)
    if role is not None:
        query = query.where(User.role == role)
    return list(session.scalars(query))


def last_seen(session: Session, user_ids: list[str]) -> dict[str, datetime]:
    """Return {id: when one of its sessions was last used}, without accounts never signed in to."""
    rows = session.execute(
        select(UserSession.user_id, func.max(UserSession.seen_at))
        .where(UserSession.user_id.in_(user_ids))
        .group_by(UserSession.user_id)
    )
    return {user_id: at for user_id, at in rows}  # noqa: C416 - a Row is no tuple to mypy


def password_hashes(session: Session, now: datetime) -> list[str]:
    """Return the hashes of the passwords that can be used; as many as people who work here.

    An account that was disabled or ended is compared as one that does not exist.
    """
    rows = session.scalars(
        select(User.password_hash).where(
            User.password_hash.is_not(None),
            User.disabled_at.is_(None),
            or_(User.expires_at.is_(None), User.expires_at > now),
        )
    )
    return [each for each in rows if each is not None]


def able(session: Session, roles: list[str], now: datetime) -> list[User]:
    """Return the accounts of some roles that can be signed in to now, by their label.

    An account whose invitation was never used is not among them.
    """
    return list(
        session.scalars(
            select(User)
            .where(
                User.role.in_(roles),
                User.password_hash.is_not(None),
                User.disabled_at.is_(None),
                User.waits_since.is_(None),
                or_(User.expires_at.is_(None), User.expires_at > now),
            )
            .order_by(User.label, User.id)
        )
    )
