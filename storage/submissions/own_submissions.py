"""Submissions by who sent them: what the coordinators' pages may show, and nothing wider."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from storage.submissions.submissions import Submission


def sent_by(
    session: Session,
    account_ids: Collection[str],
    sender_ids: Collection[str],
    case_ids: Collection[str],
    programme: str,
    *,
    limit: int = 500,
) -> list[Submission]:
    """Return what accounts sent, and what senders of the register sent to cases; newest first.

    A sender's mail counts only inside one of `case_ids`: elsewhere nobody has filed it yet.
    """
    by_account = Submission.submitted_by.in_(account_ids)
    by_sender = and_(Submission.sender_id.in_(sender_ids), Submission.case_id.in_(case_ids))
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.programme == programme, or_(by_account, by_sender))
            .order_by(Submission.received_at.desc(), Submission.id)
            .limit(limit)
        )
    )
