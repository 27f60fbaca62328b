"""Store the people of a case, and keyed hashes by which officers find the same person elsewhere.

`name` and `born` are sealed with the key of the submission that names the person, which is
`data_key_id`. A key hash is the keyed hash of one blocking key of the name, so that the same person
can be looked for although no name is readable.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.documents import sources


class Person(Base):
    """One person as one submission names them; a suggestion until an officer confirms it."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    # A partial ISO date such as 1987, 1987-05 or 1987-05-01, sealed; empty when unknown.
    born: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PersonKey(Base):
    """One blocking key of a person's name, hashed with the system's key."""

    __tablename__ = "person_keys"
    __table_args__ = (Index("ix_person_keys_hash", "key_hash"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


def of_submissions(session: Session, submission_ids: list[str]) -> list[Person]:
    """Return the people that submissions name, without dismissed ones, oldest first."""
    return list(
        session.scalars(
            select(Person)
            .where(Person.submission_id.in_(submission_ids), Person.dismissed_at.is_(None))
            .order_by(Person.added_at, Person.id)
        )
    )


def of_everyone(session: Session, submission_id: str) -> list[Person]:
    """Return the people that one submission names, with dismissed ones."""
    return list(session.scalars(select(Person).where(Person.submission_id == submission_id)))


def sharing_keys(
    session: Session, key_hashes: list[str], *, other_than: str, limit: int = 50
) -> list[Person]:
    """Return people of other submissions who share name keys, those who share most first."""
    shared = func.count()
    rows = session.execute(
        select(Person, shared)
        .join(PersonKey, PersonKey.person_id == Person.id)
        .where(
            PersonKey.key_hash.in_(key_hashes),
            Person.submission_id != other_than,
            Person.dismissed_at.is_(None),
        )
        .group_by(Person.id)
        .order_by(shared.desc(), Person.added_at.desc())
        .limit(limit)
    )
    return [person for person, _ in rows]


def forget_suggested(session: Session, submission_id: str) -> None:
    """Remove the people that are only suggested; confirmed and dismissed ones stay."""
    suggested = select(Person.id).where(
        Person.submission_id == submission_id,
        Person.confirmed_at.is_(None),
        Person.dismissed_at.is_(None),
    )
    sources.forget_rows(session, session.scalars(suggested))
    session.execute(delete(PersonKey).where(PersonKey.person_id.in_(suggested)))
    session.execute(delete(Person).where(Person.id.in_(suggested.scalar_subquery())))
