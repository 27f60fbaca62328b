"""Say which step a user can take back now, and why there is none, or none any more.

Only one's own acts are taken back, the newest first. A colleague's act that came after stands in
the way, and so does a signed confirmation that has left. What is void meanwhile is passed over: a
hold that ended, an assignment that somebody changed, an answer that left, which alone cannot come
back and hinders nothing before it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import find
from intake.core.errors import Conflict
from intake.filing import undo
from intake.outbox.undo_send import undoable_sends
from intake.queues import ends
from intake.triage import decisions
from intake.triage.endings import do_task, finish
from intake.triage.undoing import take_back
from intake.triage.undoing.acts import Way
from intake.triage.undoing.steps import UndoStack, UndoStep, stack_of
from storage import audit as audit_trail
from storage.accounts import users
from storage.audit_acts import Act
from storage.cases import filing_acts
from storage.cases.filing_acts import FilingActKind
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.database import Session
    from storage.submissions.submissions import Submission


EMPTY = UndoStack(())


class NoUndo(StrEnum):
    """Why nothing can be taken back."""

    NOTHING = "nothing"
    COLLEAGUE = "colleague"
    LEFT = "left"
    MOVED_ON = "moved_on"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Offer:
    """What a user can take back of a submission now: `step`, else `why` nothing.

    `until` is when it leaves (UTC), None where nothing leaves. `thing_id` is the act of filing or
    the report about a task that the step made. `blocking` is the act that stands in the way, and
    `blocked_by` the label of who did it. `taken_back` is what this user took back just before.
    `stack` is all that stands.
    """

    step: UndoStep | None
    why: NoUndo | None = None
    until: datetime | None = None
    thing_id: str = ""
    blocking: UndoStep | None = None
    blocked_by: str = ""
    taken_back: UndoStep | None = None
    stack: UndoStack = EMPTY


@dataclass(frozen=True)
class StepCheck:
    """Whether a step can be taken back; neither `is_open` nor `why` means that it is void."""

    is_open: bool = False
    why: NoUndo | None = None
    until: datetime | None = None
    thing_id: str = ""


OPEN, VOID = StepCheck(is_open=True), StepCheck()


def read_offer(services: "Services", opened: "OpenedToRead[Submission]") -> Offer:
    """Return what a user can take back of a submission. Raises NotFound."""
    with services.database.reading() as session:
        submission = opened.row(services, session)
        events = audit_trail.of_subject(session, "submission", submission.id)
        return offer(services, session, opened.user, submission, events)


def offer(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    events: "Iterable[AuditEvent]",
) -> Offer:
    """Return what a user can take back; `events` are the submission's, the oldest first."""
    stands = _stack(session, submission, events)
    mine = stands.taken_back if stands.by == user.actor else None
    bare = Offer(None, NoUndo.NOTHING, taken_back=mine, stack=stands)
    left: UndoStep | None = None
    for step in reversed(stands.steps):
        found = ASK[step.way](services, session, user, submission, step)
        if not found.is_open and found.why is None:
            left = left or (step if step.way is Way.MAIL else None)
            continue
        if step.actor != user.actor:
            return _blocked(session, bare, NoUndo.COLLEAGUE, step)
        if found.why is not None:
            return _blocked(session, bare, found.why, step)
        return replace(bare, step=step, why=None, until=found.until, thing_id=found.thing_id)
    return bare if left is None else _blocked(session, bare, NoUndo.LEFT, left)


def _blocked(session: "Session", bare: Offer, why: NoUndo, step: UndoStep) -> Offer:
    account_id = step.actor.removeprefix("user:")
    label = users.labels_of(session, {account_id}).get(account_id, "")
    return replace(bare, why=why, blocking=step, blocked_by=label)


def _stack(
    session: "Session", submission: "Submission", events: "Iterable[AuditEvent]"
) -> UndoStack:
    """Return what stands; a merge is an event of the case, whose mail moved with it."""
    acts = filing_acts.of_submission(session, submission.id)
    merged = {
        act.batch: act.from_case_id
        for act in acts
        if act.act == FilingActKind.MERGED and act.from_case_id is not None
    }
    of_cases = [
        event
        for batch, case_id in merged.items()
        for event in audit_trail.newest_acts(
            session, ("case", case_id), [Act.CASE_MERGED], by="user:"
        )
        if event.detail.get("batch") == batch
    ]
    everything = sorted([*events, *of_cases], key=lambda event: event.sequence)
    stands = stack_of(everything)
    # The rest of a merge is taken back with the first of its submissions, which alone says so.
    undone = {act.batch for act in acts if act.undone_at is not None}
    return replace(
        stands,
        steps=tuple(
            step
            for step in stands.steps
            if step.way is not Way.FILING or step.detail.get("batch") not in undone
        ),
    )


def _reopen(
    _services: "Services",
    _session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    _step: UndoStep,
) -> StepCheck:
    return OPEN if submission.state == SubmissionState.CONFIRMED else VOID


def _resume(
    _services: "Services",
    session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    _step: UndoStep,
) -> StepCheck:
    return OPEN if decisions.hold_of(session, submission) is not None else VOID


def _open_again(
    services: "Services",
    session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    step: UndoStep,
) -> StepCheck:
    if ends.ending_of(session, submission) is None:
        return VOID
    if not finish.can_be_opened_locked(services, session, submission):
        return StepCheck(why=NoUndo.LEFT)
    sends = undoable_sends(services, session, submission)
    mail = step.detail.get(ends.MAIL)
    return replace(OPEN, until=next((each.until for each in sends if each.kind == mail), None))


def _filing(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    step: UndoStep,
) -> StepCheck:
    batch = str(step.detail.get("batch", ""))
    own = [
        act
        for act in filing_acts.of_submission(session, submission.id)
        if act.batch == batch and act.undone_at is None
    ]
    if not own:
        return VOID
    if not find.may_undo_filing(services, session, user, own[0].id):
        return StepCheck(why=NoUndo.NOT_YOURS)
    try:
        for act in filing_acts.of_batch(session, batch):
            undo.refuse_when_late(session, act)
    except undo.MailLeft:
        return StepCheck(why=NoUndo.LEFT)
    except Conflict:
        return StepCheck(why=NoUndo.MOVED_ON)
    return replace(OPEN, thing_id=own[0].id)


def _decision(
    _services: "Services",
    session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    step: UndoStep,
) -> StepCheck:
    return OPEN if take_back.stands(session, submission, step) else VOID


def _mail(
    services: "Services",
    session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    step: UndoStep,
) -> StepCheck:
    sends = {each.kind: each for each in undoable_sends(services, session, submission)}
    found = sends.get(step.mail)
    if found is not None:
        return replace(OPEN, until=found.until)
    return StepCheck(why=NoUndo.LEFT) if step.act is Act.CONFIRMATION_SIGNED else VOID


def _assignment(
    _services: "Services",
    session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    step: UndoStep,
) -> StepCheck:
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    is_so = item is not None and item.claimed_by == step.detail.get("to")
    return OPEN if is_so else VOID


def _task(
    services: "Services",
    session: "Session",
    _user: "SignedInUser",
    submission: "Submission",
    step: UndoStep,
) -> StepCheck:
    item = queue_items.by_id(session, str(step.detail.get("item", "")))
    newest = task_outcomes.newest_of_item(session, item.id) if item is not None else None
    if item is None or newest is None or item.closed_at is None:
        return VOID
    if not do_task.can_be_reopened(session, newest, submission.programme, services.now()):
        return VOID
    return replace(OPEN, thing_id=newest.id)


ASK: "dict[Way, Callable[[Services, Session, SignedInUser, Submission, UndoStep], StepCheck]]" = {
    Way.REOPEN: _reopen,
    Way.RESUME: _resume,
    Way.OPEN_AGAIN: _open_again,
    Way.FILING: _filing,
    Way.DECISION: _decision,
    Way.MAIL: _mail,
    Way.ASSIGNMENT: _assignment,
    Way.TASK: _task,
}
