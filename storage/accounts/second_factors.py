"""Store recovery codes by their hash; the secret of the second factor is a column of `users`."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class RecoveryCode(Base):
    """One code that stands in for the second factor once. Only its keyed hash is kept."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


def replace_codes(session: Session, user_id: str, code_hashes: list[str]) -> None:
    """Replace all older codes of a user by these."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=code) for code in code_hashes)
    session.flush()


def use_code(session: Session, user_id: str, code_hash: str, now: datetime) -> bool:
    """Use a code up; False when it is unknown or used already."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.user_id)
    )
    return used.first() is not None


def count_left(session: Session, user_id: str) -> int:
    """Count the codes that are not used up."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )
