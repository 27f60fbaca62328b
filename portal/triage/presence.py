"""Tell officers who else has the same page open, and keep that current by a call of script.

Without script a page says it once, when it is loaded, and the officer's own presence ends after a
while. With script the page reports every few seconds that it is open, and the answer is the
sentence that it shows. Nobody acts in such a call, so it does not keep a session from going idle
(`session.unattended`).
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify, request, url_for

from intake.access import gate
from intake.access import presence as use_cases
from intake.access.presence import Page
from intake.triage import page_changes
from portal.text import labels
from portal.web import session
from portal.web.policy import Permission, may, requires

presence = Blueprint("presence", __name__)
MAX_DIGITS = 12
OPENED_BY = {
    Page.SUBMISSION: Permission.SUBMISSIONS,
    Page.CONFIRMATION: Permission.TRIAGE,
    Page.CASE: Permission.CASES,
}


@dataclass(frozen=True)
class Present:
    """Who else is on a page, as a sentence or empty, and the address that its script calls."""

    sentence: str
    call: str


@presence.post("/presence/<page>/<reference>")
@session.unattended
@requires(Permission.SUBMISSIONS)
def renew(page: str, reference: str) -> Response:
    """Note that the viewer is still on a page; answer with who else is, as one sentence."""
    labels = use_cases.note_presence(session.services(), session.viewer(), _page(page), reference)
    return Response(sentence(labels), mimetype="text/plain")


@presence.post("/presence/<page>/<reference>/leave")
@session.unattended
@requires(Permission.SUBMISSIONS)
def leave(page: str, reference: str) -> tuple[str, int]:
    """Note that the viewer left a page."""
    use_cases.end_presence(session.services(), session.viewer(), _page(page), reference)
    return "", 204


@presence.get("/presence/submission/<reference>/changes")
@session.unattended
@requires(Permission.SUBMISSIONS)
def changes(reference: str) -> Response:
    """Answer whether a submission changed since its page was made, as `{"new": true}`.

    `marks` are {document: [word, shape, tone]} of how each document stands now. The page's script
    asks by itself, so that this is no sign that somebody is there.
    """
    opened = gate.submission_to_read(session.services(), session.viewer(), reference)
    found = page_changes.changes_since(session.services(), opened, _number("since"))
    marks = {each: list(labels.document_mark(*state)) for each, state in found.states.items()}
    return jsonify(new=found.is_new, marks=marks)


def _number(name: str) -> int:
    """Return a number of the address; 0, which is older than all, where it is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0


def arrive(page: Page, reference: str) -> Present:
    """Note that the viewer opens a page, and return who else is on it."""
    labels: tuple[str, ...] = ()
    if session.is_seen():
        labels = use_cases.note_presence(session.services(), session.viewer(), page, reference)
    call = url_for("presence.renew", page=page.value, reference=reference)
    return Present(sentence(labels), call)


def sentence(labels: tuple[str, ...]) -> str:
    """Return who is here in one sentence, by role and number; empty for nobody."""
    if not labels:
        return ""
    if len(labels) == 1:
        return f"{labels[0]} is here."
    return f"{', '.join(labels[:-1])} and {labels[-1]} are here."


def _page(code: str) -> Page:
    """Return a kind of page that the viewer's role may open; answers 404 for anything else."""
    try:
        page = Page(code)
    except ValueError:
        abort(404)
    if not may(session.viewer(), OPENED_BY[page]):
        abort(404)
    return page
