"""Work out from the audit trail which acts of people still stand on a submission, in their order.

An act that several events tell of is one step; one that was taken back stands no more. Rules over
events only: nothing is read here, and whether a step can be taken back is asked in `offers`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.triage.undoing.acts import MAIL_OF_ACT, REVERSALS, Way
from storage.audit_acts import Act
from storage.mail.outbox import MailKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.audit import AuditEvent

PERSON = "user:"
# What decided the same thing before, by the part of the detail that names the thing.
SUBJECTS = ("range", "aid", "person")


@dataclass(frozen=True)
class UndoStep:
    """One act that stands: by whom (`user:` and an id), when (UTC), and its newest event's number.

    `details` are those of its events: codes and numbers. There are several where things were
    decided together.
    """

    number: int
    act: Act
    way: Way
    actor: str
    at: datetime
    details: tuple[dict[str, Any], ...]  # Any: an event's codes and numbers

    @property
    def detail(self) -> dict[str, Any]:  # Any: see above
        """Return the detail of its newest event."""
        return self.details[-1]

    @property
    def mail(self) -> str:
        """Return the kind of the mail that the act wrote; empty for an act that wrote none."""
        if self.way is not Way.MAIL:
            return ""
        return MAIL_OF_ACT.get(self.act) or str(self.detail.get("kind", ""))


@dataclass(frozen=True)
class UndoStack:
    """The steps that stand, the oldest first, and the step that was taken back last.

    `taken_back` is None when somebody acted since; `by` is who took it back.
    """

    steps: tuple[UndoStep, ...]
    taken_back: UndoStep | None = None
    by: str = ""

    def earlier(self, step: UndoStep, subject: str, subject_id: str) -> UndoStep | None:
        """Return what was decided about a thing before a step, and stands; None for nothing.

        `subject` is one of SUBJECTS.
        """
        below = self.steps[: self.steps.index(step)] if step in self.steps else self.steps
        return next(
            (
                each
                for each in reversed(below)
                if any(detail.get(subject) == subject_id for detail in each.details)
            ),
            None,
        )


def stack_of(events: "Iterable[AuditEvent]") -> UndoStack:
    """Return what stands after a submission's events, which come oldest first."""
    stack: list[UndoStep] = []
    undone: UndoStep | None = None
    by = ""
    for event in events:
        fits = TAKES_BACK.get(Act(event.act)) if event.act in REVERSING else None
        if fits is not None:
            found = [step for step in stack if fits(event, step)]
            if not found:
                continue
            # Steps go back one by one: the newest was meant. One mail may ask for several papers.
            gone = found if event.detail.get("sent") == MailKind.RESEND_REQUEST else found[-1:]
            stack = [step for step in stack if step not in gone]
            if event.act == Act.CONFIRMATION_KEPT_BACK:
                # A stop of its case did that: nobody took a step back.
                undone, by = None, ""
            elif event.act != Act.SUBMISSION_REOPENED or "sent" not in event.detail:
                undone, by = gone[-1], event.actor
        elif event.act in REVERSALS and event.actor.startswith(PERSON):
            _push(stack, event)
            undone, by = None, ""
    return UndoStack(tuple(stack), undone, by)


def _push(stack: list[UndoStep], event: "AuditEvent") -> None:
    """Add an act; the events of types that were decided together are one."""
    act, together = Act(event.act), event.detail.get("together")
    details: tuple[dict[str, Any], ...] = ()  # Any: codes and numbers
    if together is not None and stack and stack[-1].detail.get("together") == together:
        details = stack.pop().details
    stack.append(
        UndoStep(
            number=event.sequence,
            act=act,
            way=REVERSALS[act],
            actor=event.actor,
            at=event.at,
            details=(*details, dict(event.detail)),
        )
    )


def _of_way(way: Way) -> "Callable[[AuditEvent, UndoStep], bool]":
    def fits(_event: "AuditEvent", step: UndoStep) -> bool:
        return step.way is way

    return fits


def _decision(event: "AuditEvent", step: UndoStep) -> bool:
    """Tell whether a decision was taken back: the one that the event names, or an assignment."""
    if event.detail.get("taken_back") == Act.ITEM_ASSIGNED:
        # Older events name no number: then the newest assignment was meant.
        return step.way is Way.ASSIGNMENT and event.detail.get("event", step.number) == step.number
    return step.way is Way.DECISION and step.number == event.detail.get("event")


def _filing(event: "AuditEvent", step: UndoStep) -> bool:
    return step.way is Way.FILING and step.detail.get("batch") == event.detail.get("batch")


def _mail(event: "AuditEvent", step: UndoStep) -> bool:
    return step.way is Way.MAIL and step.mail == event.detail.get("sent")


def _task(event: "AuditEvent", step: UndoStep) -> bool:
    return step.way is Way.TASK and step.detail.get("item") == event.detail.get("item")


TAKES_BACK: "dict[Act, Callable[[AuditEvent, UndoStep], bool]]" = {
    Act.SUBMISSION_REOPENED: _of_way(Way.REOPEN),
    Act.SUBMISSION_RESUMED: _of_way(Way.RESUME),
    Act.SUBMISSION_OPENED_AGAIN: _of_way(Way.OPEN_AGAIN),
    Act.FILING_UNDONE: _filing,
    Act.DECISION_TAKEN_BACK: _decision,
    Act.MAIL_TAKEN_BACK: _mail,
    Act.CONFIRMATION_KEPT_BACK: _mail,
    Act.TASK_REOPENED: _task,
}
REVERSING = frozenset(each.value for each in TAKES_BACK)
