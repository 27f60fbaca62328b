"""Store what may be shared of a case: consents by purpose and recipient, and what is withheld.

Neither is ever overwritten: a newer row ends the older one, which stays for its history. `name` and
`text` are sealed with the case's key, the codes with that of sealed columns.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.cases.cases import OVER, Case
from storage.crypto.column_types import SealedDate, SealedText


class CaseConsent(Base):
    """One answer of a person about one purpose and one recipient (requirement 16)."""

    __tablename__ = "case_consents"
    __table_args__ = (Index("ix_case_consents_case", "case_id", "noted_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    purpose: Mapped[str] = mapped_column("sealed_purpose", SealedText("case_consents.purpose"))
    recipient: Mapped[str] = mapped_column(
        "sealed_recipient", SealedText("case_consents.recipient")
    )
    # Names the recipient where it is one of many, such as a certain organisation.
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer: Mapped[str] = mapped_column("sealed_answer", SealedText("case_consents.answer"))
    method: Mapped[str] = mapped_column("sealed_method", SealedText("case_consents.method"))
    language: Mapped[str] = mapped_column("sealed_language", SealedText("case_consents.language"))
    interpreter: Mapped[str] = mapped_column(
        "sealed_interpreter", SealedText("case_consents.interpreter")
    )
    explained_by: Mapped[str] = mapped_column(
        "sealed_explained_by", SealedText("case_consents.explained_by")
    )
    given_on: Mapped[date] = mapped_column("sealed_given_on", SealedDate("case_consents.given_on"))
    expires_on: Mapped[date | None] = mapped_column(
        "sealed_expires_on", SealedDate("case_consents.expires_on")
    )
    # The document with the person's signature, where there is one.
    document_id: Mapped[str | None] = mapped_column(String(32))
    noted_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CaseWithholding(Base):
    """One thing that must not reach somebody (requirement 17)."""

    __tablename__ = "case_withholdings"
    __table_args__ = (Index("ix_case_withholdings_case", "case_id", "noted_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    from_whom: Mapped[str] = mapped_column(
        "sealed_from_whom", SealedText("case_withholdings.from_whom")
    )
    text: Mapped[bytes] = mapped_column(LargeBinary)
    noted_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_by: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_cases(session: Session, case_ids: list[str]) -> list[CaseConsent]:
    """Return the answers that count now, even withdrawn ones, oldest first."""
    return list(
        session.scalars(
            select(CaseConsent)
            .where(CaseConsent.case_id.in_(case_ids), CaseConsent.ended_at.is_(None))
            .order_by(CaseConsent.noted_at, CaseConsent.id)
        )
    )


def cases_with_ends(session: Session) -> list[str]:
    """Return ids of cases that are not over and have an answer that counts until a last day."""
    rows = session.scalars(
        select(CaseConsent.case_id)
        .join(Case, Case.id == CaseConsent.case_id)
        .where(
            CaseConsent.expires_on.is_not(None),
            CaseConsent.withdrawn_at.is_(None),
            CaseConsent.ended_at.is_(None),
            Case.state.not_in(OVER),
        )
        .distinct()
        .order_by(CaseConsent.case_id)
    )
    return list(rows)


def withheld_of_cases(session: Session, case_ids: list[str]) -> list[CaseWithholding]:
    """Return what is withheld now, oldest first."""
    return list(
        session.scalars(
            select(CaseWithholding)
            .where(CaseWithholding.case_id.in_(case_ids), CaseWithholding.ended_at.is_(None))
            .order_by(CaseWithholding.noted_at, CaseWithholding.id)
        )
    )
