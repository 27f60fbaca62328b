"""Close a case for which nothing goes on, and open it again."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.find import CaseMoved
from intake.cases.ownership import closing as use_case
from intake.cases.ownership.closing import CaseGoesOn
from intake.core.errors import Conflict
from portal.cases import page
from portal.cases.page import Refused
from portal.web import session
from portal.web.policy import Permission, requires

closing = Blueprint("case_closing", __name__, url_prefix="/cases")
# What is said when a colleague was quicker.
OPEN_ALREADY = "This case is open already, or opens again with what came in for it."


@closing.post("/<reference>/close")
@requires(Permission.TRIAGE)
def close(reference: str) -> ResponseReturnValue:
    """Close a case: all that came in for it has ended."""
    services, viewer = session.services(), session.viewer()
    try:
        use_case.close_case(services, gate.case_to_change(services, viewer, reference))
    except CaseGoesOn as error:
        return page.page(reference, Refused(whole=error.public), error.status)
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "closed")


@closing.post("/<reference>/open-again")
@requires(Permission.TRIAGE)
def open_again(reference: str) -> ResponseReturnValue:
    """Open a closed case again, as it was."""
    services, viewer = session.services(), session.viewer()
    try:
        use_case.open_again(services, gate.closed_case_to_open(services, viewer, reference))
    except CaseMoved as error:
        return page.moved(error)
    except Conflict as error:
        return page.page(reference, Refused(whole=OPEN_ALREADY), error.status)
    return _back(reference, "opened_again")


def _back(reference: str, notice: str) -> ResponseReturnValue:
    return redirect(url_for("cases.show", reference=reference, said=notice, _anchor="said"), 303)
