"""Store what officers were told about a referral: one row for each answer, never overwritten.

Of a field the newest row that was not ended counts. `value` is sealed with the submission's key and
holds the answer with who said it; which field it is about is sealed too. A row that a confirmed
reading made names its document, and is as closed as that.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import SealedText


class ToldFact(Base):
    """One answer to one question about a referral, and who took it back."""

    __tablename__ = "told_facts"
    __table_args__ = (
        # Of two who note at once only one is next.
        Index("ix_told_facts_submission", "submission_id", "number", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    # Which one it is of its submission's, from 1 on.
    number: Mapped[int] = mapped_column(Integer)
    # The programme in which it was told: a submission that is handed on takes no answer with it.
    programme: Mapped[str] = mapped_column(String(16))
    field: Mapped[str] = mapped_column("sealed_field", SealedText("told_facts.field"))
    value: Mapped[bytes] = mapped_column(LargeBinary)
    # The reading that it was filled from or that it answers, None for neither. Readings are made
    # anew, so this is no foreign key.
    reading_id: Mapped[str | None] = mapped_column(String(32))
    # The document of that reading where the answer came from it, None for what a person said.
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    noted_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submissions(session: Session, submission_ids: list[str]) -> list[ToldFact]:
    """Return what was told about submissions, also what was taken back, in its order."""
    return list(
        session.scalars(
            select(ToldFact)
            .where(ToldFact.submission_id.in_(submission_ids))
            .order_by(ToldFact.submission_id, ToldFact.number)
        )
    )


def by_ids(session: Session, fact_ids: list[str]) -> list[ToldFact]:
    """Return the rows with these ids."""
    return list(session.scalars(select(ToldFact).where(ToldFact.id.in_(fact_ids))))


def next_number(session: Session, submission_id: str) -> int:
    """Return the number of the next row of a submission."""
    query = select(func.max(ToldFact.number)).where(ToldFact.submission_id == submission_id)
    return (session.scalar(query) or 0) + 1
