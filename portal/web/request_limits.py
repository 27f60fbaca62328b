"""Bodies: how much a request may carry, and which views read it themselves, piece by piece.

Everything is small unless its view says otherwise. Werkzeug would parse a form before any view
runs and write its larger files to the temporary folder, in the clear; a view that is marked
here gets the connection itself, and nothing else reads it (security.md, B27). Knows settings,
nothing of what is carried.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Request, current_app, request
from werkzeug.exceptions import LengthRequired

from portal.web import session

if TYPE_CHECKING:
    from intake.core.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
Limit = Callable[["Settings"], int]
MARK = "_streamed_limit"


class PortalRequest(Request):
    """A request whose form is left alone when its view reads the body itself."""

    @property
    def want_form_data_parsed(self) -> bool:
        """Tell whether the body is parsed as a form; the token's check asks before any view."""
        return super().want_form_data_parsed and _limit_of(self.endpoint) is None


def streamed(limit: Limit) -> Callable[[View], View]:
    """Let a view read its body itself, up to so many bytes. Below the route, like a policy."""

    def mark(view: View) -> View:
        setattr(view, MARK, limit)
        return view

    return mark


def apply_limit() -> None:
    """Allow this request what its view takes. Runs before anything reads the body.

    Raises LengthRequired for a body in chunks, which no browser sends: it could go on for ever,
    and a cut one would look whole.
    """
    if request.headers.get("Transfer-Encoding"):
        raise LengthRequired
    limit = _limit_of(request.endpoint)
    if limit is not None:
        request.max_content_length = limit(session.services().settings)


def _limit_of(endpoint: str | None) -> Limit | None:
    if endpoint is None:
        return None
    limit: Limit | None = getattr(current_app.view_functions[endpoint], MARK, None)
    return limit
