"""Assign a submission to a colleague, and take back, step by step, what one did to it.

Each view is one form of the triage page and leads back to it.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.queues import assignment as use_cases
from intake.triage.undoing import step_back as step_back_use_case
from portal.triage import submission_conflicts
from portal.triage.decide import act_on
from portal.web import session
from portal.web.policy import Permission, requires

assigning = Blueprint("assigning", __name__)
MAX_NUMBER_DIGITS = 12


@assigning.post("/submissions/<reference>/assign")
@requires(Permission.TRIAGE)
def assign(reference: str) -> ResponseReturnValue:
    """Assign a submission to a colleague."""
    to_id, holder_id = request.form.get("to", ""), request.form.get("holder", "")
    return act_on(
        reference,
        "assign it to a colleague",
        lambda user: use_cases.assign_item(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            to_id,
            holder_id=holder_id,
            even_if_away=request.form.get("away") == "yes",
        ),
        compare=submission_conflicts.holder(to_id),
    )


@assigning.post("/submissions/<reference>/step-back")
@requires(Permission.TRIAGE)
def step_back(reference: str) -> ResponseReturnValue:
    """Take back the viewer's own newest act, as the form named it, and say on its page what."""
    return act_on(
        reference,
        "take back what you did last",
        lambda user: step_back_use_case.step_back(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            _number(),
        ),
    )


def _number() -> int:
    """Return the number of the audited event that a form names; 0 when it names none."""
    text = request.form.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS else 0
