"""Find a submission by the code that stands on a receipt or in an address.

Whose it is, is asked for each (`rights`).
"""

from typing import TYPE_CHECKING

from intake.access import rights
from intake.core.errors import NotFound, ReferenceInvalid
from intake.core.references import normalise
from storage.submissions import submissions

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


def named(session: "Session", reference: str) -> "Submission":
    """Return a submission by its code. Raises NotFound alike for a malformed and an unknown one."""
    try:
        found = submissions.by_reference(session, normalise(reference))
    except ReferenceInvalid as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found


def find_submission(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission that is a user's to act on, locked to the commit. Raises NotFound."""
    known = named(session, reference)
    submission = submissions.locked(session, known.id)
    if submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    return submission
