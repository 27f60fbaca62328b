"""List a user's own cases by what is due in them, and give cases without an owner to somebody.

Both lists hold codes and times and no personal data. Managers, who read no case without a reason,
say here who takes one that nobody has.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.cases import hand_over
from intake.cases.hand_over import HandOverReason
from storage.cases import cases
from storage.lists import own_cases

if TYPE_CHECKING:
    from datetime import datetime

    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case

ROWS = 25


@dataclass(frozen=True)
class OwnCase:
    """One case: what is due next in it (`queue`, `kind`, `reference`, `due_at`), or nothing.

    `waiting` counts its open items, `unread` the coordinator's messages that nobody has read, and
    `missing_since` (UTC) says since when papers are missing. It `is_without_submission` when all
    that came in for it has ended.
    """

    reference: str
    programme: str
    region: str | None
    state: str
    due_at: "datetime | None"
    queue: str
    kind: str
    submission: str
    waiting: int
    unread: int
    missing_since: "datetime | None"
    is_without_submission: bool = False


@dataclass(frozen=True)
class OwnCases:
    """One page of them; `after` is the code to go on from, empty at the end."""

    rows: tuple[OwnCase, ...]
    after: str = ""


def list_own(services: "Services", user: "SignedInUser", after: str = "") -> OwnCases:
    """Return a page of the cases that a user owns, those due next first.

    `after` is the code of the case that the last page ended with; an unknown one begins anew.
    """
    with services.database.reading() as session:
        start = cases.by_reference(session, after) if after else None
        last = start.id if start is not None and start.owner_id == user.id else None
        found = own_cases.of_owner(session, user.id, limit=ROWS + 1, after=last)
        shown = found[:ROWS]
        ids = [each.case.id for each in shown]
        ended = cases.ended_throughout(session, ids)
        items, unread = own_cases.open_items(session, ids), own_cases.unread(session, ids)
    rows = []
    for each in shown:
        case, own = each.case, [item for item in items if item[0] == each.case.id]
        nearest = own[0] if own else None
        rows.append(
            OwnCase(
                reference=case.reference,
                programme=case.programme,
                region=case.region,
                state=case.state,
                due_at=each.due_at,
                queue=nearest[2].queue if nearest else "",
                kind=nearest[2].kind if nearest else "",
                submission=nearest[1] if nearest else "",
                waiting=len(own),
                unread=unread.get(case.id, 0),
                missing_since=case.missing_since_at,
                is_without_submission=case.id in ended,
            )
        )
    return OwnCases(tuple(rows), rows[-1].reference if len(found) > ROWS else "")


def give(services: "Services", opened: "OpenedToChange[Case]", to_id: str) -> None:
    """Give a case that has no owner who can act to a colleague, or to the user.

    Raises NotFound when it has an owner by now, and HandOverInvalid for who cannot own it.
    """
    with services.database.reading() as session:
        owner_id = opened.row(services, session).owner_id
    hand_over.hand_over(
        services, opened, to_id=to_id, reason=HandOverReason.NO_OWNER, seen_owner_id=owner_id or ""
    )
