"""Take back, step by step, what one did to a submission, or its end; and show what was typed.

Each view is one form of the triage page and leads back to it. Where a mail or a confirmation is
taken back, the form in which it was written opens instead, with all that its writer had typed: the
answer to the form holds it, and nothing else does.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.triage.endings import finish
from intake.triage.endings.typed_again import TypedAgain
from intake.triage.undoing import step_back as step_back_use_case
from portal.correspondence import answers, confirmations
from portal.documents import quarantine
from portal.triage import submission_conflicts
from portal.triage.decide import act_on
from portal.triage.edit_conflict import seen_version
from portal.web import session
from portal.web.policy import Permission, requires
from storage.mail.outbox import MailKind

undoing = Blueprint("undoing", __name__)
MAX_NUMBER_DIGITS = 12


@undoing.post("/submissions/<reference>/step-back")
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
        instead=lambda typed: _form_again(reference, typed),
    )


@undoing.post("/submissions/<reference>/open-again")
@requires(Permission.TRIAGE)
def open_again(reference: str) -> ResponseReturnValue:
    """Take an end back: the submission waits again where it waited."""
    return act_on(
        reference,
        "open it again",
        lambda user: finish.open_again(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.open_again,
        instead=lambda typed: _form_again(reference, typed),
    )


def _form_again(reference: str, typed: TypedAgain | None) -> ResponseReturnValue | None:
    """Return the page of the form that was taken back, None where nothing was typed."""
    if typed is None:
        return None
    match typed.kind:
        case MailKind.CONFIRMATION:
            return confirmations.typed_again(reference, typed.fields)
        case MailKind.ANSWER:
            return answers.typed_again(reference, typed.fields)
        case _:
            return quarantine.asked_again(typed.fields)


def _number() -> int:
    """Return the number of the audited event that a form names; 0 when it names none."""
    text = request.form.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS else 0
