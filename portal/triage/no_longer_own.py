"""Lead officers to their queues when what they just did took a thing out of their sight.

A caseworker who hands their own case over, or gives its item back, reads it no longer. The page of
the thing would ask for a reason to open it; the queues say instead that it was done.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from intake.access import gate
from intake.access.rights import NotOwn
from intake.core.errors import IntakeError
from portal.web import session

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser

# The pages of things that belong to somebody, and how each is opened by its reference.
OPENED_BY = {"cases.show": gate.case_to_read, "staff.submission": gate.submission_to_read}


def register(app: Flask) -> None:
    """Look at every answer of the application that leads on from a form."""
    app.after_request(lead_to_queues)


def lead_to_queues(response: Response) -> Response:
    """Change where a form's answer leads when its page is not the officer's any more."""
    viewer = session.viewer_or_nobody()
    if request.method != "POST" or response.status_code != 303 or viewer is None:
        return response
    endpoint, reference = _page_at(response.location or "")
    if endpoint in OPENED_BY and _is_of_others(viewer, endpoint, reference):
        response.location = url_for("staff.queues", _anchor="done", left=reference)
    return response


def left(viewer: "SignedInUser") -> str:
    """Return the reference that the address says went out of sight, "" when it did not."""
    reference = request.args.get("left", "")
    is_left = any(_is_of_others(viewer, endpoint, reference) for endpoint in OPENED_BY)
    return reference if reference and is_left else ""


def _is_of_others(viewer: "SignedInUser", endpoint: str, reference: str) -> bool:
    try:
        OPENED_BY[endpoint](session.services(), viewer, reference)
    except NotOwn:
        return True
    except IntakeError:
        return False
    return False


def _page_at(location: str) -> tuple[str, str]:
    """Return the endpoint and the reference of a local address, ("", "") for any other."""
    parts = urlsplit(location)
    if parts.netloc and parts.netloc != request.host:
        return "", ""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return "", ""
    try:
        endpoint, values = adapter.match(parts.path, "GET")
    except HTTPException:
        return "", ""
    return endpoint, str(values.get("reference", ""))
