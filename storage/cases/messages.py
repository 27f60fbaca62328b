"""Store messages between a coordinator and the office in the portal, and officers' own notes.

`text` is sealed with the key of the case, or of the submission that asks a question. A note is for
the office only and is never shown to a coordinator.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class MessageKind(StrEnum):
    """Whom a message is for."""

    TO_COORDINATOR = "to_coordinator"
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
