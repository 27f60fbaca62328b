"""Store access grants: what somebody opened with a written reason, until when, and its review.

A grant is for a case, or for a submission that is in none; `scope` is `content` or a compartment.
That of a case covers what was in the case when it was given, and nothing that is filed or merged
into it later: nobody gave a reason for that, and nobody would review one (threat P12).
Reason and note are sealed with the key of what was opened, so that they are erased with it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Executable,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    and_,
    exists,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.audit import AuditEvent
from storage.base import Base, UtcTime
from storage.cases.filing_acts import FilingAct
from storage.documents.documents import Document
from storage.submissions.submissions import Submission

CONTENT = "content"


class AccessGrant(Base):
    """One opening by one person. `verdict` is None until somebody else has reviewed it."""

    __tablename__ = "access_grants"
    __table_args__ = (
        Index("ix_access_grants_user", "user_id", "ends_at"),
        Index("ix_access_grants_given", "given_at"),
        Index("ix_access_grants_answered", "answered_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    programme: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"))
    scope: Mapped[str] = mapped_column(String(8))
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    given_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    verdict: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)


def current(session: Session, user_id: str, now: datetime) -> list[AccessGrant]:
    """Return the grants of a user that last now, the first to end first."""
    return list(
        session.scalars(
            select(AccessGrant)
            .where(AccessGrant.user_id == user_id, AccessGrant.ends_at > now)
            .order_by(AccessGrant.ends_at, AccessGrant.id)
        )
    )


def scopes_on(
    session: Session, user_id: str, submission_ids: Collection[str], now: datetime
) -> dict[str, frozenset[str]]:
    """Return {submission: the scopes that a user has open on it now, by itself or with its case}.

    Submissions on which nothing is open are absent.
    """
    open_now = (AccessGrant.user_id == user_id, AccessGrant.ends_at > now)
    of_itself = select(AccessGrant.submission_id, AccessGrant.scope).where(
        *open_now, AccessGrant.submission_id.in_(submission_ids)
    )
    of_case = (
        select(Submission.id, AccessGrant.scope)
        .join(AccessGrant, AccessGrant.case_id == Submission.case_id)
        .where(*open_now, Submission.id.in_(submission_ids), was_there(Submission))
    )
    found: dict[str, frozenset[str]] = {}
    both: Executable = union(of_itself, of_case)
    for submission_id, scope in session.execute(both):
        found[submission_id] = found.get(submission_id, frozenset()) | {scope}
    return found


def was_there(submission: type[Submission]) -> ColumnElement[bool]:
    """Return the condition that a submission did not come into a grant's case after it was given.

    A submission that left and came back is not covered either: its reason has to be given anew. Nor
    is one that was in the case from its arrival, as a note of a call, and arrived later.
    """
    came_later = exists().where(
        FilingAct.submission_id == submission.id,
        FilingAct.to_case_id == AccessGrant.case_id,
        FilingAct.at > AccessGrant.given_at,
    )
    return and_(~came_later, AccessGrant.given_at >= submission.received_at)


def scopes_on_case(session: Session, user_id: str, case_id: str, now: datetime) -> frozenset[str]:
    """Return the scopes that a user has open now on a case."""
    return frozenset(
        session.scalars(
            select(AccessGrant.scope).where(
                AccessGrant.user_id == user_id,
                AccessGrant.ends_at > now,
                AccessGrant.case_id == case_id,
            )
        )
    )


def looked_at(session: Session, grants: list[AccessGrant]) -> dict[str, list[str]]:
    """Return {id of a grant: codes of what its user looked at while it lasted}, sorted.

    That is every submission of its case, also one that was moved out of it since, on which or on
    whose documents the user left an event of the audit.
    """
    case_ids = {each.case_id for each in grants if each.case_id}
    if not case_ids:
        return {}
    ever_in = union(
        select(Submission.id.label("id"), Submission.case_id.label("case_id")).where(
            Submission.case_id.in_(case_ids)
        ),
        select(FilingAct.submission_id, FilingAct.to_case_id).where(
            FilingAct.to_case_id.in_(case_ids)
        ),
    ).subquery()
    on_it = and_(AuditEvent.subject_type == "submission", AuditEvent.subject_id == Submission.id)
    on_document = and_(
        AuditEvent.subject_type == "document",
        AuditEvent.subject_id == Document.id,
        Document.submission_id == Submission.id,
    )
    lasted = and_(
        AuditEvent.actor == "user:" + AccessGrant.user_id,
        AuditEvent.at.between(AccessGrant.given_at, AccessGrant.ends_at),
    )
    rows = session.execute(
        select(AccessGrant.id, Submission.reference)
        .join(ever_in, ever_in.c.case_id == AccessGrant.case_id)
        .join(Submission, Submission.id == ever_in.c.id)
        .where(
            AccessGrant.id.in_({each.id for each in grants}),
            or_(
                exists().where(on_it, lasted).correlate(AccessGrant, Submission),
                exists().where(on_document, lasted).correlate(AccessGrant, Submission),
            ),
        )
        .distinct()
        .order_by(Submission.reference)
    )
    found: dict[str, list[str]] = {}
    for grant_id, reference in rows:
        found.setdefault(grant_id, []).append(reference)
    return found


def locked(session: Session, grant_id: str) -> AccessGrant | None:
    """Return a grant as it is now, locked to the commit, or None."""
    return session.scalar(
        select(AccessGrant)
        .where(AccessGrant.id == grant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def unanswered(session: Session, *, limit: int) -> list[AccessGrant]:
    """Return the grants that nobody has reviewed yet, the longest waiting first."""
    return list(
        session.scalars(
            select(AccessGrant)
            .where(AccessGrant.answered_at.is_(None))
            .order_by(AccessGrant.given_at, AccessGrant.id)
            .limit(limit)
        )
    )


def count_unanswered(session: Session, *, other_than: str) -> int:
    """Count the grants that wait for a review by `other_than`: their own wait for others."""
    return (
        session.scalar(
            select(func.count()).where(
                AccessGrant.answered_at.is_(None), AccessGrant.user_id != other_than
            )
        )
        or 0
    )


def given_since(session: Session, since: datetime, *, limit: int) -> list[AccessGrant]:
    """Return the grants that were given since a time, the newest first."""
    return list(
        session.scalars(
            select(AccessGrant)
            .where(AccessGrant.given_at >= since)
            .order_by(AccessGrant.given_at.desc(), AccessGrant.id)
            .limit(limit)
        )
    )
