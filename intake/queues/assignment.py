"""Assign open items: to oneself, to a colleague, or to nobody again.

Of two people who want one item, the second is refused. The portal's policy says which roles may
assign items. Who has an item reads and acts by it, so it ends where a case changes hands: a former
owner keeps nothing of it (threat P14).
"""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.accounts.people import assignees
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.queues.colleagues import Colleague, colleagues_of
from storage import audit as audit_trail
from storage.access import own_submissions
from storage.accounts import users
from storage.accounts.users import able
from storage.audit_acts import Act
from storage.cases import cases
from storage.lists import work_subjects
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission


ASSIGNED = Act.ITEM_ASSIGNED


class AssigneeInvalid(IntakeError):
    """The item cannot be assigned to the chosen account."""

    reason = "assignee_invalid"
    public = "Please choose a colleague of the list."
    status = 400


def claim_item(services: "Services", opened: "OpenedToChange[QueueItem]") -> bool:
    """Assign an open item to the actor. False when somebody else has it or it is closed.

    Raises NotFound for an unknown item, and for one of another programme.
    """
    with services.database.transaction() as session:
        item = opened.row(services, session)
        is_mine = queue_items.claim(session, item.id, opened.user.id, services.now())
        if is_mine:
            _note_move(services, session, opened.user, Act.ITEM_CLAIMED, item)
        return is_mine


def release_item(services: "Services", opened: "OpenedToChange[QueueItem]") -> bool:
    """End the actor's assignment. False when the item is not assigned to them. Raises NotFound."""
    with services.database.transaction() as session:
        item = opened.row(services, session)
        was_mine = queue_items.release(session, item.id, opened.user.id)
        if was_mine:
            _note_move(services, session, opened.user, Act.ITEM_RELEASED, item)
        return was_mine


def holder_of(services: "Services", opened: "OpenedToChange[QueueItem]") -> str | None:
    """Return the label of who has an item, None for nobody. Raises NotFound."""
    with services.database.reading() as session:
        item = opened.row(services, session)
        if item.claimed_by is None:
            return None
        return users.labels_of(session, {item.claimed_by}).get(item.claimed_by)


def assignable_colleagues(services: "Services", programme: str) -> tuple[Colleague, ...]:
    """Return to whom items of a programme can be assigned now, by label."""
    with services.database.reading() as session:
        roles = programmes.owners_of(programme)
        rows = able(session, roles, services.now())
        return colleagues_of(services, session, rows)


def assign_item(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    to_id: str,
    *,
    holder_id: str,
    even_if_away: bool = False,
) -> None:
    """Assign a submission's own open item to a colleague; nothing changes when they have it.

    `holder_id` is who had it when the form was made, empty for nobody; `even_if_away` says that
    the giver knows that they are away. Raises NotFound, AssigneeInvalid, AssigneeAway, and
    Conflict when somebody else has it now, or it is closed.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        roles = programmes.owners_of(submission.programme)
        holders = colleagues_of(services, session, able(session, roles, services.now()))
        to = next((each for each in holders if each.id == to_id), None)
        if to is None:
            raise AssigneeInvalid
        item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
        if item is None:
            raise Conflict
        if item.claimed_by == to_id:
            return
        if (item.claimed_by or "") != holder_id:
            raise Conflict
        assignees.refuse_if_away(services, session, to_id, even_if_away=even_if_away)
        give_locked(services, session, opened.user, item, to)


def give_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item: "QueueItem",
    to: Colleague,
) -> None:
    """Assign a locked, open item to one who can have it, in the caller's transaction."""
    before = item.claimed_by
    if before == to.id:
        return
    item.claimed_by, item.claimed_at = to.id, services.now()
    session.flush()
    _note_move(services, session, user, ASSIGNED, item, **{"to": to.id, "from": before})


def undo_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    number: int,
) -> None:
    """Undo an assignment of a locked submission: the item is assigned as it was before.

    `number` is that of the assignment's audit event. Raises Conflict when somebody else has the
    item now, or it is closed.
    """
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    given = audit_trail.newest_acts(session, ("submission", submission.id), [ASSIGNED], by="user:")
    last = next((event for event in given if event.sequence == number), None)
    # What was assigned anew since has another holder, or another newest assignment to them.
    if item is None or last is None or item.claimed_by != last.detail.get("to"):
        raise Conflict
    roles = programmes.owners_of(submission.programme)
    still = {row.id for row in able(session, roles, services.now())}
    # Who had it before may have left meanwhile, or handed the case over; then it goes back to
    # the queue.
    before = last.detail.get("from")
    before = before if before in still - _former_owners(session, submission, number) else None
    item.claimed_by, item.claimed_at = before, services.now() if before else None
    _note_move(
        services, session, user, Act.DECISION_TAKEN_BACK, item, taken_back=ASSIGNED, event=number
    )


def _former_owners(session: "Session", submission: "Submission", number: int) -> set[object]:
    """Return the ids of those who handed a submission's case over since an event of the audit."""
    subject = ("case", submission.case_id or "")
    events = audit_trail.newest_acts(session, subject, [Act.CASE_HANDED_OVER], by="user:")
    return {event.detail.get("from") for event in events if event.sequence > number}


@contextmanager
def holder_kept(
    services: "Services", session: "Session", submission: "Submission"
) -> "Iterator[None]":
    """Let whoever has a locked submission's own item have it in the queue to which it moves.

    What had left the queues is theirs again who had it then. Nobody has it who could not be given
    it now. A caller that files it ends it where the case is a colleague's.
    """
    own = [
        item
        for item in queue_items.of_submission(session, submission.id)
        if item.kind == TaskKind.SUBMISSION
    ]
    waiting = next((item for item in own if item.closed_at is None), None)
    last = waiting or max(own, key=lambda item: item.closed_at or item.opened_at, default=None)
    holder_id, since = (last.claimed_by, last.claimed_at) if last is not None else (None, None)
    yield
    session.flush()
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    if item is None:
        return
    if holder_id is not None and not _can_have(
        services, session, submission, item, holder_id, is_anew=waiting is None
    ):
        holder_id = since = None
    item.claimed_by, item.claimed_at = holder_id, since
    session.flush()


def _can_have(
    services: "Services",
    session: "Session",
    submission: "Submission",
    item: "QueueItem",
    holder_id: str,
    *,
    is_anew: bool,
) -> bool:
    """Tell whether an account can have an item; `is_anew` says that it did not have it just now.

    Anew nobody gets what came into a case that is not theirs, when they read only their own.
    """
    holders = able(session, programmes.holders_of(item.queue, submission.programme), services.now())
    holder = next((row for row in holders if row.id == holder_id), None)
    if holder is None or not is_anew:
        return holder is not None
    case = cases.by_id(session, submission.case_id)
    reads_own_only = rights.acts_on_own_only(holder, submission.programme)
    return case is None or case.owner_id == holder_id or not reads_own_only


def end_for_former_owner(
    services: "Services",
    session: "Session",
    actor: "SignedInUser",
    former: "User | None",
    mails: "Iterable[Submission]",
    case: "Case | None" = None,
) -> None:
    """Put the items that a case's former owner has of its submissions back into their queues.

    `case` is the one that changes hands as a whole, with the items that hang on it.
    """
    of_cases = [case.id] if case is not None else []
    for item in own_submissions.held_items(session, [each.id for each in mails], of_cases):
        if former is not None and item.claimed_by == former.id:
            _release_for(services, session, actor, item)


def end_for_other_owners(
    services: "Services",
    session: "Session",
    actor: "SignedInUser",
    case: "Case | None",
    mails: "Iterable[Submission]",
) -> None:
    """End the items by which others than its owner would read what came into a case.

    Only of who reads nothing but their own: of an intake officer the item is work, not sight. In a
    case without an owner nothing ends.
    """
    if case is None or case.owner_id is None:
        return
    for item in own_submissions.held_items(session, [each.id for each in mails], [case.id]):
        holder = users.by_id(session, item.claimed_by or "")
        if holder is None or holder.id == case.owner_id:
            continue
        if rights.acts_on_own_only(holder, case.programme):
            _release_for(services, session, actor, item)


def _release_for(
    services: "Services", session: "Session", actor: "SignedInUser", item: "QueueItem"
) -> None:
    former = item.claimed_by
    item.claimed_by = item.claimed_at = None
    session.flush()
    _note_move(services, session, actor, Act.ITEM_RELEASED, item, **{"from": former})


def _note_move(
    services: "Services",
    session: "Session",
    actor: "SignedInUser",
    act: Act,
    item: "QueueItem",
    **detail: str | int | None,
) -> None:
    about = work_subjects.about_one(session, item)
    audit.note(
        services,
        session,
        actor,
        act,
        about.subject if about is not None else ("item", item.id),
        {"queue": item.queue, "kind": item.kind, **detail},
    )
