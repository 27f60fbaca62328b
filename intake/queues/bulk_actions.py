"""Assign several items at once: to oneself, to a colleague, or to nobody.

Each item has its own transaction and audit event. An item that somebody else changed since the
list was read is skipped and named. No submission is ever confirmed here, because that takes a
look at each one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.core import audit
from intake.core.errors import IntakeError, NotFound
from intake.queues.assignment import ASSIGNED
from intake.queues.colleagues import Colleague
from storage.accounts import users
from storage.audit_acts import Act
from storage.submissions import queue_items, submissions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem

MAX_AT_ONCE = 50


class ManyAct(StrEnum):
    """What can be done with several items at once."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    ASSIGN = "assign"


class SkipReason(StrEnum):
    """Why an item was left alone."""

    DONE_MEANWHILE = "done_meanwhile"
    SOMEBODY_HAS_IT = "somebody_has_it"
    NOT_YOURS = "not_yours"
    COLLEAGUE_CANNOT = "colleague_cannot"


class NothingSelected(IntakeError):
    """No item was selected."""

    reason = "nothing_ticked"
    public = "Tick the ones that you mean first. Nothing was changed."
    status = 400


class TooManySelected(IntakeError):
    """More items were selected than a page has."""

    reason = "too_many_ticked"
    public = f"Please tick at most {MAX_AT_ONCE} at once. Nothing was changed."
    status = 400


class NoSuchColleague(IntakeError):
    """No item can be assigned to the chosen account."""

    reason = "no_such_colleague"
    public = "Choose a colleague of the list. Nothing was changed."
    status = 400


@dataclass(frozen=True)
class Selected:
    """One chosen item, and the account that the list showed as having it, empty for nobody."""

    item_id: str
    seen_holder_id: str


@dataclass(frozen=True)
class Skipped:
    """One item that was not changed, why, and who has it now."""

    reference: str
    why: SkipReason
    holder: str | None


@dataclass(frozen=True)
class BulkOutcome:
    """How many were changed, and which were not; `to` is the label of who was given them."""

    act: ManyAct
    done: int
    left_alone: tuple[Skipped, ...]
    to: str | None = None


def able_colleagues(services: "Services", viewer: "SignedInUser") -> tuple[Colleague, ...]:
    """Return the colleagues to whom items of the viewer's programmes can be assigned, by label."""
    with services.database.reading() as session:
        found = _able(services, session, viewer)
    return tuple(each for each in found.values() if each.id != viewer.id)


def act_on_items(
    services: "Services",
    viewer: "SignedInUser",
    act: ManyAct,
    selected: "Sequence[Selected]",
    to_id: str = "",
) -> BulkOutcome:
    """Do the same with several items, as many as possible.

    Raises NothingSelected, TooManySelected or NoSuchColleague before anything is changed. An item
    that is unknown or of another programme is left out of the outcome.
    """
    chosen = {each.item_id: each for each in selected}
    if not chosen:
        raise NothingSelected
    if len(chosen) > MAX_AT_ONCE:
        raise TooManySelected
    to = None
    if act is ManyAct.ASSIGN:
        with services.database.reading() as session:
            to = _able(services, session, viewer).get(to_id)
        if to is None:
            raise NoSuchColleague
    holder_id = to.id if to is not None else viewer.id
    done, left_alone = 0, []
    for each in chosen.values():
        with services.database.transaction() as session:
            item = queue_items.by_id(session, each.item_id)
            if item is None or not _is_assigned(services, session, viewer, item):
                continue
            why = _do(services, session, viewer, act, item, each, holder_id)
            if why is None:
                done += 1
            else:
                left_alone.append(_left(session, item, why))
    return BulkOutcome(act, done, tuple(left_alone), to.label if to is not None else None)


def _is_assigned(
    services: "Services", session: "Session", viewer: "SignedInUser", item: "QueueItem"
) -> bool:
    submission = submissions.by_id(session, item.submission_id)
    try:
        if submission is None:
            return False
        rights.require_to_act(services, session, viewer, submission)
    except (NotFound, rights.OnlyToRead):
        return False
    return True


def _do(
    services: "Services",
    session: "Session",
    viewer: "SignedInUser",
    act: ManyAct,
    item: "QueueItem",
    selected: Selected,
    holder_id: str,
) -> SkipReason | None:
    """Change one item, or return why not. The database decides, not what was read before."""
    now = services.now()
    detail: dict[str, str | None] = {"queue": item.queue, "kind": item.kind}
    if act is ManyAct.GIVE_BACK:
        if not queue_items.release(session, item.id, viewer.id):
            return SkipReason.NOT_YOURS
        code = Act.ITEM_RELEASED
    elif act is ManyAct.TAKE:
        if not queue_items.claim(session, item.id, viewer.id, now):
            return _why_not(item)
        code = Act.ITEM_CLAIMED
    else:
        if not _can_hold(services, session, item, holder_id):
            return SkipReason.COLLEAGUE_CANNOT
        seen = selected.seen_holder_id or None
        if not queue_items.assign(session, item.id, seen, holder_id, now):
            return _why_not(item)
        code = ASSIGNED
        # The same detail as that of a single assignment, so that it can be undone like one.
        detail |= {"to": holder_id, "from": seen}
    subject = ("submission", item.submission_id)
    audit.note(services, session, viewer, code, subject, detail, at=now)
    return None


def _why_not(item: "QueueItem") -> SkipReason:
    return SkipReason.DONE_MEANWHILE if item.closed_at is not None else SkipReason.SOMEBODY_HAS_IT


def _left(session: "Session", item: "QueueItem", why: SkipReason) -> Skipped:
    session.refresh(item)
    submission = submissions.by_ids(session, {item.submission_id})[item.submission_id]
    labels = users.labels_of(session, {item.claimed_by} if item.claimed_by else set())
    return Skipped(submission.reference, why, labels.get(item.claimed_by or ""))


def _able(services: "Services", session: "Session", viewer: "SignedInUser") -> dict[str, Colleague]:
    rows = users.able(session, programmes.owners_beside(viewer), services.now())
    return {row.id: Colleague(row.id, row.label) for row in rows}


def _can_hold(services: "Services", session: "Session", item: "QueueItem", user_id: str) -> bool:
    able = users.able(session, programmes.owners_of(item.programme), services.now())
    return any(row.id == user_id for row in able)
