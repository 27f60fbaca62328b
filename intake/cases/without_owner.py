"""List the cases that nobody who can act owns: their owner left, changed role, or ended.

Whoever can hand such a case over sees the list, and managers do, who see to it that somebody does.
It holds codes and no personal data.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from storage.accounts import users
from storage.cases import cases

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services

MAX_LISTED = 100


@dataclass(frozen=True)
class Unowned:
    """One case without an owner who can act; `owner` is the label of one who cannot, or empty."""

    reference: str
    programme: str
    state: str
    opened_at: "datetime"
    owner: str


def list_unowned(services: "Services", user: "SignedInUser") -> tuple[Unowned, ...]:
    """Return the cases without an owner that a user can see to, the oldest of a programme first."""
    with services.database.reading() as session:
        found = []
        for programme in rights.hands_over_in(user):
            able = users.able(session, programmes.owners_of(programme), services.now())
            known = [account.id for account in able]
            found += cases.without_owner(session, programme, known, limit=MAX_LISTED)
        labels = users.labels_of(session, {case.owner_id for case in found if case.owner_id})
    return tuple(
        Unowned(
            reference=case.reference,
            programme=case.programme,
            state=case.state,
            opened_at=case.opened_at,
            owner=labels.get(case.owner_id or "", ""),
        )
        for case in found
    )
