"""Record which processes live, and what each last found out about its surroundings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime


class Heartbeat(Base):
    """One process slot; `executor_id` is stable over restarts, so that its work is found."""

    __tablename__ = "worker_heartbeats"

    executor_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    beat_at: Mapped[datetime] = mapped_column(UtcTime)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)


def beat(
    session: Session, executor_id: str, role: str, pid: int, detail: dict[str, Any], now: datetime
) -> None:
    """Record that a process lives; a new process takes over an old one's slot."""
    row = session.get(Heartbeat, executor_id)
    if row is None:
        session.add(
            Heartbeat(
                executor_id=executor_id,
                role=role,
                pid=pid,
                started_at=now,
                beat_at=now,
                detail=detail,
            )
        )
        return
    if row.pid != pid:
        row.started_at = now
    row.role, row.pid, row.beat_at, row.detail = role, pid, now, detail


def all_beats(session: Session) -> list[Heartbeat]:
    """Return every slot, the newest beat first."""
    return list(session.scalars(select(Heartbeat).order_by(Heartbeat.beat_at.desc())))


def silent(session: Session, role: str, since: datetime) -> list[Heartbeat]:
    """Return the slots of a role without a beat since a time."""
    return list(
        session.scalars(select(Heartbeat).where(Heartbeat.role == role, Heartbeat.beat_at < since))
    )


def end(session: Session, executor_id: str) -> None:
    """Remove a slot: its process stopped in good order, or its work was taken over."""
    row = session.get(Heartbeat, executor_id)
    if row is not None:
        session.delete(row)
