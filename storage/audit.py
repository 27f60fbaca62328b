"""Append to the audit trail and check it: append-only, hash-chained, without personal content.

`storage.audit_chain` says how an event's hash covers the one before it, with a key that is derived
from the system's data key and so stays the same when the master key changes. Triggers refuse UPDATE
and DELETE, and every INSERT but that of the next number.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Index, Integer, String, and_, func, insert, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import audit_chain, audit_mentions
from storage.audit_acts import Act
from storage.audit_chain import FIRST_HASH, Anchor, Anchors
from storage.base import Base, UtcTime
from storage.crypto.column_types import SealedJson
from storage.crypto.keys import Keyring
from storage.errors import ValueDamaged

KEY_PURPOSE = "audit-chain"
# An arbitrary constant: the name of the one lock that orders appends on PostgreSQL.
CHAIN_LOCK = 7_301_142_019
# The key under which a session remembers the chain's head, while its transaction has the lock.
HEAD = "audit_head"


# Stands for a detail that somebody damaged; the chain's check names its event.
DAMAGED = {"detail": "damaged"}


class SealedDetail(SealedJson):
    """A sealed detail; one damaged event must not keep the others from being read."""

    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Open a detail, or say that it is damaged. Raises KeyUnavailable without the key."""
        try:
            return super().process_result_value(value, dialect)
        except ValueDamaged:
            return dict(DAMAGED)


class AuditEvent(Base):
    """One act. `detail` holds codes and numbers, sealed; names and addresses never.

    The chain's hashes cover the plain detail.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_type", "subject_id"),
        Index("ix_audit_events_act", "act", "sequence"),
        Index("ix_audit_events_actor", "actor", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(48))
    subject_type: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(
        "sealed_detail", SealedDetail("audit_events.detail"), default=dict
    )
    hash: Mapped[str] = mapped_column(String(64))


def append(
    session: Session,
    keyring: Keyring,
    now: datetime,
    *,
    actor: str,
    act: Act,
    subject: tuple[str, str],
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one event in the caller's transaction; `subject` is (type, id).

    `actor` is written as `user:ID` or `system:PART`. `detail` holds codes and numbers only. Raises
    KeyUnavailable.
    """
    previous, last = _head(session)
    event = {
        "sequence": last + 1,
        "at": now,
        "actor": actor,
        "act": act,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "detail": detail or {},
    }
    event["hash"] = audit_chain.keyed_hash(
        chain_key(session, keyring), previous, AuditEvent(**event)
    )
    session.execute(insert(AuditEvent), event)
    audit_mentions.add(session, last + 1, detail or {})
    session.info[HEAD] = (session.get_transaction(), event["hash"], last + 1)


def of_subject(session: Session, subject_type: str, subject_id: str) -> list[AuditEvent]:
    """Return what happened to one subject, oldest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject_type == subject_type, AuditEvent.subject_id == subject_id)
            .order_by(AuditEvent.sequence)
        )
    )


def newest_acts(
    session: Session, subject: tuple[str, str], acts: list[Act], *, by: str
) -> list[AuditEvent]:
    """Return what actors whose name starts with `by` did to a subject, the newest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(
                AuditEvent.subject_type == subject[0],
                AuditEvent.subject_id == subject[1],
                AuditEvent.act.in_(acts),
                AuditEvent.actor.startswith(by, autoescape=True),
            )
            .order_by(AuditEvent.sequence.desc())
        )
    )


def has_acts_since(
    session: Session,
    subjects: Mapping[str, list[str]],
    since: int,
    other_than: Collection[Act],
) -> bool:
    """Tell whether anything was done to one of several subjects after the event with a number.

    `subjects` are {type: ids}; the acts in `other_than` do not count. Only the end of the trail is
    read.
    """
    about = [
        and_(AuditEvent.subject_type == kind, AuditEvent.subject_id.in_(ids))
        for kind, ids in subjects.items()
        if ids
    ]
    query = (
        select(AuditEvent.sequence)
        .where(AuditEvent.sequence > since, or_(*about), AuditEvent.act.not_in(sorted(other_than)))
        .limit(1)
    )
    return session.scalar(query) is not None


def newest_number(session: Session) -> int:
    """Return the number of the newest event, 0 when there is none."""
    return session.scalar(select(func.max(AuditEvent.sequence))) or 0


def last_at(
    session: Session, actor: str, acts: tuple[Act, ...], subject: tuple[str, str]
) -> datetime | None:
    """Return when somebody last did one of these acts on a subject, or None."""
    found = last_by(session, actor, acts, subject)
    return found.at if found is not None else None


def last_by(
    session: Session, actor: str, acts: tuple[Act, ...], subject: tuple[str, str]
) -> AuditEvent | None:
    """Return the last of these acts that somebody did on a subject, or None."""
    return session.scalar(
        select(AuditEvent)
        .where(
            AuditEvent.subject_type == subject[0],
            AuditEvent.subject_id == subject[1],
            AuditEvent.actor == actor,
            AuditEvent.act.in_(acts),
        )
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    )


def newest_of(
    session: Session,
    subject_type: str,
    subject_ids: list[str],
    acts: tuple[Act, ...],
    *,
    since: datetime,
    limit: int,
) -> list[AuditEvent]:
    """Return the newest of some acts on some subjects, the newest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(
                AuditEvent.subject_type == subject_type,
                AuditEvent.subject_id.in_(subject_ids),
                AuditEvent.act.in_(acts),
                AuditEvent.at >= since,
            )
            .order_by(AuditEvent.sequence.desc())
            .limit(limit)
        )
    )


def count_since(session: Session, act: Act, subject: tuple[str, str], since: datetime) -> int:
    """Count how often an act was done on a subject since a time."""
    return (
        session.scalar(
            select(func.count())
            .select_from(AuditEvent)
            .where(
                AuditEvent.subject_type == subject[0],
                AuditEvent.subject_id == subject[1],
                AuditEvent.act == act,
                AuditEvent.at >= since,
            )
        )
        or 0
    )


def check_chain(session: Session, keyring: Keyring, anchors: Anchors | None = None) -> list[str]:
    """Return a sentence for each run of events that is not what was written; see `Anchors`.

    Without `anchors` only the chain itself is checked, and what it says of its anchors is not.
    Raises KeyUnavailable.
    """
    return audit_chain.faults(chain_key(session, keyring), _all_events(session), anchors)


def check_mentions(session: Session) -> Iterator[str]:
    """Yield a sentence for each event that the search by reference would not find rightly."""
    return audit_mentions.faults(
        session, ((event.sequence, event.detail) for event in _all_events(session))
    )


def key_old_chain(session: Session, keyring: Keyring, now: datetime) -> int | None:
    """Let a chain of a release without a key go on with it; return the number of its last event.

    None when there is nothing to do. The event that is appended holds the old chain's end, so that
    the old events stay as they were and can be checked.
    """
    _head(session)
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(2)).all()
    if not rows:
        return None
    newest, previous = rows[0], rows[1].hash if len(rows) > 1 else FIRST_HASH
    if newest.hash != audit_chain.plain_hash(previous, newest):
        return None
    append(
        session,
        keyring,
        now,
        actor="system:intake",
        act=Act.AUDIT_KEYED,
        subject=("audit", "trail"),
        detail={"number": newest.sequence, "hash": newest.hash},
    )
    return newest.sequence


def newest_anchor(session: Session, now: datetime) -> tuple[Anchor, str]:
    """Return the newest event's number and hash, and its act; number 0 when there is none."""
    newest = session.execute(
        select(AuditEvent.sequence, AuditEvent.hash, AuditEvent.act)
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    ).first()
    if newest is None:
        return Anchor(0, FIRST_HASH, now), ""
    return Anchor(newest.sequence, newest.hash, now), newest.act


def hash_of(session: Session, number: int) -> str | None:
    """Return an event's hash; `FIRST_HASH` for the number 0, None when it is not there."""
    if number == 0:
        return FIRST_HASH
    return session.scalar(select(AuditEvent.hash).where(AuditEvent.sequence == number))


def chain_key(session: Session, keyring: Keyring) -> bytes:
    """Return the key of the chain and of its anchors: 32 bytes. Raises KeyUnavailable."""
    return keyring.system(session).derive(KEY_PURPOSE)


def count(session: Session) -> int:
    """Count the events."""
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def _all_events(session: Session) -> Iterable[AuditEvent]:
    """Return every event, read a thousand at a time, oldest first."""
    return session.scalars(
        select(AuditEvent).order_by(AuditEvent.sequence).execution_options(yield_per=1000)
    )


def take_turn(session: Session) -> None:
    """Let nobody else append until the commit, for whoever takes other locks before an event.

    It is the first lock of those who take several, so that nobody waits for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        # The lock lasts to the commit: two appends at once would else chain to the same event.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})


def _head(session: Session) -> tuple[str, int]:
    """Return hash and number of the newest event; nobody else appends until the commit."""
    known = session.info.get(HEAD)
    if known is not None and known[0] is session.get_transaction():
        return known[1], known[2]
    take_turn(session)
    newest = session.execute(
        select(AuditEvent.hash, AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)
    ).first()
    return (newest.hash, newest.sequence) if newest else (FIRST_HASH, 0)
