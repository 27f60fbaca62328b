"""Put security headers on every answer, and let only our own forms change anything.

ASVS 5.0 V3.4 and V3.5. Scripts and styles come from our own files only.
"""

from flask import Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from portal.web import kept_form
from portal.web.request_limits import reads_its_body
from portal.web.session import local_path
from storage.worded import worded

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS_SECONDS = 63_072_000
# Codes and answers of lists are shorter; nobody has to copy these.
SHORT_CHARS = 20
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def protect(app: Flask) -> None:
    """Put the headers on every answer, and ask every form for its token."""
    app.after_request(add_headers)
    app.before_request(refuse_foreign_forms)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, show_stale_form)


def add_headers(response: Response) -> Response:
    """Add the headers; a browser may keep assets only, for as long as they say.

    A file brings a stricter content policy of its own (`downloads`), which stays.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def add_transport_header(response: Response) -> Response:
    """Tell browsers to come by TLS only; used when the public address does."""
    response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS_SECONDS}"
    return response


def refuse_foreign_forms() -> None:
    """Refuse a form that another site sent, as the browser itself says, before its token counts."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE_METHODS and site not in {"same-origin", "none"}:
        abort(400)


def show_stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Say that a form was too old or came without its token, and that nothing was done.

    The sign-in page is the one that stays open over night, so it comes again with the address.
    """
    if request.endpoint == "entrance.sign_in_now":
        return render_template(
            "account/sign_in.html",
            target=local_path(request.form.get("next"), "/"),
            email=request.form.get("email", ""),
            error=worded("This page was open too long. Please sign in again."),
            why="",
            kept=request.form.get("kept", ""),
        ), 400
    # Only to be copied: a page that sent it again would do what a form without a token asked for.
    fields = [] if reads_its_body() else kept_form.kept_fields()
    written = [value for _name, value in fields if len(value) > SHORT_CHARS]
    return render_template("errors/stale_form.html", status=400, written=written), 400
