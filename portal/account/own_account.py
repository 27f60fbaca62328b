"""Show people their own account: its open sessions, what happened to it, and a new password's form.

Everybody who is signed in has these pages, and only for themselves: no address here names an
account.
"""

from datetime import timedelta

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import own_account as use_cases
from intake.accounts import own_password
from intake.accounts.own_password import OldPasswordWrong
from intake.accounts.passwords import PasswordRefused
from intake.accounts.people import names
from intake.accounts.people.names import PersonInvalid
from intake.accounts.sign_in import TooManyAttempts
from intake.core.errors import Conflict
from portal.web import reauthentication
from portal.web import session as browser
from portal.web.policy import Permission, requires
from storage.worded import worded

own_account = Blueprint("own_account", __name__, url_prefix="/account")
HOME = "/"
CODE_FIRST = worded("Please enter the code too, and the passwords once more. Nothing was changed.")
# The session's field with what was done last, for the page to say once.
DONE = "account_done"


@own_account.get("")
@requires(Permission.SIGNED_IN)
def show() -> str:
    """Show the open sessions, and what happened to the account lately."""
    account = use_cases.read_own_account(
        browser.services(), browser.viewer(), browser.session_token()
    )
    return render_template(
        "account/account.html",
        account=account,
        done=session.pop(DONE, ""),
        has_line=names.has_line(browser.viewer().role),
    )


@own_account.post("/stay")
@requires(Permission.SIGNED_IN)
def stay() -> Response:
    """Keep the session going because somebody pressed for it; answer how many seconds it lasts."""
    return jsonify(seconds=session_seconds())


def session_seconds() -> int:
    """Return how many seconds the viewer's session lasts if nothing more is asked for."""
    ends_at = browser.viewer().session_ends_at
    left = ends_at - browser.services().now() if ends_at is not None else timedelta(0)
    return max(0, int(left.total_seconds()))


@own_account.post("/sessions/<handle>/end")
@requires(Permission.SIGNED_IN)
def end_session(handle: str) -> ResponseReturnValue:
    """End one session; after ending the one at hand the person is asked to sign in."""
    use_cases.end_session(browser.services(), browser.viewer(), handle)
    return _done(worded("That browser is signed out."))


@own_account.post("/sessions/end-others")
@requires(Permission.SIGNED_IN)
def end_others() -> ResponseReturnValue:
    """End every session but the one at hand."""
    ended = use_cases.end_other_sessions(
        browser.services(), browser.viewer(), browser.session_token()
    )
    return _done(
        worded("Every other browser is signed out.")
        if ended
        else worded("No other browser was open.")
    )


@own_account.get("/name")
@requires(Permission.OWN_NAME)
def name_form() -> str:
    """Show the form for one's name and direct line."""
    return _name_page({})


@own_account.post("/name")
@requires(Permission.OWN_NAME)
@reauthentication.required("change what coordinators see of you")
def change_name() -> ResponseReturnValue:
    """Write one's name while there is none, and change one's direct line."""
    form = request.form
    try:
        is_other = names.change_own(
            browser.services(),
            browser.viewer(),
            form.get("name", ""),
            form.get("direct_line", ""),
        )
    except PersonInvalid as fault:
        return _name_page(fault.errors), fault.status
    except Conflict as fault:
        return _name_page({"whole": str(fault)}), fault.status
    return _done(
        worded("Your name and direct line are set.") if is_other else worded("Nothing was changed.")
    )


@own_account.get("/password")
@requires(Permission.SIGNED_IN)
def password() -> str:
    """Show the form for a new password."""
    return _password_page({})


@own_account.post("/password")
@requires(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Change the password, and sign every other browser out."""
    form, services, viewer = request.form, browser.services(), browser.viewer()
    try:
        if viewer.has_factor:
            # Without a factor the old password, which the form asks for, is the proof itself.
            reauthentication.demand(worded("change your password"))
    except reauthentication.ProofNeeded as needed:
        # This form asks for the proof itself: the page for proofs would have to keep passwords.
        return _password_page({"proof": needed.fault or CODE_FIRST}), needed.status
    new = form.get("password", "")
    if new != form.get("password_again", ""):
        return _password_page({"password_again": worded("The two passwords differ.")}), 400
    try:
        token = own_password.change_password(
            services, viewer, browser.session_token(), form.get("old_password", ""), new
        )
    except PasswordRefused as refused:
        return _password_page({"password": refused.public}), refused.status
    except (OldPasswordWrong, TooManyAttempts) as refused:
        return _password_page({"old_password": refused.public}), refused.status
    browser.start_session(token)
    return _done(worded("Your password is changed. Every other browser is signed out."))


@own_account.post("/prove")
@requires(Permission.SIGNED_IN)
@reauthentication.required(worded("open a page that needs it"))
def prove() -> ResponseReturnValue:
    """Take the proof that a page asked for, and lead back to it."""
    return redirect(reauthentication.local_target(request.form.get("next", ""), HOME), 303)


def _name_page(faults: dict[str, str]) -> str:
    account = use_cases.read_own_account(
        browser.services(), browser.viewer(), browser.session_token()
    )
    form = request.form
    return render_template(
        "account/name.html",
        account=account,
        name=account.name or form.get("name", ""),
        direct_line=form.get("direct_line", account.direct_line),
        faults=faults,
    )


def _password_page(faults: dict[str, str]) -> str:
    account = use_cases.read_own_account(
        browser.services(), browser.viewer(), browser.session_token()
    )
    return render_template("account/password.html", email=account.email, faults=faults)


def _done(sentence: str) -> ResponseReturnValue:
    session[DONE] = sentence
    return redirect(url_for("own_account.show"), 303)
