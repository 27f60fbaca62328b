"""Store extracted values: what a document seems to say, where, and who confirmed it.

`value` is sealed with the submission's key; what kind of value it is, where it stands and why it
was seen are sealed too, since they tell what the document is. Nothing of it enters a case before a
person has confirmed it.
"""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.crypto.column_types import SealedJson, SealedText
from storage.crypto.keys import DataKey
from storage.crypto.sealing import unseal
from storage.submissions.submissions import place


class ValueState(StrEnum):
    """What became of a suggestion."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class ExtractedValue(Base):
    """One suggestion. `value` seals a JSON object {value, shown}; `place` says where in the text.

    `position` orders the values of a document. `is_checked` says that check digits proved it.
    """

    __tablename__ = "reading_aids"
    __table_args__ = (Index("ix_reading_aids_document", "document_id", "position"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column("sealed_kind", SealedText("reading_aids.kind"))
    value: Mapped[bytes] = mapped_column(LargeBinary)
    page: Mapped[int] = mapped_column(Integer)
    place: Mapped[dict[str, Any]] = mapped_column(
        "sealed_place", SealedJson("reading_aids.place"), default=dict
    )
    is_checked: Mapped[bool] = mapped_column(Boolean, default=False)
    reasons: Mapped[list[str]] = mapped_column(
        "sealed_reasons", SealedJson("reading_aids.reasons"), default=list
    )
    state: Mapped[str] = mapped_column(String(12), default=ValueState.SUGGESTED)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)


def of_documents(session: Session, document_ids: list[str]) -> list[ExtractedValue]:
    """Return the values of documents, by document and position."""
    return list(
        session.scalars(
            select(ExtractedValue)
            .where(ExtractedValue.document_id.in_(document_ids))
            .order_by(ExtractedValue.document_id, ExtractedValue.position)
        )
    )


def by_id(session: Session, value_id: str) -> ExtractedValue | None:
    """Return one value or None."""
    return session.get(ExtractedValue, value_id)


def value_of(key: DataKey, row: ExtractedValue) -> str:
    """Return what a value says, in normal form."""
    sealed = unseal(key, place("reading_aids", "value", row.id), row.value)
    return str(json.loads(sealed).get("value", "")) if sealed else ""


def forget_suggested(session: Session, document_id: str) -> None:
    """Remove a document's undecided suggestions, since it is read again."""
    session.execute(
        delete(ExtractedValue).where(
            ExtractedValue.document_id == document_id, ExtractedValue.state == ValueState.SUGGESTED
        )
    )
