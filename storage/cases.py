"""Cases: what submissions are filed to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.submissions import Submission


class Case(Base):
    """One person's or family's matter in one programme; its names are sealed elsewhere."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    programme: Mapped[str] = mapped_column(String(16))
    region: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    # Set when an officer found it to be another case; it stays for its history.
    merged_into: Mapped[str | None] = mapped_column(String(32), index=True)
    owner_id: Mapped[str | None] = mapped_column(String(32))
    # What decides the checklist (age, nationality group, health, family), as sealed JSON.
    facts: Mapped[bytes | None] = mapped_column(LargeBinary)
    checklist_edition_id: Mapped[str | None] = mapped_column(String(32))
    complete_at: Mapped[datetime | None] = mapped_column(UtcTime)
    missing_since_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reminders_sent: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    next_reminder_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


def by_id(session: Session, case_id: str | None) -> Case | None:
    """Return one case or None."""
    return session.get(Case, case_id) if case_id else None


def named_by(
    session: Session, references: list[str], submission_ids: list[str], programme: str
) -> list[Case]:
    """Return the programme's cases that reference codes or submissions lead to.

    A code names a case by the case's own code or by a submission's that is filed
    there. Codes are normalised; an unknown one names nothing.
    """
    own = select(Case.id).where(Case.reference.in_(references))
    through = select(Submission.case_id).where(
        Submission.reference.in_(references) | Submission.id.in_(submission_ids)
    )
    return list(
        session.scalars(
            select(Case).where(Case.programme == programme, Case.id.in_(own) | Case.id.in_(through))
        )
    )


def is_reference_taken(session: Session, reference: str) -> bool:
    """Tell whether a code stands for a case or a submission already."""
    in_cases = session.scalar(select(Case.id).where(Case.reference == reference))
    in_submissions = session.scalar(select(Submission.id).where(Submission.reference == reference))
    return in_cases is not None or in_submissions is not None
