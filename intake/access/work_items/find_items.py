"""Find a piece of work for a user who takes it, does it, or takes back that it is done.

Like everything that is found by its id: what is not there and what is not theirs raise the same
NotFound.
"""

from typing import TYPE_CHECKING

from intake.access import find, programmes, rights
from intake.core.errors import NotFound
from storage.cases import cases
from storage.lists import work_subjects
from storage.submissions import queue_items, submissions, task_outcomes
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.submissions.queue_items import QueueItem


def item_to_act(
    services: "Services", session: "Session", user: "SignedInUser", item_id: str
) -> "QueueItem":
    """Return an item that a user may take, or do. Raises NotFound and OnlyToRead."""
    item = queue_items.by_id(session, item_id)
    about = work_subjects.about_one(session, item)
    if item is None or about is None:
        raise NotFound
    _require_to_act_on(services, session, user, item, about)
    return item


def find_item_locked(
    services: "Services", session: "Session", user: "SignedInUser", item_id: str
) -> "QueueItem":
    """Return an item that a user may do, locked to the commit after its case and submission.

    Raises NotFound and OnlyToRead.
    """
    known = item_to_act(services, session, user, item_id)
    about = work_subjects.about_one(session, known)
    if about is not None and about.case is not None:
        cases.locked(session, [about.case.id])
    elif about is not None and about.submission is not None:
        cases.locked_submission(session, about.submission.id)
    item = queue_items.locked(session, item_id)
    about = work_subjects.about_one(session, item)
    if item is None or about is None:
        raise NotFound
    _require_to_act_on(services, session, user, item, about)
    return item


def task_to_reopen(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item_id: str,
    *,
    is_locked: bool = False,
) -> "QueueItem":
    """Return a task that a user may open again: one that they may do, or that they had and did.

    Whoever had nothing of a submission but a task reads it no more when the task is done; they can
    still take back what they did. Raises NotFound and OnlyToRead.
    """
    read = find_item_locked if is_locked else item_to_act
    try:
        return read(services, session, user, item_id)
    except (NotFound, rights.OnlyToRead):
        known = queue_items.by_id(session, item_id)
        if known is None or not _had_and_did(session, user, known):
            raise
        if not is_locked:
            return known
        cases.locked_submission(session, known.submission_id or "")
        item = queue_items.locked(session, item_id)
        # Its case may have been handed over before the lock.
        if item is None or not _had_and_did(session, user, item):
            raise
        return item


def own_done_tasks(session: "Session", user: "SignedInUser", reference: str) -> "list[QueueItem]":
    """Return the tasks about a submission that a user had and did. Raises NotFound for none."""
    items = queue_items.of_submission(session, find.named_submission(session, reference).id)
    found = [item for item in items if _had_and_did(session, user, item)]
    if not found:
        raise NotFound
    return found


def _had_and_did(session: "Session", user: "SignedInUser", item: "QueueItem") -> bool:
    """Tell whether a task is done, and its last outcome is that of a user who had it alone.

    A case that has another owner by now keeps nothing with them (threat P14).
    """
    newest = task_outcomes.newest_of_item(session, item.id)
    submission = submissions.by_id(session, item.submission_id or "")
    if newest is None or submission is None or item.closed_at is None:
        return False
    is_theirs = (newest.done_by, item.claimed_by) == (user.id, user.id)
    if not is_theirs or user.role not in programmes.holders_of(item.queue, submission.programme):
        return False
    case = cases.by_id(session, submission.case_id)
    owner_id = cases.resolved(session, case).owner_id if case is not None else None
    return owner_id in {None, user.id}


def find_gap(
    session: "Session",
    user: "SignedInUser",
    item_id: str,
    *,
    is_locked: bool = False,
) -> "QueueItem":
    """Return a task that says that nobody could be warned, for a manager of its programme.

    It tells of the duty list and of no person, so the manager need not read what it hangs on.
    Raises NotFound.
    """
    read = queue_items.locked if is_locked else queue_items.by_id
    item = read(session, item_id)
    is_theirs = programmes.is_told_as_manager(user) and item is not None
    if item is None or not is_theirs or item.kind != TaskKind.NOBODY_WARNED:
        raise NotFound
    if item.programme not in programmes.read_by(user):
        raise NotFound
    return item


def _require_to_act_on(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item: "QueueItem",
    about: "About",
) -> None:
    """Check that a user may do an item: on its case, or on its submission.

    Raises NotFound and OnlyToRead.
    """
    if about.case is not None:
        rights.require_to_act_on_item_of_case(services, session, user, about.case, item.queue)
    elif about.submission is not None:
        rights.require_to_act_on_item(services, session, user, about.submission, item.queue)
    else:
        raise NotFound
