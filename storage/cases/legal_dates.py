"""Store legal dates: days that the law or a court sets, noted for a submission and its case.

Kind and day are sealed. `day_hash` is the keyed hash of both: whether a day is noted, and which
submissions have a day in some weeks, is asked by the hashes of these days.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, exists, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, validates

from storage.base import Base, UtcTime
from storage.cases.cases import OVER, Case, CaseState
from storage.crypto.column_types import Keyed, SealedDate, SealedText
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission


class LegalDateKind(StrEnum):
    """The legal dates of requirement 24."""

    REFLECTION_END = "reflection_end"
    PERMIT_EXPIRY = "permit_expiry"
    DEPARTURE_DEADLINE = "departure_deadline"
    TRIAL = "trial"
    PASSPORT_EXPIRY = "passport_expiry"
    REMOVAL = "removal"


class DayStood(StrEnum):
    """How a day stands."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    ENDED = "ended"


# Under this key an audited act on a day says how it stood before, so that it can be undone.
DAY_STOOD = "stood"


class LegalDate(Base):
    """One day. It is suggested while `confirmed_at` is None; after `ended_at` it does not count."""

    __tablename__ = "legal_dates"
    __table_args__ = (
        Index("ix_legal_dates_day", "submission_id", "day_hash", unique=True),
        Index("ix_legal_dates_open", "ended_at", "day_hash"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[str] = mapped_column("sealed_kind", SealedText("legal_dates.kind"))
    day: Mapped[date] = mapped_column("sealed_day", SealedDate("legal_dates.day"))
    day_hash: Mapped[str] = mapped_column(Keyed("legal-day"))
    noted_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @property
    def stands(self) -> DayStood:
        """Return how the day stands now."""
        if self.ended_at is not None:
            return DayStood.ENDED
        return DayStood.SUGGESTED if self.confirmed_at is None else DayStood.CONFIRMED

    @validates("kind", "day")
    def _keep_hash(self, name: str, value: str | date) -> str | date:
        # A new row gets its kind and its day one after the other.
        known = {"kind": self.kind, "day": self.day} | {name: value}
        if known["kind"] is not None and known["day"] is not None:
            self.day_hash = _named(known["kind"], known["day"])
        return value


def of_submissions(session: Session, submission_ids: list[str]) -> list[LegalDate]:
    """Return the dates of submissions that still count, the nearest first."""
    rows = session.scalars(
        select(LegalDate).where(
            LegalDate.submission_id.in_(submission_ids), LegalDate.ended_at.is_(None)
        )
    )
    return sorted(rows, key=lambda row: (row.day, row.kind))


def submissions_near(
    session: Session, since: date, until: date, *, after: str, limit: int
) -> list[str]:
    """Return ids of submissions that wait for a person and have a date between two days, sorted.

    Both days are included, and the dates of the other submissions of their case count too. Those
    up to the id `after` are left out, so that a caller comes to all of them.
    """
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    hashes = [_named(kind, day) for kind in LegalDateKind for day in days]
    noted_for = aliased(Submission)
    return list(
        session.scalars(
            select(Submission.id)
            .join(QueueItem, QueueItem.submission_id == Submission.id)
            .join(
                noted_for,
                or_(noted_for.id == Submission.id, noted_for.case_id == Submission.case_id),
            )
            .join(LegalDate, LegalDate.submission_id == noted_for.id)
            .where(
                Submission.id > after,
                LegalDate.ended_at.is_(None),
                LegalDate.day_hash.in_(hashes),
                QueueItem.kind == TaskKind.SUBMISSION,
                QueueItem.closed_at.is_(None),
            )
            .distinct()
            .order_by(Submission.id)
            .limit(limit)
        )
    )


def cases_near(session: Session, since: date, until: date, *, after: str, limit: int) -> list[str]:
    """Return ids of cases with a date between two days and nothing to be decided, sorted.

    What waits for a decision is found by `submissions_near`. Both days are included; those up to
    the id `after` are left out, and so are cases that are over or whose person withdrew.
    """
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    hashes = [_named(kind, day) for kind in LegalDateKind for day in days]
    noted_for, other = aliased(Submission), aliased(Submission)
    waits = exists().where(
        QueueItem.submission_id == other.id,
        other.case_id == Case.id,
        QueueItem.kind == TaskKind.SUBMISSION,
        QueueItem.closed_at.is_(None),
    )
    return list(
        session.scalars(
            select(Case.id)
            .join(noted_for, noted_for.case_id == Case.id)
            .join(LegalDate, LegalDate.submission_id == noted_for.id)
            .where(
                Case.id > after,
                Case.state.not_in((*OVER, CaseState.WITHDRAWN)),
                LegalDate.ended_at.is_(None),
                LegalDate.day_hash.in_(hashes),
                ~waits,
            )
            .distinct()
            .order_by(Case.id)
            .limit(limit)
        )
    )


def find(session: Session, submission_id: str, kind: str, day: date) -> LegalDate | None:
    """Return a submission's date of a kind on a day, ended ones included, or None."""
    return session.scalar(
        select(LegalDate).where(
            LegalDate.submission_id == submission_id,
            LegalDate.day_hash == _named(kind, day),
        )
    )


def of_kind(session: Session, submission_id: str, kind: str) -> list[LegalDate]:
    """Return a submission's days of a kind, ended ones included."""
    rows = session.scalars(select(LegalDate).where(LegalDate.submission_id == submission_id))
    return [row for row in rows if row.kind == kind]


def by_id(session: Session, date_id: str) -> LegalDate | None:
    """Return one date or None."""
    return session.get(LegalDate, date_id)


def note(session: Session, row: LegalDate) -> LegalDate:
    """Note a date; returns the one that the submission has already, decided or not, if any."""
    known = find(session, row.submission_id, row.kind, row.day)
    if known is not None:
        return known
    session.add(row)
    session.flush()
    return row


def _named(kind: object, day: object) -> str:
    return f"{kind}:{day}"
