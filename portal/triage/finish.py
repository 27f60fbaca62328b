"""Finish a submission that is no case, as an officer decides on its page.

Finishing opens the next of the same list, which says what was done.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.triage.endings import finish as use_cases
from intake.triage.endings.finish import OutcomeInvalid
from portal.text import labels
from portal.triage import submission_conflicts
from portal.triage.decide import act_on, following
from portal.triage.edit_conflict import seen_version
from portal.web import session
from portal.web.policy import Permission, requires
from storage.submissions.submissions import Outcome

finishes = Blueprint("finishes", __name__)


@finishes.post("/submissions/<reference>/finish")
@requires(Permission.TRIAGE)
def finish(reference: str) -> ResponseReturnValue:
    """Finish a submission without a case, and open the next of the same list."""
    onward = following(reference)
    claimed = submission_conflicts.claimed_outcome()
    return act_on(
        reference,
        f"finish it as “{labels.OUTCOMES[claimed].lower()}”" if claimed else "finish it",
        lambda user: use_cases.finish_submission(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            _chosen(claimed),
            seen_version=seen_version(),
        ),
        onward,
        submission_conflicts.finish,
    )


def _chosen(claimed: Outcome | None) -> Outcome:
    """Return the end that a form names. Raises OutcomeInvalid when it names none."""
    if claimed is None:
        raise OutcomeInvalid
    return claimed
