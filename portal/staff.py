"""Staff: queues, their lists, and one submission's page."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake import reading, triage
from intake.accounts import SignedInUser
from intake.roles import programmes_of
from portal import browser, triage_page
from portal.policy import Permission, requires
from portal.work_list import MOST_ROWS, Workplace, choices, filter_of, first_of, narrowed, ordered

staff = Blueprint("staff", __name__)


@staff.get("/queues")
@requires(Permission.QUEUES)
def queues() -> str:
    """Show every queue with its number and nearest clock."""
    summaries = reading.queue_overview(browser.services(), programmes_of(_viewer().role))
    return render_template("staff/queues.html", queues=summaries)


@staff.get("/queues/<queue>")
@requires(Permission.QUEUES)
def queue(queue: str) -> str:
    """Show what is open in one queue, the nearest clock first, narrowed as the address says."""
    services, viewer = browser.services(), _viewer()
    rows = ordered(reading.queue_list(services, queue, programmes_of(viewer.role)))
    place = Workplace(queue, filter_of(request.args))
    found, first = narrowed(rows, place.filter), first_of(request.args)
    return render_template(
        "staff/queue.html",
        queue=queue,
        rows=found[first : first + MOST_ROWS],
        first=first,
        found_number=len(found),
        open_number=len(rows),
        place=place,
        choices=choices(rows, place.filter),
        finished=triage_page.finished(services, viewer),
    )


@staff.post("/items/<item_id>/claim")
@requires(Permission.CLAIM)
def claim(item_id: str) -> ResponseReturnValue:
    """Take an item, or say who has it."""
    services, back = browser.services(), _back()
    if triage.claim(services, _viewer(), item_id):
        return redirect(back, 303)
    holder = triage.holder(services, _viewer(), item_id)
    return render_template("staff/taken.html", holder=holder, back=back), 409


@staff.post("/items/<item_id>/release")
@requires(Permission.CLAIM)
def release(item_id: str) -> ResponseReturnValue:
    """Give one's own item back; repeating it changes nothing."""
    triage.release(browser.services(), _viewer(), item_id)
    return redirect(_back(), 303)


@staff.get("/submissions/<reference>")
@requires(Permission.SUBMISSIONS)
def submission(reference: str) -> str:
    """Show one submission; that it was looked at is written down."""
    viewer = _viewer()
    view = reading.read_submission(
        browser.services(), viewer.actor, reference, programmes_of(viewer.role)
    )
    return triage_page.show(viewer, view)


def _viewer() -> SignedInUser:
    viewer: SignedInUser = g.viewer
    return viewer


def _back() -> str:
    return browser.local_path(request.form.get("back"), url_for("staff.queues"))
