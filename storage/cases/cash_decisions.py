"""Store cash decisions: what Migrationsverket decided, as an officer confirmed it.

IOM never decides these: the row records the decision, and the checks only report obstacles. What
was decided is sealed: no query asks for it.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import SealedDate, SealedNumber, SealedText


class CashDecision(Base):
    """One decision. `country` is ISO 3166-1 alpha-3; `amount_sek` is whole kronor, None unknown."""

    __tablename__ = "cash_decisions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    country: Mapped[str] = mapped_column("sealed_country", SealedText("cash_decisions.country"))
    decided_on: Mapped[date] = mapped_column(
        "sealed_decided_on", SealedDate("cash_decisions.decided_on")
    )
    collect_by: Mapped[date | None] = mapped_column(
        "sealed_collect_by", SealedDate("cash_decisions.collect_by")
    )
    adults: Mapped[int | None] = mapped_column(
        "sealed_adults", SealedNumber("cash_decisions.adults")
    )
    children: Mapped[int | None] = mapped_column(
        "sealed_children", SealedNumber("cash_decisions.children")
    )
    amount_sek: Mapped[int | None] = mapped_column(
        "sealed_amount_sek", SealedNumber("cash_decisions.amount_sek")
    )
    confirmed_by: Mapped[str] = mapped_column(String(32))
    confirmed_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_submission(session: Session, submission_id: str) -> list[CashDecision]:
    """Return the decisions noted for a submission that still count, the newest first."""
    return list(
        session.scalars(
            select(CashDecision)
            .where(CashDecision.submission_id == submission_id, CashDecision.ended_at.is_(None))
            .order_by(CashDecision.confirmed_at.desc())
        )
    )
