"""Read what is known of the person whom a case is about, for the page of the case.

It is what the page of the case's newest submission says, so that both say the same.
"""

from typing import TYPE_CHECKING

from intake.access import derived
from intake.cases import completeness
from intake.core.errors import KeyUnavailable
from intake.triage.known.known_facts import KnownFacts, known_of

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.core.services import Services
    from storage.cases.cases import Case


def read_known(services: "Services", opened: "OpenedToRead[Case]") -> KnownFacts:
    """Return what is known of a case as far as its reader sees it; nothing without a submission.

    Reading the case is an audit event of its own (`intake.cases.read`). Raises NotFound.
    """
    with services.database.reading() as session:
        case = opened.row(services, session)
        for submission in completeness.submissions_of(session, case):
            try:
                key = services.keyring.open(session, submission.data_key_id)
            except KeyUnavailable:
                # It was erased; an older one may still say something.
                continue
            seen = derived.visibilities_of(services, session, opened.user, [submission])
            return known_of(services, session, submission, key, seen)
    return KnownFacts()
