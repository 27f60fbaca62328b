"""Tell an open page of a submission whether something about it changed since it was read.

Every change is an audit event, so the newest number that a page was made from is all that it must
remember. Nothing sealed is opened here, and so this is no audit event: a page asks by itself.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.visibility import Level
from storage import audit
from storage.audit_acts import READS
from storage.cases import cases
from storage.documents import documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.access.opened import OpenedToRead
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The newest additions of a case are asked about.
MAX_BESIDE = 50


@dataclass(frozen=True)
class Changes:
    """Whether there is anything new, and how each document that the reader may see stands.

    `states` are {document: (state, reason code)}.
    """

    is_new: bool
    states: "Mapping[str, tuple[str, str]]"


def changes_since(services: "Services", opened: "OpenedToRead[Submission]", since: int) -> Changes:
    """Return what changed since the event with a number. Raises NotFound."""
    with services.database.reading() as session:
        submission = opened.row(services, session)
        relationship = rights.require(services, session, opened.user, submission)
        rows = documents.of_submission(session, submission.id)
        seen = rights.visibilities(session, relationship, rows)
        subjects = {
            "submission": [submission.id, *_beside(session, submission)],
            "document": [row.id for row in rows],
            "case": [submission.case_id] if submission.case_id else [],
        }
        return Changes(
            audit.has_acts_since(session, subjects, since, READS),
            {
                row.id: (row.state, row.reason)
                for row in rows
                if seen[row.id].level is not Level.NONE
            },
        )


def _beside(session: "Session", submission: "Submission") -> list[str]:
    """Return the other submissions of its case."""
    if submission.case_id is None:
        return []
    found = cases.of_cases(session, [submission.case_id], limit=MAX_BESIDE)
    return [each.id for each in found.get(submission.case_id, []) if each.id != submission.id]
