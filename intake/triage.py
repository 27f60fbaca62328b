"""Triage: who takes which open item. Conditional updates decide; the second is refused.

Imports storage only. Whether a role may take items at all is the portal's policy.
"""

from typing import TYPE_CHECKING

from intake.errors import NotFound
from intake.roles import programmes_of
from storage import audit, queue_items, users

if TYPE_CHECKING:
    from intake.accounts import SignedInUser
    from intake.services import Services
    from storage.database import Session
    from storage.queue_items import QueueItem


def claim(services: "Services", actor: "SignedInUser", item_id: str) -> bool:
    """Take an open item. False when somebody else has it or it is closed.

    Raises NotFound for an unknown item and for one of another programme alike.
    """
    with services.database.transaction() as session:
        item = _item_for(session, actor, item_id)
        is_mine = queue_items.claim(session, item.id, actor.id, services.now())
        if is_mine:
            _audit(services, session, actor, "item.claimed", item)
        return is_mine


def release(services: "Services", actor: "SignedInUser", item_id: str) -> bool:
    """Give one's own item back. False when it is not the actor's (any more). Raises NotFound."""
    with services.database.transaction() as session:
        item = _item_for(session, actor, item_id)
        was_mine = queue_items.release(session, item.id, actor.id)
        if was_mine:
            _audit(services, session, actor, "item.released", item)
        return was_mine


def holder(services: "Services", actor: "SignedInUser", item_id: str) -> str | None:
    """Return the label of who has an item, None when nobody has it. Raises NotFound."""
    with services.database.reading() as session:
        item = _item_for(session, actor, item_id)
        if item.claimed_by is None:
            return None
        return users.labels_of(session, {item.claimed_by}).get(item.claimed_by)


def _item_for(session: "Session", actor: "SignedInUser", item_id: str) -> "QueueItem":
    item = queue_items.by_id(session, item_id)
    if item is None or item.programme not in programmes_of(actor.role):
        raise NotFound
    return item


def _audit(
    services: "Services", session: "Session", actor: "SignedInUser", act: str, item: "QueueItem"
) -> None:
    audit.append(
        session,
        services.now(),
        actor=actor.actor,
        act=act,
        subject=("submission", item.submission_id),
        detail={"queue": item.queue, "kind": item.kind},
    )
