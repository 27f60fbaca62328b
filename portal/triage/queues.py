"""Staff: queues, their lists, and one submission's page."""

from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from intake.access.rights import NotOwn
from intake.accounts.accounts import SignedInUser
from intake.queues import assignment, escalation, work_list
from intake.triage import read_submission
from portal.triage import page, work_list_page
from portal.triage.filters import in_queue, workplace_of
from portal.web import session
from portal.web.policy import Permission, requires

staff = Blueprint("staff", __name__)


@staff.get("/queues")
@requires(Permission.QUEUES)
def queues() -> str:
    """Show every queue with its number and nearest clock."""
    summaries = work_list.overview(session.services(), _viewer())
    late = escalation.told(session.services(), _viewer())
    finished = page.finished(session.services(), _viewer())
    return render_template(
        "triage/queues/queues.html", queues=summaries, late=late, finished=finished
    )


@staff.get("/queues/<queue>")
@requires(Permission.QUEUES)
def queue(queue: str) -> Response:
    """Show what is open in one queue, the nearest clock first, narrowed as the address says."""
    return work_list_page.show(_viewer(), in_queue(workplace_of(request.args), queue))


@staff.post("/items/<item_id>/claim")
@requires(Permission.CLAIM)
def claim(item_id: str) -> ResponseReturnValue:
    """Take an item, or say who has it."""
    services, back = session.services(), _back()
    if assignment.claim(services, _viewer(), item_id):
        return redirect(back, 303)
    holder = assignment.holder(services, _viewer(), item_id)
    return render_template("triage/queues/taken.html", holder=holder, back=back), 409


@staff.post("/items/<item_id>/release")
@requires(Permission.CLAIM)
def release(item_id: str) -> ResponseReturnValue:
    """Give one's own item back; repeating it changes nothing."""
    assignment.release(session.services(), _viewer(), item_id)
    return redirect(_back(), 303)


@staff.get("/submissions/<reference>")
@requires(Permission.SUBMISSIONS)
def submission(reference: str) -> ResponseReturnValue:
    """Show one submission; that it was looked at is written down.

    What is not the viewer's own leads to where she may open it with a reason.
    """
    viewer = _viewer()
    try:
        view = read_submission.read_submission(session.services(), viewer, reference)
    except NotOwn:
        return redirect(url_for("glass.ask", reference=reference), 303)
    return page.show(viewer, view)


def _viewer() -> SignedInUser:
    viewer: SignedInUser = g.viewer
    return viewer


def _back() -> str:
    """Return where the form stood: the list as it was narrowed, else the page that it names."""
    place = workplace_of(request.form)
    if place.queue:
        parts: dict[str, Any] = dict(place.list_args())  # Any: url_for has options among them
        return url_for("staff.queue", **parts)
    back = session.local_path(request.form.get("back"), url_for("staff.queues"))
    # Where an officer works stays in the address, so that the next one is of the same list.
    worked_in = workplace_of(request.args).args()
    return f"{back}?{urlencode(worked_in)}" if worked_in else back
