"""Search the audit trail: a span of time, narrowed by act, actor and subject.

The trail has no index by time and needs none: events are numbered in the order in which they were
appended, so the number at a time is found by halving, in some twenty look-ups for a million events.
`storage.audit` appends and checks the chain.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.accounts import users
from storage.accounts.users import User
from storage.audit import AuditEvent
from storage.cases.cases import Case
from storage.submissions.submissions import Submission

# An event gets its time before its number, so events that are close in time may be numbered in
# another order. So many more events on each side are looked at.
DISORDER = 1000
MAX_NAMESAKES = 50


@dataclass(frozen=True)
class Wanted:
    """What is looked for: from `since` to before `until`; an empty field narrows nothing.

    `actors` are written as in the trail, `user:ID`; events are numbered under `before`.
    """

    since: datetime
    until: datetime
    acts: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    before: int | None = None


def find(session: Session, wanted: Wanted, *, limit: int) -> list[AuditEvent]:
    """Return the newest events that are wanted, newest first."""
    first = _number_at(session, wanted.since) - DISORDER
    last = _number_at(session, wanted.until) + DISORDER
    if wanted.before is not None:
        last = min(last, wanted.before - 1)
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.sequence.between(first, last),
            AuditEvent.at >= wanted.since,
            AuditEvent.at < wanted.until,
        )
        .order_by(AuditEvent.sequence.desc())
        .limit(limit)
    )
    # One query for each: an index gives its newest events first, which one for several could not.
    if wanted.actors:
        of_acts = [AuditEvent.act.in_(wanted.acts)] if wanted.acts else []
        queries = [query.where(AuditEvent.actor == actor, *of_acts) for actor in wanted.actors]
    elif wanted.acts:
        queries = [query.where(AuditEvent.act == act) for act in wanted.acts]
    else:
        queries = [query]
    found = [event for each in queries for event in session.scalars(each)]
    return sorted(found, key=lambda event: -event.sequence)[:limit]


def accounts_called(session: Session, label: str) -> list[str]:
    """Return the ids of the accounts with a label; several may have the same one."""
    return list(session.scalars(select(User.id).where(User.label == label).limit(MAX_NAMESAKES)))


def references_of(session: Session, subjects: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return {subject: reference} of submissions, cases and accounts, which have a name."""
    accounts = {subject_id for kind, subject_id in subjects if kind == "account"}
    named = users.full_names_of(session, accounts) if accounts else {}
    found = {("account", user_id): name for user_id, name in named.items()}
    for subject_type, id_column, name in (
        ("submission", Submission.id, Submission.reference),
        ("case", Case.id, Case.reference),
    ):
        wanted = {subject_id for kind, subject_id in subjects if kind == subject_type}
        rows = session.execute(select(id_column, name).where(id_column.in_(wanted)))
        found |= {(subject_type, subject_id): shown for subject_id, shown in rows}
    return found


def _number_at(session: Session, moment: datetime) -> int:
    """Return about which number the first event at or after a moment has.

    If there is none, this is the number after the last event.
    """
    low, high = 1, (session.scalar(select(func.max(AuditEvent.sequence))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = session.scalar(
            select(AuditEvent.at)
            .where(AuditEvent.sequence >= middle)
            .order_by(AuditEvent.sequence)
            .limit(1)
        )
        if at is None or at >= moment:
            high = middle
        else:
            low = middle + 1
    return low
