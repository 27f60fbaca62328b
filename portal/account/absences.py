"""Let people say when they are away and who acts for them, and take over what they cover.

Managers do the first for everybody. A form that gives work to somebody who is away is answered by
a page that asks first (`register`), whichever form it is.
"""

from dataclasses import dataclass, field

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from intake.accounts.people import absence_views, names
from intake.accounts.people import absences as use_cases
from intake.accounts.people.absences import AbsenceInvalid
from intake.accounts.people.assignees import AssigneeAway
from intake.core.errors import Conflict
from intake.queues import covered
from portal.web import session as browser
from portal.web.policy import Permission, requires

absence_pages = Blueprint("absences", __name__, url_prefix="/absences")
# The session's field with what was done last, for the page to say once.
DONE = "absence_done"
# The form that is sent again makes these fields itself.
OWN = frozenset({"csrf_token", "to", "away"})
GONE = "It was done meanwhile, or a colleague has it now. Nothing was changed."


@dataclass(frozen=True)
class Refused:
    """What was wrong with a form: {field: sentence}, and a sentence for the whole."""

    fields: dict[str, str] = field(default_factory=dict)
    whole: str = ""


@dataclass(frozen=True)
class CoverNote:
    """For whom a viewer acts now, how many items wait with those, and how many nobody covers."""

    names: tuple[str, ...]
    items: int
    uncovered: int


def register(app: Flask) -> None:
    """Ask first, for every form, when work is given to somebody who is away."""
    app.register_error_handler(AssigneeAway, ask_first)
    app.jinja_env.globals.update(cover_note=_cover_note, viewer_is_unnamed=_is_unnamed)


def ask_first(away: AssigneeAway) -> ResponseReturnValue:
    """Offer the deputy, with the form as it was sent; nothing was done yet."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN]
    page = render_template(
        "account/assignee_away.html", away=away, again=request.full_path.rstrip("?"), kept=kept
    )
    return page, away.status


@absence_pages.get("")
@requires(Permission.ABSENCES)
def show() -> str:
    """Show absences, the deputy, and what waits with those who are away."""
    return _page(request.args.get("about", ""), Refused())


@absence_pages.post("")
@requires(Permission.ABSENCES)
def set_absence() -> ResponseReturnValue:
    """Set an absence, one's own or as a manager a colleague's."""
    form, about = request.form, _about()
    try:
        use_cases.set_absence(
            browser.services(),
            browser.viewer(),
            about,
            form.get("first_on", ""),
            form.get("last_on", ""),
        )
    except AbsenceInvalid as fault:
        return _page(about, Refused(fault.errors)), fault.status
    return _done(about, "The absence is set.")


@absence_pages.post("/deputy")
@requires(Permission.ABSENCES)
def choose_deputy() -> ResponseReturnValue:
    """Choose who acts while somebody is away."""
    about = _about()
    try:
        use_cases.choose_deputy(
            browser.services(), browser.viewer(), about, request.form.get("deputy", "")
        )
    except AbsenceInvalid as fault:
        return _page(about, Refused(fault.errors)), fault.status
    return _done(about, "The deputy is set.")


@absence_pages.post("/<absence_id>/end")
@requires(Permission.ABSENCES)
def end(absence_id: str) -> ResponseReturnValue:
    """End an absence now."""
    try:
        about = use_cases.end_absence(browser.services(), browser.viewer(), absence_id)
    except Conflict as fault:
        return _page("", Refused(whole=str(fault))), fault.status
    return _done(about, "The absence is ended. New work comes to them again.")


@absence_pages.post("/items/<item_id>/take")
@requires(Permission.COVERED)
def take_over(item_id: str) -> ResponseReturnValue:
    """Take over an item of somebody for whom one acts."""
    try:
        reference = covered.take_over(browser.services(), browser.viewer(), item_id)
    except Conflict as fault:
        return _page("", Refused(whole=GONE)), fault.status
    return redirect(url_for("staff.submission", reference=reference), 303)


def _cover_note() -> CoverNote:
    """Return what a page's viewer is told of who is away."""
    services, viewer = browser.services(), browser.viewer()
    own = [each for each in covered.read_covered(services, viewer) if each.may_take]
    return CoverNote(
        tuple(each.name for each in own),
        sum(len(each.items) for each in own),
        absence_views.count_uncovered(services, viewer),
    )


def _is_unnamed() -> bool:
    """Return whether the page's viewer has no name yet that papers could call them by."""
    return names.is_unnamed(browser.services(), browser.viewer())


def _about() -> str:
    return request.form.get("about", "") or browser.viewer().id


def _done(about: str, sentence: str) -> ResponseReturnValue:
    session[DONE] = sentence
    other = about if about != browser.viewer().id else None
    return redirect(url_for("absences.show", about=other), 303)


def _page(about: str, refused: Refused) -> str:
    services, viewer = browser.services(), browser.viewer()
    return render_template(
        "account/absences.html",
        page=absence_views.read_absences(services, viewer, about or viewer.id),
        covered=covered.read_covered(services, viewer),
        refused=refused,
        typed={name: request.form.get(name, "") for name in ("first_on", "last_on")},
        done=session.pop(DONE, ""),
    )
