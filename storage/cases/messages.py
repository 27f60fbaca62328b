"""Store messages between a coordinator and the office in the portal, and officers' own notes.

`text` is sealed with the key of the case, or of the submission that asks a question. A note is for
the office only and is never shown to a coordinator.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class MessageKind(StrEnum):
    """Whom a message is for."""

    TO_COORDINATOR = "to_coordinator"
    # One that a stop of the case kept from leaving: it stays with the office.
    KEPT_BACK = "kept_back"
    FROM_COORDINATOR = "from_coordinator"
    NOTE = "note"


class CaseMessage(Base):
    """One message or note of a case."""

    __tablename__ = "case_messages"
    __table_args__ = (Index("ix_case_messages_case", "case_id", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_case(session: Session, case_id: str, kinds: list[str]) -> list[CaseMessage]:
    """Return a case's messages of some kinds, oldest first."""
    return list(
        session.scalars(
            select(CaseMessage)
            .where(CaseMessage.case_id == case_id, CaseMessage.kind.in_(kinds))
            .order_by(CaseMessage.at, CaseMessage.id)
        )
    )


def unread_by_coordinator(session: Session, case_ids: list[str], until: datetime) -> dict[str, int]:
    """Return {case: how many messages of the office its coordinator has not read}.

    Messages after `until` can still be taken back, and do not count.
    """
    counted = (
        select(CaseMessage.case_id, func.count())
        .where(
            CaseMessage.case_id.in_(case_ids),
            CaseMessage.kind == MessageKind.TO_COORDINATOR,
            CaseMessage.read_at.is_(None),
            CaseMessage.at <= until,
        )
        .group_by(CaseMessage.case_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def keep_back(session: Session, case_ids: list[str], since: datetime) -> int:
    """Keep messages to coordinators with the office that were written after a time; count them."""
    kept = session.scalars(
        update(CaseMessage)
        .where(
            CaseMessage.case_id.in_(case_ids),
            CaseMessage.kind == MessageKind.TO_COORDINATOR,
            CaseMessage.at > since,
        )
        .values(kind=MessageKind.KEPT_BACK)
        .returning(CaseMessage.id)
    )
    return len(list(kept))


class QuestionMessage(Base):
    """One message about a question; `kind` is a `MessageKind`, but never a note."""

    __tablename__ = "question_messages"
    __table_args__ = (Index("ix_question_messages_submission", "submission_id", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    kind: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submission(session: Session, submission_id: str) -> list[QuestionMessage]:
    """Return the messages about a question, oldest first."""
    return list(
        session.scalars(
            select(QuestionMessage)
            .where(QuestionMessage.submission_id == submission_id)
            .order_by(QuestionMessage.at, QuestionMessage.id)
        )
    )


def unread_answers(session: Session, submission_ids: list[str], until: datetime) -> dict[str, int]:
    """Return {question: how many messages of the office its coordinator has not read}.

    Messages after `until` can still be taken back, and do not count.
    """
    counted = (
        select(QuestionMessage.submission_id, func.count())
        .where(
            QuestionMessage.submission_id.in_(submission_ids),
            QuestionMessage.kind == MessageKind.TO_COORDINATOR,
            QuestionMessage.read_at.is_(None),
            QuestionMessage.at <= until,
        )
        .group_by(QuestionMessage.submission_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}
