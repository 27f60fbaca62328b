"""Limit how much a request may carry, and let marked views read their body themselves.

A body is small unless its view says otherwise. Werkzeug would parse a form before any view
runs and write its larger files to the temporary folder, in the clear; a view that is marked
here gets the connection itself, and nothing else reads it (threat B27).
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
        """Tell whether the body may be parsed as a form; the token's check asks before any view."""
        return super().want_form_data_parsed and _limit_of(self.endpoint) is None


def streamed(limit: Limit) -> Callable[[View], View]:
    """Make a decorator that lets a view read its body itself, up to `limit` bytes.

    It stands below the route's decorator, as `policy.requires` does.
    """

    def mark(view: View) -> View:
        setattr(view, MARK, limit)
        return view

    return mark


def apply_limit() -> None:
    """Set this request's limit to what its view takes; runs before anything reads the body.

    Raises LengthRequired for a body in HTTP chunks, which no browser sends: it could go on for
    ever, and a cut one would look whole.
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
