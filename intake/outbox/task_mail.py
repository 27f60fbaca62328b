"""Say when a mail about a task, a case or a grant may not leave any more.

When the person of the case withdrew, nothing leaves here either.
"""

from typing import TYPE_CHECKING

from intake.outbox.guard import PERSON_WITHDREW
from storage.cases import cases
from storage.lists import work_subjects
from storage.submissions.queue_items import QueueItem

if TYPE_CHECKING:
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.mail.outbox import OutboxMessage

# An item that is done is warned of no more.
FINISHED = "finished"


def refusal_to_leave(session: "Session", row: "OutboxMessage") -> str | None:
    """Return why a mail about a task, a case or a grant may not leave any more, or None."""
    item = session.get(QueueItem, row.task_id) if row.task_id is not None else None
    if item is not None and item.closed_at is not None:
        return FINISHED
    about = work_subjects.about_message(session, row)
    return stopped(session, about) if about is not None else None


def stopped(session: "Session", about: "About") -> str | None:
    """Return why nothing more leaves about something, to nobody: its person withdrew."""
    case_id = about.case.id if about.case is not None else None
    if case_id is None and about.submission is not None:
        case_id = about.submission.case_id
    return PERSON_WITHDREW if cases.has_person_withdrawn(session, case_id) else None
