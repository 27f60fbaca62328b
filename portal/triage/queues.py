"""Show the queues, their lists and one submission, and let officers act on several items.

The lists take items, give them back and assign them, one or several at once, and keep filters as
saved views.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from intake.access import gate, programmes
from intake.access.rights import NotOwn
from intake.cases import without_owner
from intake.core.errors import IntakeError
from intake.queues import assignment, bulk_actions, escalation, saved_views, work_list
from intake.queues.bulk_actions import ManyAct, Selected
from intake.triage import read_submission
from intake.triage.endings import finish
from portal.text import cases as case_words
from portal.triage import no_longer_own, page
from portal.triage.filters import (
    MAX_ROWS,
    Workplace,
    choices,
    in_queue,
    moment_of,
    selected_of,
    workplace_of,
)
from portal.web import policy, session
from portal.web.policy import Permission, requires
from portal.web.security import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser

# The page's script asks for news of the list.
NEWS_POLICY = f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"
# After a bulk action the address says what was done, and with how many.
SEVERAL = re.compile(r"(take|give_back|assign|finish)-(\d{1,2})")

work_acts = Blueprint("work_acts", __name__)

staff = Blueprint("staff", __name__)


@dataclass(frozen=True)
class Wrong:
    """What was wrong with a form of the page: a sentence beside each form, and the typed name."""

    several: str = ""
    view: str = ""
    name: str = ""


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


@staff.get("/queues/<queue>")
@requires(Permission.QUEUES)
def queue(queue: str) -> Response:
    """Show what is open in one queue, narrowed as the address says, the nearest due time first."""
    return show_list(session.viewer(), in_queue(workplace_of(request.args), queue))


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

    When it is not the viewer's own, lead to the form that opens it with a reason.
    """
    viewer = session.viewer()
    try:
        view = read_submission.read_submission(
            session.services(), gate.submission_to_read(session.services(), viewer, reference)
        )
    except NotOwn:
        return redirect(url_for("glass.ask", reference=reference), 303)
    return page.show(viewer, view)


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


@work_acts.post("/queues/<queue>/several")
@requires(Permission.CLAIM)
def several(queue: str) -> ResponseReturnValue:
    """Do the same with the selected items; name those that could not be changed."""
    place = _place(queue)
    try:
        act = ManyAct(request.form.get("do", ""))
    except ValueError:
        abort(400)
    services, viewer, to = session.services(), session.viewer(), None
    if act is ManyAct.FINISH and not policy.may(viewer, Permission.TRIAGE):
        abort(404)
    try:
        seen = bulk_actions.chosen(selected_of(request.form.getlist("item")))
        if act is ManyAct.ASSIGN:
            able = bulk_actions.able_colleagues(services, viewer)
            to = bulk_actions.named_colleague(able, request.form.get("to", ""))
        opened = gate.items_to_change(services, viewer, seen)
        selected = [Selected(each, seen[item_id]) for item_id, each in opened.items()]
        if act is ManyAct.FINISH:
            outcome = finish.finish_automatic(services, selected)
        else:
            outcome = bulk_actions.act_on_items(services, act, selected, to)
    except IntakeError as error:
        if error.status >= 500:
            raise
        wrong = Wrong(several=error.public)
        return show_list(viewer, place, wrong, error.status)
    if outcome.left_alone:
        return render_template("triage/queues/several.html", outcome=outcome, place=place), 409
    return redirect(_list(place, several=f"{act.value}-{outcome.done}"), 303)


@work_acts.post("/queues/<queue>/views")
@requires(Permission.QUEUES)
def save_view(queue: str) -> ResponseReturnValue:
    """Save the present filter under a name."""
    place, name = _place(queue), request.form.get("name", "")
    try:
        saved_views.save_view(session.services(), session.viewer(), queue, name, place.filter)
    except IntakeError as error:
        if error.status >= 500 or error.status == 404:
            raise
        wrong = Wrong(view=error.public, name=name)
        return show_list(session.viewer(), place, wrong, error.status)
    return redirect(_list(place), 303)


@work_acts.post("/views/<view_id>/remove")
@requires(Permission.QUEUES)
def remove_view(view_id: str) -> ResponseReturnValue:
    """Remove a saved view of the viewer; the list stays as it is narrowed."""
    queue = saved_views.remove_view(session.services(), session.viewer(), view_id)
    return redirect(_list(_place(queue)), 303)


@work_acts.get("/queues/<queue>/news")
@session.unattended
@requires(Permission.QUEUES)
def news(queue: str) -> Response:
    """Answer how many items came into a narrowed list since it was read, as `{"new": 3}`.

    The page's script asks by itself, so that this is no sign that somebody is there.
    """
    place, since = _place(queue), moment_of(request.args.get("since", ""))
    number = 0
    if since is not None:
        number = work_list.count_since(
            session.services(), session.viewer(), queue, place.filter, since
        )
    answer = jsonify(new=number)
    answer.set_etag(str(number))
    answer.make_conditional(request)
    return answer


def _place(queue: str) -> Workplace:
    """Return the place that a form or an address names, in this queue."""
    return in_queue(workplace_of(request.values), queue)


def _list(place: Workplace, **more: str) -> str:
    parts: dict[str, Any] = {**place.list_args(), **more}  # Any: url_for has options among them
    return url_for("staff.queue", **parts)


def show_list(
    viewer: "SignedInUser", place: Workplace, wrong: Wrong | None = None, status: int = 200
) -> Response:
    """Return the page of a list. Raises NotFound for an unknown queue."""
    answer = make_response(_page(viewer, place, wrong or Wrong()), status)
    answer.headers["Content-Security-Policy"] = NEWS_POLICY
    return answer


def _page(viewer: "SignedInUser", place: Workplace, wrong: Wrong) -> str:
    services = session.services()
    listed = work_list.read_page(
        services, viewer, place.queue, place.filter, after=place.after, limit=MAX_ROWS
    )
    may_take = policy.may(viewer, Permission.CLAIM) and programmes.works_in(viewer, place.queue)
    return render_template(
        "triage/queues/queue.html",
        queue=place.queue,
        page=listed,
        place=place,
        choices=choices(listed, place.filter, viewer.id),
        views=saved_views.views_of(services, viewer, place.queue),
        colleagues=bulk_actions.able_colleagues(services, viewer) if may_take else (),
        several=SEVERAL.fullmatch(request.args.get("several", "")),
        finished=page.finished(services, viewer),
        done_task=page.done_task(services, viewer),
        may_take=may_take,
        wrong=wrong,
    )
