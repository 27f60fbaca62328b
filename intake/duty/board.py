"""Show who has to be called about an emergency that nobody opened, and where the duty list fails.

The numbers are the office's own. Of an emergency its reference stands there and since when.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.work_items import own_lists
from intake.duty import duty_list, warn
from storage.lists import work_subjects
from storage.submissions import due_warnings, task_outcomes

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.duty.duty_list import Telephone


@dataclass(frozen=True)
class Unseen:
    """One emergency that nobody has opened; times are UTC."""

    reference: str
    programme: str
    since: "datetime"
    due_at: "datetime"
    telephones: "tuple[Telephone, ...]"


@dataclass(frozen=True)
class Gap:
    """One task of the manager; `reason` is a code, `seen_outcome` goes into its form."""

    item_id: str
    reference: str
    programme: str
    reason: str
    since: "datetime"
    seen_outcome: str


@dataclass(frozen=True)
class DutyBoard:
    """What is shown above the queues; `gaps` is empty for who is no manager."""

    unseen: tuple[Unseen, ...]
    gaps: tuple[Gap, ...]


def read_board(services: "Services", user: "SignedInUser") -> DutyBoard:
    """Return what a user has to see to at once. Whoever sees only their own sees no telephone."""
    known = list(programmes.read_by(user))
    is_manager = programmes.is_told_as_manager(user)
    with services.database.reading() as session:
        duty = duty_list.in_force(services, session, services.now())
        told = due_warnings.to_be_called_about(session, known)
        if own_lists.listed(services, session, user) is not None:
            told = []
        waiting = [item for item, _ in told if not warn.is_seen(session, item)]
        gaps = [
            item
            for programme in (known if is_manager else ())
            for item in due_warnings.open_gaps(session, programme)
        ]
        about = work_subjects.about(session, [*waiting, *gaps])
        newest = {gap.id: task_outcomes.newest_of_item(session, gap.id) for gap in gaps}
    return DutyBoard(
        tuple(
            Unseen(
                about[item.id].reference,
                item.programme,
                item.opened_at,
                item.due_at,
                duty.telephones_of(item.programme) if duty is not None else (),
            )
            for item in waiting
            if item.id in about
        ),
        tuple(
            Gap(
                item.id,
                about[item.id].reference,
                item.programme,
                item.reason,
                item.opened_at,
                found.id if (found := newest[item.id]) is not None else "",
            )
            for item in gaps
            if item.id in about
        ),
    )
