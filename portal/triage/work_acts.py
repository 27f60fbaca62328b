"""What is done on a work list itself: several rows at once, saved views, and news of it.

Thin views; each calls one use case and leads back to the list as it was narrowed.
"""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.core.errors import IntakeError
from intake.queues import bulk_actions, saved_views, work_list
from intake.queues.bulk_actions import ManyAct, Ticked
from portal.triage import work_list_page
from portal.triage.decide import decider
from portal.triage.filters import Workplace, in_queue, moment_of, ticked_of, workplace_of
from portal.triage.work_list_page import Wrong
from portal.web import session
from portal.web.policy import Permission, requires

work_acts = Blueprint("work_acts", __name__)


@work_acts.post("/queues/<queue>/several")
@requires(Permission.CLAIM)
def several(queue: str) -> ResponseReturnValue:
    """Take, give back or assign what was ticked; what could not be changed is named."""
    place = _place(queue)
    try:
        wish = ManyAct(request.form.get("do", ""))
    except ValueError:
        abort(400)
    ticked = [Ticked(*parts) for parts in ticked_of(request.form.getlist("item"))]
    try:
        outcome = bulk_actions.act(
            session.services(), decider(), wish, ticked, request.form.get("to", "")
        )
    except IntakeError as error:
        if error.status >= 500:
            raise
        wrong = Wrong(several=error.public)
        return work_list_page.show(decider(), place, wrong, error.status)
    if outcome.left_alone:
        return render_template("triage/queues/several.html", outcome=outcome, place=place), 409
    return redirect(_list(place, several=f"{wish.value}-{outcome.done}"), 303)


@work_acts.post("/queues/<queue>/views")
@requires(Permission.QUEUES)
def save_view(queue: str) -> ResponseReturnValue:
    """Keep the present filter under a name."""
    place, name = _place(queue), request.form.get("name", "")
    try:
        saved_views.save(session.services(), decider(), queue, name, place.filter)
    except IntakeError as error:
        if error.status >= 500 or error.status == 404:
            raise
        wrong = Wrong(view=error.public, name=name)
        return work_list_page.show(decider(), place, wrong, error.status)
    return redirect(_list(place), 303)


@work_acts.post("/views/<view_id>/remove")
@requires(Permission.QUEUES)
def remove_view(view_id: str) -> ResponseReturnValue:
    """Remove one of one's own views; the list stays as it is narrowed."""
    queue = saved_views.remove(session.services(), decider(), view_id)
    return redirect(_list(_place(queue)), 303)


@work_acts.get("/queues/<queue>/news")
@session.unattended
@requires(Permission.QUEUES)
def news(queue: str) -> Response:
    """Tell how many came into a narrowed list since it was read, as `{"new": 3}`.

    The page asks by itself, so it is no sign that somebody is there.
    """
    place, since = _place(queue), moment_of(request.args.get("since", ""))
    number = 0
    if since is not None:
        number = work_list.count_since(session.services(), decider(), queue, place.filter, since)
    answer = jsonify(new=number)
    answer.set_etag(str(number))
    answer.make_conditional(request)
    return answer


def _place(queue: str) -> Workplace:
    """Return the list that the form or the page's address is about."""
    return in_queue(workplace_of(request.values), queue)


def _list(place: Workplace, **more: str) -> str:
    parts: dict[str, Any] = {**place.list_args(), **more}  # Any: url_for has options among them
    return url_for("staff.queue", **parts)
