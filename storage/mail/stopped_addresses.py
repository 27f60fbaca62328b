"""Keep the addresses to which nothing is sent any more, because a message came back."""

from datetime import datetime

from sqlalchemy import CompoundSelect, ForeignKey, String, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.submissions.submissions import Submission


class StoppedAddress(Base):
    """One address by its keyed hash, with the submission whose message came back."""

    __tablename__ = "stopped_addresses"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(64))
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    since_at: Mapped[datetime] = mapped_column(UtcTime)
    lifted_by: Mapped[str | None] = mapped_column(String(32))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcTime)


def is_stopped(session: Session, address_hash: str) -> bool:
    """Say whether nothing may be sent to an address."""
    row = session.get(StoppedAddress, address_hash)
    return row is not None and row.lifted_at is None


def stop(
    session: Session, address_hash: str, reason: str, submission_id: str, now: datetime
) -> bool:
    """Stop an address; False when it is stopped already."""
    row = session.get(StoppedAddress, address_hash)
    if row is not None and row.lifted_at is None:
        return False
    if row is None:
        row = StoppedAddress(address_hash=address_hash)
        session.add(row)
    row.reason, row.submission_id, row.since_at = reason, submission_id, now
    row.lifted_by = row.lifted_at = None
    session.flush()
    return True


def lift(session: Session, address_hash: str, user_id: str, now: datetime) -> bool:
    """Let mail go to an address again; False when it was not stopped."""
    row = session.get(StoppedAddress, address_hash)
    if row is None or row.lifted_at is not None:
        return False
    row.lifted_by, row.lifted_at = user_id, now
    return True


def current(
    session: Session,
    programmes: list[str],
    *,
    only: CompoundSelect[tuple[str]] | None = None,
    limit: int,
) -> list[tuple[StoppedAddress, Submission]]:
    """Return stopped addresses with the submission that each belongs to, the newest first.

    `only` narrows the list to submissions that somebody may see (`access.own_submissions`).
    """
    rows = session.execute(
        select(StoppedAddress, Submission)
        .join(Submission, Submission.id == StoppedAddress.submission_id)
        .where(
            StoppedAddress.lifted_at.is_(None),
            Submission.programme.in_(programmes),
            true() if only is None else Submission.id.in_(only),
        )
        .order_by(StoppedAddress.since_at.desc(), StoppedAddress.address_hash)
        .limit(limit)
    )
    return [(address, submission) for address, submission in rows]


def one_current(
    session: Session,
    address_hash: str,
    programmes: list[str],
    *,
    only: CompoundSelect[tuple[str]] | None = None,
) -> StoppedAddress | None:
    """Return a stopped address that belongs to one of the programmes, or None.

    `only` is as in `current`.
    """
    return session.scalar(
        select(StoppedAddress)
        .join(Submission, Submission.id == StoppedAddress.submission_id)
        .where(
            StoppedAddress.address_hash == address_hash,
            StoppedAddress.lifted_at.is_(None),
            Submission.programme.in_(programmes),
            true() if only is None else Submission.id.in_(only),
        )
    )
