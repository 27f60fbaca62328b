"""Assign a submission to a colleague, by a form of the triage page that leads back to it."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.queues import assignment as use_cases
from portal.triage import submission_conflicts
from portal.triage.decide import act_on
from portal.web import session
from portal.web.policy import Permission, requires

assigning = Blueprint("assigning", __name__)


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
