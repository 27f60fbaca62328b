"""The register of people who may refer: sealed addresses, found by keyed hash."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class RegisteredSender(Base):
    """A coordinator's address. `address` is sealed with the system's key."""

    __tablename__ = "registered_senders"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    region: Mapped[str] = mapped_column(String(8))
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def by_address_hash(session: Session, address_hash: str) -> RegisteredSender | None:
    """Return the register's entry for an address, ended and expired ones included."""
    return session.scalar(
        select(RegisteredSender).where(RegisteredSender.address_hash == address_hash)
    )


def is_current(sender: RegisteredSender, now: datetime) -> bool:
    """Tell whether an entry still counts."""
    is_expired = sender.expires_at is not None and sender.expires_at <= now
    return sender.ended_at is None and not is_expired


def count(session: Session) -> int:
    """Count the register's entries."""
    return len(list(session.scalars(select(RegisteredSender.id))))
