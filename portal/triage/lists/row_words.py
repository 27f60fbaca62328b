"""Word a row of a work list: who and what in one line, and only what is out of the ordinary.

Whoever hears the page read out is told the whole of it in one sentence.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.cases.near_dates import Nearness
from intake.queues.task_outcomes import Outcome
from portal.text import formatting, labels, tasks, triage
from portal.text.labels import Mark
from portal.text.untrusted import one_line
from storage.documents.documents import DocumentState
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority, SenderVerdict

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.cases.near_dates import NearDate
    from intake.queues.views import QueueRow, RowLine

MAX_WHO, MAX_WHAT = 48, 96
# A page of fifty rows stays below 60 kB, whatever letters a stranger chose.
MAX_BYTES = 240
MAX_MARKS = 4
# Reasons that say nothing more than the queue, the sender and the marks of the row.
USUAL = frozenset(
    {
        "registered_sender_new_case",
        "registered_sender_and_reference",
        "sent_by_coordinator",
        "sent_to_her_case",
        "sent_by_link",
        "noted_by_phone",
        "noted_for_this_case",
        "sender_says_urgent",
        "officer_says_urgent",
        "sender_unknown",
        "sender_unverified",
        "sender_applicant",
        "call_back",
        "papers_missing",
        "documents_held",
        "the_coordinator_wrote",
        "signs",
    }
)
# Tasks of which a queue is full: its heading names them, and each row says whose it is.
SAID_BY_QUEUE: dict[str, str] = {
    Queue.REPLIES: TaskKind.COORDINATOR_WROTE,
    Queue.MISSING: TaskKind.MISSING_DOCUMENTS,
    Queue.QUARANTINE: TaskKind.QUARANTINE,
}
NOT_REGISTERED = {
    SenderVerdict.UNKNOWN: Mark("Not registered", "?", "clock"),
    SenderVerdict.UNVERIFIED: Mark("Not proven", "◆", "clock"),
}
UNUSUAL_STATES = (
    DocumentState.INFECTED,
    DocumentState.HELD,
    DocumentState.LOCKED,
    DocumentState.UNREADABLE,
)
UNUSUAL_MARKS = {
    "repeated": Mark("Duplicate", "=", "clock"),
    "alike": Mark("Possible duplicate", "=", "clock"),
    "wrong_door": Mark("Perhaps elsewhere", "↪", "clock"),
    "not_read": Mark("Not read", "?", "clock"),
}
LEGAL_DATE = Mark("Legal date", "▲", "clock")


@dataclass(frozen=True)
class RowWords:
    """What a row says. `who` and `what` are words of strangers, made safe, and may be empty.

    `due` is what is to be done by the time beside it; `sentence` is what is only read out.
    """

    task: str
    who: str
    what: str
    marks: tuple[Mark, ...]
    why: str
    due: str
    sentence: str


def of_item(
    row: "QueueRow", viewer: "SignedInUser", now: datetime, near: "NearDate | None" = None
) -> RowWords:
    """Return the words of a row of a list; `near` is its legal date that is a clock."""
    legal = _legal(row, near, now)
    is_task = row.kind != TaskKind.SUBMISSION
    task = _task(row) if is_task and not _names_queue(row) else ""
    why = "" if is_task or row.reason in USUAL else labels.reason(row.reason)
    return RowWords(
        task=task,
        who=who(row.line, row.region),
        what=_what(row),
        marks=tuple(_marks(row, legal)[:MAX_MARKS]),
        why=why,
        due=tasks.due(row.queue, row.kind, row.reason),
        sentence=_sentence(row, viewer, now, legal),
    )


def _names_queue(row: "QueueRow") -> bool:
    """Tell whether the heading of its queue says already which task it is."""
    return SAID_BY_QUEUE.get(row.queue) == row.kind and not row.asked_by


def _task(row: "QueueRow") -> str:
    """Return which task it is; of one that was escalated, by whom."""
    if row.asked_by:
        return f"{tasks.DONE[Outcome.ESCALATED]} by {one_line(row.asked_by)}:"
    return labels.TASKS.get(row.kind, labels.spaced(row.kind))


def _what(row: "QueueRow") -> str:
    """Return what it is about; an upload without words says how many documents came."""
    if row.line is None:
        return ""
    if row.line.what or not row.line.is_coordinator:
        return shortened(row.line.what, MAX_WHAT)
    number = sum(row.document_states.values())
    if not number:
        return "No documents yet"
    return triage.documents(number)


def who(line: "RowLine | None", region: str | None) -> str:
    """Return who wrote: a coordinator by region, else the name or address that was given."""
    if line is None:
        return ""
    if line.is_coordinator:
        return f"Coordinator {triage.region(region)}" if region else "Coordinator"
    name = shortened(line.name, MAX_WHO)
    if line.is_call:
        return f"Call: {name}" if name else "Call"
    return name or "No sender"


def shortened(text: str, most: int) -> str:
    """Return a stranger's words as one safe line of at most so many characters."""
    line = one_line(" ".join(text[: 4 * most].split()))
    kept = line[:most].encode("utf-8", "replace")[:MAX_BYTES].decode("utf-8", "ignore")
    return line if kept == line else f"{kept[:-1].rstrip()}…"


def _legal(row: "QueueRow", near: "NearDate | None", now: datetime) -> Mark | None:
    """Return the mark of a legal date: which it is and in how many days, where that may be told."""
    if near is not None:
        is_warned = near.nearness in {Nearness.WARNED, Nearness.NEAR}
        word = f"{triage.legal_date(near.kind)} {triage.days_until(near.day, now)}"
        return Mark(word, "▲" if is_warned else "◷", "clock" if is_warned else "quiet")
    return LEGAL_DATE if row.clock != "service" else None


def _marks(row: "QueueRow", legal: Mark | None) -> list[Mark]:
    found = []
    if row.priority == Priority.EMERGENCY and row.queue != Queue.EMERGENCY:
        found.append(labels.PRIORITY_MARKS[Priority.EMERGENCY])
    elif row.priority == Priority.URGENT:
        found.append(labels.PRIORITY_MARKS[Priority.URGENT])
    elif row.priority == Priority.UNKNOWN and row.queue == Queue.NEW_REFERRALS:
        found.append(labels.PRIORITY_MARKS[Priority.UNKNOWN])
    if legal is not None:
        found.append(legal)
    found += [mark for verdict, mark in NOT_REGISTERED.items() if row.sender_verdict == verdict]
    for state in UNUSUAL_STATES:
        number = row.document_states.get(state, 0)
        if number:
            mark = labels.DOCUMENT_MARKS[state]
            found.append(mark._replace(word=f"{number} {mark.word.lower()}"))
    return found + [mark for code, mark in UNUSUAL_MARKS.items() if code in row.marks]


def _sentence(row: "QueueRow", viewer: "SignedInUser", now: datetime, legal: Mark | None) -> str:
    """Return all that a row once had columns for, as one sentence to be read out."""
    documents = ", ".join(
        f"{number} {mark.word.lower()}" for mark, number in labels.state_marks(row.document_states)
    )
    has_it = "you have it" if row.claimed_by_id == viewer.id else f"{row.claimed_by} has it"
    acts = f"you act for {row.acts_for}, who is away" if row.acts_for else ""
    marks = [mark.word.lower() for code, mark in UNUSUAL_MARKS.items() if code in row.marks]
    parts = [
        row.reference,
        labels.queue(row.queue),
        labels.mark(row.priority, "priority").word.lower(),
        f"sender {labels.mark(row.sender_verdict, 'verdict').word.lower()}",
        f"documents: {documents}" if documents else "no documents",
        f"received {formatting.span(now - row.received_at)} ago",
        triage.language(row.language) if row.language else "",
        legal.word.lower() if legal is not None else "",
        *marks,
        has_it if row.claimed_by_id else "nobody has it",
        acts,
    ]
    return f"{', '.join(filter(None, parts))}."
