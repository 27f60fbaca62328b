"""Assign a submission to a colleague, and take back what was decided or is about to leave.

Each view is one form of the triage page and leads back to it.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.queues import assignment as use_cases
from intake.triage import take_back as taking_back
from intake.triage.endings import recall
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


@assigning.post("/submissions/<reference>/unassign")
@requires(Permission.TRIAGE)
def unassign(reference: str) -> ResponseReturnValue:
    """Take an assignment back."""
    return act_on(
        reference,
        "take the assignment back",
        lambda user: use_cases.undo_assignment(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            _number(),
        ),
    )


@assigning.post("/submissions/<reference>/take-back")
@requires(Permission.TRIAGE)
def take_back(reference: str) -> ResponseReturnValue:
    """Take back what was decided last about types, extracted values, people and legal dates."""
    return act_on(
        reference,
        "take back what was decided last",
        lambda user: taking_back.undo_decision(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            _number(),
        ),
    )


@assigning.post("/submissions/<reference>/take-back-mail", endpoint="take_back_mail")
@requires(Permission.TRIAGE)
def recall_mail(reference: str) -> ResponseReturnValue:
    """Recall a mail before it leaves: an answer, a question or a confirmation."""
    kind = request.form.get("act", "")
    return act_on(
        reference,
        "take it back before it leaves",
        lambda user: recall.take_back_sending(
            session.services(), gate.submission_to_change(session.services(), user, reference), kind
        ),
    )


def _number() -> int:
    """Return the number of the audited event that a form names; 0 when it names none."""
    text = request.form.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS else 0
