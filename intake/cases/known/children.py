"""Tell whether children are part of a case, by what was told and by its forms.

Only what every reader of a submission may see counts, because the checklist shows what follows.
"""

from typing import TYPE_CHECKING

from intake.cases.known import noted_answers
from intake.cases.known.fields import KnownField
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.reference_data.checklists import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# So many submissions of a case are asked, the newest first.
MAX_ASKED = 5


def has_children(
    services: "Services", session: "Session", submissions: "Iterable[Submission]"
) -> str:
    """Return yes, no or UNKNOWN, by the newest submission that says a number of children."""
    for submission in list(submissions)[:MAX_ASKED]:
        try:
            key = services.keyring.open(session, submission.data_key_id)
        except KeyUnavailable:
            # It was erased.
            continue
        number = _number(session, submission, key)
        if number is not None:
            return "yes" if number else "no"
    return UNKNOWN


def _number(session: "Session", submission: "Submission", key: "DataKey") -> int | None:
    told = noted_answers.told_outside(session, submission, key)
    noted = noted_answers.counting(told).get(KnownField.CHILDREN)
    if noted is not None:
        return int(noted.answer.value)
    form = submission_facts.of_form(submission, key).form if submission.submitted_by else None
    return form.children if form is not None else None
