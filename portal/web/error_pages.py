"""Answer every error with a page, from one calm template.

«Not there» and «not yours» give the same page, to the letter, so that it tells a stranger nothing.
"""

import logging

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from intake.access.authors import AccountChanged
from intake.core.errors import Conflict, IntakeError
from storage.worded import worded

LOG = logging.getLogger(__name__)
PAGES = {
    400: (
        worded("This request was not understood"),
        worded("What was saved before is still there. Please go back and try again."),
    ),
    403: (worded("This is not allowed"), worded("Your role may not do this.")),
    404: (
        worded("There is nothing here"),
        worded("The address may be mistyped, or what was here is not for this account."),
    ),
    405: (
        worded("This does not work from here"),
        worded("Please go back and use the buttons on the page."),
    ),
    409: (
        worded("Somebody else was quicker"),
        worded("Please look at the newest state and try again."),
    ),
    411: (
        worded("This request did not say how long it is"),
        worded("What was saved before is still there. Please use a browser."),
    ),
    413: (
        worded("This is too large"),
        worded("What was saved before is still there. Please send less at once."),
    ),
    429: (worded("Too many attempts"), worded("Please wait 15 minutes and try again.")),
    500: (
        worded("Something went wrong on our side"),
        worded("It was written down for the administrator. Nothing that was received is lost."),
    ),
    503: (
        worded("The service cannot answer at the moment"),
        worded("Nothing that was received is lost. Please try again in a few minutes."),
    ),
    507: (
        worded("The service has no space left"),
        worded("Nothing that was received is lost. The administrator must make room first."),
    ),
}

# Errors of ours whose page says more than their status does.
PAGES_OF_REASONS = {
    "account_changed": (worded("This was not done"), AccountChanged.public),
    "blob_damaged": (
        worded("This document is damaged"),
        worded(
            "What is stored is not what once came in, so nothing of it is shown. Please report it."
        ),
    ),
    "kind_closed": (
        worded("This is closed to you"),
        worded("While its type is only suggested, take the submission first; then you can look."),
    ),
    "original_closed": (
        worded("This file is closed to you"),
        worded("It holds documents that are closed to you. Nothing was opened."),
    ),
    "line_full": (
        worded("Too many people are signing in at this moment"),
        worded("Your password was not looked at. Please wait a minute and try again."),
    ),
    "one_hand": (
        worded("This takes two people"),
        worded(
            "One of you invited the other, or one person invited you both. Someone else must do it."
        ),
    ),
    "no_receipt_yet": (
        worded("There is no signed receipt yet"),
        worded("Whoever may act on this, or sent it in, can make one. Nothing was changed."),
    ),
    "only_to_read": (
        worded("This is open to you only to read"),
        worded("To act on it, ask its owner or an intake officer to hand the case to you."),
    ),
    "own_opening": (
        worded("Somebody else must answer for this"),
        worded("You opened it yourself. Nothing was kept."),
    ),
    "paper_closed": (
        worded("This document is closed to you"),
        worded("It names documents that are closed to you. Who sent them in can read it."),
    ),
    "second_person_needed": (
        worded("This takes two people"),
        worded("One person asks, and somebody else does it. Nothing was changed."),
    ),
    "too_many_bodies": (
        worded("Too much is being sent at this moment"),
        worded("Nothing that was received is lost. Please wait a minute, and send it again."),
    ),
    "too_many_drafts": (
        worded("You have too many drafts"),
        worded(
            "Fifty of yours are not sent. Please send or delete one first; nothing in them is lost."
        ),
    ),
    "charset_unknown": (
        worded("This charset cannot be chosen"),
        worded("It is none of those that are offered. Please go back and choose one of the list."),
    ),
    "too_many_tries": (
        worded("Too many passwords were tried"),
        worded("Ten passwords may be tried on a document within an hour. Please try again later."),
    ),
}


def register(app: Flask) -> None:
    """Let the application answer every error with a page."""
    app.register_error_handler(SecurityError, refuse_host)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(IntakeError, show_intake_error)


def refuse_host(_error: SecurityError) -> Response:
    """Answer a request for a host that is not ours; a page would build links to that host."""
    response = make_response("This host is not served here.\n", 400)
    response.mimetype = "text/plain"
    return response


def show_http_error(error: HTTPException) -> Response:
    """Show the page of an HTTP status."""
    response = _page(error.code or 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def show_intake_error(error: IntakeError) -> Response:
    """Show the page of one of our errors; where there is none, its public sentence."""
    if error.status >= 500:
        LOG.error("event=request_failed reason=%s", error.reason)
    return _page(error.status, error.public, error.reason)


def _page(status: int, public: str = "", reason: str = "") -> Response:
    if reason in PAGES_OF_REASONS:
        title, text = PAGES_OF_REASONS[reason]
    elif status == Conflict.status and public not in {"", Conflict.public}:
        # Nobody need have been quicker: the act itself says why it was not done.
        title, text = worded("This was not done"), public
    elif status in PAGES:
        title, text = PAGES[status]
    else:
        title = worded("This did not work")
        text = public or worded("Please go back and try again.")
    # The page names no address: of «not there» and «not yours» each word is the same.
    page = render_template(
        "errors/error.html", status=status, title=title, text=text, here=lambda: "/"
    )
    response = make_response(page, status)
    if status in {429, 503}:
        response.headers["Retry-After"] = "900" if status == 429 else "60"
    return response
