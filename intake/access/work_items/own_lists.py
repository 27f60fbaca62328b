"""Say to whose submissions a list or a search of a user is narrowed.

What is a user's own is said in `rights`: theirs, and that of whom they act for.
"""

from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.access.compartments import Right
from storage.access import own_submissions

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.access.own_submissions import Submissions
    from storage.database import Session


def listed(services: "Services", session: "Session", user: "SignedInUser") -> "Submissions | None":
    """Return what narrows the queues to a user's own submissions, None when they see all.

    Protection officers and managers see the rows of both programmes, which hold no personal data;
    the matrix decides whether they may open one.
    """
    return _own(services, session, user) if _rights(user) == {Right.WRITE_OWN} else None


def read_in_words(
    services: "Services", session: "Session", user: "SignedInUser"
) -> "Submissions | None":
    """Return what narrows a search for words to a user's own, None when they read more than that.

    Whoever reads only what is their own, or what they opened with a reason, finds words there.
    """
    is_own_only = _rights(user) <= {Right.WRITE_OWN, Right.READ_OWN}
    return _own(services, session, user) if is_own_only else None


def _rights(user: "SignedInUser") -> set[Right]:
    return {rights.content_right(user, programme) for programme in programmes.read_by(user)}


def _own(services: "Services", session: "Session", user: "SignedInUser") -> "Submissions":
    acts_as = rights.owners_as(services, session, user)
    return own_submissions.own_submissions(user.id, services.now(), acts_as=acts_as)
