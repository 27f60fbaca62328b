"""Keep the register of people who may refer: sealed addresses, found by keyed hash."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class RegisteredSender(Base):
    """A coordinator's address. `address` is sealed with the system's key."""

    __tablename__ = "registered_senders"
    __table_args__ = (Index("ix_registered_senders_region", "region", "added_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    region: Mapped[str] = mapped_column(String(8))
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # Sealed with the system's key, like the address. The phone is the one to call back on.
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    # When the phone was last set to another number, and by whom, as the audit names them.
    phone_set_at: Mapped[datetime | None] = mapped_column(UtcTime)
    phone_set_by: Mapped[str | None] = mapped_column(String(64))
    # The entry that this one stands in for; a deputy's mail counts for its cases too.
    deputy_for: Mapped[str | None] = mapped_column(String(32), index=True)
    # The account of the same person; None while it is the one of the same address, if there is one.
    account_id: Mapped[str | None] = mapped_column(String(32), index=True)


def by_address_hash(session: Session, address_hash: str) -> RegisteredSender | None:
    """Return the register's entry for an address, even an ended or expired one, or None."""
    return session.scalar(
        select(RegisteredSender).where(RegisteredSender.address_hash == address_hash)
    )


def by_id(session: Session, sender_id: str | None) -> RegisteredSender | None:
    """Return one entry or None."""
    return session.get(RegisteredSender, sender_id) if sender_id else None


def of_account(session: Session, account_id: str) -> list[RegisteredSender]:
    """Return the entries that name an account, ended and expired ones too, oldest first."""
    return list(
        session.scalars(
            select(RegisteredSender)
            .where(RegisteredSender.account_id == account_id)
            .order_by(RegisteredSender.added_at, RegisteredSender.id)
        )
    )


def locked(session: Session, sender_id: str) -> RegisteredSender | None:
    """Return one entry as it is now, locked to the commit, or None."""
    return session.scalar(
        select(RegisteredSender)
        .where(RegisteredSender.id == sender_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def current(session: Session, now: datetime, *, limit: int = 1000) -> list[RegisteredSender]:
    """Return the entries that count now, oldest first."""
    entries = session.scalars(
        select(RegisteredSender).order_by(RegisteredSender.added_at).limit(limit)
    )
    return [entry for entry in entries if is_current(entry, now)]


def everyone(session: Session, *, limit: int = 1000) -> list[RegisteredSender]:
    """Return all entries, ended and expired ones too, oldest first."""
    return list(
        session.scalars(select(RegisteredSender).order_by(RegisteredSender.added_at).limit(limit))
    )


def of_region(session: Session, region: str, *, limit: int = 100) -> list[RegisteredSender]:
    """Return a region's entries, ended and expired ones too, oldest first."""
    return list(
        session.scalars(
            select(RegisteredSender)
            .where(RegisteredSender.region == region)
            .order_by(RegisteredSender.added_at)
            .limit(limit)
        )
    )


def stand_ins(session: Session, sender_id: str) -> frozenset[str]:
    """Return the ids for which an entry's mail may be filed: its own and its principal's."""
    entry = session.get(RegisteredSender, sender_id)
    own = {sender_id}
    if entry is not None and entry.deputy_for is not None:
        own.add(entry.deputy_for)
    return frozenset(own)


def beside(session: Session, entry: RegisteredSender) -> list[RegisteredSender]:
    """Return an entry's deputies and the entry that it stands in for, ended ones too."""
    principal = entry.deputy_for or entry.id
    return list(
        session.scalars(
            select(RegisteredSender)
            .where(
                (RegisteredSender.deputy_for == principal) | (RegisteredSender.id == principal),
                RegisteredSender.id != entry.id,
            )
            .order_by(RegisteredSender.added_at)
        )
    )


def is_current(sender: RegisteredSender, now: datetime) -> bool:
    """Say whether an entry still counts."""
    is_expired = sender.expires_at is not None and sender.expires_at <= now
    return sender.ended_at is None and not is_expired


def count(session: Session) -> int:
    """Count the register's entries."""
    return len(list(session.scalars(select(RegisteredSender.id))))
