"""Append to the audit trail and check it: append-only, hash-chained, without personal content.

Each event's hash covers the hash of the event before it, so that `check_chain` finds a row that was
changed, removed or moved. Triggers refuse UPDATE and DELETE.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.audit_acts import Act
from storage.base import Base, JsonText, UtcTime

FIRST_HASH = "0" * 64
# An arbitrary constant: the name of the one lock that orders appends on PostgreSQL.
CHAIN_LOCK = 7_301_142_019
# The key under which a session remembers the chain's head, while its transaction has the lock.
HEAD = "audit_head"


class AuditEvent(Base):
    """One act. `detail` holds codes and numbers; names and addresses never."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_subject", "subject_type", "subject_id"),)

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(48))
    subject_type: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    hash: Mapped[str] = mapped_column(String(64))


def append(
    session: Session,
    now: datetime,
    *,
    actor: str,
    act: Act,
    subject: tuple[str, str],
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one event in the caller's transaction; `subject` is (type, id).

    `actor` is written as `user:ID` or `system:PART`. `detail` holds codes and numbers only.
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
    event["hash"] = _hash(previous, AuditEvent(**event))
    session.execute(insert(AuditEvent), event)
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


def newest_number(session: Session) -> int:
    """Return the number of the newest event, 0 when there is none."""
    return session.scalar(select(func.max(AuditEvent.sequence))) or 0


def last_at(
    session: Session, actor: str, acts: tuple[Act, ...], subject: tuple[str, str]
) -> datetime | None:
    """Return when somebody last did one of these acts on a subject, or None."""
    return session.scalar(
        select(AuditEvent.at)
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


def check_chain(session: Session) -> list[str]:
    """Return one sentence for each event that does not follow from the one before it."""
    faults = []
    previous, expected = FIRST_HASH, 1
    for event in session.scalars(
        select(AuditEvent).order_by(AuditEvent.sequence).execution_options(yield_per=1000)
    ):
        if event.sequence != expected:
            faults.append(f"audit event {expected} is missing")
            expected = event.sequence
        elif event.hash != _hash(previous, event):
            faults.append(f"audit event {event.sequence} was changed")
        previous, expected = event.hash, expected + 1
    return faults


def count(session: Session) -> int:
    """Count the events."""
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def _head(session: Session) -> tuple[str, int]:
    """Return hash and number of the newest event; nobody else appends until the commit."""
    known = session.info.get(HEAD)
    if known is not None and known[0] is session.get_transaction():
        return known[1], known[2]
    if session.get_bind().dialect.name == "postgresql":
        # The lock lasts to the commit: two appends at once would else chain to the same event.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    newest = session.execute(
        select(AuditEvent.hash, AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)
    ).first()
    return (newest.hash, newest.sequence) if newest else (FIRST_HASH, 0)


def _hash(previous: str, event: AuditEvent) -> str:
    canonical = json.dumps(
        [
            previous,
            event.sequence,
            event.at.isoformat(),
            event.actor,
            event.act,
            event.subject_type,
            event.subject_id,
            event.detail,
        ],
        sort_keys=True,
        ensure_ascii=True,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
