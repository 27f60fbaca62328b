"""Finding a submission by its code, as it is written on a receipt or stands in an address.

Whose it is, is asked for each (`rights`). Imports storage only.
"""

from typing import TYPE_CHECKING

from intake.errors import NotFound, ReferenceInvalid
from intake.references import normalise
from storage import submissions

if TYPE_CHECKING:
    from storage.database import Session
    from storage.submissions import Submission


def named(session: "Session", reference: str) -> "Submission":
    """Return a submission by its code. Raises NotFound alike for a malformed and an unknown one."""
    try:
        found = submissions.by_reference(session, normalise(reference))
    except ReferenceInvalid as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found
