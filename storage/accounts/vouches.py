"""Store who stands behind an account: who invited it, and who took its second factor away.

The rows are kept for good. From them follows which accounts may have one hand behind them.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime, new_id


class VouchKind(StrEnum):
    """What somebody did for an account that is not theirs."""

    INVITED = "invited"
    FACTOR_REMOVED = "factor_removed"


class AccountVouch(Base):
    """One such act. What an operator did by a command has no row: no account stands behind it."""

    __tablename__ = "account_vouches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcTime)


def note(session: Session, user_id: str, by_id: str, kind: VouchKind, now: datetime) -> None:
    """Keep that an account did something for another."""
    session.add(AccountVouch(id=new_id(), user_id=user_id, by_id=by_id, kind=kind, at=now))


def done_by(session: Session, user_ids: set[str], kind: VouchKind) -> dict[str, set[str]]:
    """Return {account: who did this for it}; accounts for which nobody did are absent."""
    found: dict[str, set[str]] = {}
    rows = session.execute(
        select(AccountVouch.user_id, AccountVouch.by_id).where(
            AccountVouch.user_id.in_(user_ids), AccountVouch.kind == kind
        )
    )
    for user_id, by_id in rows:
        found.setdefault(user_id, set()).add(by_id)
    return found
