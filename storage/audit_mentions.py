"""Find audit events by what somebody was shown in a list: an index of the trail's sealed details.

A list or a search is one event, whose detail holds the ids of what it showed as `shown`. The ids
are random and stand here in clear; which of them an event must have here is checked with the chain.
Triggers refuse UPDATE and DELETE.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Integer, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base

SHOWN = "shown"
BATCH = 1000


class AuditMention(Base):
    """One thing that one event showed: the id of a submission or a case."""

    __tablename__ = "audit_mentions"

    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, index=True)


def shown_in(detail: dict[str, Any]) -> set[str]:
    """Return the ids that an event's detail says were shown."""
    shown = detail.get(SHOWN)
    return {each for each in shown if isinstance(each, str)} if isinstance(shown, list) else set()


def add(session: Session, sequence: int, detail: dict[str, Any]) -> None:
    """Note what an event showed, in the transaction that appends it."""
    rows = [{"subject_id": each, "sequence": sequence} for each in sorted(shown_in(detail))]
    if rows:
        session.execute(insert(AuditMention), rows)


def faults(session: Session, events: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    """Yield a sentence for each event (number, detail) that is noted otherwise than it says."""
    query = select(AuditMention.sequence, AuditMention.subject_id)
    rows = iter(events)
    while batch := list(islice(rows, BATCH)):
        wanted = {number: shown_in(detail) for number, detail in batch}
        noted: dict[int, set[str]] = {number: set() for number in wanted}
        numbers = AuditMention.sequence.between(min(wanted), max(wanted))
        for number, subject_id in session.execute(query.where(numbers)):
            noted.setdefault(number, set()).add(subject_id)
        for number, ids in sorted(noted.items()):
            if ids != wanted.get(number, set()):
                yield f"audit event {number} is not found by all that it showed, or by more"
