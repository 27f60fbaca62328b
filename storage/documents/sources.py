"""Keep what a derived row was derived from: the documents that say a person's name or a day.

The row's own `document_id` is the first of them; the others stand here. `TYPED` stands for a
person who typed it and has it from no document.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base

TYPED = "typed"


class Source(Base):
    """One further source of one row of `people` or `legal_dates`."""

    __tablename__ = "derived_sources"

    derived_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The id of a document, or TYPED.
    source: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)


def add(session: Session, derived_id: str, source: str) -> bool:
    """Note a source; False when it was noted before, which changes nothing."""
    if session.get(Source, (derived_id, source)) is not None:
        return False
    session.add(Source(derived_id=derived_id, source=source))
    session.flush()
    return True


def remove(session: Session, derived_id: str, source: str) -> None:
    """Forget one further source of one row."""
    session.execute(delete(Source).where(Source.derived_id == derived_id, Source.source == source))


def of_rows(session: Session, firsts: Mapping[str, str | None]) -> dict[str, frozenset[str]]:
    """Return {row: its sources} for rows with their own `document_id`, None for a typed one."""
    found = {row_id: {first or TYPED} for row_id, first in firsts.items()}
    if not found:
        return {}
    query = select(Source).where(Source.derived_id.in_(found))
    for source in session.scalars(query):
        found[source.derived_id].add(source.source)
    return {row_id: frozenset(sources) for row_id, sources in found.items()}


def forget_document(session: Session, document_id: str) -> None:
    """Forget a document as a further source, because it is read again."""
    session.execute(delete(Source).where(Source.source == document_id))


def forget_rows(session: Session, derived_ids: Iterable[str]) -> None:
    """Forget the sources of rows that are removed."""
    session.execute(delete(Source).where(Source.derived_id.in_(list(derived_ids))))
