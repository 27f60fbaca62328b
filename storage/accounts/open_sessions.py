"""List an account's open sessions for their owner, end them one by one, and ask for one anew.

`users` has what signing in needs: it finds single sessions.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from storage.accounts.users import User, UserSession, token_hash


def of_account(
    session: Session, user_id: str, *, seen_after: datetime, begun_after: datetime
) -> list[UserSession]:
    """Return the sessions of an account that are signed in, the last used first.

    A session whose second factor is still due is not signed in.
    """
    return list(
        session.scalars(
            select(UserSession)
            .join(User, User.id == UserSession.user_id)
            .where(
                UserSession.user_id == user_id,
                UserSession.ended_at.is_(None),
                UserSession.seen_at > seen_after,
                UserSession.created_at > begun_after,
                or_(User.totp_confirmed_at.is_(None), UserSession.factor_at.is_not(None)),
            )
            .order_by(UserSession.seen_at.desc(), UserSession.handle)
        )
    )


def is_still(
    session: Session, session_hash: str, user_id: str, role: str, region: str | None, now: datetime
) -> bool:
    """Tell whether a session is open, and its account active and of this role and region."""
    found = session.scalar(
        select(UserSession.handle)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.token_hash == session_hash,
            UserSession.ended_at.is_(None),
            User.id == user_id,
            User.role == role,
            User.region == region,
            User.disabled_at.is_(None),
            User.waits_since.is_(None),
            or_(User.expires_at.is_(None), User.expires_at > now),
        )
    )
    return found is not None


def end_one(session: Session, user_id: str, handle: str, now: datetime) -> bool:
    """End a session of an account; False when it has no open one with this handle."""
    ended = session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.handle == handle,
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(UserSession.token_hash)
    )
    return ended.first() is not None


def end_others(session: Session, user_id: str, token: str, now: datetime) -> int:
    """End every session of an account but the one of a token; return how many there were."""
    ended = session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.token_hash != token_hash(token),
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(UserSession.token_hash)
    )
    return len(ended.all())
