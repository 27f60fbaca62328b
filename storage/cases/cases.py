"""Store cases, to which submissions are filed."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.accounts.users import User
from storage.base import Base, UtcTime
from storage.crypto.keys import DataKeyRow
from storage.submissions import submissions, upload_links
from storage.submissions.submissions import Submission


class CaseState(StrEnum):
    """Where a case stands in its programme; the states after CONFIRMED are those of a return."""

    RECEIVED = "RECEIVED"
    TRIAGE = "TRIAGE"
    CONFIRMED = "CONFIRMED"
    AWAITING_DOCS = "AWAITING_DOCS"
    ASSESSMENT = "ASSESSMENT"
    ACCEPTED = "ACCEPTED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    PRE_DEPARTURE = "PRE_DEPARTURE"
    TRAVEL_BOOKED = "TRAVEL_BOOKED"
    DEPARTED = "DEPARTED"
    ARRIVED = "ARRIVED"
    REINTEGRATION = "REINTEGRATION"
    MONITORING = "MONITORING"
    SAFETY_HOLD = "SAFETY_HOLD"
    WITHDRAWN = "WITHDRAWN"
    REDIRECTED = "REDIRECTED"
    CLOSED = "CLOSED"
    RETAINED = "RETAINED"
    ERASED = "ERASED"


# Nothing is done any more in these.
OVER = (CaseState.REDIRECTED, CaseState.CLOSED, CaseState.RETAINED, CaseState.ERASED)


class Case(Base):
    """One person's or family's case in one programme; their names are sealed in `people`."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    programme: Mapped[str] = mapped_column(String(16))
    region: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    # Set when an officer merged this case into another; the row stays for its history.
    merged_into: Mapped[str | None] = mapped_column(String(32), index=True)
    owner_id: Mapped[str | None] = mapped_column(String(32), index=True)
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


def by_reference(session: Session, reference: str) -> Case | None:
    """Return the case with a code, merged ones too, or None."""
    return session.scalar(select(Case).where(Case.reference == reference))


def by_ids(session: Session, case_ids: set[str]) -> dict[str, Case]:
    """Return several cases by their id; unknown ones are absent."""
    if len(case_ids) < 2:
        # One that the session has read already is not asked for again.
        one = by_id(session, next(iter(case_ids), None))
        return {one.id: one} if one is not None else {}
    rows = session.scalars(select(Case).where(Case.id.in_(case_ids)))
    return {case.id: case for case in rows}


def named_by(
    session: Session, references: list[str], submission_ids: list[str], programme: str
) -> list[Case]:
    """Return the programme's cases that reference codes or submissions lead to.

    A code names a case if it is the case's own or that of a submission filed there. Codes are
    normalised; an unknown code names nothing.
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


def open_key_ids(session: Session, case_ids: list[str]) -> frozenset[str]:
    """Return those of the cases whose data key was not destroyed; the others are erased."""
    return frozenset(
        session.scalars(
            select(Case.id)
            .join(DataKeyRow, DataKeyRow.id == Case.data_key_id)
            .where(Case.id.in_(case_ids), DataKeyRow.destroyed_at.is_(None))
        )
    )


def locked(session: Session, case_ids: list[str]) -> list[Case]:
    """Return cases as they are now, and keep others from changing them until the commit.

    Rows that only point at a case may still be written meanwhile. The cases are locked in the
    order of their ids, so that two acts on the same cases wait for each other without a deadlock.
    """
    return list(
        session.scalars(
            select(Case)
            .where(Case.id.in_(case_ids))
            .order_by(Case.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def locked_submission(session: Session, submission_id: str) -> Submission | None:
    """Return one submission locked to the commit, and lock its case before it.

    Acts on whole cases lock the case first and then what is in it. An act on one submission that
    changes its case too must take them in the same order, or both wait for each other.
    """
    known = session.get(Submission, submission_id)
    if known is not None and known.case_id is not None:
        locked(session, [known.case_id])
    return submissions.locked(session, submission_id)


def resolved(session: Session, case: Case) -> Case:
    """Return the case that a case was merged into, through all merges, or the case itself."""
    seen = {case.id}
    while case.merged_into is not None and case.merged_into not in seen:
        seen.add(case.merged_into)
        case = session.get_one(Case, case.merged_into)
    return case


def has_person_withdrawn(session: Session, case_id: str | None) -> bool:
    """Tell whether the person of a case, or of the one it was merged into, withdrew."""
    case = by_id(session, case_id)
    return case is not None and resolved(session, case).state == CaseState.WITHDRAWN


def is_stopped(session: Session, submission: Submission) -> bool:
    """Tell whether a submission belongs to a case whose person withdrew.

    What came by a single-use link and is not filed yet belongs to what the link was made for.
    """
    if submission.case_id is not None:
        return has_person_withdrawn(session, submission.case_id)
    link = upload_links.by_which_came(session, submission.id)
    if link is None:
        return False
    named = submissions.by_id(session, link.submission_id or "")
    return has_person_withdrawn(session, link.case_id or (named.case_id if named else None))


def merged_into(session: Session, case_id: str) -> list[str]:
    """Return the ids of a case and of all that were merged into it, directly or not."""
    found, newest = [case_id], [case_id]
    while newest:
        query = select(Case.id).where(Case.merged_into.in_(newest), Case.id.not_in(found))
        newest = list(session.scalars(query))
        found += newest
    return found


def of_region(
    session: Session, programme: str, region: str | None, *, limit: int = 50
) -> list[Case]:
    """Return a region's cases that were not merged away, the newest first."""
    return list(
        session.scalars(
            select(Case)
            .where(Case.programme == programme, Case.region == region, Case.merged_into.is_(None))
            .order_by(Case.opened_at.desc(), Case.id)
            .limit(limit)
        )
    )


def without_owner(
    session: Session,
    programme: str,
    able: list[str],
    *,
    limit: int,
    after: Case | None = None,
) -> list[Case]:
    """Return a programme's cases that need an owner who can act, the oldest first.

    `able` are the accounts that can own them; `after` is the case that the last page ended with. A
    case that nobody confirmed yet needs an owner if it had one, or if all that came in for it has
    ended; until then it waits in a queue. In a stopped case nobody has anything to do.
    """
    return list(
        session.scalars(
            select(Case)
            .join(DataKeyRow, DataKeyRow.id == Case.data_key_id)
            .where(*_without_owner(programme, able), _opened_after(after))
            .order_by(Case.opened_at, Case.id)
            .limit(limit)
        )
    )


def count_without_owner(session: Session, programme: str, able: list[str]) -> int:
    """Count a programme's cases that need an owner who can act (`without_owner`)."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Case)
            .join(DataKeyRow, DataKeyRow.id == Case.data_key_id)
            .where(*_without_owner(programme, able))
        )
        or 0
    )


def _without_owner(programme: str, able: list[str]) -> list[ColumnElement[bool]]:
    unable = select(User.id).where(User.id.not_in(able))
    is_confirmed = Case.state != CaseState.RECEIVED
    nobodys = and_(Case.owner_id.is_(None), or_(is_confirmed, ~_something_goes_on()))
    return [
        or_(nobodys, Case.owner_id.in_(unable)),
        Case.programme == programme,
        Case.state.not_in((*OVER, CaseState.WITHDRAWN)),
        Case.merged_into.is_(None),
        DataKeyRow.destroyed_at.is_(None),
    ]


def _something_goes_on() -> ColumnElement[bool]:
    goes_on = Submission.outcome.is_(None)
    return exists().where(Submission.case_id == Case.id, goes_on)


def ended_throughout(session: Session, case_ids: list[str]) -> frozenset[str]:
    """Return those of the cases for which nothing goes on: all that came in ended without a case.

    Cases that were merged into another, and those that are over, are none of them.
    """
    open_ones = Case.state.not_in(OVER), Case.merged_into.is_(None)
    return frozenset(
        session.scalars(
            select(Case.id).where(Case.id.in_(case_ids), *open_ones, ~_something_goes_on())
        )
    )


def count_owned(session: Session, user_id: str, programmes: Collection[str]) -> int:
    """Count the cases of some programmes that a user owns and that are not over."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Case)
            .join(DataKeyRow, DataKeyRow.id == Case.data_key_id)
            .where(
                Case.owner_id == user_id,
                Case.programme.in_(programmes),
                Case.state.not_in(OVER),
                Case.merged_into.is_(None),
                DataKeyRow.destroyed_at.is_(None),
            )
        )
        or 0
    )


def _opened_after(last: Case | None) -> ColumnElement[bool]:
    if last is None:
        return true()
    return tuple_(Case.opened_at, Case.id) > tuple_(
        literal(last.opened_at, UtcTime), literal(last.id)
    )


def to_be_reminded(session: Session, now: datetime, *, limit: int) -> list[str]:
    """Return ids of cases whose next reminder is due, the longest waiting first."""
    return list(
        session.scalars(
            select(Case.id)
            .where(Case.next_reminder_at <= now)
            .order_by(Case.next_reminder_at, Case.id)
            .limit(limit)
        )
    )


def is_reference_taken(session: Session, reference: str) -> bool:
    """Say whether a code names a case or a submission already."""
    in_cases = session.scalar(select(Case.id).where(Case.reference == reference))
    in_submissions = session.scalar(select(Submission.id).where(Submission.reference == reference))
    return in_cases is not None or in_submissions is not None


def in_thread(session: Session, message_id_hashes: list[str], programme: str) -> list[Submission]:
    """Return the programme's submissions that carried one of these Message-IDs."""
    return list(
        session.scalars(
            select(Submission)
            .where(
                Submission.message_id_hash.in_(message_id_hashes),
                Submission.programme == programme,
            )
            .order_by(Submission.received_at)
            .limit(100)
        )
    )


def of_cases(
    session: Session, case_ids: list[str], *, limit: int = 2000
) -> dict[str, list[Submission]]:
    """Return {case: its submissions, the newest first}."""
    found: dict[str, list[Submission]] = {}
    for submission in session.scalars(
        select(Submission)
        .where(Submission.case_id.in_(case_ids))
        .order_by(Submission.received_at.desc(), Submission.id)
        .limit(limit)
    ):
        found.setdefault(submission.case_id or "", []).append(submission)
    return found
