"""Show managers and officers what nobody was warned of, and take how a manager saw to it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.core.errors import FieldsInvalid
from intake.duty import board
from intake.duty.board import DutyBoard
from intake.triage.endings import do_task
from intake.triage.endings.do_task import TaskChanged, TaskReport
from portal.triage.decide import LISTS
from portal.web import session
from portal.web.policy import Permission, requires

duty = Blueprint("duty", __name__)


def duty_board() -> DutyBoard:
    """Return what the viewer has to see to at once; templates call it, where it is shown."""
    return board.read_board(session.services(), session.viewer())


@duty.post("/duty/<item_id>/done")
@requires(Permission.DUTY)
def settle(item_id: str) -> ResponseReturnValue:
    """Say how it ended that nobody could be warned."""
    services, viewer = session.services(), session.viewer()
    opened = gate.gap_to_settle(services, viewer, item_id)
    report = TaskReport(
        request.form.get("outcome", ""),
        request.form.get("note", ""),
        seen_outcome=request.form.get("seen", ""),
    )
    try:
        do_task.do_task(services, services.texts, opened, report)
    except FieldsInvalid as error:
        return _again(item_id, report, " ".join(error.errors.values())), error.status
    except TaskChanged as error:
        return _refused(error.public), error.status
    return redirect(url_for(LISTS), 303)


def _again(item_id: str, report: TaskReport, wrong: str) -> str:
    """Show the form of a gap again with its note, or only why where the gap is none any more."""
    gap = next((each for each in duty_board().gaps if each.item_id == item_id), None)
    if gap is None:
        return _refused(wrong)
    return render_template("triage/queues/gap_again.html", gap=gap, note=report.note, wrong=wrong)


def _refused(text: str) -> str:
    return render_template("triage/task_refused.html", text=text, back=url_for(LISTS))
