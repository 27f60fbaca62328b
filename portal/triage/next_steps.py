"""Work out what one key accepts next, and what may be done now.

intake decides again when it is done. Suggestions come in the order in which officers work: first
the case, then the types of the documents, then what they say.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.cases.consent.hold import WAITS
from intake.filing.rules import AUTOMATIC, CALLED_BACK, MARKED
from intake.queues.assignment import ASSIGNED
from intake.queues.ends import ENDING, MAIL
from intake.queues.task_outcomes import CALL_SAID_FORGED, CALL_SAID_GENUINE
from intake.triage.submission_views import HistoryEvent, SubmissionView
from intake.triage.undoing.acts import DECISIONS as ABOUT_PARTS
from storage.audit_acts import Act
from storage.documents.extracted_values import ValueState
from storage.mail.outbox import MessageState
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Programme, SenderVerdict, SubmissionState

HELD_PREFIX = "held_"
# Mail of a machine, or mail that goes on with something, seldom needs a new case: no single key
# opens one for it.
NO_NEW_CASE = frozenset(
    {
        AUTOMATIC,
        *MARKED.values(),
        "reference_damaged",
        "continues_a_thread",
        "looks_like_a_reply",
        # It names no person: it is answered, and becomes a case only with a consent.
        "anonymous_consultation",
    }
)
# The audit acts that are decisions; looking and taking an item are none.
DECISIONS = frozenset(
    {
        Act.CONFIRMATION_SIGNED,
        Act.CONFIRMATION_KEPT_BACK,
        Act.SUBMISSION_CLOSED_WITHOUT,
        Act.SUBMISSION_CONFIRMED,
        Act.SUBMISSION_REOPENED,
        Act.SUBMISSION_RESUMED,
        Act.SUBMISSION_HELD,
        Act.SUBMISSION_ACCEPTED,
        Act.SUBMISSION_SPLIT,
        Act.SUBMISSION_MERGED,
        Act.FILING_UNDONE,
        Act.SUBMISSION_FINISHED,
        Act.SUBMISSION_OPENED_AGAIN,
        *ABOUT_PARTS,
        ASSIGNED,
        Act.DECISION_TAKEN_BACK,
    }
)
SYSTEM = "system:"
AFTER_SIGNING = frozenset(
    {Act.CONFIRMATION_SIGNED, Act.CONFIRMATION_KEPT_BACK, Act.SUBMISSION_CONFIRMED}
)


class Step(StrEnum):
    """What the key would accept."""

    CASE = "case"
    NEW_CASE = "new_case"
    TYPES = "types"
    VALUE = "value"


@dataclass(frozen=True)
class Suggestion:
    """The next thing to accept; `subject` is a case's reference or an extracted value's id."""

    step: Step
    subject: str = ""


@dataclass(frozen=True)
class Acts:
    """What can be done with a submission as it stands.

    `can_sort` covers its case, its types and its extracted values; `must_call` means that its
    sender is called back before it gets a case, `is_forged` that a call said it is forged. A
    referral is confirmed in writing, or closed without that for a reason; `can_confirm` is for
    cash, where nobody writes. `can_close` covers closing without it, which alone is left where the
    person withdrew. `is_of_machine` means that one key finishes it as a machine's mail. What
    `waits_for_consent` is confirmed to nobody before the consent is noted. An enquiry is answered.
    """

    can_confirm: bool
    can_write: bool
    can_hold: bool
    can_hand_on: bool
    can_sort: bool
    must_call: bool
    is_forged: bool
    can_finish: bool = False
    is_of_machine: bool = False
    can_close: bool = False
    waits_for_consent: bool = False
    is_enquiry: bool = False


@dataclass(frozen=True)
class Ended:
    """How a submission ended without a case: by whom and when, and whether it can be opened again.

    `by` is empty where no act of a person tells. `was` is how it was finished before a call said
    that it is forged, else empty.
    """

    outcome: str
    by: str
    at: datetime | None
    can_be_opened: bool
    was: str = ""


def next_suggestion(view: SubmissionView) -> Suggestion | None:
    """Return what the one key accepts next, None when nothing is left to accept."""
    if is_over(view):
        return None
    triage = view.triage
    if view.case_reference is None and not must_be_called(view) and not _needs_no_case(view):
        # A machine's mail may name a case, and still is finished, not filed, by one key.
        if triage.ranked_cases and view.filing_reason != AUTOMATIC:
            return Suggestion(Step.CASE, triage.ranked_cases[0].case_reference)
        if view.filing_reason not in NO_NEW_CASE and view.state == SubmissionState.HOLDING:
            return Suggestion(Step.NEW_CASE)
    if triage.open_types:
        return Suggestion(Step.TYPES)
    # A machine-readable zone that its check digits do not prove has no value to confirm.
    open_value = next(
        (
            each
            for each in triage.extracted_values
            if each.state == ValueState.SUGGESTED and each.value
        ),
        None,
    )
    return Suggestion(Step.VALUE, open_value.id) if open_value else None


def open_acts(view: SubmissionView) -> Acts:
    """Return which acts can be done now."""
    is_waiting = view.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
    has_case = view.case_reference is not None
    ways = view.triage.ways
    can_finish = ways is not None and not ways.obstacle
    is_ready = has_case and view.state == SubmissionState.QUEUED and not was_called_forged(view)
    is_written = view.programme == Programme.REFERRALS
    waits = any(each.queue == Queue.ON_HOLD and each.reason == WAITS for each in view.open_items)
    return Acts(
        can_confirm=is_ready and not is_written,
        can_write=is_ready and is_written and not view.triage.is_stopped and not waits,
        waits_for_consent=is_ready and waits,
        can_close=is_ready and is_written,
        can_hold=is_waiting and not is_on_hold(view),
        can_hand_on=is_waiting and not has_case,
        can_sort=not is_over(view),
        must_call=must_be_called(view),
        is_forged=was_called_forged(view),
        is_enquiry=is_enquiry(view) and not has_case,
        can_finish=can_finish,
        is_of_machine=can_finish and ways is not None and ways.is_of_machine,
    )


def must_be_called(view: SubmissionView) -> bool:
    """Tell whether its sender is called back before it gets a case.

    Then no single key files it: the message may be written to make somebody do just that.
    """
    if view.case_reference is not None or CALL_SAID_GENUINE in view.sender_reasons:
        return False
    return view.filing_reason in CALLED_BACK or was_called_forged(view)


def is_enquiry(view: SubmissionView) -> bool:
    """Tell whether it is a question to be answered, which becomes a case only by a person."""
    return any(item.queue == Queue.ENQUIRIES for item in view.open_items)


def _needs_no_case(view: SubmissionView) -> bool:
    """Tell whether no single key files it: a question, or mail that nothing proves to be whose."""
    return is_enquiry(view) or view.sender_verdict == SenderVerdict.UNVERIFIED


def was_called_forged(view: SubmissionView) -> bool:
    """Tell whether whoever was called said that the sender did not write it."""
    return CALL_SAID_FORGED in view.sender_reasons


def is_over(view: SubmissionView) -> bool:
    """Tell whether the submission is decided about."""
    return view.state in {
        SubmissionState.CONFIRMED,
        SubmissionState.REDIRECTED,
        SubmissionState.CLOSED,
    }


def is_on_hold(view: SubmissionView) -> bool:
    """Tell whether an officer holds the submission."""
    return any(
        item.queue == Queue.ON_HOLD
        and item.kind == TaskKind.SUBMISSION
        and item.reason.startswith(HELD_PREFIX)
        for item in view.open_items
    )


def kept_back_of(view: SubmissionView) -> HistoryEvent | None:
    """Return the act by which a stop kept the newest confirmation back; None when none did.

    It counts until another is signed, or the submission ends without one.
    """
    acts = (event for event in reversed(view.history) if event.act in AFTER_SIGNING)
    newest = next(acts, None)
    is_kept = newest is not None and newest.act == Act.CONFIRMATION_KEPT_BACK
    return newest if is_kept and not is_over(view) else None


def ended_of(view: SubmissionView) -> Ended | None:
    """Return how a submission ended without a case, None when it did not."""
    if view.outcome is None:
        return None
    acts = (event for event in reversed(view.history) if event.act in ENDING)
    event = next(acts, None)
    if event is None:
        return Ended(view.outcome, "", None, can_be_opened=False)
    can = event.act == Act.SUBMISSION_FINISHED and not _has_left(view, event.detail.get(MAIL))
    finished_as = str(event.detail.get("outcome", view.outcome))
    was = finished_as if finished_as != view.outcome else ""
    return Ended(view.outcome, event.actor, event.at, can_be_opened=can, was=was)


def _has_left(view: SubmissionView, mail: str | None) -> bool:
    """Tell whether the mail with which a submission was finished left, or may be on its way."""
    is_written = any(
        each.kind == mail and each.state != MessageState.SUPPRESSED for each in view.receipts
    )
    return is_written and mail not in {each.kind for each in view.triage.undoable_sends}


def last_decision(view: SubmissionView) -> HistoryEvent | None:
    """Return what a person decided last, None when nobody has decided anything."""
    decided = (
        event
        for event in reversed(view.history)
        if event.act in DECISIONS and not event.actor.startswith(SYSTEM)
    )
    return next(decided, None)
