"""Keep what somebody wrote when their session ended before they sent it.

A form that comes after the end of a session is not lost: the sign-in page carries what it held,
sealed by a signature so that nobody else can make one, and after signing in the same person is
asked whether it shall be sent. Nothing of it is stored here. Passwords, codes and files are never
carried (ASVS 5.0 V7.3; WCAG 2.2 success criterion 2.2.5).
"""

import json
import re
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from intake.accounts import sign_in
from portal.web import session
from portal.web.request_limits import reads_its_body

FIELD = "kept"
SALT = "a form after the end of its session"
LIFE_SECONDS = 8 * 60 * 60
# With its sign-in form around it, a token of this length still fits into a body.
MAX_FORM_BYTES = 48 * 1024
MAX_TOKEN_CHARS = 48 * 1024
NOT_KEPT = re.compile(r"csrf_token|proof|kept|.*(password|secret).*")


@dataclass(frozen=True)
class KeptForm:
    """A form that was to be sent: where to, its fields, and whose session it was."""

    target: str
    fields: tuple[tuple[str, str], ...]
    user_id: str


def of_request() -> str:
    """Return what a form of this request carries, as a token; empty when there is nothing to keep.

    The body is read only where any page's form would be: not one that its view reads by itself.
    """
    if request.method != "POST" or reads_its_body() or request.headers.get("Transfer-Encoding"):
        return ""
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return ""
    owner = sign_in.owner_of_session(session.services(), session.session_token())
    if owner is None or (request.content_length or 0) > MAX_FORM_BYTES:
        # A stranger's body is not read at all.
        return ""
    fields = kept_fields()
    if not any(value.strip() for _name, value in fields):
        return ""
    token = _serializer().dumps([request.full_path.rstrip("?"), fields, owner])
    return token if len(token) <= MAX_TOKEN_CHARS else ""


def kept_fields() -> list[tuple[str, str]]:
    """Return the fields of the request's form that may be sent back to the browser."""
    return [
        (name, value)
        for name, values in request.form.lists()
        if NOT_KEPT.fullmatch(name.lower()) is None
        for value in values
        if "\0" not in name and "\0" not in value
    ]


def opened(token: str) -> KeptForm | None:
    """Return what a token carries; None for one that is not ours or is too old."""
    if not token or len(token) > MAX_TOKEN_CHARS:
        return None
    try:
        target, fields, owner = _serializer().loads(token, max_age=LIFE_SECONDS)
    except (BadData, ValueError):
        return None
    return KeptForm(target, tuple((name, value) for name, value in fields), owner)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT, serializer=json)
