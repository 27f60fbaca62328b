"""Accounts as a list: who has one, and when its sessions were last seen.

Beside `users`, which finds single accounts for signing in.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.accounts.users import User, UserSession


def of_role(session: Session, role: str | None, *, limit: int) -> list[User]:
    """Return the accounts of a role or of all, by role and age, at most `limit` of them."""
    query = select(User).order_by(User.role, User.created_at, User.label).limit(limit)
    if role is not None:
        query = query.where(User.role == role)
    return list(session.scalars(query))


def last_seen(session: Session, user_ids: list[str]) -> dict[str, datetime]:
    """Return {id: when one of its sessions was last in use}; who never signed in is absent."""
    rows = session.execute(
        select(UserSession.user_id, func.max(UserSession.seen_at))
        .where(UserSession.user_id.in_(user_ids))
        .group_by(UserSession.user_id)
    )
    return {user_id: at for user_id, at in rows}  # noqa: C416 - a Row is no tuple to mypy
