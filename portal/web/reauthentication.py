"""Ask for the second factor once more before a sensitive act, and keep the form that was sent.

    @people.post("/<user_id>/disable")
    @requires(Permission.PEOPLE)
    @reauthentication.required("disable this account")

`required` is the innermost decorator. `demand` does the same in the middle of a view that finds
out only there that the act is a sensitive one. When the last proof is too old, a page asks for a
new one and sends the same form again, to the same address, with what was typed. A page that knows
beforehand asks in its own form (`ui.proof`).
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import reauthentication
from intake.accounts.reauthentication import ProofRefused
from intake.accounts.second_factor import CodeRefused
from intake.accounts.sign_in import TooManyAttempts
from portal.web import kept_form, session

View = TypeVar("View", bound=Callable[..., Any])
FIELD = "proof"
# `required` sets this attribute on a view; tests read it.
MARK = "_asks_for_proof"
SAFE_METHODS = frozenset({"GET", "HEAD"})
# A path of this site with its query: one slash at its beginning, and nothing that ends a header.
# Each repetition starts with its own slash: no text can be read in two ways (ReDoS).
LOCAL = re.compile(r"(?:/|(?:/[\w.~%-]+)+)(?:\?[\w.~%=&+-]*)?", re.ASCII)


class ProofNeeded(Exception):
    """The proof is missing or wrong: it ends a view, and the page that asks for it answers.

    `what` goes on after «You are about to»; `fault` is a sentence on a wrong proof, else empty.
    """

    def __init__(self, what: str, fault: str = "", status: int = 401) -> None:
        super().__init__(what)
        self.what, self.fault, self.status = what, fault, status


def register(app: Flask) -> None:
    """Let every view ask for a proof, and every template tell whether one is needed."""
    app.register_error_handler(ProofNeeded, ask)
    app.jinja_env.globals["needs_proof"] = is_needed


def required(what: str) -> Callable[[View], View]:
    """Make a decorator that asks for a proof first; `what` goes on after «You are about to»."""

    def decorate(view: View) -> View:
        @wraps(view)
        def proved(*args: Any, **kwargs: Any) -> ResponseReturnValue:  # Any: the view's own
            demand(what)
            return cast("ResponseReturnValue", view(*args, **kwargs))

        setattr(proved, MARK, what)
        return cast("View", proved)

    return decorate


def demand(what: str) -> None:
    """Let an act go on when it was proved lately, or just now, who does it.

    Raises ProofNeeded when the proof is missing or wrong, or after too many attempts.
    """
    if not is_needed():
        return
    typed = request.form.get(FIELD, "")
    if not typed.strip():
        raise ProofNeeded(what)
    try:
        reauthentication.reauthenticate(
            session.services(), session.viewer(), session.session_token(), typed
        )
    except (ProofRefused, CodeRefused, TooManyAttempts) as refusal:
        raise ProofNeeded(what, refusal.public, refusal.status) from refusal


def is_needed() -> bool:
    """Tell whether a sensitive act would ask for a proof now."""
    return not reauthentication.is_reauthenticated(session.services(), session.session_token())


def ask(needed: ProofNeeded) -> ResponseReturnValue:
    """Ask for the proof, on a page whose form sends again what was about to be done."""
    if request.method in SAFE_METHODS:
        target, kept = url_for("own_account.prove"), [("next", request.full_path.rstrip("?"))]
    else:
        target, kept = request.full_path.rstrip("?"), kept_form.kept_fields()
    page = render_template(
        "account/prove.html",
        what=needed.what,
        fault=needed.fault,
        target=target,
        kept=kept,
        had_files=any(file.filename for file in request.files.values()),
    )
    return page, needed.status


def local_target(text: str, default: str) -> str:
    """Return an address of this site, query included, or the default for anything else."""
    return text if LOCAL.fullmatch(text) else default
