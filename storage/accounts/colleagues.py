"""Colleagues: the accounts to whom work can be given."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.accounts.users import User


def able(session: Session, roles: list[str], now: datetime) -> list[User]:
    """Return the accounts of some roles that can be signed in to now, by their label.

    Somebody who was invited and never came is not among them.
    """
    return list(
        session.scalars(
            select(User)
            .where(
                User.role.in_(roles),
                User.password_hash.is_not(None),
                User.disabled_at.is_(None),
                or_(User.expires_at.is_(None), User.expires_at > now),
            )
            .order_by(User.label, User.id)
        )
    )
