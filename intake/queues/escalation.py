"""Escalation: what stands past its clock is told to somebody who is not its owner.

An item is told of once: `escalated_at` is the mark, the audit trail says to whom. What
somebody has taken goes to her deputy; what nobody has taken, and every emergency, goes to
the manager. Both find it above their queues until it is done (`told`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.accounts.roles import programmes_of
from storage import audit
from storage.accounts import users
from storage.accounts.users import Role
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.submissions.queue_items import QueueItem

MAX_AT_ONCE = 100


class ToldTo(StrEnum):
    """Whose it becomes to look at an item past its clock."""

    DEPUTY = "deputy"
    MANAGER = "manager"


class Why(StrEnum):
    """Why an item is told of."""

    CLOCK_PASSED = "clock_passed"
    EMERGENCY_NOT_CONFIRMED = "emergency_not_confirmed"
    LEGAL_DATE_PASSED = "legal_date_passed"


@dataclass(frozen=True)
class Late:
    """One item past its clock, as whoever is told of it sees it; `claimed_by` is a label."""

    reference: str
    queue: str
    kind: str
    due_at: "datetime"
    claimed_by: str
    why: Why


def told_to(queue: str, claimed_by: str | None) -> ToldTo:
    """Return who is told of an item past its clock."""
    if queue == Queue.EMERGENCY or claimed_by is None:
        return ToldTo.MANAGER
    return ToldTo.DEPUTY


def why(queue: str, clock: str) -> Why:
    """Return why an item past its clock is told of."""
    if queue == Queue.EMERGENCY:
        return Why.EMERGENCY_NOT_CONFIRMED
    return Why.CLOCK_PASSED if clock == "service" else Why.LEGAL_DATE_PASSED


def escalate_due(services: "Services", now: "datetime") -> int:
    """Mark and audit every open item whose clock ran out; return how many. For the keeper.

    Harmless when repeated or run by several workers: an item is marked once.
    """
    with services.database.transaction() as session:
        late = queue_items.past_their_clock(session, now, limit=MAX_AT_ONCE)
        for item in late:
            item.escalated_at = now
            audit.append(
                session,
                now,
                actor="system:intake",
                act="item.escalated",
                subject=("submission", item.submission_id),
                detail=_detail(item),
            )
        return len(late)


def told(services: "Services", user: "SignedInUser") -> tuple[Late, ...]:
    """Return what somebody is told of: a manager what is hers, an officer what a colleague has.

    Any officer who can act in the programme is the deputy of the others. What one has oneself
    is in one's own list and told to nobody twice.
    """
    role = ToldTo.MANAGER if user.role is Role.MGR else ToldTo.DEPUTY
    with services.database.reading() as session:
        items = [
            item
            for item in queue_items.escalated(
                session, list(programmes_of(user.role)), limit=MAX_AT_ONCE
            )
            if told_to(item.queue, item.claimed_by) is role and item.claimed_by != user.id
        ]
        found = submissions.by_ids(session, {item.submission_id for item in items})
        labels = users.labels_of(session, {item.claimed_by for item in items if item.claimed_by})
    return tuple(
        Late(
            reference=found[item.submission_id].reference,
            queue=item.queue,
            kind=item.kind,
            due_at=item.due_at,
            claimed_by=labels.get(item.claimed_by or "", ""),
            why=why(item.queue, item.clock),
        )
        for item in items
    )


def _detail(item: "QueueItem") -> dict[str, str]:
    return {
        "queue": item.queue,
        "kind": item.kind,
        "reason": why(item.queue, item.clock),
        "told": told_to(item.queue, item.claimed_by),
    }
