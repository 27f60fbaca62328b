"""Word the details of what happened to a submission; what has no words for an officer is left out.

The audit pages show details as they are recorded. On the page of a submission they are read all
day, so no code, number of ours or name of a part of the program stands there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.text import formatting, labels, signs, tasks, triage
from portal.text.known import readings
from portal.text.labels import QUEUES, RECEIPTS, TASKS
from portal.text.triage import CLOSED_WITHOUT, DATES, HOLD_REASONS
from storage.audit_acts import Act
from storage.mail.outbox import MailKind

TYPES = frozenset({Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED})


def words_of(act: str, detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the details of an act in one quiet line; `names` are the document types by code."""
    # What was suggested is told where something else was decided.
    told = {
        key: each
        for key, each in detail.items()
        if key != "suggested" or each != detail.get("kind")
    }
    shown = (_detail(act, key, value, names) for key, value in told.items())
    return " · ".join(dict.fromkeys(text for text in shown if text))


def _detail(act: str, key: str, value: Any, names: Mapping[str, str]) -> str:
    """Return one detail in words, empty for one that says nothing to an officer."""
    if value in (None, "", [], {}):
        return ""
    if key == "kind":
        return _kind(act, str(value), names)
    if key == "suggested":
        return f"suggested was {triage.type_name(str(value), names)}"
    word = WORDS.get(key)
    return word(value) if word is not None else ""


def _kind(act: str, code: str, names: Mapping[str, str]) -> str:
    if act in TYPES:
        return triage.type_name(code, names)
    if code in RECEIPTS:
        # The act of a mail says already that it is one.
        return ""
    return TASKS.get(code) or DATES.get(code) or readings.VALUES.get(code, "")


def _reason(code: str) -> str:
    """Return a reason as a sentence; the code of a queue, of which a reason may consist, is one."""
    known = QUEUES.get(code) or HOLD_REASONS.get(code) or CLOSED_WITHOUT.get(code)
    said = known or labels.reason(code)
    return "" if said.startswith("Reason: ") else said.rstrip(".")


def _states(counts: dict[str, int]) -> str:
    marks = labels.state_marks(counts)
    return ", ".join(f"{number} {each.word.lower()}" for each, number in marks)


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


# What is again as it was before an act of a person, which was taken back.
AGAIN_AS_BEFORE: dict[str, str] = {
    Act.DOCUMENT_TYPE_CONFIRMED: "the type is only suggested again",
    Act.DOCUMENT_TYPE_CORRECTED: "the type is as it was before it was corrected",
    Act.VALUE_CONFIRMED: "the reading is only suggested again",
    Act.VALUE_DISMISSED: "the reading counts again",
    Act.PERSON_CONFIRMED: "the person is only suggested again",
    Act.PERSON_DISMISSED: "the person is suggested again",
    Act.DATE_CONFIRMED: "the date is as it was before it was noted",
    Act.DATE_ENDED: "the date is on the clocks again",
    Act.FACTS_TOLD: "what was noted does not count any more",
    Act.ITEM_ASSIGNED: "it was not given to the colleague",
}
# Which mail did not leave.
NOT_LEFT: dict[str, str] = {
    MailKind.ANSWER: "the answer did not leave",
    MailKind.RESEND_REQUEST: "the question for another copy did not leave",
    MailKind.CONFIRMATION: "the confirmation did not leave",
}


def mail_kind(code: str) -> str:
    """Return the kind of a mail of which the outbox has a code, empty for none of NOT_LEFT."""
    return next((kind for kind in NOT_LEFT if code.startswith(kind)), "")


# How each detail that has words is said; the values are as the acts record them.
WORDS: dict[str, Callable[[Any], str]] = {  # Any: an event's codes and numbers
    "reason": lambda code: _reason(str(code)),
    "was": lambda code: _reason(str(code)),
    "flags": lambda codes: ", ".join(signs.sign(str(each)) for each in codes),
    "states": _states,
    "outcome": lambda code: (tasks.DONE | labels.OUTCOMES).get(str(code), "").lower(),
    "taken_back": lambda act: AGAIN_AS_BEFORE.get(str(act), ""),
    "sent": lambda kind: NOT_LEFT.get(mail_kind(str(kind)), ""),
    "queue": lambda code: f"queue {QUEUES[code]}" if code in QUEUES else "",
    "documents": lambda number: _counted(number, "document"),
    "bytes": formatting.size,
    "with_sender": lambda _is_so: "its sender belongs to the case",
    "filled": lambda _ids: "filled what was not known",
    "given_to": lambda label: f"to {label}",
    "known": lambda number: _counted(number, "answer"),
}
