"""Show who else has a page open, so that two officers do not begin the same work.

An entry ends by itself after `LIFE`. It is no lock; the assignment of the item is
(`queues.assignment`). Coming and leaving are no audit events, since opening the page is one
already. Only who may read what the page is about learns who else is there.
"""

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import find, rights
from storage.access import presence
from storage.accounts import users

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

LIFE = timedelta(seconds=45)


class Page(StrEnum):
    """The pages on which people see each other."""

    SUBMISSION = "submission"
    CONFIRMATION = "confirmation"
    CASE = "case"


def note_presence(
    services: "Services", user: "SignedInUser", page: Page, reference: str
) -> tuple[str, ...]:
    """Record that a user is on a page, and return the labels of the others. Raises NotFound."""
    now = services.now()
    with services.database.transaction() as session:
        subject_id = _subject(services, session, user, page, reference)
        presence.forget(session, now - LIFE)
        presence.note(session, page, subject_id, user.id, now)
        there = presence.others(session, page, subject_id, user.id, now - LIFE)
        labels = users.labels_of(session, set(there))
    return tuple(sorted(labels.values()))


def end_presence(services: "Services", user: "SignedInUser", page: Page, reference: str) -> None:
    """Record that a user left a page. Raises NotFound."""
    with services.database.transaction() as session:
        presence.end(session, page, _subject(services, session, user, page, reference), user.id)


def _subject(
    services: "Services", session: "Session", user: "SignedInUser", page: Page, reference: str
) -> str:
    """Return the id of the page's case or submission, for who may read it. Raises NotFound."""
    if page is Page.CASE:
        return find.find_case(services, session, user, reference).id
    found = find.named_submission(session, reference)
    rights.require(services, session, user, found)
    return found.id
