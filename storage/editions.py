"""Store editions: the office's own data, each in force between two dates, approved by two people.

Checklists, prepared answers, lists of countries and of words, and due times are such data
(requirement 120: never constants in code). One person proposes an edition and another approves it.
What was approved is never changed again; a newer edition takes its place.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Index, Integer, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime


class EditionKind(StrEnum):
    """What an edition holds."""

    CHECKLIST = "checklist"
    ANSWER = "answer"
    COUNTRIES = "countries"
    CLOCKS = "clocks"
    AMOUNTS = "amounts"
    REGIONS = "regions"
    WORDS = "words"
    DUTY = "duty"
    HELPLINE = "helpline"


class EditionState(StrEnum):
    """What became of a proposed edition."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class Edition(Base):
    """One edition of one thing.

    `code` names the thing within its kind; `language` is empty where none applies. `valid_to` is
    the last day, None without an end. The shape of `content` depends on the kind.
    """

    __tablename__ = "editions"
    __table_args__ = (
        Index("ix_editions_thing", "kind", "code", "language", "number", unique=True),
        Index("ix_editions_state", "state", "kind"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12), default="")
    number: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[str | None] = mapped_column(String(32))
    proposed_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)


@dataclass(frozen=True)
class EditionHead:
    """What is known of an edition without its content; see `Edition`."""

    id: str
    kind: str
    code: str
    language: str
    number: int
    valid_from: date
    valid_to: date | None
    state: str


def by_id(session: Session, edition_id: str) -> Edition | None:
    """Return one edition or None."""
    return session.get(Edition, edition_id)


def locked(session: Session, edition_id: str) -> Edition | None:
    """Return one edition as it is now, and keep others from deciding it until the commit."""
    return session.scalar(
        select(Edition)
        .where(Edition.id == edition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def in_force(
    session: Session,
    kind: str,
    code: str,
    on: date,
    *,
    language: str = "",
    known_at: datetime | None = None,
) -> Edition | None:
    """Return the newest approved edition of a thing that is valid on a day, or None.

    With `known_at`, an edition that was approved later does not count.
    """
    is_known = [] if known_at is None else [Edition.decided_at <= known_at]
    return session.scalar(
        select(Edition)
        .where(
            Edition.kind == kind,
            Edition.code == code,
            Edition.language == language,
            Edition.state == EditionState.APPROVED,
            *is_known,
            Edition.valid_from <= on,
            or_(Edition.valid_to.is_(None), Edition.valid_to >= on),
        )
        .order_by(Edition.number.desc())
        .limit(1)
    )


def heads_of_kind(session: Session, kind: str, *, limit: int = 5000) -> list[EditionHead]:
    """Return all editions of a kind without their content, by code and language, newest first."""
    columns = [getattr(Edition, each.name) for each in fields(EditionHead)]
    found = session.execute(
        select(*columns)
        .where(Edition.kind == kind)
        .order_by(Edition.code, Edition.language, Edition.number.desc())
        .limit(limit)
    )
    return [EditionHead(*row) for row in found]


def waiting(session: Session, *, limit: int = 100) -> list[Edition]:
    """Return the editions that wait for their approval, oldest first."""
    return list(
        session.scalars(
            select(Edition)
            .where(Edition.state == EditionState.PROPOSED)
            .order_by(Edition.proposed_at)
            .limit(limit)
        )
    )


def of_thing(session: Session, kind: str, code: str, language: str = "") -> list[Edition]:
    """Return all editions of one thing, the oldest first."""
    return list(
        session.scalars(
            select(Edition)
            .where(Edition.kind == kind, Edition.code == code, Edition.language == language)
            .order_by(Edition.number)
        )
    )
