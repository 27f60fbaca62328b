"""Escalate items past their due time to somebody to whom they are not assigned.

An item is escalated once: `escalated_at` is the mark, the audit trail says to whom. An assigned
item goes to the deputies of who has it; an item that nobody has, and every emergency, goes to the
manager. They see it above their queues until it is done.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.core import audit
from storage.accounts import users
from storage.audit_acts import Act
from storage.lists import work_subjects
from storage.submissions import due_items
from storage.submissions.queue_items import Queue, TaskKind

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.submissions.queue_items import QueueItem

MAX_AT_ONCE = 100


class ToldTo(StrEnum):
    """Who must look at an item past its due time."""

    DEPUTY = "deputy"
    MANAGER = "manager"


class Why(StrEnum):
    """Why an item is escalated."""

    CLOCK_PASSED = "clock_passed"
    EMERGENCY_NOT_CONFIRMED = "emergency_not_confirmed"
    LEGAL_DATE_NEAR = "legal_date_near"


@dataclass(frozen=True)
class Late:
    """One item past its due time (UTC); `claimed_by` is the label of who has it, or empty."""

    reference: str
    queue: str
    kind: str
    due_at: "datetime"
    claimed_by: str
    why: Why


def escalated_to(queue: str, claimed_by: str | None) -> ToldTo:
    """Return to whom an item past its due time is escalated."""
    if queue == Queue.EMERGENCY or claimed_by is None:
        return ToldTo.MANAGER
    return ToldTo.DEPUTY


def why(queue: str, clock: str) -> Why:
    """Return why an item past its due time is escalated."""
    if queue == Queue.EMERGENCY:
        return Why.EMERGENCY_NOT_CONFIRMED
    return Why.CLOCK_PASSED if clock == "service" else Why.LEGAL_DATE_NEAR


def escalate_late_items(services: "Services", now: "datetime") -> int:
    """Mark and audit every open item past its due time, and return how many there were.

    Maintenance calls it. An item is marked once, however often or by how many workers it is run.
    """
    with services.database.transaction() as session:
        late = due_items.overdue(session, now, limit=MAX_AT_ONCE)
        found = work_subjects.about(session, late)
        for item in late:
            item.escalated_at = now
            audit.note(
                services,
                session,
                "system:intake",
                Act.ITEM_ESCALATED,
                found[item.id].subject if item.id in found else ("item", item.id),
                _detail(item),
                at=now,
            )
        return len(late)


def list_escalated(services: "Services", user: "SignedInUser") -> tuple[Late, ...]:
    """Return the items escalated to a user: as a manager, or as an officer for colleagues.

    Every officer who can act in the programme is the deputy of the others. The user's own items
    are left out, since they are in the user's own list.
    """
    role = ToldTo.MANAGER if programmes.is_told_as_manager(user) else ToldTo.DEPUTY
    with services.database.reading() as session:
        items = [
            item
            for item in due_items.escalated(
                session, list(programmes.read_by(user)), limit=MAX_AT_ONCE
            )
            # That nobody could be warned stands on the duty board, with what to do about it.
            if item.kind != TaskKind.NOBODY_WARNED
            and escalated_to(item.queue, item.claimed_by) is role
            and item.claimed_by != user.id
        ]
        found = work_subjects.about(session, items)
        labels = users.labels_of(session, {item.claimed_by for item in items if item.claimed_by})
    return tuple(
        Late(
            reference=found[item.id].reference,
            queue=item.queue,
            kind=item.kind,
            due_at=item.due_at,
            claimed_by=labels.get(item.claimed_by or "", ""),
            why=why(item.queue, item.clock),
        )
        for item in items
        if item.id in found
    )


def _detail(item: "QueueItem") -> dict[str, str]:
    return {
        "queue": item.queue,
        "kind": item.kind,
        "reason": why(item.queue, item.clock),
        "told": escalated_to(item.queue, item.claimed_by),
    }
