"""Define what a submission's page shows of its tasks, and read it.

Whoever does a task sees whom to call. What was written about a sign of danger is for those who
work in the queue of protection (threat P15).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.core.errors import NotFound
from intake.queues.task_outcomes import OUTCOMES, Outcome, outcomes_of
from intake.senders import region_cover
from intake.triage.endings.do_task import can_be_reopened, note_of
from storage.accounts import users
from storage.cases import cases
from storage.lists import work_subjects
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.access.visibility import Relationship
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.senders.region_cover import RegionalContact
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission
    from storage.submissions.task_outcomes import TaskOutcome

__all__ = ["DoneTask", "DoneView", "TaskView", "done_by", "reference_of", "task_views"]
# For these the register's number stands beside what is to be done.
CALLING = frozenset(
    kind for kind, found in OUTCOMES.items() if {Outcome.NO_NUMBER, Outcome.LEFT} & set(found)
) - {
    TaskKind.TOO_LARGE,
    TaskKind.NOT_OPENED,
    TaskKind.NOT_INSPECTED,
    TaskKind.NOBODY_WARNED,
}


@dataclass(frozen=True)
class DoneView:
    """What somebody did about a task; `note` is None where it is not for the reader."""

    id: str
    outcome: str
    note: str | None
    by: str
    at: datetime
    is_taken_back: bool


@dataclass(frozen=True)
class TaskView:
    """One task of a submission: what is open, else what was done last, and all that was before.

    `outcomes` is empty for what another act ends, and for a reader who may not do it. With
    `is_called` the sender is called, and `contact` is their entry in the register, if they have
    one. `seen_outcome` goes into the form.
    """

    item_id: str
    kind: str
    queue: str
    reason: str
    due_at: datetime
    is_open: bool
    may_do: bool
    outcomes: tuple[Outcome, ...]
    is_called: bool
    contact: "RegionalContact | None"
    done: DoneView | None
    earlier: tuple[DoneView, ...]
    can_be_reopened: bool
    seen_outcome: str

    @property
    def has_number(self) -> bool:
        """Tell whether there is a number to call, or none is needed."""
        return not self.is_called or bool(self.contact and self.contact.phone)


@dataclass(frozen=True)
class DoneTask:
    """What somebody did just before, on another page; nothing sealed with a person's key."""

    id: str
    item_id: str
    reference: str
    kind: str
    outcome: str
    is_open: bool
    can_be_reopened: bool


def task_views(
    services: "Services",
    session: "Session",
    submission: "Submission",
    relationship: "Relationship",
    user: "SignedInUser",
) -> tuple[TaskView, ...]:
    """Return the tasks of a submission and of its case as a user sees them, open ones first."""
    items = work_subjects.on_page(session, submission)
    rows = [
        row
        for row in task_outcomes.of_items(session, [item.id for item in items])
        if row.programme == submission.programme
    ]
    labels = users.labels_of(session, {row.done_by for row in rows})
    case = cases.by_id(session, submission.case_id)
    found = []
    for item in items:
        own = [row for row in rows if row.item_id == item.id]
        is_task = item.kind != TaskKind.SUBMISSION
        if not is_task or (item.closed_at is not None and not own):
            continue
        reads_note = programmes.reads_notes_in(user, item.queue)
        done = [_done(services, session, row, labels, reads_note=reads_note) for row in own]
        may_do = rights.acts_on_item(user, relationship, item.queue)
        if item.case_id is not None:
            may_do = may_do and case is not None and rights.acts_on_case(user, case)
        found.append(_task(services, session, submission, item, own, done, may_do=may_do))
    return tuple(sorted(found, key=lambda each: (not each.is_open, each.due_at)))


def done_by(services: "Services", actor: str, outcome_id: str) -> DoneTask | None:
    """Return what an actor did about a task, None for what others did and what was taken back.

    Nothing of a person is opened, so this is no audit event.
    """
    with services.database.reading() as session:
        row = task_outcomes.by_id(session, outcome_id)
        if row is None or f"user:{row.done_by}" != actor or row.reopened_at is not None:
            return None
        item = queue_items.by_id(session, row.item_id)
        about = work_subjects.about_one(session, item)
        newest = task_outcomes.newest_of_item(session, row.item_id)
        if item is None or about is None or newest is None:
            return None
        is_recent = can_be_reopened(row, about.thing.programme, services.now())
        is_open = item.closed_at is None
        return DoneTask(
            id=row.id,
            item_id=item.id,
            reference=about.reference,
            kind=row.kind,
            outcome=row.outcome,
            is_open=is_open,
            can_be_reopened=is_recent and not is_open and newest.id == row.id,
        )


def reference_of(services: "Services", opened: "OpenedToChange[QueueItem]") -> str:
    """Return the code of the submission on whose page a task is done. Raises NotFound."""
    with services.database.reading() as session:
        about = work_subjects.about_one(session, opened.row(services, session))
        if about is None:
            raise NotFound
        return about.reference


def _task(
    services: "Services",
    session: "Session",
    submission: "Submission",
    item: "QueueItem",
    rows: "list[TaskOutcome]",
    done: list[DoneView],
    *,
    may_do: bool,
) -> TaskView:
    is_open = item.closed_at is None
    is_called = may_do and is_open and item.kind in CALLING
    is_recent = bool(rows) and can_be_reopened(rows[-1], submission.programme, services.now())
    return TaskView(
        item_id=item.id,
        kind=item.kind,
        queue=item.queue,
        reason=item.reason,
        due_at=item.due_at,
        is_open=is_open,
        may_do=may_do,
        outcomes=outcomes_of(item.kind) if may_do and is_open else (),
        is_called=is_called,
        contact=region_cover.contact_of(services, session, submission.sender_id)
        if is_called
        else None,
        done=None if is_open or not done else done[-1],
        earlier=tuple(done if is_open else done[:-1]),
        can_be_reopened=may_do and not is_open and is_recent,
        seen_outcome=rows[-1].id if rows else "",
    )


def _done(
    services: "Services",
    session: "Session",
    row: "TaskOutcome",
    labels: dict[str, str],
    *,
    reads_note: bool,
) -> DoneView:
    return DoneView(
        id=row.id,
        outcome=row.outcome,
        note=note_of(services, session, row) if reads_note else None,
        by=labels.get(row.done_by, ""),
        at=row.at,
        is_taken_back=row.reopened_at is not None,
    )
