"""Record each time that a message was seen in a mailbox, and where.

A place is a cursor and never an identity, because servers reuse it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import Keyed

PLACE_COLUMNS = ("source", "folder", "uid_validity", "uid", "submission_id")


class Arrival(Base):
    """One sighting of a message in a mailbox folder; a cursor, never an identity.

    UIDs are only valid with their UIDVALIDITY (RFC 9051 §2.3.1.1) and some servers
    reuse both; the header's keyed hash says whether the same place still holds
    the same message.
    """

    __tablename__ = "arrivals"
    __table_args__ = (Index("ix_arrivals_place", *PLACE_COLUMNS, unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    source: Mapped[str] = mapped_column(String(32))
    folder: Mapped[str] = mapped_column(String(255))
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    header_hash: Mapped[str] = mapped_column(Keyed("mail-header"))
    seen_at: Mapped[datetime] = mapped_column(UtcTime)


@dataclass(frozen=True)
class Place:
    """Where a message is on a server."""

    source: str
    folder: str
    uid_validity: int
    uid: int


def count_arrivals(session: Session, submission_id: str) -> int:
    """Count the places where a submission's message was seen."""
    return (
        session.scalar(
            select(func.count()).select_from(Arrival).where(Arrival.submission_id == submission_id)
        )
        or 0
    )


def arrival_at(session: Session, where: Place) -> Arrival | None:
    """Return the message that was last seen at one place, or None."""
    return session.scalar(
        select(Arrival).where(*_is_at(where)).order_by(Arrival.seen_at.desc(), Arrival.id.desc())
    )


def is_same_message(session: Session, where: Place, header_sha256: str) -> bool:
    """Tell whether the message last seen at a place had a header block of this SHA-256 (hex)."""
    newest = arrival_at(session, where)
    if newest is None:
        return False
    same = select(Arrival.id).where(Arrival.id == newest.id, Arrival.header_hash == header_sha256)
    return session.scalar(same) is not None


def is_renumbered(session: Session, submission_id: str, where: Place) -> bool:
    """Tell whether a submission was seen in a place's folder, and only under other numberings."""
    known = session.scalars(
        select(Arrival.uid_validity).where(
            Arrival.submission_id == submission_id,
            Arrival.source == where.source,
            Arrival.folder == where.folder,
        )
    ).all()
    return bool(known) and where.uid_validity not in known


def note_arrival(
    session: Session, submission_id: str, where: Place, header_sha256: str, now: datetime
) -> None:
    """Record that a place holds this message; a reused place gets a further row."""
    arrival = session.scalar(
        select(Arrival).where(*_is_at(where), Arrival.submission_id == submission_id)
    )
    if arrival is None:
        arrival = Arrival(
            submission_id=submission_id,
            source=where.source,
            folder=where.folder,
            uid_validity=where.uid_validity,
            uid=where.uid,
        )
        session.add(arrival)
    arrival.header_hash = header_sha256
    arrival.seen_at = now
    session.flush()


def _is_at(where: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        Arrival.source == where.source,
        Arrival.folder == where.folder,
        Arrival.uid_validity == where.uid_validity,
        Arrival.uid == where.uid,
    )
