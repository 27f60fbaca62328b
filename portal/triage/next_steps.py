"""Suggestions: what one key accepts next, and what may be done or taken back now.

Rules from a submission's view to values; intake decides again when it is done. The order is
the officer's: first the case, then the types of the documents, then what they say.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.filing.rules import CALLED_BACK
from intake.queues.assignment import ASSIGNED
from intake.queues.tasks import SUBMISSION_ITEM
from intake.triage.submission_views import HistoryEvent, SubmissionView
from intake.triage.take_back import CAN_BE_TAKEN_BACK
from storage.documents.extracted_values import ValueState
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import SubmissionState

HELD_PREFIX = "held_"
# A robot's mail, or one that goes on with something, is no new matter: nobody opens a case
# for it without having thought about it.
NO_NEW_MATTER = frozenset(
    {
        "automatic_mail",
        "reference_damaged",
        "continues_a_thread",
        "looks_like_a_reply",
        # It is about nobody: it is answered, and becomes a case only with a consent.
        "anonymous_consultation",
    }
)
# What an officer decides, as the audit calls it. Looking and taking are no decisions.
DECISIONS = (
    "submission.confirmed",
    "submission.reopened",
    "submission.resumed",
    "submission.held",
    "submission.accepted",
    "submission.split",
    "submission.merged",
    "filing.undone",
    "document.kind_",
    "aid.",
    "person.",
    "date.",
    "item.assigned",
    "decision.taken_back",
)
SYSTEM = "system:"


class Step(StrEnum):
    """What the one key would accept."""

    CASE = "case"
    NEW_CASE = "new_case"
    KINDS = "kinds"
    AID = "aid"


@dataclass(frozen=True)
class Suggestion:
    """The next thing to accept; `subject` is a case's reference or an aid's id."""

    step: Step
    subject: str = ""


@dataclass(frozen=True)
class Acts:
    """What can be done with a submission as it stands; `can_sort` is cases, types, readings."""

    can_confirm: bool
    can_hold: bool
    can_hand_on: bool
    can_sort: bool
    must_call: bool


class Way(StrEnum):
    """How the last act is taken back."""

    REOPEN = "reopen"
    RESUME = "resume"
    ACT = "act"
    DECISION = "decision"
    MAIL = "mail"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True)
class Undo:
    """One step back. `what` is the code of what would be undone.

    `act_id` only with ACT, and with MAIL its kind, which leaves at `until`; `number` of the
    audited event only with DECISION and ASSIGNMENT.
    """

    way: Way
    what: str
    act_id: str = ""
    number: int = 0
    until: datetime | None = None


def next_suggestion(view: SubmissionView) -> Suggestion | None:
    """Return what the one key accepts next, None when nothing is left to accept."""
    if is_over(view):
        return None
    triage = view.triage
    if view.case_reference is None and not must_be_called(view):
        if triage.guesses:
            return Suggestion(Step.CASE, triage.guesses[0].case_reference)
        if view.filing_reason not in NO_NEW_MATTER and view.state == SubmissionState.HOLDING:
            return Suggestion(Step.NEW_CASE)
    if triage.open_kinds:
        return Suggestion(Step.KINDS)
    # A zone whose check digits do not prove it has no value that could be right.
    open_aid = next(
        (aid for aid in triage.aids if aid.state == ValueState.SUGGESTED and aid.value), None
    )
    return Suggestion(Step.AID, open_aid.id) if open_aid else None


def open_acts(view: SubmissionView) -> Acts:
    """Return which acts can be done now."""
    is_waiting = view.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
    has_case = view.case_reference is not None
    return Acts(
        can_confirm=has_case and view.state == SubmissionState.QUEUED,
        can_hold=is_waiting and not is_on_hold(view),
        can_hand_on=is_waiting and not has_case,
        can_sort=not is_over(view),
        must_call=must_be_called(view),
    )


def must_be_called(view: SubmissionView) -> bool:
    """Tell whether its sender is called back before it gets a case.

    Then no single key files it: the letter may be written to make somebody do just that.
    """
    return view.case_reference is None and view.filing_reason in CALLED_BACK


def is_over(view: SubmissionView) -> bool:
    """Tell whether the submission is decided about."""
    return view.state in {
        SubmissionState.CONFIRMED,
        SubmissionState.REDIRECTED,
        SubmissionState.CLOSED,
    }


def is_on_hold(view: SubmissionView) -> bool:
    """Tell whether a person let it wait."""
    return any(
        item.queue == Queue.HOLDS
        and item.kind == SUBMISSION_ITEM
        and item.reason.startswith(HELD_PREFIX)
        for item in view.open_items
    )


def last_decision(view: SubmissionView) -> HistoryEvent | None:
    """Return what a person decided last, None when nobody has decided anything."""
    decided = (
        event
        for event in reversed(view.history)
        if event.act.startswith(DECISIONS) and not event.actor.startswith(SYSTEM)
    )
    return next(decided, None)


def undo_of(view: SubmissionView) -> Undo | None:
    """Return the one step that can be taken back now, the last one first."""
    if view.triage.leaving:
        last_out = view.triage.leaving[-1]
        return Undo(Way.MAIL, last_out.kind[:3], last_out.kind, until=last_out.until)
    if view.state == SubmissionState.CONFIRMED:
        return Undo(Way.REOPEN, "confirmed")
    if is_on_hold(view):
        return Undo(Way.RESUME, "held")
    last = last_decision(view)
    if last is not None and last.act in CAN_BE_TAKEN_BACK:
        return Undo(Way.DECISION, last.act.partition(".")[0], number=last.number)
    if last is not None and last.act == ASSIGNED:
        return Undo(Way.ASSIGNMENT, "assigned", number=last.number)
    act = next((act for act in reversed(view.triage.acts) if act.can_be_undone), None)
    return Undo(Way.ACT, act.act, act.id) if act else None
