"""Define what a submission's page shows of its tasks, and read it.

Whoever does a task sees whom to call. What was written about a sign of danger is for those who
work in the queue of protection (threat P15).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.core.errors import NotFound
from intake.queues.task_outcomes import OUTCOMES, Outcome, outcomes_of
from intake.senders import region_cover
from intake.triage.endings import escalate
from intake.triage.endings.do_task import can_be_reopened, note_of
from storage.accounts import users
from storage.cases import cases
from storage.lists import work_subjects
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange, OpenedToRead
    from intake.access.visibility import Relationship
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.queues.colleagues import Colleague
    from intake.senders.region_cover import RegionalContact
    from intake.triage.endings.escalate import Mailed
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission
    from storage.submissions.task_outcomes import TaskOutcome

__all__ = [
    "DoneTask",
    "DoneView",
    "TaskView",
    "done_by",
    "done_by_oneself",
    "reference_of",
    "task_views",
]
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
    """What somebody did about a task; `note` is None where it is not for the reader.

    `is_own` tells that the reader did it. `mailed` is who got a mail about what was escalated.
    """

    id: str
    outcome: str
    note: str | None
    by: str
    at: datetime
    is_taken_back: bool
    is_own: bool = False
    mailed: "Mailed | None" = None


@dataclass(frozen=True)
class TaskView:
    """One task of a submission: what is open, else what was done last, and all that was before.

    `outcomes` is empty for what another act ends, and for a reader who may not do it. With
    `is_called` the sender is called, and `contact` is their entry in the register, if they have
    one. `seen_outcome` goes into the form. `colleagues` are those to whom it can be escalated by
    name, and `holder` is the label of who has what is open, empty for nobody. `is_heard` is False
    when an escalation could be told to nobody at all.
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
    colleagues: "tuple[Colleague, ...]" = ()
    holder: str = ""
    is_heard: bool = True

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
    at: datetime
    is_open: bool
    can_be_reopened: bool
    # The code of the case on which the task hangs, empty for one of a submission.
    case_reference: str = ""
    # The submission of the task has ended.
    is_ended: bool = False
    # Who was told of what was escalated.
    mailed: "Mailed | None" = None


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
        done = [
            replace(
                _done(services, session, row, labels, reads_note=reads_note),
                is_own=row.done_by == user.id,
            )
            for row in own
        ]
        may_do = rights.acts_on_item(user, relationship, item.queue)
        if item.case_id is not None:
            may_do = (
                may_do and case is not None and rights.acts_on_case(services, session, user, case)
            )
        view = _task(services, session, submission, item, own, done, may_do=may_do)
        found.append(_with_people(services, session, user, item, view))
    return tuple(sorted(found, key=lambda each: (not each.is_open, each.due_at)))


def done_by(services: "Services", actor: str, outcome_id: str) -> DoneTask | None:
    """Return what an actor did about a task, None for what others did and what was taken back.

    Nothing of a person is opened, so this is no audit event.
    """
    with services.database.reading() as session:
        row = task_outcomes.by_id(session, outcome_id)
        if row is None or f"user:{row.done_by}" != actor or row.reopened_at is not None:
            return None
        return _done_task(services, session, row)


def done_by_oneself(
    services: "Services", opened: "OpenedToRead[list[QueueItem]]"
) -> tuple[DoneTask, ...]:
    """Return what a user did about a submission that was with them, and can still take back.

    Raises NotFound. Nothing of a person is opened, so this is no audit event.
    """
    with services.database.reading() as session:
        newest = (
            task_outcomes.newest_of_item(session, item.id) for item in opened.row(services, session)
        )
        found = (_done_task(services, session, row) for row in newest if row is not None)
        return tuple(each for each in found if each is not None and each.can_be_reopened)


def _done_task(services: "Services", session: "Session", row: "TaskOutcome") -> DoneTask | None:
    item = queue_items.by_id(session, row.item_id)
    about = work_subjects.about_one(session, item)
    newest = task_outcomes.newest_of_item(session, row.item_id)
    if item is None or about is None or newest is None:
        return None
    is_recent = can_be_reopened(session, row, about.thing.programme, services.now())
    is_open = item.closed_at is None
    return DoneTask(
        id=row.id,
        item_id=item.id,
        reference=about.reference,
        kind=row.kind,
        outcome=row.outcome,
        at=row.at,
        is_open=is_open,
        can_be_reopened=is_recent and not is_open and newest.id == row.id,
        case_reference=about.case.reference if about.case is not None else "",
        is_ended=about.submission is not None and about.submission.outcome is not None,
        mailed=escalate.mailed_about(session, row),
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
    is_recent = bool(rows) and can_be_reopened(
        session, rows[-1], submission.programme, services.now()
    )
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


def _with_people(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item: "QueueItem",
    view: TaskView,
) -> TaskView:
    """Return a view with who has the task, and whom its reader can ask to decide instead."""
    holder_id = item.claimed_by if view.is_open else None
    labels = users.labels_of(session, {holder_id}) if holder_id is not None else {}
    is_asked = Outcome.ESCALATED in view.outcomes
    others = escalate.colleagues_for(services, session, user, item.programme) if is_asked else ()
    is_heard = bool(others) or (
        is_asked and escalate.can_tell_instead(services, session, user, item.programme)
    )
    return replace(
        view, colleagues=others, holder=labels.get(holder_id or "", ""), is_heard=is_heard
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
        mailed=escalate.mailed_about(session, row),
    )
