"""Presence on the pages of several officers: who else is here, renewed by a light call of script.

Without script a page says it once, when it is loaded, and its own mark fades. With script the
page says again every few seconds that it is looked at, and the answer is the one sentence that it
shows. Such a call is nobody's work: it does not keep a session from going idle
(`session.unattended`).
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, after_this_request, g, url_for

from intake.access import presence as use_cases
from intake.access.presence import Page
from intake.accounts.accounts import SignedInUser
from portal.web import session
from portal.web.policy import Permission, may, requires
from portal.web.security import CONTENT_SECURITY_POLICY

presence = Blueprint("presence", __name__)
OPENED_BY = {
    Page.SUBMISSION: Permission.SUBMISSIONS,
    Page.CONFIRMATION: Permission.TRIAGE,
    Page.CASE: Permission.CASES,
}
# Only a page that says who is here may call us by script, and nobody else.
CALLING_POLICY = f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"


@dataclass(frozen=True)
class Present:
    """Who else is on a page, in one sentence or none, and where its script says so again."""

    sentence: str
    call: str


@presence.post("/presence/<page>/<reference>")
@session.unattended
@requires(Permission.SUBMISSIONS)
def renew(page: str, reference: str) -> Response:
    """Stay on a page; answer with who else is there."""
    labels = use_cases.be_here(session.services(), _viewer(), _page(page), reference)
    return Response(sentence(labels), mimetype="text/plain")


@presence.post("/presence/<page>/<reference>/leave")
@session.unattended
@requires(Permission.SUBMISSIONS)
def leave(page: str, reference: str) -> tuple[str, int]:
    """Leave a page."""
    use_cases.leave(session.services(), _viewer(), _page(page), reference)
    return "", 204


def arrive(page: Page, reference: str) -> Present:
    """Say that the viewer is on a page that she was just given, and who else is."""
    labels: tuple[str, ...] = ()
    if session.is_seen():
        labels = use_cases.be_here(session.services(), _viewer(), page, reference)
    after_this_request(_let_call)
    call = url_for("presence.renew", page=page.value, reference=reference)
    return Present(sentence(labels), call)


def sentence(labels: tuple[str, ...]) -> str:
    """Return who is here in one sentence, by role and number; empty for nobody."""
    if not labels:
        return ""
    if len(labels) == 1:
        return f"{labels[0]} is here."
    return f"{', '.join(labels[:-1])} and {labels[-1]} are here."


def _let_call(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CALLING_POLICY
    return response


def _page(code: str) -> Page:
    """Return a kind of page that the viewer's role may open; anything else is not there."""
    try:
        page = Page(code)
    except ValueError:
        abort(404)
    if not may(_viewer(), OPENED_BY[page]):
        abort(404)
    return page


def _viewer() -> SignedInUser:
    viewer: SignedInUser = g.viewer
    return viewer
