"""Do the same with several items of a list, and open again what was finished so."""

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.rights import OnlyToRead
from intake.accounts.people.assignees import AssigneeAway
from intake.core.errors import Conflict, IntakeError, NotFound
from intake.queues import bulk_actions
from intake.queues.bulk_actions import BulkOutcome, ManyAct, Selected
from intake.triage.endings import finish
from portal.triage.filters import selected_of
from portal.triage.lists.page import Done, Wrong, address, place_in, show_list, work_acts
from portal.web import policy, session
from portal.web.policy import Permission, requires

__all__ = ["work_acts"]


@work_acts.post("/queues/<queue>/several")
@requires(Permission.CLAIM)
def several(queue: str) -> ResponseReturnValue:
    """Do the same with the selected items; name those that could not be changed."""
    place = place_in(queue)
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
            outcome = bulk_actions.act_on_items(
                services, act, selected, to, even_if_away=request.form.get("away") == "yes"
            )
    except IntakeError as error:
        # The page that asks first whether it shall be so answers for every form.
        if error.status >= 500 or isinstance(error, AssigneeAway):
            raise
        return show_list(viewer, place, Wrong(several=error.public), error.status)
    if outcome.left_alone:
        done = _done(outcome)
        page = render_template(
            "triage/queues/several.html", outcome=outcome, place=place, done=done
        )
        return page, 409
    return redirect(address(place, **_parts(_done(outcome))), 303)


@work_acts.post("/queues/<queue>/several/open-again")
@requires(Permission.TRIAGE)
def open_again(queue: str) -> ResponseReturnValue:
    """Open again what was finished together; say of how many it was too late."""
    place = place_in(queue)
    opened = 0
    asked = list(dict.fromkeys(request.form.getlist("finished")))[: bulk_actions.MAX_AT_ONCE]
    for reference in asked:
        try:
            finish.open_again(
                session.services(),
                gate.submission_to_change(session.services(), session.viewer(), reference),
            )
        except (Conflict, NotFound, OnlyToRead):
            continue
        opened += 1
    if opened < len(asked) or not asked:
        sentence = f"{opened} opened again. Of {len(asked) - opened} it was too late, or not yours."
        wrong = Wrong(several=sentence)
        return show_list(session.viewer(), place, wrong, Conflict.status)
    return redirect(address(place, several=f"open_again-{opened}"), 303)


def _done(outcome: BulkOutcome) -> Done:
    finished = outcome.changed if outcome.act is ManyAct.FINISH else ()
    return Done(outcome.act.value, outcome.done, finished)


def _parts(done: Done) -> dict[str, str]:
    """Return what the address says of what was done, so that a reload says it too."""
    told = {"several": f"{done.act}-{done.number}"}
    return told | ({"finished": ".".join(done.finished)} if done.finished else {})
