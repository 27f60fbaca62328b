"""Status words: where a referral stands, as its coordinator may know it (requirement 111).

Rules from states to one of ten words. A hold, a freeze for safety and a second copy all read
«being checked», as does everything that an officer has in front of her: the word tells the
state of our work, and nothing about the person or the sender. Imports names of states only.
"""

from enum import StrEnum

from storage.submissions.submissions import SubmissionState


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
# What stands after the confirmation. A state that is not here, such as a hold or a freeze for
# safety, reads «being checked».
BY_CASE = {
    "CONFIRMED": Status.CONFIRMED,
    "AWAITING_DOCS": Status.NEED_MORE,
    "ASSESSMENT": Status.UNDER_ASSESSMENT,
    "ACCEPTED": Status.ACCEPTED,
    "NOT_ACCEPTED": Status.NOT_ACCEPTED,
    "PRE_DEPARTURE": Status.PREPARING,
    "TRAVEL_BOOKED": Status.PREPARING,
    # Where somebody is after leaving is nobody's business without a consent.
    "DEPARTED": Status.RETURNED,
    "ARRIVED": Status.RETURNED,
    "REINTEGRATION": Status.RETURNED,
    "MONITORING": Status.RETURNED,
    "WITHDRAWN": Status.CLOSED,
    "REDIRECTED": Status.CLOSED,
    "CLOSED": Status.CLOSED,
    "RETAINED": Status.CLOSED,
    "ERASED": Status.CLOSED,
}
NEW_CASE = "RECEIVED"


def of_submission(state: str, *, is_duplicate: bool) -> Status:
    """Return the word for one arrival."""
    if is_duplicate:
        return Status.BEING_CHECKED
    try:
        return BY_SUBMISSION[SubmissionState(state)]
    except (KeyError, ValueError):
        return Status.BEING_CHECKED


def of_case(case_state: str, *, is_missing: bool, first: Status) -> Status:
    """Return the word for a case whose oldest visible arrival has the word `first`."""
    if case_state == NEW_CASE:
        return first
    status = BY_CASE.get(case_state, Status.BEING_CHECKED)
    return Status.NEED_MORE if status is Status.CONFIRMED and is_missing else status
