"""Triage: who takes which open item, and who gives it to whom. The second one is refused.

Imports storage and its neighbours only. Whether a role may take items is the portal's policy.
"""

from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.find import find_submission
from intake.core.errors import Conflict, IntakeError, NotFound
from intake.queues.colleagues import OWNERS, Colleague
from intake.queues.tasks import SUBMISSION_ITEM
from storage import audit
from storage.accounts import users
from storage.accounts.users import able
from storage.submissions import queue_items, submissions

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem


ASSIGNED = "item.assigned"


class AssigneeInvalid(IntakeError):
    """The chosen colleague is none who can take it."""

    reason = "assignee_invalid"
    public = "Please choose a colleague of the list."
    status = 400


def claim(services: "Services", actor: "SignedInUser", item_id: str) -> bool:
    """Take an open item. False when somebody else has it or it is closed.

    Raises NotFound for an unknown item and for one of another programme alike.
    """
    with services.database.transaction() as session:
        item = _item_for(services, session, actor, item_id)
        is_mine = queue_items.claim(session, item.id, actor.id, services.now())
        if is_mine:
            _audit(services, session, actor, "item.claimed", item)
        return is_mine


def release(services: "Services", actor: "SignedInUser", item_id: str) -> bool:
    """Give one's own item back. False when it is not the actor's (any more). Raises NotFound."""
    with services.database.transaction() as session:
        item = _item_for(services, session, actor, item_id)
        was_mine = queue_items.release(session, item.id, actor.id)
        if was_mine:
            _audit(services, session, actor, "item.released", item)
        return was_mine


def holder(services: "Services", actor: "SignedInUser", item_id: str) -> str | None:
    """Return the label of who has an item, None when nobody has it. Raises NotFound."""
    with services.database.reading() as session:
        item = _item_for(services, session, actor, item_id)
        if item.claimed_by is None:
            return None
        return users.labels_of(session, {item.claimed_by}).get(item.claimed_by)


def colleagues(services: "Services", programme: str) -> tuple[Colleague, ...]:
    """Return who can take items of a programme now, by label."""
    with services.database.reading() as session:
        roles = [role.value for role in OWNERS[programme]]
        rows = able(session, roles, services.now())
        return tuple(Colleague(row.id, row.label) for row in rows)


def assign(
    services: "Services", actor: "SignedInUser", reference: str, to_id: str, *, holder_id: str
) -> None:
    """Give a submission's own open item to a colleague; to whom has it changes nothing.

    `holder_id` is who had it on the form, empty for nobody. Raises NotFound, AssigneeInvalid,
    or Conflict when somebody else took it, or it does not wait any more.
    """
    with services.database.transaction() as session:
        submission = find_submission(services, session, actor, reference)
        roles = [role.value for role in OWNERS[submission.programme]]
        if all(row.id != to_id for row in able(session, roles, services.now())):
            raise AssigneeInvalid
        item = queue_items.open_of_kind(session, submission.id, SUBMISSION_ITEM)
        if item is None:
            raise Conflict
        if item.claimed_by == to_id:
            return
        if (item.claimed_by or "") != holder_id:
            raise Conflict
        before = item.claimed_by
        item.claimed_by, item.claimed_at = to_id, services.now()
        _audit(services, session, actor, ASSIGNED, item, **{"to": to_id, "from": before})


def unassign(services: "Services", actor: "SignedInUser", reference: str, number: int) -> None:
    """Take an assignment back: whoever had the item before has it again.

    `number` is the audited event. Raises NotFound, or Conflict when the item has moved on.
    """
    with services.database.transaction() as session:
        submission = find_submission(services, session, actor, reference)
        item = queue_items.open_of_kind(session, submission.id, SUBMISSION_ITEM)
        given = audit.newest_acts(
            session, ("submission", submission.id), [ASSIGNED, "decision.taken_back"], by="user:"
        )
        is_last = bool(given) and given[0].sequence == number and given[0].act == ASSIGNED
        if item is None or not is_last or item.claimed_by != given[0].detail.get("to"):
            raise Conflict
        before = given[0].detail.get("from")
        item.claimed_by, item.claimed_at = before, services.now() if before else None
        _audit(services, session, actor, "decision.taken_back", item, taken_back=ASSIGNED)


def _item_for(
    services: "Services", session: "Session", actor: "SignedInUser", item_id: str
) -> "QueueItem":
    item = queue_items.by_id(session, item_id)
    submission = submissions.by_id(session, item.submission_id) if item is not None else None
    if item is None or submission is None:
        raise NotFound
    rights.require_to_act(services, session, actor, submission)
    return item


def _audit(
    services: "Services",
    session: "Session",
    actor: "SignedInUser",
    act: str,
    item: "QueueItem",
    **detail: str | None,
) -> None:
    audit.append(
        session,
        services.now(),
        actor=actor.actor,
        act=act,
        subject=("submission", item.submission_id),
        detail={"queue": item.queue, "kind": item.kind, **detail},
    )
