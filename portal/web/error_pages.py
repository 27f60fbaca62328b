"""Answer every error with a page, from one calm template.

«Not there» and «not yours» give the same page, to the letter, so that it tells a stranger nothing.
"""

import logging

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from intake.access.authors import AccountChanged
from intake.core.errors import IntakeError

LOG = logging.getLogger(__name__)
PAGES = {
    400: (
        "This request was not understood",
        "What was saved before is still there. Please go back and try again.",
    ),
    403: ("This is not allowed", "Your role may not do this."),
    404: (
        "There is nothing here",
        "The address may be mistyped, or what was here is not for this account.",
    ),
    405: ("This does not work from here", "Please go back and use the buttons on the page."),
    409: ("Somebody else was quicker", "Please look at the newest state and try again."),
    411: (
        "This request did not say how long it is",
        "What was saved before is still there. Please use a browser.",
    ),
    413: (
        "This is too large",
        "What was saved before is still there. Please send less at once.",
    ),
    429: ("Too many attempts", "Please wait 15 minutes and try again."),
    500: (
        "Something went wrong on our side",
        "It was written down for the administrator. Nothing that was received is lost.",
    ),
    503: (
        "The service cannot answer at the moment",
        "Nothing that was received is lost. Please try again in a few minutes.",
    ),
    507: (
        "The service has no space left",
        "Nothing that was received is lost. The administrator must make room first.",
    ),
}

# Errors of ours whose page says more than their status does.
PAGES_OF_REASONS = {
    "account_changed": ("This was not done", AccountChanged.public),
    "blob_damaged": (
        "This document is damaged",
        "What is stored is not what once came in, so nothing of it is shown. Please report it.",
    ),
    "kind_closed": (
        "This is closed to you",
        "While its type is only suggested, take the submission first; then you can look.",
    ),
    "original_closed": (
        "This file is closed to you",
        "It holds documents that are closed to you. Nothing was opened.",
    ),
    "line_full": (
        "Too many people are signing in at this moment",
        "Your password was not looked at. Please wait a minute and try again.",
    ),
    "one_hand": (
        "This takes two people",
        "One of you invited the other, or one person invited you both. Somebody else must do it.",
    ),
    "no_receipt_yet": (
        "There is no signed receipt yet",
        "Whoever may act on this, or sent it in, can make one. Nothing was changed.",
    ),
    "only_to_read": (
        "This is open to you only to read",
        "To act on it, ask its owner or an intake officer to hand the case to you.",
    ),
    "own_opening": (
        "Somebody else must answer for this",
        "You opened it yourself. Nothing was kept.",
    ),
    "paper_closed": (
        "This paper is closed to you",
        "It names documents that are closed to you. Who sent them in can read it.",
    ),
    "second_person_needed": (
        "This takes two people",
        "One person asks, and somebody else does it. Nothing was changed.",
    ),
    "too_many_bodies": (
        "Too much is being sent at this moment",
        "Nothing that was received is lost. Please wait a minute, and send it again.",
    ),
    "too_many_drafts": (
        "You have too many drafts",
        "Fifty of yours are not sent. Please send or discard one first; nothing of them is lost.",
    ),
    "charset_unknown": (
        "This charset cannot be chosen",
        "It is none of those that are offered. Please go back and choose one of the list.",
    ),
    "too_many_tries": (
        "Too many passwords were tried",
        "Ten passwords may be tried on a document within an hour. Please try again later.",
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
    elif status in PAGES:
        title, text = PAGES[status]
    else:
        title, text = "This did not work", public or "Please go back and try again."
    response = make_response(
        render_template("errors/error.html", status=status, title=title, text=text), status
    )
    if status in {429, 503}:
        response.headers["Retry-After"] = "900" if status == 429 else "60"
    return response
