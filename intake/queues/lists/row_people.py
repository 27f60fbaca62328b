"""Say of rows of a list who of the office stands behind them: who escalated it, who is away."""

from typing import TYPE_CHECKING

from intake.queues.task_outcomes import Outcome
from storage.accounts import users
from storage.cases import cases
from storage.submissions import task_outcomes
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.submissions.queue_items import QueueItem


def with_the_away(
    session: "Session",
    covers: "Collection[str]",
    items: "Sequence[QueueItem]",
    found: "Mapping[str, About]",
) -> dict[str, str]:
    """Return {item: the account that has it, or else its case} of items of some accounts.

    `covers` are the accounts; `found` says what each item is about.
    """
    if not covers:
        return {}
    filed = [each.submission.case_id for each in found.values() if each.submission]
    known = cases.by_ids(session, {each for each in filed if each is not None})
    owners = {key: case.owner_id for key, case in known.items()}
    with_whom = {}
    for item in items:
        about = found.get(item.id)
        of_case = about.submission.case_id if about and about.submission else None
        owner = about.case.owner_id if about and about.case else owners.get(of_case or "")
        with_whom[item.id] = item.claimed_by or owner or ""
    return {key: account for key, account in with_whom.items() if account in covers}


def asked_by(session: "Session", items: "Sequence[QueueItem]") -> dict[str, str]:
    """Return {item: the label of who escalated it} of those that somebody did."""
    escalated = {
        item.submission_id: item.id
        for item in items
        if item.kind == TaskKind.PROTECTION_ESCALATED and item.submission_id is not None
    }
    by = {
        escalated[row.submission_id]: row.done_by
        for row in task_outcomes.of_submissions(
            session, sorted(escalated), TaskKind.PROTECTION_SIGN
        )
        if row.outcome == Outcome.ESCALATED and row.reopened_at is None and row.submission_id
    }
    labels = users.labels_of(session, set(by.values())) if by else {}
    return {item_id: labels.get(user_id, "") for item_id, user_id in by.items()}
