"""Search submissions; the words travel in a form, never in an address, as they are about people."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.queues import search as use_cases
from intake.queues.search import MAX_CHARS, NothingToSearch
from portal.triage.lists import row_words
from portal.web import session
from portal.web.policy import Permission, requires

searching = Blueprint("searching", __name__)


@searching.get("/search")
@requires(Permission.SUBMISSIONS)
def form() -> str:
    """Show an empty search."""
    return render_template("triage/queues/search.html", text="", found=None, error="")


@searching.post("/search")
@requires(Permission.SUBMISSIONS)
def search() -> ResponseReturnValue:
    """Open what a whole code names; else show what was found, with the words in the field again."""
    text = request.form.get("text", "")[:MAX_CHARS]
    named = use_cases.exactly(session.services(), session.viewer(), text)
    if named is not None:
        page = "cases.show" if named.is_case else "staff.submission"
        return redirect(url_for(page, reference=named.reference), 303)
    try:
        found = use_cases.search_submissions(session.services(), session.viewer(), text)
    except NothingToSearch as error:
        return render_template(
            "triage/queues/search.html", text=text, found=None, error=error.public
        ), error.status
    return render_template(
        "triage/queues/search.html", text=text, found=found, row_words=row_words, error=""
    )
