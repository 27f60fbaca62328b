"""Give the state of a referral in one of ten words for its coordinator (requirement 111).

A hold, a freeze for safety, a duplicate and everything that an officer is looking at read «being
checked»: the word tells the state of our work, and nothing about the person or the sender.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from storage.cases.cases import CaseState
from storage.submissions.submissions import Outcome, SubmissionState

if TYPE_CHECKING:
    from storage.submissions.submissions import Submission


class Status(StrEnum):
    """The ten words that a coordinator sees."""

    RECEIVED = "received"
    BEING_CHECKED = "being_checked"
    CONFIRMED = "confirmed"
    NEED_MORE = "need_more"
    UNDER_ASSESSMENT = "under_assessment"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    PREPARING = "preparing"
    RETURNED = "returned"
    CLOSED = "closed"


UNCONFIRMED = frozenset({Status.RECEIVED, Status.BEING_CHECKED})
BY_SUBMISSION = {
    SubmissionState.RECEIVED: Status.RECEIVED,
    SubmissionState.DOCUMENTS: Status.RECEIVED,
    SubmissionState.HOLDING: Status.BEING_CHECKED,
    SubmissionState.QUEUED: Status.BEING_CHECKED,
    SubmissionState.CONFIRMED: Status.CONFIRMED,
    SubmissionState.REDIRECTED: Status.CLOSED,
    SubmissionState.CLOSED: Status.CLOSED,
}
# The words of a case's states after the confirmation. A state that is not here, such as a hold or
# a freeze for safety, reads «being checked».
BY_CASE: dict[str, Status] = {
    CaseState.CONFIRMED: Status.CONFIRMED,
    CaseState.AWAITING_DOCS: Status.NEED_MORE,
    CaseState.ASSESSMENT: Status.UNDER_ASSESSMENT,
    CaseState.ACCEPTED: Status.ACCEPTED,
    CaseState.NOT_ACCEPTED: Status.NOT_ACCEPTED,
    CaseState.PRE_DEPARTURE: Status.PREPARING,
    CaseState.TRAVEL_BOOKED: Status.PREPARING,
    # Coordinators learn nothing of a person after the departure without a consent.
    CaseState.DEPARTED: Status.RETURNED,
    CaseState.ARRIVED: Status.RETURNED,
    CaseState.REINTEGRATION: Status.RETURNED,
    CaseState.MONITORING: Status.RETURNED,
    CaseState.WITHDRAWN: Status.CLOSED,
    CaseState.REDIRECTED: Status.CLOSED,
    CaseState.CLOSED: Status.CLOSED,
    CaseState.RETAINED: Status.CLOSED,
    CaseState.ERASED: Status.CLOSED,
}


def of_submission(state: str, *, is_duplicate: bool) -> Status:
    """Return the word for one submission."""
    if is_duplicate:
        return Status.BEING_CHECKED
    try:
        return BY_SUBMISSION[SubmissionState(state)]
    except (KeyError, ValueError):
        return Status.BEING_CHECKED


def of_case(case_state: str, *, is_missing: bool, first: Status) -> Status:
    """Return the word for a case whose oldest visible submission has the word `first`."""
    if case_state == CaseState.RECEIVED:
        return first
    status = BY_CASE.get(case_state, Status.BEING_CHECKED)
    return Status.NEED_MORE if status is Status.CONFIRMED and is_missing else status


def ended(submission: "Submission") -> Outcome | None:
    """Return how a submission ended without a case, None for what goes on or was confirmed.

    Of a second copy nothing is told: whoever sent the first may be somebody else.
    """
    if submission.duplicate_of is not None or submission.outcome is None:
        return None
    return Outcome(submission.outcome)
