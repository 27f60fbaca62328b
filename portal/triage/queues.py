"""Show the overview of the queues and one submission, and let officers take single items."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.rights import NotOwn
from intake.cases.ownership import without_owner
from intake.core.errors import NotFound
from intake.queues import assignment, escalation, work_list
from intake.triage import read_submission
from intake.triage.endings import task_views
from intake.triage.endings.task_views import DoneTask
from portal.text import cases as case_words
from portal.triage import no_longer_own, page
from portal.triage.filters import workplace_of
from portal.triage.lists.page import staff
from portal.web import session
from portal.web.policy import Permission, requires

__all__ = ["staff"]


@staff.get("/queues")
@requires(Permission.QUEUES)
def queues() -> str:
    """Show every queue with its number of items and its nearest due time."""
    summaries = work_list.overview(session.services(), session.viewer())
    late = escalation.list_escalated(session.services(), session.viewer())
    unowned = without_owner.list_unowned(session.services(), session.viewer())
    finished = page.finished(session.services(), session.viewer())
    return render_template(
        "triage/queues/queues.html",
        queues=summaries,
        late=late,
        unowned=unowned,
        finished=finished,
        done_task=page.done_task(session.services(), session.viewer()),
        left=no_longer_own.left(session.viewer()),
        case_words=case_words,
    )


@staff.post("/items/<item_id>/claim")
@requires(Permission.CLAIM)
def claim(item_id: str) -> ResponseReturnValue:
    """Take an item, or say who has it."""
    services, back = session.services(), _back()
    if assignment.claim_item(services, gate.item_to_change(services, session.viewer(), item_id)):
        return redirect(back, 303)
    holder = assignment.holder_of(
        services, gate.item_to_change(services, session.viewer(), item_id)
    )
    return render_template("triage/queues/taken.html", holder=holder, back=back), 409


@staff.post("/items/<item_id>/release")
@requires(Permission.CLAIM)
def release(item_id: str) -> ResponseReturnValue:
    """Give one's own item back; repeating it changes nothing."""
    assignment.release_item(
        session.services(), gate.item_to_change(session.services(), session.viewer(), item_id)
    )
    return redirect(_back(), 303)


@staff.get("/submissions/<reference>")
@requires(Permission.SUBMISSIONS)
def submission(reference: str) -> ResponseReturnValue:
    """Show one submission; intake audits that it was looked at.

    When it is not the viewer's own, show what they did about it and can take back, or else lead to
    the form that opens it with a reason.
    """
    viewer = session.viewer()
    try:
        view = read_submission.read_submission(
            session.services(),
            gate.submission_to_read(session.services(), viewer, reference),
            shows_letter=True,
        )
    except NotOwn:
        done = _done_here(reference)
        if done:
            return render_template("triage/task_done.html", done=done)
        return redirect(url_for("glass.ask", reference=reference), 303)
    return page.show(viewer, view)


def _done_here(reference: str) -> tuple[DoneTask, ...]:
    """Return what the viewer did about a submission that was with them, and can take back."""
    services, viewer = session.services(), session.viewer()
    try:
        opened = gate.own_done_tasks(services, viewer, reference)
    except NotFound:
        return ()
    return task_views.done_by_oneself(services, opened)


def _back() -> str:
    """Return where the form stood: the list as it was narrowed, else the page that it names."""
    place = workplace_of(request.form)
    if place.queue:
        parts: dict[str, Any] = dict(place.list_args())  # Any: url_for has options among them
        return url_for("staff.queue", **parts)
    back = session.local_path(request.form.get("back"), url_for("staff.queues"))
    # The address keeps where the officer works, so that the next submission is of the same list.
    worked_in = workplace_of(request.args).args()
    return f"{back}?{urlencode(worked_in)}" if worked_in else back
