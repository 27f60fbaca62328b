"""Let people in: the first page, sign-in, sign-out and invitations.

Anybody may see these pages, so they say nothing about what the service is for. `second_factor`
asks for the code after the password.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import accounts, passwords
from intake.accounts import sign_in as signing_in
from intake.accounts.accounts import InvitationInvalid
from intake.accounts.passwords import PasswordRefused
from intake.accounts.sign_in import AccountWaits, SignInRefused, TooManyAttempts
from intake.coordinators.referrals import list_waiting
from intake.core.fair_line import LineFull
from portal.web import kept_form, policy, session
from portal.web.policy import Permission, public
from storage.worded import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.accounts.accounts import SignedInUser

entrance = Blueprint("entrance", __name__)
HOME = "/"
PASSWORD_SET = worded("Your password is set. Sign in with it.")
PASSWORD_WAITS = worded(
    "Your password is set. A manager must approve the account first; you can sign in after that."
)
IDLE = worded("You were signed out after 15 minutes without use.")
ASKED_FOR = worded("Sign in to open the page you asked for.")
BUSY_SECONDS = 60


def landing(user: "SignedInUser", target: str) -> str:
    """Return where somebody starts who has just signed in: at `target`, if they asked for a page.

    Those who work off the queues start at all that is open, everybody else at the first page.
    """
    if target == HOME and policy.may(user, Permission.CLAIM):
        return url_for("staff.queue", queue="all")
    return target


def onward(user: "SignedInUser", target: str, kept: str) -> Response:
    """Lead somebody on who has just signed in; first to what they wrote before, if it is kept."""
    form = kept_form.opened(kept)
    if form is None:
        return make_response(redirect(landing(user, target), 303))
    session.keep_viewer(user)
    is_theirs = form.user_id == user.id
    page = render_template(
        "account/resume.html",
        kept=form if is_theirs else None,
        target=landing(user, target),
    )
    return make_response(page)


@entrance.get("/")
@public
def home() -> str:
    """Show the ways in; to somebody who is signed in, what their role works with."""
    viewer = session.viewer_or_nobody()
    is_partner = viewer is not None and policy.may(viewer, Permission.REFER) and viewer.has_factor
    waiting = list_waiting(session.services(), viewer) if viewer and is_partner else ()
    return render_template("account/home.html", waiting=waiting)


@entrance.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    target = session.local_path(request.args.get("next"), HOME)
    if session.came_from_elsewhere():
        return render_template(
            "account/onward.html",
            target=url_for("entrance.sign_in", next=target if target != HOME else None),
        )
    if session.viewer_or_nobody() is not None:
        return redirect(target, 303)
    if signing_in.is_idle(session.services(), session.session_token()):
        return _sign_in_page(target, why=IDLE)
    return _sign_in_page(target, why=ASKED_FOR if target != HOME else "")


@entrance.post("/sign-in")
@public
def sign_in_now() -> ResponseReturnValue:
    """Check address and password, and give the browser a new session."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    target = session.local_path(request.form.get("next"), HOME)
    kept = request.form.get(kept_form.FIELD, "")
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
        return _sign_in_page(target, email, refusal.public, kept=kept), refusal.status
    except LineFull as refusal:
        retry = {"Retry-After": str(BUSY_SECONDS)}
        return _sign_in_page(target, email, refusal.public, kept=kept), refusal.status, retry
    session.end_session()
    session.start_session(signed_in.session_token)
    if not signed_in.is_whole and kept:
        return render_template("account/code.html", target=target, error="", kept=kept)
    if not signed_in.is_whole:
        return redirect(url_for("second_factor.code", next=target), 303)
    return session.keep_browser_mark(onward(signed_in.user, target, kept), signed_in.browser_mark)


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
    again = request.form.get("password_again", "")
    faults = {} if password == again else {"password_again": worded("The two passwords differ.")}
    try:
        email = accounts.invited_email(services, token)
        if faults:
            passwords.check_new(password, email)
            return _invitation_page(email, faults), 400
        accounts.accept_invitation(services, token, password)
    except InvitationInvalid as invalid:
        return _dead_invitation(invalid)
    except PasswordRefused as refused:
        return _invitation_page(email, {**faults, "password": refused.public}), refused.status
    return _first_sign_in(email, password)


def _first_sign_in(email: str, password: str) -> ResponseReturnValue:
    """Sign in with the password that was just set; where that cannot be yet, say why."""
    services = session.services()
    try:
        signed_in = signing_in.sign_in(
            services, email, password, session.network(), session.kind(), session.browser_mark()
        )
    except (SignInRefused, AccountWaits, TooManyAttempts, LineFull) as refusal:
        is_waiting = isinstance(refusal, AccountWaits)
        return _sign_in_page(HOME, email, why=PASSWORD_SET if not is_waiting else PASSWORD_WAITS)
    session.end_session()
    session.start_session(signed_in.session_token)
    return session.keep_browser_mark(onward(signed_in.user, HOME, ""), signed_in.browser_mark)


def _sign_in_page(
    target: str, email: str = "", error: str = "", why: str = "", kept: str = ""
) -> str:
    return render_template(
        "account/sign_in.html", target=target, email=email, error=error, why=why, kept=kept
    )


def _invitation_page(email: str, faults: "Mapping[str, str] | None" = None) -> str:
    return render_template("account/invitation.html", email=email, faults=faults or {})


def _dead_invitation(error: InvitationInvalid) -> ResponseReturnValue:
    return render_template("account/invitation_over.html"), error.status
