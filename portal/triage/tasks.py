"""Take what came of a task, or open one again; lead on to the next of the same list.

What cannot be taken comes back with everything that was typed: beside the field that is wrong, or
on a page that says what a colleague did meanwhile.
"""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.core.errors import FieldsInvalid, NotFound
from intake.queues import work_list
from intake.triage import read_submission
from intake.triage.endings import do_task, task_views
from intake.triage.endings.do_task import TaskChanged, TaskNotReopened, TaskReport
from portal.text.formatting import OFFICE
from portal.triage import page
from portal.triage.decide import DONE, LIST, LISTS, PAGE
from portal.triage.filters import workplace_of
from portal.triage.page import TypedTask
from portal.web import session
from portal.web.policy import Permission, requires

tasks = Blueprint("tasks", __name__)


@tasks.post("/tasks/<item_id>/done")
@requires(Permission.TASKS)
def do(item_id: str) -> ResponseReturnValue:
    """Do a task, and open the next item of the same list."""
    services, viewer = session.services(), session.viewer()
    opened = gate.task_to_do(services, viewer, item_id)
    following = _following(item_id)
    typed = _typed(item_id)
    report = TaskReport(
        typed.outcome,
        typed.note,
        _again(typed),
        seen_outcome=request.form.get("seen", ""),
        escalated_to=typed.to,
        even_if_away=request.form.get("away") == "yes",
    )
    try:
        done_id = do_task.do_task(services, services.texts, opened, report)
    except FieldsInvalid as error:
        return _wrong(typed, error)
    except TaskChanged as error:
        return _changed(typed, error), error.status
    return redirect(_onward(done_id, following), 303)


@tasks.post("/tasks/<item_id>/reopen")
@requires(Permission.TASKS)
def reopen(item_id: str) -> ResponseReturnValue:
    """Open a task again that was done within a day."""
    services, viewer = session.services(), session.viewer()
    opened = gate.task_to_reopen(services, viewer, item_id)
    reference = task_views.reference_of(services, opened)
    try:
        do_task.reopen_task(services, opened, request.form.get("outcome", ""))
    except TaskNotReopened as error:
        back = url_for(LISTS)
        return render_template("triage/task_refused.html", text=error.public, back=back), 409
    return redirect(_address(PAGE, f"task-{item_id}", reference=reference), 303)


def _typed(item_id: str) -> TypedTask:
    form = request.form
    return TypedTask(
        item_id,
        outcome=form.get("outcome", ""),
        note=form.get("note", ""),
        again_on=form.get("again_on", ""),
        again_at=form.get("again_at", ""),
        to=form.get("to", ""),
    )


def _again(typed: TypedTask) -> datetime | None:
    """Return the day and time of the office that were typed, None when they are none."""
    try:
        day, at = date.fromisoformat(typed.again_on), time.fromisoformat(typed.again_at)
    except ValueError:
        return None
    return datetime.combine(day, at.replace(tzinfo=None), OFFICE)


def _following(item_id: str) -> str | None:
    """Return the reference of what comes next in the officer's list, None for nothing."""
    place = workplace_of(request.args)
    if not place.queue:
        return None
    return work_list.reference_after_task(
        session.services(), session.viewer(), place.queue, place.filter, item_id
    )


def _onward(done_id: str, following: str | None) -> str:
    """Return where to go on: the next item, the list, or the page where it was done."""
    if following is not None:
        return _address(PAGE, DONE, reference=following, did=done_id)
    place = workplace_of(request.args)
    if place.queue:
        return _address(LIST, DONE, did=done_id)
    done = task_views.done_by(session.services(), session.viewer().actor, done_id)
    # A task of a case stands on the page of each submission in it.
    pages = [request.form.get("from_page", ""), *([done.reference] if done is not None else [])]
    readable = next((each for each in pages if each and _may_read(each)), None)
    if readable is None:
        return _address(LISTS, DONE, did=done_id)
    return _address(PAGE, DONE, reference=readable, did=done_id)


def _may_read(reference: str) -> bool:
    """Tell whether the viewer reads a submission, now that its task is done."""
    try:
        gate.submission_to_read(session.services(), session.viewer(), reference)
    except NotFound:
        return False
    return True


def _wrong(typed: TypedTask, error: FieldsInvalid) -> ResponseReturnValue:
    """Show the page again with what was typed, and what is wrong beside its field."""
    services, viewer = session.services(), session.viewer()
    opened = gate.item_to_change(services, viewer, typed.item_id)
    reference = task_views.reference_of(services, opened)
    view = read_submission.read_submission(
        services, gate.submission_to_read(services, viewer, reference)
    )
    typed = replace(typed, errors=error.errors)
    return page.show(viewer, view, typed=typed), error.status


def _changed(typed: TypedTask, error: TaskChanged) -> str:
    """Say what was done meanwhile, and keep what was typed, to be sent again or copied."""
    services, viewer = session.services(), session.viewer()
    opened = gate.item_to_change(services, viewer, typed.item_id)
    reference = task_views.reference_of(services, opened)
    back = _address(PAGE, f"task-{typed.item_id}", reference=reference)
    return render_template(
        "triage/task_changed.html",
        typed=typed,
        error=error,
        reference=reference,
        back=back if _may_read(reference) else url_for(LISTS),
        place=workplace_of(request.args).args(),
    )


def _address(endpoint: str, anchor: str, **values: str) -> str:
    place = workplace_of(request.args).args() if endpoint != LISTS else {}
    parts: dict[str, Any] = {**place, **values}  # Any: url_for has its own options among them
    return url_for(endpoint, _anchor=anchor, **parts)
