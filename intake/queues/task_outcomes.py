"""Say how each kind of task ends: by an outcome that somebody reports, or by another act alone.

Pure tables; what follows from an outcome is done in `intake.triage.endings.do_task`.
"""

from datetime import timedelta
from enum import StrEnum

from storage.submissions.queue_items import TaskKind

MAX_NOTE_CHARS = 500
# So long a task that was done can be opened again.
REOPENABLE_FOR = timedelta(days=1)
# So far ahead the next try of a call may be.
MAX_PUT_OFF = timedelta(days=30)
# What a call said about a sender; they stand among the reasons of the sender's verdict.
CALL_SAID_GENUINE = "call_said_genuine"
CALL_SAID_FORGED = "call_said_forged"


class Outcome(StrEnum):
    """How a task ended; the codes are stored."""

    REACHED_GENUINE = "reached_genuine"
    REACHED_FORGED = "reached_forged"
    NOT_REACHED = "not_reached"
    NO_NUMBER = "no_number"
    TOLD_ANOTHER_WAY = "told_another_way"
    ADDRESS_CORRECTED = "address_corrected"
    LEFT = "left"
    NO_SIGN = "no_sign"
    COORDINATOR_TOLD = "coordinator_told"
    NOT_WANTED = "not_wanted"
    ESCALATED = "escalated"
    ACTED = "acted"
    SLIP = "slip"
    INCIDENT = "incident"
    READ = "read"
    ANSWERED = "answered"
    RECEIVED_ANOTHER_WAY = "received_another_way"
    NOT_COMING = "not_coming"
    SEEN_TO = "seen_to"


CALL = (
    Outcome.REACHED_GENUINE,
    Outcome.REACHED_FORGED,
    Outcome.NOT_REACHED,
    Outcome.NO_NUMBER,
)
CAME_BACK = (Outcome.TOLD_ANOTHER_WAY, Outcome.ADDRESS_CORRECTED, Outcome.LEFT)
NOT_HERE = (Outcome.RECEIVED_ANOTHER_WAY, Outcome.LEFT)
OUTCOMES: dict[TaskKind, tuple[Outcome, ...]] = {
    TaskKind.CALL_SENDER: CALL,
    TaskKind.CALL_BACK: CALL,
    TaskKind.RECEIPT_FAILED: CAME_BACK,
    TaskKind.RECEIPT_BOUNCED: CAME_BACK,
    TaskKind.NO_USABLE_SENDER: (Outcome.TOLD_ANOTHER_WAY, Outcome.LEFT),
    TaskKind.PROTECTION_SIGN: (
        Outcome.NO_SIGN,
        Outcome.COORDINATOR_TOLD,
        Outcome.NOT_WANTED,
        Outcome.ESCALATED,
    ),
    TaskKind.PROTECTION_ESCALATED: (
        Outcome.ACTED,
        Outcome.NO_SIGN,
        Outcome.COORDINATOR_TOLD,
        Outcome.NOT_WANTED,
    ),
    TaskKind.WRONG_READER: (Outcome.SLIP, Outcome.INCIDENT),
    TaskKind.COORDINATOR_WROTE: (Outcome.READ, Outcome.ANSWERED),
    TaskKind.NOBODY_WARNED: (Outcome.TOLD_ANOTHER_WAY, Outcome.LEFT),
    TaskKind.TOO_LARGE: NOT_HERE,
    TaskKind.NOT_OPENED: NOT_HERE,
    TaskKind.NOT_INSPECTED: NOT_HERE,
    TaskKind.MISSING_DOCUMENTS: (Outcome.RECEIVED_ANOTHER_WAY, Outcome.NOT_COMING),
    TaskKind.LEGAL_DAY: (Outcome.SEEN_TO, Outcome.TOLD_ANOTHER_WAY),
}
# What another act ends, so that nobody says of it that it is done: a submission is decided about,
# the last held document is settled, and an override is answered or ends.
ENDED_BY_AN_ACT = frozenset(
    {
        TaskKind.SUBMISSION,
        TaskKind.QUARANTINE,
        TaskKind.VITAL_INTEREST,
    }
)
# Whoever reads the outcome later must know why, or what was said.
NEEDS_NOTE = frozenset(
    {
        Outcome.LEFT,
        Outcome.INCIDENT,
        Outcome.ESCALATED,
        Outcome.ACTED,
        Outcome.REACHED_FORGED,
        Outcome.NOT_COMING,
        Outcome.SEEN_TO,
    }
)
# The task is not over: it stays open with a new due time.
STAYS_OPEN = frozenset({Outcome.NOT_REACHED})


def outcomes_of(kind: str) -> tuple[Outcome, ...]:
    """Return how a task of a kind can end by a report, none when another act ends it."""
    return OUTCOMES.get(TaskKind(kind), ())
