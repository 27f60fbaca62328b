"""Find what work is about in the end: the case it hangs on, and the submission whose page has it.

An item hangs on a submission, a case, a grant, or another item. Whoever reads items asks here, and
so copes with all four.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from storage.access.own_submissions import Submissions
from storage.cases import cases
from storage.cases.cases import Case
from storage.cases.cash_decisions import CashDecision
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission

# An item about an item is about that one's subject; nobody makes longer chains.
MAX_STEPS = 3


@dataclass(frozen=True)
class About:
    """What an item is about.

    `case` is the living case that it hangs on, None for an item that hangs on no case. `submission`
    is the one on whose page the work is done: of a case its newest, None for a case without any.
    """

    submission: Submission | None
    case: Case | None = None

    @property
    def reference(self) -> str:
        """Return the code under which a list names it: that of the page where it is done."""
        return self.thing.reference if self.submission is None else self.submission.reference

    @property
    def thing(self) -> Submission | Case:
        """Return what it hangs on in the end."""
        found = self.case or self.submission
        if found is None:
            raise LookupError("an item is about nothing")
        return found

    @property
    def subject(self) -> tuple[str, str]:
        """Return the (type, id) of audited acts about the item."""
        return ("case" if self.case is not None else "submission"), self.thing.id


def about(session: Session, items: Collection[QueueItem]) -> dict[str, About]:
    """Return {id of an item: what it is about}, by few queries however many items there are.

    An item of which nothing is left is absent.
    """
    roots = _roots(session, items)
    grants = {item.grant_id for item in roots.values() if item.grant_id}
    rows = session.execute(
        select(CashDecision.id, CashDecision.submission_id).where(CashDecision.id.in_(grants))
    )
    of_grants = {grant: submission for grant, submission in rows}  # noqa: C416 - a Row is no tuple to mypy
    of_items = {
        key: item.submission_id or of_grants.get(item.grant_id or "", "")
        for key, item in roots.items()
    }
    known = submissions.by_ids(session, {each for each in of_items.values() if each})
    in_cases = _in_cases(session, {item.case_id for item in roots.values() if item.case_id})
    found = {}
    for key, item in roots.items():
        if item.case_id is not None and item.case_id in in_cases:
            found[key] = in_cases[item.case_id]
        elif of_items[key] in known:
            found[key] = About(known[of_items[key]])
    return found


def about_one(session: Session, item: QueueItem | None) -> About | None:
    """Return what one item is about, None for no item and for one of which nothing is left."""
    return about(session, [item]).get(item.id) if item is not None else None


def about_message(session: Session, row: OutboxMessage) -> About | None:
    """Return what a mail is about, None for one about an account."""
    if row.task_id is not None:
        return about_one(session, session.get(QueueItem, row.task_id))
    if row.case_id is not None:
        return _in_cases(session, {row.case_id}).get(row.case_id)
    grant = session.get(CashDecision, row.grant_id) if row.grant_id is not None else None
    submission_id = grant.submission_id if grant is not None else row.submission_id
    found = submissions.by_id(session, submission_id) if submission_id is not None else None
    return About(found) if found is not None else None


def of_case(session: Session, case_id: str) -> list[QueueItem]:
    """Return the items that hang on a case or on one that was merged into it, oldest first."""
    return list(
        session.scalars(
            select(QueueItem)
            .where(QueueItem.case_id.in_(cases.merged_into(session, case_id)))
            .order_by(QueueItem.opened_at, QueueItem.id)
        )
    )


def on_page(session: Session, submission: Submission) -> list[QueueItem]:
    """Return all items that stand on a submission's page: its own first, then those `beside`."""
    return [*queue_items.of_submission(session, submission.id), *beside(session, submission)]


def beside(session: Session, submission: Submission) -> list[QueueItem]:
    """Return the items that stand on a submission's page and hang on something else.

    Those are the ones of its case, and those about another of its items, oldest first.
    """
    of_its_case = of_case(session, submission.case_id) if submission.case_id else []
    own = select(QueueItem.id).where(QueueItem.submission_id == submission.id)
    grants = select(CashDecision.id).where(CashDecision.submission_id == submission.id)
    others = session.scalars(
        select(QueueItem)
        .where(or_(QueueItem.task_id.in_(own), QueueItem.grant_id.in_(grants)))
        .order_by(QueueItem.opened_at, QueueItem.id)
    )
    return [*of_its_case, *others]


def is_among(only: Submissions) -> ColumnElement[bool]:
    """Return the condition for items that are about some submissions, or about their cases."""
    in_their_cases = select(Submission.case_id).where(Submission.id.in_(only))
    tasks = QueueItem.__table__.alias("about_tasks")
    theirs = or_(tasks.c.submission_id.in_(only), tasks.c.case_id.in_(in_their_cases))
    grants = select(CashDecision.id).where(CashDecision.submission_id.in_(only))
    return or_(
        QueueItem.submission_id.in_(only),
        QueueItem.case_id.in_(in_their_cases),
        QueueItem.task_id.in_(select(tasks.c.id).where(theirs)),
        QueueItem.grant_id.in_(grants),
    )


def _roots(session: Session, items: Iterable[QueueItem]) -> dict[str, QueueItem]:
    """Follow items about items: return {id of an item: the one that hangs on no other}."""
    roots = {item.id: item for item in items}
    for _ in range(MAX_STEPS):
        wanted = {item.task_id for item in roots.values() if item.task_id}
        if not wanted:
            break
        rows = session.scalars(select(QueueItem).where(QueueItem.id.in_(wanted)))
        nearer = {row.id: row for row in rows}
        roots = {key: nearer.get(item.task_id or "", item) for key, item in roots.items()}
    return {key: item for key, item in roots.items() if item.task_id is None}


def _in_cases(session: Session, case_ids: set[str]) -> dict[str, About]:
    """Return {id of a case: itself, merges followed, and the newest submission in it}."""
    living = {
        key: cases.resolved(session, case) for key, case in cases.by_ids(session, case_ids).items()
    }
    filed = cases.of_cases(session, [case.id for case in living.values()])
    return {
        key: About(next(iter(filed.get(case.id, [])), None), case) for key, case in living.items()
    }
