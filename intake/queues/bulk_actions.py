"""Do the same with several items at once: assign them, or give them back.

Each item has its own transaction and audit event. An item that somebody else changed since the
list was read is skipped and named. No submission is ever confirmed here, because that takes a
look at each one; mail of machines is finished by `intake.triage.endings.finish`. Each item comes
opened by the gate, for who acts.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.opened import OpenedToChange
from intake.access.rights import OnlyToRead
from intake.accounts.people import assignees
from intake.core import audit
from intake.core.errors import IntakeError, NotFound
from intake.queues.assignment import ASSIGNED
from intake.queues.colleagues import Colleague, colleagues_of
from storage.accounts import users
from storage.audit_acts import Act
from storage.lists import work_subjects
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

MAX_AT_ONCE = 50


class ManyAct(StrEnum):
    """What can be done with several items at once."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    ASSIGN = "assign"
    FINISH = "finish"


class SkipReason(StrEnum):
    """Why an item was left alone."""

    DONE_MEANWHILE = "done_meanwhile"
    SOMEBODY_HAS_IT = "somebody_has_it"
    NOT_YOURS = "not_yours"
    COLLEAGUE_CANNOT = "colleague_cannot"
    NOT_AUTOMATIC = "not_automatic"
    MAY_BE_A_PERSON = "may_be_a_person"
    HAS_OTHER_END = "has_other_end"
    PROTECTION_OPEN = "protection_open"
    LEGAL_DATE_OPEN = "legal_date_open"


class NothingSelected(IntakeError):
    """No item was selected."""

    reason = "nothing_ticked"
    public = "Select the ones that you mean first. Nothing was changed."
    status = 400


class TooManySelected(IntakeError):
    """More items were selected than a page has."""

    reason = "too_many_ticked"
    public = f"Please select at most {MAX_AT_ONCE} at once. Nothing was changed."
    status = 400


class NoSuchColleague(IntakeError):
    """No item can be assigned to the chosen account."""

    reason = "no_such_colleague"
    public = "Choose a colleague of the list. Nothing was changed."
    status = 400


@dataclass(frozen=True)
class Selected:
    """One chosen item, and the account that the list showed as having it, empty for nobody."""

    opened: OpenedToChange[QueueItem]
    seen_holder_id: str


@dataclass(frozen=True)
class Skipped:
    """One item that was not changed, why, and who has it now."""

    reference: str
    why: SkipReason
    holder: str | None


@dataclass(frozen=True)
class BulkOutcome:
    """Which were changed, by their references, and which were not; `to` is who was given them."""

    act: ManyAct
    changed: tuple[str, ...]
    left_alone: tuple[Skipped, ...]
    to: str | None = None

    @property
    def done(self) -> int:
        """Count what was changed."""
        return len(self.changed)


def able_colleagues(services: "Services", viewer: "SignedInUser") -> tuple[Colleague, ...]:
    """Return the colleagues to whom items of the viewer's programmes can be assigned, by label."""
    with services.database.reading() as session:
        rows = users.able(session, programmes.holders_beside(viewer), services.now())
        return colleagues_of(services, session, (row for row in rows if row.id != viewer.id))


def named_colleague(colleagues: "Iterable[Colleague]", claimed_id: str) -> Colleague:
    """Return the colleague of a list whom a form names. Raises NoSuchColleague."""
    found = next((each for each in colleagues if each.id == claimed_id), None)
    if found is None:
        raise NoSuchColleague
    return found


def chosen(claimed: "Iterable[tuple[str, str]]") -> dict[str, str]:
    """Return {id of an item: seen holder} of what a form ticks, each item once.

    Raises NothingSelected and TooManySelected, before any item is looked for.
    """
    found = dict(claimed)
    if not found:
        raise NothingSelected
    if len(found) > MAX_AT_ONCE:
        raise TooManySelected
    return found


def act_on_items(
    services: "Services",
    act: ManyAct,
    selected: "Sequence[Selected]",
    to: Colleague | None = None,
    *,
    even_if_away: bool = False,
) -> BulkOutcome:
    """Take, give back or assign several items, as many as possible; `to` gets them with ASSIGN.

    `even_if_away` says that the giver knows that they are away. Raises NoSuchColleague when an
    assignment says not to whom, and AssigneeAway before any item is changed.
    """
    if act is ManyAct.ASSIGN:
        if to is None:
            raise NoSuchColleague
        with services.database.reading() as session:
            assignees.refuse_if_away(services, session, to.id, even_if_away=even_if_away)

    def change(session: "Session", item: QueueItem, each: Selected) -> SkipReason | None:
        return _do(services, session, act, item, each, to)

    return do_to_each(services, act, selected, change, to)


def do_to_each(
    services: "Services",
    act: ManyAct,
    selected: "Sequence[Selected]",
    change: "Callable[[Session, QueueItem, Selected], SkipReason | None]",
    to: Colleague | None = None,
) -> BulkOutcome:
    """Change items, each in a transaction of its own; `change` changes one, or returns why not.

    An item on which its opener may no longer act is left out of the outcome.
    """
    changed: list[str] = []
    left_alone = []
    for each in selected:
        with services.database.transaction() as session:
            try:
                item = each.opened.row(services, session)
            except (NotFound, OnlyToRead):
                continue
            why = change(session, item, each)
            if why is None:
                changed.append(_reference_of(session, item))
            else:
                left_alone.append(_left(session, item, why))
    return BulkOutcome(act, tuple(changed), tuple(left_alone), to.label if to is not None else None)


def _do(
    services: "Services",
    session: "Session",
    act: ManyAct,
    item: QueueItem,
    selected: Selected,
    to: Colleague | None,
) -> SkipReason | None:
    """Change one item, or return why not. The database decides, not what was read before."""
    user, now = selected.opened.user, services.now()
    holder_id = to.id if to is not None else user.id
    detail: dict[str, str | None] = {"queue": item.queue, "kind": item.kind}
    if act is ManyAct.GIVE_BACK:
        if not queue_items.release(session, item.id, user.id):
            return SkipReason.NOT_YOURS
        code = Act.ITEM_RELEASED
    elif act is ManyAct.TAKE:
        if not queue_items.claim(session, item.id, user.id, now):
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
    about = work_subjects.about_one(session, item)
    subject = about.subject if about is not None else ("item", item.id)
    audit.note(services, session, user, code, subject, detail, at=now)
    return None


def _why_not(item: QueueItem) -> SkipReason:
    return SkipReason.DONE_MEANWHILE if item.closed_at is not None else SkipReason.SOMEBODY_HAS_IT


def _left(session: "Session", item: QueueItem, why: SkipReason) -> Skipped:
    session.refresh(item)
    labels = users.labels_of(session, {item.claimed_by} if item.claimed_by else set())
    return Skipped(_reference_of(session, item), why, labels.get(item.claimed_by or ""))


def _reference_of(session: "Session", item: QueueItem) -> str:
    about = work_subjects.about_one(session, item)
    return about.reference if about is not None else ""


def _can_hold(services: "Services", session: "Session", item: QueueItem, user_id: str) -> bool:
    holders = programmes.holders_of(item.queue, item.programme)
    able = users.able(session, holders, services.now())
    return any(row.id == user_id for row in able)
