"""Show the viewer's own cases, and those that nobody who can act owns, to give them an owner."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.find import HasOwner
from intake.cases.hand_over import HandOverInvalid
from intake.cases.ownership import own_cases, without_owner
from portal.text import cases as case_words
from portal.web import session
from portal.web.policy import Permission, requires

case_lists = Blueprint("case_lists", __name__, url_prefix="/cases")


@case_lists.get("/mine")
@requires(Permission.CASES)
def mine() -> str:
    """Show every case that the viewer owns, those due next first."""
    page = own_cases.list_own(session.services(), session.viewer(), _after())
    return render_template("cases/mine.html", page=page, case_words=case_words)


@case_lists.get("/without-owner")
@requires(Permission.OWNERS)
def unowned() -> ResponseReturnValue:
    """Show the cases that need an owner, with a form for each."""
    return _unowned()


@case_lists.post("/<reference>/give")
@requires(Permission.OWNERS)
def give(reference: str) -> ResponseReturnValue:
    """Give a case without an owner to a colleague, or to the viewer."""
    services, user = session.services(), session.viewer()
    try:
        opened = gate.case_without_owner(services, user, reference)
        own_cases.give(services, opened, request.form.get("to", ""))
    except HandOverInvalid:
        return _unowned(reference, "Choose who takes it.", 400)
    except HasOwner as error:
        return _unowned(reference, error.public, error.status)
    return redirect(url_for("case_lists.unowned", given=reference, _anchor="said"), 303)


def _unowned(reference: str = "", error: str = "", status: int = 200) -> ResponseReturnValue:
    page = without_owner.page_unowned(session.services(), session.viewer(), _after())
    given = request.args.get("given", "")
    shown = render_template(
        "cases/without_owner.html",
        page=page,
        case_words=case_words,
        wrong=reference,
        error=error,
        given=given if all(each.isalnum() or each == "-" for each in given) else "",
    )
    return shown, status


def _after() -> str:
    """Return the code after which the page begins; what is no code begins anew."""
    text = request.args.get("after", "")
    return text if all(each.isalnum() or each == "-" for each in text) else ""
