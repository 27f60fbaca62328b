"""Save what a list is narrowed to as a view, and remove a view."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from intake.core.errors import IntakeError
from intake.queues import saved_views
from portal.triage.lists.page import Wrong, address, place_in, show_list
from portal.web import session
from portal.web.policy import Permission, requires

view_acts = Blueprint("view_acts", __name__)


@view_acts.post("/queues/<queue>/views")
@requires(Permission.QUEUES)
def save_view(queue: str) -> ResponseReturnValue:
    """Save the present filter under a name."""
    place, name = place_in(queue), request.form.get("name", "")
    try:
        saved_views.save_view(session.services(), session.viewer(), queue, name, place.filter)
    except IntakeError as error:
        if error.status >= 500 or error.status == 404:
            raise
        wrong = Wrong(view=error.public, name=name)
        return show_list(session.viewer(), place, wrong, error.status)
    return redirect(address(place), 303)


@view_acts.post("/views/<view_id>/remove")
@requires(Permission.QUEUES)
def remove_view(view_id: str) -> ResponseReturnValue:
    """Remove a saved view of the viewer; the list stays as it is narrowed."""
    queue = saved_views.remove_view(session.services(), session.viewer(), view_id)
    return redirect(address(place_in(queue)), 303)
