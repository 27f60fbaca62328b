"""Escalate items past their due time to somebody to whom they are not assigned.

An item is escalated once: `escalated_at` is the mark, the audit trail says to whom. An assigned
item goes to the deputies of who has it. One that nobody has, every emergency, and one for which
nobody else can act goes to the manager: who is there counts, not whose name stands on it. They see
it above their queues until it is done.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.accounts.people import cover
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
    from storage.database import Session
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


class Escalation:
    """Tell to whom items past their due time are escalated, as accounts and absences stand."""

    def __init__(self, services: "Services", session: "Session", at: "datetime") -> None:
        """Ask as of `at` (aware); each holder and each queue is looked up once."""
        self._acts = cache(lambda user_id: cover.who_acts_for(services, session, user_id, at))
        self._able = cache(
            lambda queue, programme: [
                each.id for each in users.able(session, programmes.holders_of(queue, programme), at)
            ]
        )

    def goes_to(self, item: "QueueItem") -> ToldTo:
        """Return to whom an item past its due time is escalated."""
        if item.queue == Queue.EMERGENCY or item.claimed_by is None:
            return ToldTo.MANAGER
        is_covered = self._acts(item.claimed_by).acts_id is not None
        others = set(self._able(item.queue, item.programme)) - {item.claimed_by}
        is_seen = any(self._acts(each).why is cover.Cover.PRESENT for each in others)
        return ToldTo.DEPUTY if is_covered and is_seen else ToldTo.MANAGER

    def is_for(self, item: "QueueItem", user: "SignedInUser") -> bool:
        """Tell whether a user sees an escalated item above their queues.

        What a colleague has stands with the others too when a manager is told of it.
        """
        if item.claimed_by == user.id:
            return False
        if programmes.is_told_as_manager(user):
            return self.goes_to(item) is ToldTo.MANAGER
        return item.queue != Queue.EMERGENCY and item.claimed_by is not None


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
        escalation = Escalation(services, session, now)
        for item in late:
            item.escalated_at = now
            audit.note(
                services,
                session,
                "system:intake",
                Act.ITEM_ESCALATED,
                found[item.id].subject if item.id in found else ("item", item.id),
                _detail(item, escalation.goes_to(item)),
                at=now,
            )
        return len(late)


def list_escalated(services: "Services", user: "SignedInUser") -> tuple[Late, ...]:
    """Return the items escalated to a user: as a manager, or as an officer for colleagues.

    Every officer who can act in the programme is the deputy of the others. The user's own items
    are left out, since they are in the user's own list.
    """
    with services.database.reading() as session:
        escalation = Escalation(services, session, services.now())
        items = [
            item
            for item in due_items.escalated(
                session, list(programmes.read_by(user)), limit=MAX_AT_ONCE
            )
            # That nobody could be warned stands on the duty board, with what to do about it.
            if item.kind != TaskKind.NOBODY_WARNED and escalation.is_for(item, user)
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


def _detail(item: "QueueItem", goes_to: ToldTo) -> dict[str, str]:
    return {
        "queue": item.queue,
        "kind": item.kind,
        "reason": why(item.queue, item.clock),
        "told": goes_to,
    }
