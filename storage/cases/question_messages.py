"""Messages about a question without a person: between its coordinator and the office.

Such a question is in no case, so its messages hang on its submission and are sealed with its key.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class QuestionMessage(Base):
    """One message; `kind` is that of a `MessageKind`, never a note."""

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
