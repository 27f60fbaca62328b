"""Let people in: the first page, sign-in, sign-out and invitations.

Anybody may see these pages, so they say nothing about what the service is for. `second_factor`
asks for the code after the password.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import accounts
from intake.accounts import sign_in as signing_in
from intake.accounts.accounts import InvitationInvalid
from intake.accounts.passwords import PasswordRefused
from intake.accounts.sign_in import AccountWaits, SignInRefused, TooManyAttempts
from intake.core.fair_line import LineFull
from portal.web import policy, session
from portal.web.policy import Permission, public

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser

entrance = Blueprint("entrance", __name__)
HOME = "/"
BUSY_SECONDS = 60


def landing(user: "SignedInUser", target: str) -> str:
    """Return where somebody starts who has just signed in: at `target`, if they asked for a page.

    Those who work off the queues start at all that is open, everybody else at the first page.
    """
    if target == HOME and policy.may(user, Permission.CLAIM):
        return url_for("staff.queue", queue="all")
    return target


@entrance.get("/")
@public
def home() -> str:
    """Show the ways in; to somebody who is signed in, what their role works with."""
    return render_template("account/home.html")


@entrance.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    target = session.local_path(request.args.get("next"), HOME)
    if session.came_from_elsewhere():
        return render_template("account/onward.html", target=url_for("entrance.sign_in"))
    if session.viewer_or_nobody() is not None:
        return redirect(target, 303)
    return _sign_in_page(target)


@entrance.post("/sign-in")
@public
def sign_in_now() -> ResponseReturnValue:
    """Check address and password, and give the browser a new session."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    target = session.local_path(request.form.get("next"), HOME)
    try:
        signed_in = signing_in.sign_in(
            session.services(),
            email,
            password,
            session.network(),
            session.kind(),
            session.browser_mark(),
        )
    except (SignInRefused, AccountWaits, TooManyAttempts) as refusal:
        return _sign_in_page(target, email, refusal.public), refusal.status
    except LineFull as refusal:
        retry = {"Retry-After": str(BUSY_SECONDS)}
        return _sign_in_page(target, email, refusal.public), refusal.status, retry
    session.end_session()
    session.start_session(signed_in.session_token)
    if not signed_in.is_whole:
        return redirect(url_for("second_factor.code", next=target), 303)
    onward = redirect(landing(signed_in.user, target), 303)
    return session.keep_browser_mark(onward, signed_in.browser_mark)


@entrance.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session here and on the server, also one whose second factor is still due."""
    session.end_session()
    # Whoever looks at the screen next sees the page of a stranger: no navigation, no name.
    session.keep_viewer(None)
    response = Response(render_template("account/signed_out.html"))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@entrance.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show somebody who was invited the form for their first password."""
    try:
        email = accounts.invited_email(session.services(), token)
    except InvitationInvalid as error:
        return _dead_invitation(error)
    return _invitation_page(email)


@entrance.post("/invitation/<token>")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Set the first password, then let the person sign in with it."""
    services, password = session.services(), request.form.get("password", "")
    try:
        email = accounts.invited_email(services, token)
        if password != request.form.get("password_again", ""):
            return _invitation_page(email, "The two passwords differ."), 400
        accounts.accept_invitation(services, token, password)
    except InvitationInvalid as invalid:
        return _dead_invitation(invalid)
    except PasswordRefused as refused:
        return _invitation_page(email, refused.public), refused.status
    return redirect(url_for("entrance.sign_in"), 303)


def _sign_in_page(target: str, email: str = "", error: str = "") -> str:
    return render_template("account/sign_in.html", target=target, email=email, error=error)


def _invitation_page(email: str, error: str = "") -> str:
    return render_template("account/invitation.html", email=email, error=error)


def _dead_invitation(error: InvitationInvalid) -> ResponseReturnValue:
    return render_template("account/invitation_over.html"), error.status
