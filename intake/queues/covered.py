"""Show what somebody who is away has, to who acts for them and to managers; take it over.

Who acts for somebody has all this in their own list meanwhile and does it there (`work_list`,
`rights.owners_as`). Nothing moves by itself: it stays the absent officer's until who acts for them
takes it for good, with an audit event, or they are back. What came into their cases since stands
here too, where they would look for it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.accounts.people import cover
from intake.accounts.people.absences import sets_for_others
from intake.core import audit, office_clock
from intake.core.errors import Conflict, NotFound
from intake.queues.assignment import ASSIGNED
from storage.access import own_submissions
from storage.accounts import absences, users
from storage.lists import work_subjects
from storage.submissions.queue_items import QueueItem

if TYPE_CHECKING:
    from datetime import date, datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

MAX_ITEMS = 100


@dataclass(frozen=True)
class CoveredItem:
    """An open item of somebody who is away: theirs, or one of a case that they own.

    `is_theirs` tells that they have it; otherwise nobody has. `due_at` is UTC.
    """

    id: str
    reference: str
    queue: str
    kind: str
    due_at: "datetime"
    is_theirs: bool


@dataclass(frozen=True)
class CoveredFor:
    """What waits with somebody who is away; `acts` is who acts for them, empty for nobody.

    `until` is their last day. `may_take` tells that it is the viewer who acts. `is_cut` when there
    is more than is shown.
    """

    user_id: str
    name: str
    until: "date | None"
    acts: str
    may_take: bool
    items: tuple[CoveredItem, ...]
    is_cut: bool


def read_covered(services: "Services", user: "SignedInUser") -> tuple[CoveredFor, ...]:
    """Return what waits with those for whom a user acts now; for a manager, with all who are away.

    Only items of programmes that the user reads are shown.
    """
    now = services.now()
    with services.database.reading() as session:
        day = office_clock.office_day(services.offices, now)
        found = []
        for absent_id in sorted(absences.away_on(session, day)):
            acting = cover.who_acts_for(services, session, absent_id, now)
            if absent_id == user.id or acting.why is cover.Cover.LEFT:
                continue
            if acting.acts_id == user.id or sets_for_others(user):
                found.append(_covered_for(session, user, acting))
    return tuple(found)


def take_over(services: "Services", user: "SignedInUser", item_id: str) -> str:
    """Assign an item of somebody who is away to the user, who acts for them; return its reference.

    Raises NotFound for an item of anybody for whom the user does not act now, and Conflict when it
    was done or somebody else has it by now.
    """
    now = services.now()
    with services.database.transaction() as session:
        item = own_submissions.locked_item(session, item_id)
        about = work_subjects.about_one(session, item) if item is not None else None
        if item is None or about is None:
            raise NotFound
        holders = programmes.holders_of(item.queue, item.programme)
        if all(each.id != user.id for each in users.able(session, holders, now)):
            raise NotFound
        absent_id = own_submissions.whose_item(session, item)
        if absent_id is None or not _acts_for(services, session, user, absent_id):
            raise NotFound
        if item.closed_at is not None or item.claimed_by == user.id:
            raise Conflict
        before, item.claimed_by, item.claimed_at = item.claimed_by, user.id, now
        session.flush()
        detail = {"queue": item.queue, "kind": item.kind, "to": user.id, "from": before}
        audit.note(
            services,
            session,
            user,
            ASSIGNED,
            about.subject,
            detail | {"covers": absent_id},
        )
        return about.reference


def _acts_for(
    services: "Services", session: "Session", user: "SignedInUser", absent_id: str
) -> bool:
    acting = cover.who_acts_for(services, session, absent_id, services.now())
    return acting.is_away and acting.acts_id == user.id


def _covered_for(session: "Session", user: "SignedInUser", acting: cover.Acting) -> CoveredFor:
    rows = own_submissions.waiting_with(
        session, acting.for_id, list(programmes.read_by(user)), limit=MAX_ITEMS + 1
    )
    names = users.labels_of(session, {each for each in (acting.for_id, acting.acts_id) if each})
    return CoveredFor(
        user_id=acting.for_id,
        name=names.get(acting.for_id, ""),
        until=acting.until,
        acts=names.get(acting.acts_id or "", ""),
        may_take=acting.acts_id == user.id,
        items=_items(session, acting.for_id, rows[:MAX_ITEMS]),
        is_cut=len(rows) > MAX_ITEMS,
    )


def _items(session: "Session", absent_id: str, rows: list[QueueItem]) -> tuple[CoveredItem, ...]:
    found = work_subjects.about(session, rows)
    return tuple(
        CoveredItem(
            id=row.id,
            reference=found[row.id].reference,
            queue=row.queue,
            kind=row.kind,
            due_at=row.due_at,
            is_theirs=row.claimed_by == absent_id,
        )
        for row in rows
        if row.id in found
    )
