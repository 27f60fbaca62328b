"""Word a case's page: its states, what happened in it, and why it changes hands.

A code without words shows as itself.
"""

from intake.cases.cash_checks import Answer, Obstacle
from intake.cases.hand_over import HandOverReason
from intake.cases.views import Event, EventKind
from intake.filing.misdirected import MisdirectionKind
from intake.outbox.guard import PERSON_WITHDREW
from portal.text import labels, triage
from portal.text.answers import MISDIRECTIONS
from storage.cases.cases import CaseState
from storage.mail.outbox import MailKind

FACTS = {
    "nationality_group": "Nationality",
    "third_country_return": "Returns to a third country",
    "age": "Age",
    "unaccompanied": "Child without a guardian",
    "health": "Health needs attention",
    "family": "Travels with family",
}
FACT_WORDS = {
    "eu_eea": "EU or EEA",
    "non_eu": "Another country",
    "yes": "Yes",
    "no": "No",
    "adult": "Adult",
    "child": "Child",
}
DECISION_FIELDS = {
    "country": "Country",
    "decided_on": "Decided on",
    "collect_by": "Last day to collect",
    "adults": "Adults",
    "children": "Children",
    "amount_sek": "Amount in SEK",
}
CASH_ANSWERS = {
    Answer.YES: "Yes",
    Answer.NO: "No",
    Answer.NO_RULE: "No list is in force for that day",
}
OBSTACLES = {
    Obstacle.NOT_ELIGIBLE_ON_DECISION_DAY: "The country was not on the list of that day.",
    Obstacle.ELIGIBILITY_UNKNOWN: "There is no list for the day of the decision.",
    Obstacle.NOT_PAYABLE_TODAY: "IOM does not pay there today. Ask the agency how it is paid.",
    Obstacle.PAYABILITY_UNKNOWN: "There is no list of where IOM pays today.",
    Obstacle.COLLECTION_DAY_PASSED: "The last day to collect has passed.",
    Obstacle.AMOUNT_DIFFERS: "The amount differs from the table. The decision counts.",
}

STATES: dict[str, str] = {
    CaseState.RECEIVED: "Received",
    CaseState.TRIAGE: "Being checked",
    CaseState.CONFIRMED: "Confirmed",
    CaseState.AWAITING_DOCS: "Waits for documents",
    CaseState.ASSESSMENT: "Under assessment",
    CaseState.ACCEPTED: "Accepted",
    CaseState.NOT_ACCEPTED: "Not accepted",
    CaseState.PRE_DEPARTURE: "Preparing return",
    CaseState.TRAVEL_BOOKED: "Travel booked",
    CaseState.DEPARTED: "Departed",
    CaseState.ARRIVED: "Arrived",
    CaseState.REINTEGRATION: "Reintegration",
    CaseState.MONITORING: "Monitoring",
    CaseState.SAFETY_HOLD: "Frozen for safety",
    CaseState.WITHDRAWN: "Withdrawn",
    CaseState.CLOSED: "Closed",
}
REASONS = {
    HandOverReason.ABSENCE: "The owner is away",
    HandOverReason.WORKLOAD: "The owner has too much",
    HandOverReason.NEXT_STEP: "The next step is somebody else's",
    HandOverReason.OTHER_SKILLS: "It needs another language or skill",
    HandOverReason.TOO_CLOSE: "The owner is too close to it",
    HandOverReason.LEAVES_OFFICE: "The owner leaves the office",
    HandOverReason.NO_OWNER: "Nobody who can act owned it",
}
ARRIVALS = {
    "email": "Mail arrived",
    "upload": "Upload arrived",
    "contact": "Contact form arrived",
    "phone": "Phone note",
}
MAILS: dict[str, str] = {
    MailKind.RECEIPT: "Receipt",
    MailKind.CONFIRMATION: "Mail about a confirmation",
    MailKind.RESEND_REQUEST: "Question to the sender",
    MailKind.NOTICE: "Mail about a message",
    MailKind.REMINDER: "Reminder",
    MailKind.ANSWER: "Answer",
}
TITLES = {
    EventKind.TO_COORDINATOR: "Message to the coordinator",
    EventKind.KEPT_BACK: "Message to the coordinator, kept back",
    EventKind.FROM_COORDINATOR: "Message from the coordinator",
    EventKind.NOTE: "Note",
}
NOTICES = {
    "message": "The message is written. A mail tells the coordinator that there is one.",
    "written": "Your message to the coordinator is written.",
    "answer": "The answer is written. A mail tells the coordinator that there is one.",
    "answered": "Your answer to the coordinator is written.",
    "answer_taken_back": "Taken back: the answer did not leave, and the question waits again.",
    "taken_back": "Taken back: the message did not leave. What it had answered waits again.",
    "note": "The note was kept.",
    "read": "The messages are marked as read.",
    "owner": "The owner was changed.",
    "withheld": "It is withheld, and stands above every page of the case.",
    "withheld_no_more": "It is no longer withheld.",
    "stopped": "It is stopped. No mail leaves for this case any more.",
    "goes_on": "The case stands as before. Consents that were not ticked must be asked for anew.",
    "consent": "The answer was noted.",
    "closed": "The case is closed. What it holds stays in it.",
    "opened_again": "The case is open again, as it was.",
    "withdrawn": "The withdrawal was noted. Nothing more is shared for it.",
}
UNTOLD = {
    "sender_not_registered": "Nobody who belongs to the case is in the register.",
    "told_often_enough": "Nine such mails were written about this submission.",
    "address_stopped": "What was sent to the address came back.",
    "too_many_to_this_address": "The address got as many mails as it may within an hour.",
    "robot_address": "The address belongs to an automatic system.",
    "own_address": "The address is our own.",
    "no_usable_sender": "There is no address to write to.",
    "region_vacant": "The region has no active coordinator. Who stands in is told below.",
    "account_ended": "The account that asked has ended.",
    PERSON_WITHDREW: "The person has withdrawn.",
}


def state(code: str) -> str:
    """Return what a case's state is called."""
    return STATES.get(code, labels.spaced(code).capitalize())


def untold(code: str) -> str:
    """Return why no mail tells of a message, and what happens instead."""
    # Nobody is called about a case whose person withdrew.
    call = "" if code == PERSON_WITHDREW else " Call instead."
    return f"The message is written. No mail leaves: {UNTOLD[code]}{call}"


def title(event: Event) -> str:
    """Return what an event of the timeline is, in one line."""
    match event.kind:
        case EventKind.ARRIVAL:
            return ARRIVALS.get(event.code, labels.spaced(event.code))
        case EventKind.MAIL:
            known = MAILS.get(event.code) or MAILS.get(event.code[:3]) or MAILS.get(event.code[:2])
            return known or event.code
        case EventKind.CONFIRMATION:
            return f"{labels.RECEIPTS.get(event.code, event.code)}, signed"
        case EventKind.FILING:
            done = triage.filing_act(event.code, event.state)
            return done[:1].upper() + done[1:]
        case EventKind.HAND_OVER:
            return f"Handed over to {event.state or 'somebody'}"
        case _:
            return TITLES[event.kind]


def hand_over_reason(code: str) -> str:
    """Return why a case changed hands."""
    try:
        return REASONS[HandOverReason(code)]
    except ValueError:
        return labels.spaced(code)


def misdirection(code: str) -> str:
    """Return what the code of misdirected mail says; one without words shows as itself."""
    try:
        return MISDIRECTIONS[MisdirectionKind(code)]
    except ValueError:
        return code.replace("_", " ")
