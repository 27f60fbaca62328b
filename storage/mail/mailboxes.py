"""Record how far each mailbox folder was read, and whether its server answers."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class MailboxCursor(Base):
    """One folder of one mailbox.

    It is a hint and a record of health: hashes of the content decide which messages are new.
    """

    __tablename__ = "mailbox_cursors"

    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    folder: Mapped[str] = mapped_column(String(255), primary_key=True)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    watched_since: Mapped[datetime] = mapped_column(UtcTime)
    polled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(String(64))


def all_cursors(session: Session) -> list[MailboxCursor]:
    """Return every folder that was ever watched."""
    return list(session.scalars(select(MailboxCursor).order_by(MailboxCursor.source)))


def cursor_for(session: Session, source: str, folder: str, now: datetime) -> MailboxCursor:
    """Return a folder's cursor, which is made the first time."""
    cursor = session.get(MailboxCursor, (source, folder))
    if cursor is None:
        cursor = MailboxCursor(
            source=source, folder=folder, last_uid=0, failures=0, watched_since=now
        )
        session.add(cursor)
        session.flush()
    return cursor


def note_poll(
    session: Session,
    source: str,
    folder: str,
    uid_validity: int,
    last_uid: int,
    now: datetime,
    *,
    error: str = "",
) -> None:
    """Record a look into a folder; `error` is the code of a message that was left there."""
    cursor = cursor_for(session, source, folder, now)
    cursor.uid_validity, cursor.polled_at = uid_validity, now
    cursor.last_uid = last_uid
    if not error:
        cursor.failures, cursor.error, cursor.failed_at = 0, None, None
    else:
        is_same = cursor.error == error
        cursor.error, cursor.failed_at = error, cursor.failed_at if is_same else now


def note_failure(session: Session, source: str, folder: str, error: str, now: datetime) -> None:
    """Record that a folder could not be read; `error` is a code, never a server's words."""
    cursor = cursor_for(session, source, folder, now)
    cursor.failures += 1
    cursor.error, cursor.failed_at = error, cursor.failed_at or now
