"""Give managers a task when nobody could be warned of an item, each programme one at a time.

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


def open_gap(services: "Services", session: "Session", item: QueueItem, reason: str) -> bool:
    """Open the task about an item; False while one is open in its programme."""
    if due_warnings.open_gaps(session, item.programme):
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


def close_mended(
    services: "Services", session: "Session", programme: str, reasons: "Collection[str]"
) -> int:
    """Close the open tasks of a programme that have one of some reasons; return how many."""
    closed = [gap for gap in due_warnings.open_gaps(session, programme) if gap.reason in reasons]
    for gap in closed:
        gap.closed_at = services.now()
    session.flush()
    return len(closed)
