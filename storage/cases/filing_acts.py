"""Store filing acts (which submission came into or out of a case, why, by whom) and ranked cases.

Acts are never removed: undoing writes a further act and marks the one that it undoes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime


class FilingActKind(StrEnum):
    """What was done."""

    FILED_BY_RULE = "filed_by_rule"
    OPENED_BY_RULE = "opened_by_rule"
    ACCEPTED = "accepted"
    OPENED = "opened"
    SPLIT = "split"
    MERGED = "merged"
    UNDONE = "undone"


MAKING_A_CASE = (FilingActKind.OPENED_BY_RULE, FilingActKind.OPENED, FilingActKind.SPLIT)


class FilingAct(Base):
    """One act on one submission; the acts of one merge share their `batch`."""

    __tablename__ = "filing_acts"
    __table_args__ = (
        Index("ix_filing_acts_submission", "submission_id", "at"),
        Index("ix_filing_acts_batch", "batch"),
        Index("ix_filing_acts_from_case", "from_case_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    batch: Mapped[str] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(16))
    from_case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    to_case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    # The submission's state before the act, for undoing it.
    state_before: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str | None] = mapped_column(String(32))
    reasons: Mapped[list[str]] = mapped_column(JsonText, default=list)
    at: Mapped[datetime] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)


@dataclass(frozen=True)
class Likeness:
    """How alike a person of a submission and one of another are, 0 to 1, and who says so.

    `here` and `there` are the sources (`storage.documents.sources`) of the two people, in the
    submission that is ranked for and in `submission_id`.
    """

    score: float
    here: tuple[str, ...]
    there: tuple[str, ...]
    submission_id: str


class CaseRank(Base):
    """One case that a waiting submission may belong to; rank 1 is the likeliest.

    `score` and `reasons` are those without the likeness of people: whether that counts depends on
    who reads (`intake.triage.seen_cases`).
    """

    __tablename__ = "case_guesses"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    score: Mapped[float] = mapped_column(Float)
    reasons: Mapped[list[str]] = mapped_column(JsonText, default=list)
    # Any: the values of `Likeness`, in their order.
    likenesses: Mapped[list[list[Any]]] = mapped_column(JsonText, default=list, server_default="[]")


def likenesses_of(rank: CaseRank) -> list[Likeness]:
    """Return what speaks for a case by people that are alike."""
    return [
        Likeness(score, tuple(here), tuple(there), submission_id)
        for score, here, there, submission_id in rank.likenesses
    ]


def as_stored(likenesses: Iterable[Likeness]) -> list[list[Any]]:  # Any: as in `CaseRank`
    """Return likenesses in the form of `CaseRank.likenesses`."""
    return [[each.score, [*each.here], [*each.there], each.submission_id] for each in likenesses]


def of_submission(session: Session, submission_id: str) -> list[FilingAct]:
    """Return a submission's acts, oldest first."""
    return list(
        session.scalars(
            select(FilingAct)
            .where(FilingAct.submission_id == submission_id)
            .order_by(FilingAct.at, FilingAct.id)
        )
    )


def taken_out(session: Session, case_id: str) -> list[str]:
    """Return the ids of the submissions that an undone filing took out of a case, into none."""
    undone = FilingAct.act == FilingActKind.UNDONE, FilingAct.undone_at.is_(None)
    from_here = FilingAct.from_case_id == case_id, FilingAct.to_case_id.is_(None)
    return list(session.scalars(select(FilingAct.submission_id).where(*undone, *from_here)))


def of_batch(session: Session, batch: str) -> list[FilingAct]:
    """Return the acts that were done together."""
    return list(session.scalars(select(FilingAct).where(FilingAct.batch == batch)))


def add(session: Session, act: FilingAct) -> None:
    """Store an act, after the case and the submission that it names."""
    session.flush()
    session.add(act)
    session.flush()


def by_id(session: Session, act_id: str) -> FilingAct | None:
    """Return one act or None."""
    return session.get(FilingAct, act_id)


def ranks_of(session: Session, submission_id: str) -> list[CaseRank]:
    """Return the cases that a submission may belong to, the likeliest first."""
    return list(
        session.scalars(
            select(CaseRank).where(CaseRank.submission_id == submission_id).order_by(CaseRank.rank)
        )
    )


def replace_ranks(session: Session, submission_id: str, ranks: list[CaseRank]) -> None:
    """Replace the ranked cases of a submission by these."""
    session.execute(delete(CaseRank).where(CaseRank.submission_id == submission_id))
    session.add_all(ranks)
    session.flush()
