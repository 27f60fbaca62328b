"""Say what the codes of the lower layers are called on a page.

A code without words is shown as itself, so that an officer can read it out to the
administrator. A reason may carry a name after a colon (`malware:EICAR`).
"""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from intake.inspection import findings
from portal.text import formatting, tasks
from portal.text.audit_acts import ACTS, SUBJECTS
from portal.text.reasons import REASONS
from portal.text.untrusted import one_line
from storage.mail.outbox import MailKind, codes_of
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    class NumberedPaper(Protocol):
        """A signed paper, wherever it is shown."""

        @property
        def kind(self) -> str:
            """Return the code of its kind."""

        @property
        def number(self) -> int:
            """Return its number among those of its kind."""


QUEUES = {
    "Q1": "Emergency",
    "Q2": "New referrals",
    "Q15": "Replies",
    "Q3": "Mail to match",
    "Q4": "Sender and consent holds",
    "Q5": "Missing documents",
    "Q6": "Quarantine",
    "Q9": "Cash decisions",
    "Q11": "Enquiries",
    "Q12": "Protection review",
}
# The lists that span the queues.
ACROSS_QUEUES = {"all": "All open", "mine": "Mine", "soon": "Due soon"}
ACROSS_HELP = {
    "all": "Everything that waits, queue by queue.",
    "mine": "What you have taken, or were given.",
    "soon": "Late, or due within four hours.",
}
QUEUE_HELP = {
    "Q1": "Somebody may be in danger, or a date is near. Look first.",
    "Q2": "From registered senders, filed and ready to confirm.",
    "Q15": "What coordinators wrote here, or by mail as an answer to us.",
    "Q3": "Who wrote, or which case is meant, could not be told.",
    "Q4": "Call the sender back before anything else happens.",
    "Q5": "Confirmed, and something on the checklist is still missing.",
    "Q6": "A part could not be opened or is not safe.",
    "Q9": "Decisions of the Migration Agency that are to be checked.",
    "Q11": "Questions that wait for an answer in their language.",
    "Q12": "Signs that somebody may need protection.",
}
TASKS: dict[str, str] = {
    TaskKind.SUBMISSION: "Submission",
    TaskKind.RECEIPT_FAILED: "Receipt could not be delivered",
    TaskKind.NO_USABLE_SENDER: "No address to answer to",
    TaskKind.TOO_LARGE: "Too large for the mailbox",
    TaskKind.NOT_OPENED: "Could not be opened",
    TaskKind.NOT_INSPECTED: "Could not be inspected",
    TaskKind.QUARANTINE: "Documents in quarantine",
    TaskKind.CALL_SENDER: "Call the sender",
    TaskKind.CALL_BACK: "Call the sender back",
    TaskKind.MISSING_DOCUMENTS: "Documents are missing",
    TaskKind.RECEIPT_BOUNCED: "What we sent came back: call",
    TaskKind.PROTECTION_SIGN: "Signs that somebody may need protection",
    TaskKind.PROTECTION_ESCALATED: "Escalated: somebody may need protection",
    TaskKind.COORDINATOR_WROTE: "The coordinator wrote",
    TaskKind.VITAL_INTEREST: "Acting without consent: answer or look at its end",
    TaskKind.NOBODY_WARNED: "Nobody could be warned",
    TaskKind.LEGAL_DAY: "A legal date is near",
    TaskKind.WRONG_READER: "Perhaps an incident: a link reached the wrong coordinator",
}
LEGAL_DAYS = frozenset({"legal_date_near", "legal_date_suggested"})
ESCALATED = {
    "clock_passed": "Its clock has run out.",
    "emergency_not_confirmed": "An emergency that nobody has confirmed in time.",
    "legal_date_near": "A legal date is near.",
}
CHANNELS = {"email": "E-mail", "upload": "Upload", "contact": "Contact form", "phone": "Phone note"}
PROGRAMMES = {"referrals": "Referrals", "cash": "Cash support"}
SUBMISSION_STATES = {
    "RECEIVED": "Received, being opened",
    "DOCUMENTS": "Opened, being inspected",
    "HOLDING": "Held for a person",
    "QUEUED": "Filed and queued",
    "CONFIRMED": "Confirmed",
    "REDIRECTED": "Sent on",
    "CLOSED": "Closed",
}
# How a submission ended without a case: in short, and what the form says of it.
OUTCOMES: dict[str, str] = {
    Outcome.ANSWERED: "Answered",
    Outcome.REDIRECTED: "Sent on",
    Outcome.NOT_FOR_US: "Not for us",
    Outcome.AUTOMATIC: "Automatic mail",
    Outcome.FORGED: "Forged",
    Outcome.DUPLICATE: "Duplicate",
    Outcome.NOTHING_TO_DO: "Nothing to do",
}
OUTCOME_HELP: dict[str, str] = {
    Outcome.ANSWERED: "by mail, by telephone or face to face",
    Outcome.REDIRECTED: "the sender knows where to turn",
    Outcome.NOT_FOR_US: "press, work, advertising",
    Outcome.AUTOMATIC: "an out-of-office answer, a newsletter",
    Outcome.FORGED: "somebody wrote in another’s name",
    Outcome.DUPLICATE: "we have it already",
    Outcome.NOTHING_TO_DO: "read, and nobody waits",
}
ROLES = {
    "attachment": "Attachment",
    "inline": "Inside the text",
    "body": "Message text",
    "alternative": "Other form of the text",
    "message": "Message",
}
REMINDERS = ("First reminder", "Second reminder", "Last reminder")
RECEIPTS: dict[str, str] = {
    MailKind.RECEIPT: "Receipt",
    MailKind.CONFIRMATION: "Confirmation",
    MailKind.RESEND_REQUEST: "Question to the sender",
    **dict(zip(codes_of(MailKind.REMINDER), REMINDERS, strict=True)),
    **dict.fromkeys(codes_of(MailKind.ANSWER), "Answer"),
    **dict.fromkeys(codes_of(MailKind.NOTICE), "Notice of a message"),
    **dict.fromkeys(codes_of(MailKind.LINK), "An upload link"),
    MailKind.INVITATION: "Invitation",
    MailKind.WARNING: "Warning to who is on duty",
}
STEPS = {"half": "half of its time", "four_fifths": "four fifths of its time", "unseen": "unseen"}
ACTORS = {
    "system:mailbox": "Mailbox",
    "system:intake": "Intake",
    "system:sender": "Mail sender",
    "system:command": "Operator",
    "system:link": "Somebody with a link",
}


class Mark(NamedTuple):
    """How a page shows a state: its word, its shape and the tone that chooses its colour."""

    word: str
    shape: str
    tone: str


DOCUMENT_MARKS = {
    "STORED": Mark("Being inspected", "◌", "quiet"),
    "CLEAN": Mark("Clean", "✓", "good"),
    "ACTIVE": Mark("Active content", "◐", "clock"),
    "HELD": Mark("Held", "◆", "clock"),
    "INFECTED": Mark("Infected", "✕", "danger"),
    "LOCKED": Mark("Locked", "■", "clock"),
    "UNREADABLE": Mark("Unreadable", "?", "clock"),
    "IGNORED": Mark("Set aside", "–", "quiet"),
    "REJECTED": Mark("Rejected", "⊘", "quiet"),
}
# Markup, of which only the words are ever shown, is no alarm: most letters are written so.
TEXT_ONLY = Mark("Text only", "≡", "quiet")
PRIORITY_MARKS = {
    "emergency": Mark("Emergency", "▲", "danger"),
    "urgent": Mark("Urgent", "▲", "clock"),
    "unknown": Mark("Unknown risk", "?", "clock"),
    "normal": Mark("Normal", "●", "quiet"),
}
VERDICT_MARKS = {
    "registered": Mark("Registered", "✓", "good"),
    "unverified": Mark("Not proven", "◆", "clock"),
    "unknown": Mark("Unknown", "?", "clock"),
    "applicant": Mark("Applicant", "●", "quiet"),
}
RECEIPT_MARKS = {
    "due": Mark("Waiting to be sent", "◌", "quiet"),
    "sent": Mark("Sent", "✓", "good"),
    "failed": Mark("Not delivered", "✕", "danger"),
    "suppressed": Mark("Not sent on purpose", "–", "quiet"),
}
CHECKS = {
    "database": "Database",
    "blobs": "Document store",
    "files": "Data folder",
    "keys": "Keys",
    "engine": "Workers",
    "sandbox": "Sandbox",
    "smtp": "Outgoing mail",
    "scanner": "Malware scanner",
    "queues": "Queues",
}
HEALTH_MARKS = {
    "ok": Mark("Works", "✓", "good"),
    "degraded": Mark("Works with limits", "◆", "clock"),
    "down": Mark("Does not work", "✕", "danger"),
}
OWN_RULE = "rule:"
# A reason that begins so goes on with what kept the worker from making a copy.
NO_COPY = "no_copy_"
MARKS = {
    "document": DOCUMENT_MARKS,
    "priority": PRIORITY_MARKS,
    "verdict": VERDICT_MARKS,
    "receipt": RECEIPT_MARKS,
    "health": HEALTH_MARKS,
}


def mark(code: str | None, table: str) -> Mark:
    """Return how a page shows a code of a table in MARKS; an unknown code is its own word."""
    return MARKS[table].get(code or "", Mark(code or "Not known yet", "?", "quiet"))


def document_mark(state: str, reason: str) -> Mark:
    """Return how a page shows a document's state, where it knows the reason code for it."""
    if (state, reason) == ("ACTIVE", "shown_as_text"):
        return TEXT_ONLY
    return mark(state, "document")


def state_marks(counts: dict[str, int]) -> list[tuple[Mark, int]]:
    """Return documents counted by state as marks with numbers, always in one order."""
    order = list(DOCUMENT_MARKS)
    known = sorted(counts, key=lambda state: order.index(state) if state in order else len(order))
    return [(mark(state, "document"), counts[state]) for state in known]


def reason(code: str | None) -> str:
    """Return the sentence for a reason code: `malware:EICAR` has the sentence of `malware`."""
    if not code:
        return ""
    if code.startswith(f"{NO_COPY}signal"):
        return "No safe copy could be made: drawing it took more than is allowed."
    if code.startswith(NO_COPY):
        return f"No safe copy could be made. {reason(code.removeprefix(NO_COPY))}"
    head, _, rest = code.partition(":")
    if head in LEGAL_DAYS:
        # Releases before named the kind of day, which may be of a paper closed to the reader.
        rest = ""
    known = REASONS.get(head) or findings.REASONS.get(head) or findings.FINDINGS.get(head)
    if known is None:
        return _by_beginning(head)
    # Rules of our own are named in words, a scanner names what it found in its own way.
    name = spaced(rest.removeprefix(OWN_RULE)) if rest.startswith(OWN_RULE) else one_line(rest)
    return f"{known} ({name})" if rest else known


def _by_beginning(code: str) -> str:
    """Return the sentence for a code that says by its beginning what it is about."""
    for beginning, sentence in findings.STEPS.items():
        if code.startswith(beginning):
            return f"{sentence} {reason(code.removeprefix(beginning))}"
    known = (same for start, same in findings.BEGINNINGS.items() if code.startswith(start))
    return reason(next(known, "")) or f"Reason: {spaced(code)}."


def act(code: str) -> str:
    """Return what an audited act is called."""
    return ACTS.get(code, spaced(code).capitalize())


def subject(code: str) -> str:
    """Return what an audited act was about."""
    return SUBJECTS.get(code, spaced(code).capitalize())


def actor(name: str) -> str:
    """Return who acted: a user's name as it is, a part of the system by its name."""
    return ACTORS.get(name, name.removeprefix("system:"))


def paper(kind: str, number: int, *, has_others: bool = False) -> str:
    """Return what a signed paper is called: its number is said from the second of its kind on.

    >>> paper("R2", 1), paper("R2", 1, has_others=True), paper("R2", 2)
    ('Confirmation', 'Confirmation no. 1', 'Confirmation no. 2')
    """
    name = RECEIPTS.get(kind, kind)
    return f"{name} no. {number}" if number > 1 or has_others else name


def paper_among(one: "NumberedPaper", papers: "Iterable[NumberedPaper]") -> str:
    """Return what a signed paper is called where it stands among others."""
    has_others = sum(each.kind == one.kind for each in papers) > 1
    return paper(one.kind, one.number, has_others=has_others)


def submission_state(state: str, outcome: str | None = None) -> str:
    """Return how far a submission has come; where it ended without a case, also how."""
    shown = SUBMISSION_STATES.get(state, state)
    # «Sent on» is both a state and how it came to it.
    known = OUTCOMES.get(outcome or "", outcome or "")
    return f"{shown}: {known.lower()}" if known and known != shown else shown


def queue(code: str | None) -> str:
    """Return what a queue is called, or a list that spans the queues."""
    return (QUEUES | ACROSS_QUEUES).get(code or "", code or "Not in a queue yet")


# Details that a page leaves out: ids of ours, and what the page says anyway.
UNTOLD = frozenset(
    {"act", "aid", "batch", "case", "channel", "date", "days_before", "document", "event"}
    | {"day", "from", "grant", "item", "link", "mail", "message", "person", "range"}
    | {"filled", "letter", "named", "own", "told"}
    | {"calls", "ended", "ended_before", "notice"}
    | {"state_before", "stood", "submission", "to", "together", "typed"}
)


# How a detail is written that needs no more than its value.
WRITTEN: "dict[str, Callable[[str], str]]" = {
    "queue": lambda value: f"queue {queue(value)}",
    "documents": "{} documents".format,
    "until": lambda value: f"until {formatting.moment(datetime.fromisoformat(value))}",
}


def details(detail: dict[str, object]) -> str:
    """Return an event's codes and numbers in one quiet line: `4 documents · queue Q2`."""
    known = {key: value for key, value in detail.items() if value not in (None, "", [])}
    shown = (
        _warned(key, value) if key in {"step", "mails", "hook"} else _detail(key, value)
        for key, value in known.items()
    )
    return " · ".join(text for text in shown if text)


def _warned(key: str, value: object) -> str:
    """Return a part of how somebody on duty was warned."""
    if key == "step":
        return STEPS.get(str(value), str(value))
    if key == "mails":
        return f"{value} mail{'' if value == 1 else 's'}"
    return "webhook called" if value else ""


def _detail(key: str, value: object) -> str:
    if key in UNTOLD:
        return ""
    if key == "states" and isinstance(value, dict):
        return ", ".join(f"{number} {shown.word.lower()}" for shown, number in state_marks(value))
    if key in WRITTEN:
        return WRITTEN[key](str(value))
    if isinstance(value, list):
        return ", ".join(spaced(str(item)) for item in value)
    match key:
        case "reason" | "was":
            return reason(str(value)).rstrip(".")
        case "kind":
            # The act of a receipt says already that it is one.
            is_mail = value in RECEIPTS or str(value).startswith(MailKind.WARNING)
            return "" if is_mail else TASKS.get(str(value), spaced(str(value)))
        case "taken_back":
            return act(str(value)).lower()
        case "with_sender":
            return "its sender belongs to the case" if value else ""
        case "outcome":
            return (tasks.DONE | OUTCOMES).get(str(value), spaced(str(value))).lower()
        case "bytes":
            return formatting.size(value) if isinstance(value, int) else ""
        case _:
            return f"{spaced(key)} {value}"


def spaced(code: str) -> str:
    """Return a code as words: `duplicate_header` is `duplicate header`."""
    return one_line(code).replace(".", " ").replace("_", " ")
