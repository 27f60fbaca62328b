"""Store which registered senders belong to a case, so that their mail can be filed by rule."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime


class CaseParticipant(Base):
    """One sender of the register who belongs to one case."""

    __tablename__ = "case_participants"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sender_id: Mapped[str] = mapped_column(ForeignKey("registered_senders.id"), primary_key=True)
    since_at: Mapped[datetime] = mapped_column(UtcTime)
    # None when the rule that opened the case added the sender.
    added_by: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def add(
    session: Session, case_id: str, sender_id: str, now: datetime, *, added_by: str | None = None
) -> None:
    """Let a sender belong to a case; harmless when they do already."""
    known = session.get(CaseParticipant, (case_id, sender_id))
    if known is None:
        known = CaseParticipant(
            case_id=case_id, sender_id=sender_id, since_at=now, added_by=added_by
        )
        session.add(known)
    known.ended_at = None
    session.flush()


def end(session: Session, case_id: str, sender_id: str, now: datetime) -> None:
    """Let a sender belong to a case no more; harmless when they do not."""
    known = session.get(CaseParticipant, (case_id, sender_id))
    if known is not None and known.ended_at is None:
        known.ended_at = now
    session.flush()


def of_cases(session: Session, case_ids: list[str]) -> dict[str, frozenset[str]]:
    """Return {case id: sender ids} of those who belong to the cases now."""
    rows = session.execute(
        select(CaseParticipant.case_id, CaseParticipant.sender_id).where(
            CaseParticipant.case_id.in_(case_ids), CaseParticipant.ended_at.is_(None)
        )
    )
    found: dict[str, set[str]] = {}
    for case_id, sender_id in rows:
        found.setdefault(case_id, set()).add(sender_id)
    return {case_id: frozenset(senders) for case_id, senders in found.items()}


def have_been_in(session: Session, case_ids: list[str]) -> set[str]:
    """Return which of some cases any sender belongs to, or once did."""
    return set(
        session.scalars(
            select(CaseParticipant.case_id).where(CaseParticipant.case_id.in_(case_ids))
        )
    )


def cases_of(session: Session, sender_ids: list[str], *, limit: int = 100) -> list[str]:
    """Return ids of the cases that any of the senders belongs to, the newest first."""
    return list(
        session.scalars(
            select(CaseParticipant.case_id)
            .where(CaseParticipant.sender_id.in_(sender_ids), CaseParticipant.ended_at.is_(None))
            .order_by(CaseParticipant.since_at.desc())
            .limit(limit)
        )
    )
