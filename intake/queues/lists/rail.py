"""Count for a user what stands in each list of work, as far as they may see its rows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.access.work_items import own_lists
from intake.accounts.people import cover
from intake.queues.views import QueueSummary
from storage.accounts import users
from storage.cases import cases
from storage.lists import work_counts
from storage.submissions.queue_items import Queue

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services


# What is due sooner than this stands in the list of what is due soon, with what is late.
SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Rail:
    """The lists of a user with their numbers; None for a list that their role does not have."""

    all_open: int
    soon: int
    mine: int | None
    own_cases: int | None
    unowned_cases: int | None
    queues: tuple[QueueSummary, ...]


def soon(services: "Services") -> "datetime":
    """Return the moment before which the list of what is due soon shows items."""
    return services.now() + SOON


def read_rail(services: "Services", user: "SignedInUser") -> Rail:
    """Return the lists of work of a user, each with the exact number that stands in it.

    What is with those for whom the user acts now stands in the user's own list.
    """
    own = programmes.owned_by(user)
    seeing_to = rights.hands_over_in(user)
    with services.database.reading() as session:
        covers = cover.covered_by(services, session, user.id, services.now())
        found = work_counts.overview(
            session,
            programmes.read_by(user),
            only=own_lists.listed(services, session, user),
            holders=(user.id, *covers),
            covers=covers,
            due_before=soon(services),
        )
        own_cases = cases.count_owned(session, user.id, own) if own else None
        unowned = 0
        for programme in seeing_to:
            able = users.able(session, programmes.owners_of(programme), services.now())
            unowned += cases.count_without_owner(
                session, programme, [account.id for account in able]
            )
    return Rail(
        all_open=sum(each.number for each in found.values()),
        soon=sum(each.soon for each in found.values()),
        mine=sum(each.own for each in found.values()) if programmes.takes_items(user) else None,
        own_cases=own_cases,
        unowned_cases=unowned if seeing_to else None,
        queues=tuple(
            QueueSummary(queue, found[queue].number, found[queue].due_at)
            if queue in found
            else QueueSummary(queue, 0, None)
            for queue in Queue
        ),
    )
