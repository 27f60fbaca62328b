"""Ask for tasks about samples as events of the office would, and report on them."""

import re
from datetime import timedelta

from intake.core.services import Services
from intake.queues import gaps
from intake.queues.tasks import add_task
from storage.lists import work_subjects
from storage.submissions import task_outcomes
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.portal.conftest import Browser
from tests.portal.samples import Seeded
from tests.portal.triage.forms import page_of

# Each kind with a reason that it has, for pages to look at.
REASONS = {
    TaskKind.CALL_BACK: "sender_names_a_case",
    TaskKind.CALL_SENDER: "address_stopped",
    TaskKind.RECEIPT_BOUNCED: "bounce_hard",
    TaskKind.NOBODY_WARNED: "nobody_on_duty",
}


def ask(
    services: Services, made: Seeded, kind: TaskKind, *, due_in: timedelta | None = None
) -> str:
    """Open a task about a submission, and return its item's id."""
    reason = REASONS.get(kind, kind)
    with services.database.transaction() as session:
        if kind is TaskKind.NOBODY_WARNED:
            gaps.open_gap(services, session, session.get_one(QueueItem, made.item_id), reason)
        else:
            add_task(services, session, made.submission_id, kind=kind, reason=reason)
        items = work_subjects.on_page(session, session.get_one(Submission, made.submission_id))
        item_id = next(item.id for item in items if item.kind == kind)
        if due_in is not None:
            session.get_one(QueueItem, item_id).due_at = services.now() + due_in
    return item_id


def item_of(services: Services, item_id: str) -> QueueItem:
    """Return an item as it stands."""
    with services.database.reading() as session:
        return session.get_one(QueueItem, item_id)


def card(page: str, item_id: str) -> str:
    """Return the card of a task, empty when it has none."""
    found = re.search(
        rf'<li class="card task[^"]*" id="task-{item_id}">.*?\n</li>', page, re.DOTALL
    )
    return found.group() if found is not None else ""


def do(browser: Browser, made: Seeded, item_id: str, **fields: str) -> tuple[int, str, str]:
    """Report on a task; return status, where it leads, and the text."""
    place = fields.pop("place", "")
    answer = browser.post(f"/tasks/{item_id}/done{place}", page_of(made), **fields)
    return answer.status_code, answer.location or "", answer.text


def rows_of(services: Services, made: Seeded) -> list[task_outcomes.TaskOutcome]:
    """Return what was reported about a submission."""
    with services.database.reading() as session:
        return task_outcomes.of_submission(session, made.submission_id)
