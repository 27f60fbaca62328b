"""Store which role an administrator asked for, for whom, and what a manager said to it."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class RoleRequest(Base):
    """One request. `is_new_account` tells that the account does not work before the answer.

    A request that a newer one replaced has `decided_at` and neither a yes nor a no.
    """

    __tablename__ = "role_requests"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    region: Mapped[str | None] = mapped_column(String(8))
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    is_new_account: Mapped[bool] = mapped_column(Boolean)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    is_approved: Mapped[bool | None] = mapped_column(Boolean)


def by_id(session: Session, request_id: str) -> RoleRequest | None:
    """Return one request as it is now, locked to the commit, or None."""
    return session.scalar(
        select(RoleRequest)
        .where(RoleRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def waiting(session: Session, *, limit: int) -> list[RoleRequest]:
    """Return the requests that nobody has answered, the longest waiting first."""
    return list(
        session.scalars(
            select(RoleRequest)
            .where(RoleRequest.decided_at.is_(None))
            .order_by(RoleRequest.asked_at, RoleRequest.id)
            .limit(limit)
        )
    )


def open_of(session: Session, user_id: str) -> RoleRequest | None:
    """Return the request about an account that waits for its answer, or None."""
    return open_of_many(session, [user_id]).get(user_id)


def open_of_many(session: Session, user_ids: list[str]) -> dict[str, RoleRequest]:
    """Return {account: the request about it that waits}; accounts without one are absent."""
    rows = session.scalars(
        select(RoleRequest).where(
            RoleRequest.user_id.in_(user_ids), RoleRequest.decided_at.is_(None)
        )
    )
    return {row.user_id: row for row in rows}
