"""List the cases that nobody who can act owns: their owner left, changed role, or ended.

Whoever can hand such a case over sees the list, and managers do, who see to it that somebody does.
It holds codes and no personal data.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.queues.colleagues import Colleague, colleagues_of
from storage.accounts import users
from storage.cases import cases

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case

MAX_LISTED = 100


ROWS = 25


@dataclass(frozen=True)
class Unowned:
    """One case without an owner who can act; `owner` is the label of one who cannot, or empty.

    It `is_without_submission` when all that came in for it has ended.
    """

    reference: str
    programme: str
    state: str
    opened_at: "datetime"
    owner: str
    is_without_submission: bool = False


@dataclass(frozen=True)
class UnownedPage:
    """One page of such cases; `after` is the code to go on from, empty at the end.

    `colleagues` are those who can own a case, by programme.
    """

    rows: tuple[Unowned, ...]
    after: str
    colleagues: "dict[str, tuple[Colleague, ...]]"


def page_unowned(services: "Services", user: "SignedInUser", after: str = "") -> UnownedPage:
    """Return a page of the cases without an owner that a user can see to, as `list_unowned` does.

    `after` is the code that the last page ended with; an unknown one begins anew.
    """
    found: list[Case] = []
    colleagues = {}
    with services.database.reading() as session:
        start = cases.by_reference(session, after) if after else None
        for programme in rights.hands_over_in(user):
            able = users.able(session, programmes.owners_of(programme), services.now())
            colleagues[programme] = colleagues_of(services, session, able)
            is_here = start is None or start.programme == programme
            if start is not None and not is_here and not found:
                # The programmes come one after the other: this one was shown before.
                continue
            found += cases.without_owner(
                session,
                programme,
                [account.id for account in able],
                limit=ROWS + 1 - len(found),
                after=start if is_here else None,
            )
            start = None if is_here else start
        labels = users.labels_of(session, {case.owner_id for case in found if case.owner_id})
        ended = cases.ended_throughout(session, [case.id for case in found])
    rows = tuple(_unowned(case, labels, ended) for case in found[:ROWS])
    return UnownedPage(rows, rows[-1].reference if len(found) > ROWS else "", colleagues)


def list_unowned(services: "Services", user: "SignedInUser") -> tuple[Unowned, ...]:
    """Return the cases without an owner that a user can see to, the oldest of a programme first."""
    with services.database.reading() as session:
        found = []
        for programme in rights.hands_over_in(user):
            able = users.able(session, programmes.owners_of(programme), services.now())
            known = [account.id for account in able]
            found += cases.without_owner(session, programme, known, limit=MAX_LISTED)
        labels = users.labels_of(session, {case.owner_id for case in found if case.owner_id})
        ended = cases.ended_throughout(session, [case.id for case in found])
    return tuple(_unowned(case, labels, ended) for case in found)


def _unowned(case: "Case", labels: dict[str, str], ended: frozenset[str]) -> Unowned:
    return Unowned(
        reference=case.reference,
        programme=case.programme,
        state=case.state,
        opened_at=case.opened_at,
        owner=labels.get(case.owner_id or "", ""),
        is_without_submission=case.id in ended,
    )
