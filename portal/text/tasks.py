"""Word tasks for pages: what is to be done, how it can end, and what follows from that."""

from typing import TYPE_CHECKING

from intake.filing.rules import CALLED_BACK
from intake.queues.task_outcomes import MAX_NOTE_CHARS, NEEDS_NOTE, Outcome
from storage.submissions.queue_items import Queue, TaskKind

if TYPE_CHECKING:
    from intake.triage.endings.escalate import Mailed

__all__ = [
    "DONE",
    "FOLLOWS",
    "MAX_NOTE_CHARS",
    "OUTCOMES",
    "TO_DO",
    "due",
    "follows",
    "mailed",
    "needing_note",
    "to_do",
]
TO_DO: dict[str, str] = {
    TaskKind.CALL_SENDER: (
        "This sender gets no mail from us, for the reason below. Call them on the number in the "
        "register and say what the mail would have said."
    ),
    TaskKind.CALL_BACK: (
        "Call the number in the register, never one in the mail, and ask whether they wrote this."
    ),
    TaskKind.RECEIPT_FAILED: (
        "Our mail could not be delivered, so the sender does not know that we have this. Call "
        "them, or let the address be corrected in the register."
    ),
    TaskKind.RECEIPT_BOUNCED: (
        "What we sent came back, so the sender has not read it. Call them, or let the address be "
        "corrected in the register."
    ),
    TaskKind.NO_USABLE_SENDER: (
        "The mail names no address that we may answer. If it says how to reach the sender, tell "
        "them another way that we have it."
    ),
    TaskKind.PROTECTION_SIGN: (
        "Words of the message may be signs that somebody needs protection. Read it, and decide. "
        "The sender must notice nothing."
    ),
    TaskKind.PROTECTION_ESCALATED: (
        "A protection officer looked at the signs and asks you to decide. What they noted stands "
        "with their task below; open that again to give it back. The sender must notice nothing."
    ),
    TaskKind.WRONG_READER: (
        "A coordinator tried to open a signed document of somebody else, and saw nothing of it. "
        "Find out how the link reached them: the history says who and when."
    ),
    TaskKind.COORDINATOR_WROTE: (
        "The coordinator wrote a message in the portal. Read it, and answer."
    ),
    TaskKind.NOBODY_WARNED: (
        "The duty list could warn nobody before this runs out of time, for the reason below. Tell "
        "somebody, and have the duty list corrected."
    ),
    TaskKind.TOO_LARGE: (
        "The message was too large, so only its header is here. Ask the sender for the documents "
        "another way: by the portal, or by a link."
    ),
    TaskKind.NOT_OPENED: (
        "The message could not be opened, and is kept as it came. Ask the sender for it another "
        "way."
    ),
    TaskKind.NOT_INSPECTED: (
        "The documents could not be inspected, so nobody may open them. Ask the sender for them "
        "another way."
    ),
    TaskKind.QUARANTINE: (
        "Release, reject or set aside each held document. Then this closes by itself."
    ),
    TaskKind.VITAL_INTEREST: (
        "An officer asks to act without consent because a life depends on it, or such an act ends "
        "soon. Answer it, or withdraw it, on the page “Acting without consent”. Then this closes "
        "by itself."
    ),
    TaskKind.MISSING_DOCUMENTS: (
        "Documents of the checklist are missing. This closes by itself when they are here, or no "
        "longer asked for. If they came another way or will not come, say so: nobody is reminded "
        "then, and it waits again when somebody writes."
    ),
    TaskKind.LEGAL_DAY: (
        "A legal date of this case comes near, and nothing else waits that would say so. Do what "
        "it needs, and note what was done; remove the date if it no longer counts. This opens "
        "again when the date is nearer."
    ),
}
# For tasks of calling, where the register has no number to call.
WITHOUT_NUMBER: dict[str, str] = {
    TaskKind.CALL_SENDER: (
        "This sender gets no mail from us, for the reason below, and the register has no number "
        "for them. Ask who coordinates the region, and tell them another way."
    ),
    TaskKind.CALL_BACK: (
        "Who wrote this is not proven, and the register has no number for them. Never use one from "
        "the mail: ask who coordinates the region whether they know of it."
    ),
}
# What the buttons say.
OUTCOMES: dict[str, str] = {
    Outcome.REACHED_GENUINE: "Reached: genuine",
    Outcome.REACHED_FORGED: "Reached: forged",
    Outcome.NOT_REACHED: "Not reached",
    Outcome.NO_NUMBER: "No number",
    Outcome.TOLD_ANOTHER_WAY: "Told another way",
    Outcome.ADDRESS_CORRECTED: "Address corrected",
    Outcome.LEFT: "Leave it",
    Outcome.NO_SIGN: "No sign",
    Outcome.COORDINATOR_TOLD: "Coordinator told, with consent",
    Outcome.NOT_WANTED: "The person does not want it",
    Outcome.ESCALATED: "Escalate",
    Outcome.ACTED: "Acted on it",
    Outcome.SLIP: "A slip",
    Outcome.INCIDENT: "An incident",
    Outcome.READ: "Read",
    Outcome.ANSWERED: "Answered",
    Outcome.RECEIVED_ANOTHER_WAY: "Received another way",
    Outcome.NOT_COMING: "They will not come",
    Outcome.SEEN_TO: "It is seen to",
}
# What came of it, as it is said afterwards.
DONE: dict[str, str] = {
    Outcome.REACHED_GENUINE: "Reached; it is genuine",
    Outcome.REACHED_FORGED: "Reached; it is forged",
    Outcome.NOT_REACHED: "Not reached",
    Outcome.NO_NUMBER: "No number to call",
    Outcome.TOLD_ANOTHER_WAY: "Told another way",
    Outcome.ADDRESS_CORRECTED: "Address corrected",
    Outcome.LEFT: "Left as it is",
    Outcome.NO_SIGN: "No sign of danger",
    Outcome.COORDINATOR_TOLD: "Coordinator told, with consent",
    Outcome.NOT_WANTED: "The person does not want it",
    Outcome.ESCALATED: "Escalated",
    Outcome.ACTED: "Acted on",
    Outcome.SLIP: "A slip, no incident",
    Outcome.INCIDENT: "An incident",
    Outcome.READ: "Message read",
    Outcome.ANSWERED: "Message answered",
    Outcome.RECEIVED_ANOTHER_WAY: "Received another way",
    Outcome.NOT_COMING: "They will not come",
    Outcome.SEEN_TO: "Seen to",
}
# What follows from it beyond the task, said before and after.
FOLLOWS: dict[str, str] = {
    Outcome.REACHED_GENUINE: "The submission itself is still to be decided.",
    Outcome.REACHED_FORGED: (
        "It counts as forged and is held. The submission itself stays open until it is finished."
    ),
    Outcome.NOT_REACHED: "The task stays open until the new time.",
    Outcome.ESCALATED: (
        "Those whom you choose get a task with a time of its own, and a mail. If no mail goes out "
        "to them, the managers get a task, and they and who is on duty get a mail."
    ),
}


# Where nobody else is a protection officer, before somebody escalates.
NOBODY_ELSE = (
    "Nobody else is a protection officer now. The managers get a task, and they and who is on duty "
    "get a mail."
)
NOBODY_HEARS = (
    "Nobody else is a protection officer now, and nobody is there to get a mail. The managers get "
    "a task that they see when they sign in: call somebody as well."
)


def mailed(who: "Mailed") -> str:
    """Return who was told by mail of what somebody escalated, as it was."""
    if who.is_stopped:
        return "It stands in its queue. Nobody was written to, because the person has withdrawn."
    if who.asked:
        return f"A mail goes to {_counted(who.asked, 'protection officer')}."
    also = [
        *([_counted(who.managers, "manager")] if who.managers else []),
        *([f"{who.on_duty} on duty"] if who.on_duty else []),
    ]
    if also:
        return (
            f"No mail goes to a protection officer. A mail goes to {' and '.join(also)}, and the "
            "managers have a task."
        )
    return (
        "No mail goes to anybody. The managers have a task that they see when they sign in: call "
        "somebody now."
    )


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def follows(outcome: str, *, is_ended: bool = False) -> str:
    """Return what follows from an outcome, empty for nothing; what has ended is held no more."""
    if is_ended and outcome == Outcome.REACHED_FORGED:
        return "It counts as forged, and its end says so from now on."
    return FOLLOWS.get(outcome, "")


def to_do(kind: str, *, has_number: bool) -> str:
    """Return what is to be done about a task; a number to call is only named where there is one."""
    without = WITHOUT_NUMBER.get(kind, "") if not has_number else ""
    return without or TO_DO.get(kind, "")


def needing_note(outcomes: tuple[Outcome, ...]) -> str:
    """Return what the buttons that need a note are called, as one text."""
    return ", ".join(f"“{OUTCOMES[each]}”" for each in outcomes if each in NEEDS_NOTE)


# What is due in the row of a list, before the time: «Answer by Wed 25 Nov 16:00».
DUE_IN_QUEUE = {
    Queue.EMERGENCY: "Decide",
    Queue.NEW_REFERRALS: "Decide",
    Queue.REPLIES: "Answer",
    Queue.MAIL_TO_MATCH: "Match",
    Queue.ON_HOLD: "Decide",
    Queue.MISSING: "Ask for documents",
    Queue.QUARANTINE: "Look",
    Queue.CASH_DECISIONS: "Decide",
    Queue.ENQUIRIES: "Answer",
    Queue.PROTECTION: "Look",
}
DUE_FOR_TASK = {
    TaskKind.RECEIPT_FAILED: "Call",
    TaskKind.RECEIPT_BOUNCED: "Call",
    TaskKind.NO_USABLE_SENDER: "Call",
    TaskKind.CALL_SENDER: "Call",
    TaskKind.CALL_BACK: "Call back",
    TaskKind.COORDINATOR_WROTE: "Answer",
    TaskKind.WRONG_READER: "Judge",
    TaskKind.PROTECTION_SIGN: "Look",
    TaskKind.PROTECTION_ESCALATED: "Decide",
    TaskKind.MISSING_DOCUMENTS: "Ask for documents",
    TaskKind.TOO_LARGE: "Get it",
    TaskKind.NOT_OPENED: "Get it",
    TaskKind.NOT_INSPECTED: "Get it",
    TaskKind.QUARANTINE: "Look",
    TaskKind.VITAL_INTEREST: "Answer",
    TaskKind.NOBODY_WARNED: "Tell somebody",
    TaskKind.LEGAL_DAY: "See to it",
}


def due(queue: str, kind: str, reason: str) -> str:
    """Return what somebody does until an item is due, as the row of a list says it.

    >>> due("Q11", "submission", "registered_sender_new_case"), due("Q4", "call_back", "")
    ('Answer', 'Call back')
    """
    if kind != TaskKind.SUBMISSION:
        return DUE_FOR_TASK.get(TaskKind(kind), "Do") if kind in set(TaskKind) else "Do"
    if reason in CALLED_BACK:
        return DUE_FOR_TASK[TaskKind.CALL_BACK]
    return DUE_IN_QUEUE[Queue(queue)] if queue in set(Queue) else "Decide"
