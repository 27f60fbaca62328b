"""Take back a user's own newest act on a submission that still can be taken back.

The form names the number of the step that it showed, and everything is asked again under the
submission's lock: of two tabs the second is refused, and a colleague's act is never taken back.
"""

from typing import TYPE_CHECKING

from intake.access import gate
from intake.core.errors import Conflict
from intake.filing import undo
from intake.queues import assignment
from intake.triage import decisions
from intake.triage.endings import do_task, finish, recall
from intake.triage.undoing import take_back
from intake.triage.undoing.acts import Way
from intake.triage.undoing.offers import NoUndo, Offer, offer
from storage import audit as audit_trail
from storage.submissions import queue_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.endings.typed_again import TypedAgain
    from storage.database import Session
    from storage.submissions.submissions import Submission

    Doing = Callable[[Services, Session, SignedInUser, Submission, Offer], TypedAgain | None]


SENTENCES = {
    NoUndo.COLLEAGUE: "A colleague acted after you, so this stays. Nothing was changed.",
    NoUndo.LEFT: "It has left the house meanwhile, so it cannot be taken back any more.",
    NoUndo.MOVED_ON: "Its case was changed since, so how it was filed stays. Nothing was changed.",
    NoUndo.NOT_YOURS: "It belongs to a case that is not yours any more. Nothing was changed.",
}


class NotTakenBack(Conflict):
    """A step is not the newest of the user any more, or something stands in its way.

    `offer` says what could be taken back instead, or why nothing can.
    """

    reason = "not_taken_back"
    public = (
        "This was taken back already, or something was done since. Nothing was changed: the page "
        "of the submission says what can be taken back now."
    )

    def __init__(self, found: Offer) -> None:
        super().__init__()
        self.offer = found
        if found.step is None and found.why in SENTENCES:
            self.public = SENTENCES[found.why]


def step_back(
    services: "Services", opened: "OpenedToChange[Submission]", number: int
) -> "TypedAgain | None":
    """Take back the step with a number; return what was typed into a mail that goes with it.

    Raises NotFound, OnlyToRead, NotTakenBack, and what the way of the step raises when it raced.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        events = audit_trail.of_subject(session, "submission", submission.id)
        found = offer(services, session, opened.user, submission, events)
        step = found.step
        if step is None or step.number != number:
            raise NotTakenBack(found)
        if step.way is not Way.FILING:
            return DO[step.way](services, session, opened.user, submission, found)
    # Cases are locked before their submissions, so this has a transaction of its own, which asks
    # all that matters again: the act is named, and is undone once.
    acts = gate.filing_to_undo(services, opened.user, found.thing_id)
    undo.undo_filing(services, acts)
    return None


def _reopen(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    _found: Offer,
) -> None:
    decisions.reopen_locked(services, session, user, submission)


def _resume(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    _found: Offer,
) -> None:
    decisions.resume_locked(services, session, user, submission)


def _open_again(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    _found: Offer,
) -> "TypedAgain | None":
    return finish.open_again_locked(services, session, user, submission)


def _decision(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    found: Offer,
) -> None:
    if found.step is not None:
        take_back.undo_locked(services, session, user, submission, found.step, found.stack)


def _mail(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    found: Offer,
) -> "TypedAgain | None":
    if found.step is None:
        return None
    return recall.take_back_locked(services, session, user, submission, found.step.mail)


def _assignment(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    found: Offer,
) -> None:
    if found.step is not None:
        assignment.undo_locked(services, session, user, submission, found.step.number)


def _task(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    _submission: "Submission",
    found: Offer,
) -> None:
    item_id = str(found.step.detail.get("item", "")) if found.step is not None else ""
    item = queue_items.locked(session, item_id)
    if item is None:
        raise do_task.TaskNotReopened
    do_task.reopen_locked(services, session, user, item, found.thing_id)


DO: "dict[Way, Doing]" = {
    Way.REOPEN: _reopen,
    Way.RESUME: _resume,
    Way.OPEN_AGAIN: _open_again,
    Way.DECISION: _decision,
    Way.MAIL: _mail,
    Way.ASSIGNMENT: _assignment,
    Way.TASK: _task,
}
