"""Word the details of what happened to a submission; what has no words for an officer is left out.

The audit pages show details as they are recorded. On the page of a submission they are read all
day, so no code, number of ours or name of a part of the program stands there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.text import labels, signs, tasks, triage
from portal.text.audit_acts import ACTS
from portal.text.known import readings
from portal.text.labels import QUEUES, RECEIPTS, TASKS
from portal.text.triage import CLOSED_WITHOUT, DATES, HOLD_REASONS
from storage.audit_acts import Act

TYPES = frozenset({Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED})


def words_of(act: str, detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the details of an act in one quiet line; `names` are the document types by code."""
    shown = (_detail(act, key, value, names) for key, value in detail.items())
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


# How each detail that has words is said; the values are as the acts record them.
WORDS: dict[str, Callable[[Any], str]] = {  # Any: an event's codes and numbers
    "reason": lambda code: _reason(str(code)),
    "was": lambda code: _reason(str(code)),
    "flags": lambda codes: ", ".join(signs.sign(str(each)) for each in codes),
    "states": _states,
    "outcome": lambda code: (tasks.DONE | labels.OUTCOMES).get(str(code), "").lower(),
    "taken_back": lambda act: ACTS.get(Act(act), "").lower() if act in set(Act) else "",
    "queue": lambda code: f"queue {QUEUES[code]}" if code in QUEUES else "",
    "documents": lambda number: _counted(number, "document"),
    "bytes": labels.size,
    "with_sender": lambda _is_so: "its sender belongs to the case",
    "filled": lambda _ids: "filled what was not known",
    "given_to": lambda label: f"to {label}",
    "known": lambda number: _counted(number, "answer"),
}
