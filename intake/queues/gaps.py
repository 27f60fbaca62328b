"""Give managers a task when nobody could be warned of an item, each programme one at a time.

A sign of danger that was escalated to nobody has a task of its own each, which ends with it.

The task hangs on the item of which nobody was warned. It is told to managers at once, as a late
item is. What the office mends closes it by itself; else a manager says how it ended.
"""

from typing import TYPE_CHECKING

from intake.core import audit
from intake.reference_data import promises
from storage.audit_acts import Act
from storage.base import new_id
from storage.lists import work_subjects
from storage.submissions import due_warnings, queue_items
from storage.submissions.queue_items import Queue, QueueItem, TaskKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.core.services import Services
    from storage.database import Session


# Why nobody looks at a sign of danger that was escalated.
NOBODY_ASKED = "escalation_not_mailed"


def open_gap(services: "Services", session: "Session", item: QueueItem, reason: str) -> bool:
    """Open the task about an item; False while one is open in its programme.

    One that is about an escalation keeps no other from being opened, and no other keeps it.
    """
    known = due_warnings.open_gaps(session, item.programme)
    if reason != NOBODY_ASKED and any(gap.reason != NOBODY_ASKED for gap in known):
        return False
    now = services.now()
    gap = QueueItem(
        id=new_id(),
        queue=item.queue,
        kind=TaskKind.NOBODY_WARNED,
        task_id=item.id,
        programme=item.programme,
        reason=reason,
        priority=item.priority,
        opened_at=now,
        due_at=promises.due_of_task(services, session, Queue(item.queue)),
        escalated_at=now,
    )
    is_new = queue_items.put(session, gap)
    about = work_subjects.about_one(session, item)
    if is_new and about is not None:
        audit.note(
            services,
            session,
            "system:intake",
            Act.TASK_OPENED,
            about.subject,
            {"kind": TaskKind.NOBODY_WARNED, "reason": reason, "queue": item.queue},
            at=now,
        )
    return is_new


def close_of(services: "Services", session: "Session", item: QueueItem) -> None:
    """Close the task about an escalation, which was decided or taken back."""
    for gap in due_warnings.open_gaps(session, item.programme):
        if gap.task_id == item.id and gap.reason == NOBODY_ASKED:
            gap.closed_at = services.now()
    session.flush()


def close_mended(
    services: "Services", session: "Session", programme: str, reasons: "Collection[str]"
) -> list[QueueItem]:
    """Close the open tasks of a programme that have one of some reasons; return them."""
    closed = []
    for known in due_warnings.open_gaps(session, programme):
        gap = queue_items.locked(session, known.id) if known.reason in reasons else None
        # Another worker may have closed it before the lock.
        if gap is not None and gap.closed_at is None:
            gap.closed_at = services.now()
            closed.append(gap)
    session.flush()
    return closed
