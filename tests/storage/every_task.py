"""Put a row into every table of work at the desk, for tests of the schema."""

from datetime import UTC, datetime

from storage.accounts.users import User
from storage.base import new_id
from storage.database import Session
from storage.lists import search_words
from storage.lists.saved_views import SavedView
from storage.submissions.due_warnings import DueWarning, HookCall
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from storage.submissions.task_outcomes import TaskOutcome
from storage.submissions.told_facts import ToldFact

NOW = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)


def plant_task(session: Session, item: QueueItem, user: User) -> None:
    """Put a row into the table of how tasks ended."""
    session.add(
        TaskOutcome(
            id=new_id(),
            item_id=item.id,
            number=1,
            submission_id=item.submission_id,
            programme=item.programme,
            kind=item.kind,
            outcome="left",
            note=b"sealed",
            done_by=user.id,
            at=NOW,
        )
    )


def plant_told(session: Session, submission: Submission, user: User) -> None:
    """Put a row into the table of what officers were told."""
    session.add(
        ToldFact(
            id=new_id(),
            submission_id=submission.id,
            number=1,
            programme=submission.programme,
            field="escort",
            value=b"sealed",
            noted_by=user.id,
            noted_at=NOW,
        )
    )


def plant_warning(session: Session, item: QueueItem) -> None:
    """Put a row into the tables of warnings and webhook calls."""
    warning = DueWarning(
        id=new_id(), item_id=item.id, began_at=item.opened_at, step="half", decided_at=NOW
    )
    session.add(warning)
    session.flush()
    session.add(
        HookCall(
            id=new_id(),
            warning_id=warning.id,
            url="https://hooks.example/",
            body="{}",
            state="due",
            made_at=NOW,
            next_try_at=NOW,
        )
    )


def plant_work_list(session: Session, submission: Submission, user: User) -> None:
    """Put a row into every table of the work list."""
    search_words.put(session, submission, {(b"w" * 16, "header")})
    view = SavedView(
        id=new_id(), user_id=user.id, queue="Q2", name=b"sealed", filters={}, saved_at=NOW
    )
    session.add(view)
