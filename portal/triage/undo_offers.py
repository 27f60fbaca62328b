"""Offer a step back only to who may take it: what the step itself would ask is asked before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import gate
from intake.access.rights import OnlyToRead
from intake.core.errors import NotFound
from intake.queues import work_list
from intake.queues.work_list import Filters
from intake.triage.undoing import offers
from portal.web.policy import Permission, may
from storage.audit_acts import Act
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.endings.task_views import TaskView
    from intake.triage.submission_views import SubmissionView
    from intake.triage.undoing.offers import Offer

# The acts that end the work on a submission, so that another comes next.
ENDING = frozenset(
    {
        Act.CONFIRMATION_SIGNED,
        Act.SUBMISSION_CLOSED_WITHOUT,
        Act.SUBMISSION_CONFIRMED,
        Act.SUBMISSION_FINISHED,
        Act.SUBMISSION_HELD,
    }
)


@dataclass(frozen=True)
class Onward:
    """The submission that comes next in a queue."""

    reference: str
    queue: str


def of_page(viewer: "SignedInUser", view: "SubmissionView") -> "Offer | None":
    """Return what a viewer can take back of the submission that they look at."""
    return view.offer if may(viewer, Permission.TRIAGE) else None


def task_of_page(viewer: "SignedInUser", view: "SubmissionView") -> "TaskView | None":
    """Return the task that the viewer did last and can open again, None where a step is newer.

    The steps of a submission hold its own tasks, and only for who decides about it. A task of its
    case, and one of whoever does tasks alone, stands on the page all the same.
    """
    own = [
        (task.done.at, task)
        for task in view.tasks
        if task.can_be_reopened and task.done is not None and task.done.is_own
    ]
    at, newest = max(own, key=lambda each: each[0], default=(None, None))
    offered = of_page(viewer, view)
    step = offered.step if offered is not None else None
    is_newest = at is not None and (step is None or step.at < at)
    return newest if is_newest else None


def is_put_off(view: "SubmissionView") -> bool:
    """Tell whether the viewer reported last on an open task that nobody was reached."""
    newest = (task.earlier[-1] for task in view.tasks if task.is_open and task.earlier)
    return any(done.is_own and not done.is_taken_back for done in newest)


def of_other(services: "Services", viewer: "SignedInUser", reference: str) -> "Offer | None":
    """Return what a viewer can take back of another submission; None where they cannot act."""
    if not may(viewer, Permission.TRIAGE):
        return None
    try:
        opened = gate.submission_to_change(services, viewer, reference)
        return offers.read_offer(services, opened)
    except (NotFound, OnlyToRead):
        return None


def onward(
    services: "Services", viewer: "SignedInUser", view: "SubmissionView", queue: str
) -> Onward | None:
    """Return what comes next when the viewer has just ended this submission from no list.

    `queue` is the list in which they work, empty for none: whoever works in one is led on by it.
    """
    step = view.offer.step if view.offer is not None else None
    is_ended = step is not None and step.act in ENDING and may(viewer, Permission.TRIAGE)
    own = [item for item in view.items if item.kind == TaskKind.SUBMISSION and item.closed_at]
    if queue or not is_ended or not own:
        return None
    last = max(own, key=lambda item: item.closed_at or view.received_at)
    after = work_list.next_reference(services, viewer, last.queue, Filters(), view.reference)
    return Onward(after, last.queue) if after is not None else None


def may_undo_filing(services: "Services", viewer: "SignedInUser", act_id: str) -> bool:
    """Tell whether a viewer may undo an act of filing: of its submissions and its cases."""
    try:
        gate.filing_to_undo(services, viewer, act_id)
    except (NotFound, OnlyToRead):
        return False
    return may(viewer, Permission.TRIAGE)
