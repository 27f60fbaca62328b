"""Mail of cases: queries that lead from threads and cases to the submissions in them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.submissions.submissions import Submission


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
