"""Store what a case's consents wait for: suspensions by a stop, holds, and overrides.

A suspension belongs to one consent and lasts as long as its case is stopped. A hold says that a
case has no consent to be referred to us; an override, by two people, that its person's life cannot
wait for one. Each keeps its row when it ended. The reason of an override is sealed with the case's
key.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import SealedText


class ConsentSuspension(Base):
    """The time in which a consent did not count because its case was stopped."""

    __tablename__ = "consent_suspensions"
    __table_args__ = (Index("ix_consent_suspensions_consent", "consent_id", "ended_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consent_id: Mapped[str] = mapped_column(ForeignKey("case_consents.id"))
    suspended_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    suspended_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # A code: whether the consent holds again, ended for good, or was asked for anew.
    outcome: Mapped[str] = mapped_column(String(8), default="", server_default="")


class ConsentHold(Base):
    """The time in which a case waited for the consent to be referred."""

    __tablename__ = "consent_holds"
    __table_args__ = (Index("ix_consent_holds_case", "case_id", "ended_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    # A code: that there is no consent, or that nobody could tell yet.
    why: Mapped[str] = mapped_column("sealed_why", SealedText("consent_holds.why"))
    held_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # By what it ended, as a code.
    ended_by: Mapped[str] = mapped_column(String(16), default="", server_default="")


class ConsentOverride(Base):
    """One request to act without a consent for somebody's life, and what became of it."""

    __tablename__ = "consent_overrides"
    __table_args__ = (Index("ix_consent_overrides_case", "case_id", "proposed_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    purpose: Mapped[str] = mapped_column("sealed_purpose", SealedText("consent_overrides.purpose"))
    recipient: Mapped[str] = mapped_column(
        "sealed_recipient", SealedText("consent_overrides.recipient")
    )
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcTime)
    # A code: approved or refused; empty until somebody else answered.
    answer: Mapped[str] = mapped_column(String(8), default="", server_default="")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # When somebody was told that it ends soon, and when its end was noted.
    warned_at: Mapped[datetime | None] = mapped_column(UtcTime)
    expired_at: Mapped[datetime | None] = mapped_column(UtcTime)


def suspensions(session: Session, consent_ids: list[str]) -> dict[str, ConsentSuspension]:
    """Return {consent: its suspension} of those that are suspended now."""
    rows = session.scalars(
        select(ConsentSuspension).where(
            ConsentSuspension.consent_id.in_(consent_ids), ConsentSuspension.ended_at.is_(None)
        )
    )
    return {row.consent_id: row for row in rows}


def holds_of(session: Session, case_ids: list[str]) -> list[ConsentHold]:
    """Return the holds of some cases, oldest first; at most one of each is open."""
    return list(
        session.scalars(
            select(ConsentHold)
            .where(ConsentHold.case_id.in_(case_ids))
            .order_by(ConsentHold.held_at, ConsentHold.id)
        )
    )


def overrides_of(session: Session, case_ids: list[str]) -> list[ConsentOverride]:
    """Return the overrides that were ever proposed for some cases, oldest first."""
    return list(
        session.scalars(
            select(ConsentOverride)
            .where(ConsentOverride.case_id.in_(case_ids))
            .order_by(ConsentOverride.proposed_at, ConsentOverride.id)
        )
    )


def locked_override(session: Session, override_id: str) -> ConsentOverride | None:
    """Return one override as it is now, locked to the commit, or None."""
    return session.scalar(
        select(ConsentOverride)
        .where(ConsentOverride.id == override_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def unfinished_overrides(session: Session, *, limit: int) -> list[ConsentOverride]:
    """Return overrides that wait for an answer or are in force, those that end first in front."""
    return list(
        session.scalars(
            select(ConsentOverride)
            .where(
                ConsentOverride.answer.in_(["", "approved"]),
                ConsentOverride.withdrawn_at.is_(None),
                ConsentOverride.expired_at.is_(None),
            )
            .order_by(ConsentOverride.ends_at, ConsentOverride.id)
            .limit(limit)
        )
    )
