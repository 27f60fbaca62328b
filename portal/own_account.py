"""One's own account: what is open, what happened at its door, and what can be changed about it.

For everybody who is signed in, and only ever about herself: no address here names an account.
"""

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from intake import own_account as use_cases
from intake.accounts import SignedInUser
from portal import browser, fresh
from portal.policy import Permission, requires

own_account = Blueprint("own_account", __name__, url_prefix="/account")
HOME = "/"
# Where the form says what was done last, once.
DONE = "account_done"


@own_account.get("")
@requires(Permission.SIGNED_IN)
def show() -> str:
    """Show the open sessions, and what happened at the account's door."""
    account = use_cases.read(browser.services(), _viewer(), browser.session_token())
    return render_template("account/account.html", account=account, done=session.pop(DONE, ""))


@own_account.post("/sessions/<handle>/end")
@requires(Permission.SIGNED_IN)
def end_session(handle: str) -> ResponseReturnValue:
    """End one session; the one at hand too, which leads to the sign-in."""
    use_cases.end_session(browser.services(), _viewer(), handle)
    return _done("That browser is signed out.")


@own_account.post("/sessions/end-others")
@requires(Permission.SIGNED_IN)
def end_others() -> ResponseReturnValue:
    """End every session but the one at hand."""
    ended = use_cases.end_other_sessions(browser.services(), _viewer(), browser.session_token())
    return _done("Every other browser is signed out." if ended else "No other browser was open.")


@own_account.post("/prove")
@requires(Permission.SIGNED_IN)
@fresh.required("open a page that needs it")
def prove() -> ResponseReturnValue:
    """Take the proof that a page asked for, and lead back to it."""
    return redirect(fresh.local_target(request.form.get("next", ""), HOME), 303)


def _done(sentence: str) -> ResponseReturnValue:
    session[DONE] = sentence
    return redirect(url_for("own_account.show"), 303)


def _viewer() -> SignedInUser:
    viewer: SignedInUser = g.viewer
    return viewer
