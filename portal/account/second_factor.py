"""Ask for the code after the password, and let people set up their second factor.

While the code is due, no other page takes the session for signed in. The policy leads an account
here that must have a factor and has none. A refusal never says what is wrong with a code.
"""

import io

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import second_factor as use_cases
from intake.accounts.second_factor import CodeRefused
from intake.accounts.sign_in import TooManyAttempts
from intake.core.errors import Conflict, NotFound
from portal.account.sign_in import onward
from portal.web import downloads, kept_form, reauthentication, session
from portal.web.policy import Permission, public, requires
from storage.worded import worded

second_factor = Blueprint("second_factor", __name__)
HOME = "/"
# ISO/IEC 18004 asks for four modules of white around the code; cameras find nothing without them.
QUIET_ZONE_MODULES = 4
MODULE_PIXELS = 5
GROUP = 4


@second_factor.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """Ask for the code, when a right password was given in this browser just now."""
    if _pending() is None:
        return redirect(url_for("entrance.sign_in"), 303)
    return _code_page(session.local_path(request.args.get("next"), HOME))


@second_factor.post("/sign-in/code")
@public
def prove() -> ResponseReturnValue:
    """Take a code of the telephone or a recovery code, and sign the browser in."""
    target = session.local_path(request.form.get("next"), HOME)
    typed, kept = request.form.get("code", ""), request.form.get(kept_form.FIELD, "")
    try:
        signed_in = use_cases.complete_sign_in(
            session.services(), session.session_token(), typed, session.browser_mark()
        )
    except (CodeRefused, TooManyAttempts) as refusal:
        return _code_page(target, refusal.public, kept), refusal.status
    except NotFound:
        # The password was given too long ago, or never: both begin again.
        return redirect(url_for("entrance.sign_in"), 303)
    session.start_session(signed_in.session_token)
    return session.keep_browser_mark(onward(signed_in.user, target, kept), signed_in.browser_mark)


@second_factor.get("/second-factor")
@requires(Permission.ENROL)
def enrol() -> ResponseReturnValue:
    """Show how a factor is set up: first why, then the secret and the field for its first code."""
    return _enrol_page()


@second_factor.post("/second-factor/begin")
@requires(Permission.ENROL)
def begin() -> ResponseReturnValue:
    """Make a new secret; one that was not confirmed is replaced.

    A new telephone needs the old one's code first; the old one counts until the new is confirmed.
    """
    if session.viewer().has_factor:
        reauthentication.demand(worded("set up a new phone"))
    use_cases.begin_enrolment(
        session.services(),
        session.session_token(),
        session.viewer().id,
        is_replacing=session.viewer().has_factor,
    )
    return redirect(url_for("second_factor.enrol"), 303)


@second_factor.get("/second-factor/code.svg")
@requires(Permission.ENROL)
def picture() -> Response:
    """Answer with the secret as a QR code (ISO/IEC 18004), to be photographed once."""
    waiting = use_cases.pending_enrolment(
        session.services(), session.session_token(), session.viewer().id
    )
    if waiting is None:
        raise NotFound
    drawn = io.BytesIO()
    # Black on white in dark mode too: many cameras do not read the inverse.
    segno.make(waiting.address, error="m", micro=False).save(
        drawn,
        kind="svg",
        xmldecl=False,
        border=QUIET_ZONE_MODULES,
        scale=MODULE_PIXELS,
        dark="#000",
        light="#fff",
    )
    return downloads.picture("image/svg+xml", drawn.getvalue())


@second_factor.post("/second-factor")
@requires(Permission.ENROL)
def confirm() -> ResponseReturnValue:
    """Confirm the secret by its first code; this answer shows the recovery codes, and no other."""
    typed = "".join(request.form.get("code", "").split())
    if session.viewer().has_factor:
        reauthentication.demand(worded("let a new phone take the place of the old one"))
    try:
        codes = use_cases.confirm_enrolment(
            session.services(), session.session_token(), session.viewer().id, typed
        )
    except (CodeRefused, TooManyAttempts) as refusal:
        return _enrol_page(refusal.public), refusal.status
    except Conflict:
        # The form was sent twice, or in another window: the page shows how things stand now.
        return redirect(url_for("second_factor.enrol"), 303)
    return render_template("account/recovery_codes.html", codes=codes)


@second_factor.post("/second-factor/recovery-codes")
@requires(Permission.ENROL)
@reauthentication.required(worded("make new recovery codes, which end the old ones"))
def make_codes() -> ResponseReturnValue:
    """Make new recovery codes; this answer shows them, and no other."""
    codes = use_cases.make_recovery_codes(session.services(), session.viewer().id)
    return render_template("account/recovery_codes.html", codes=codes)


def _code_page(target: str, error: str = "", kept: str = "") -> str:
    return render_template("account/code.html", target=target, error=error, kept=kept)


def _enrol_page(error: str = "") -> str:
    services, viewer = session.services(), session.viewer()
    waiting = use_cases.pending_enrolment(services, session.session_token(), viewer.id)
    return render_template(
        "account/second_factor.html",
        has_factor=viewer.has_factor,
        secret=_in_groups(waiting.secret) if waiting is not None else "",
        address=waiting.address if waiting is not None else "",
        codes_left=use_cases.count_recovery_codes(services, viewer.id) if viewer.has_factor else 0,
        error=error,
    )


def _in_groups(secret: str) -> str:
    """Return a secret in groups of four, as people type it."""
    return " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))


def _pending() -> str | None:
    return use_cases.pending_user_id(session.services(), session.session_token())
