"""Limit what a request may carry, and let marked views read their body themselves.

A body is small unless its view says otherwise. Werkzeug would parse a form before any view
runs and write its larger files to the temporary folder, in the clear; a view that is marked
here gets the connection itself, and nothing else reads it (threat B27). Such a body holds a thread
while it comes, so only so many are read at once: of one account or link, and of all together, so
that threads for pages are left.
"""

import threading
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Request, current_app, g, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, LengthRequired
from werkzeug.routing import Map, UnicodeConverter

from intake.core.errors import IntakeError
from portal.web import session
from portal.web.gathering import MAX_GATHERED_BODY_BYTES

if TYPE_CHECKING:
    from intake.core.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
Limit = Callable[["Settings"], int]
MARK = "_streamed_limit"
EXTENSION = "avrr_open_bodies"
# A browser has at most six connections to one server.
MAX_BODIES_OF_ONE = 6
MAX_BODIES = 48
# Those who wait for their password to be compared hold 29 of them at most.
THREADS_FOR_PAGES = 40


class TooManyBodies(IntakeError):
    """So many large bodies are being read that another one would take a page's thread."""

    reason = "too_many_bodies"
    public = "Too much is being sent at this moment. Please wait a minute, and send it again."
    status = 503


class OpenBodies:
    """The large bodies that are being read by this process, by who sends them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()

    def begin(self, sender: str) -> None:
        """Count a body. Raises TooManyBodies when one sender or all together send too many."""
        with self._lock:
            if self._open[sender] >= MAX_BODIES_OF_ONE or self._open.total() >= MAX_BODIES:
                raise TooManyBodies
            self._open[sender] += 1

    def end(self, sender: str) -> None:
        """Uncount a body that was read or given up."""
        with self._lock:
            self._open[sender] -= 1
            # Whoever sends nothing any more leaves no name behind.
            self._open += Counter()


class PortalRequest(Request):
    """A request whose form is left alone when its view reads the body itself."""

    @property
    def want_form_data_parsed(self) -> bool:
        """Tell whether the body may be parsed as a form; the token's check asks before any view."""
        return super().want_form_data_parsed and _limit_of(self.endpoint) is None


class FlatJson(DefaultJSONProvider):
    """JSON as Flask reads it, but nesting beyond the interpreter's limit is no JSON of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # Any: as Flask has it
        """Return what a body says. Raises ValueError, which Flask answers with 400."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class StorableConverter(UnicodeConverter):
    """A part of an address that holds no NUL; with one the address is none of ours."""

    def __init__(self, url_map: Map, minlength: int = 1, maxlength: int | None = None) -> None:
        super().__init__(url_map, minlength, maxlength)
        self.regex = self.regex.replace("[^/]", r"[^/\0]")


def streamed(limit: Limit) -> Callable[[View], View]:
    """Make a decorator that lets a view read its body itself, up to `limit` bytes.

    It stands below the route's decorator, as `policy.requires` does.
    """

    def mark(view: View) -> View:
        setattr(view, MARK, limit)
        return view

    return mark


def register(app: Flask) -> None:
    """Limit every request of an application.

    Comes before anything that reads a body, and before any route whose address has a part.
    """
    app.extensions[EXTENSION] = OpenBodies()
    app.json = FlatJson(app)
    app.url_map.converters |= {"default": StorableConverter, "string": StorableConverter}
    app.before_request(apply_limit)
    app.before_request(refuse_nul)
    app.teardown_request(_end_body)


def apply_limit() -> None:
    """Set this request's limit to what its view takes; runs before anything reads the body.

    Raises LengthRequired for a body in HTTP chunks, which no browser sends: it could go on for
    ever, and a cut one would look whole. Raises TooManyBodies.
    """
    if request.headers.get("Transfer-Encoding"):
        raise LengthRequired
    limit = _limit_of(request.endpoint)
    if limit is None:
        return
    request.max_content_length = limit(session.services().settings)
    if (request.content_length or 0) > MAX_GATHERED_BODY_BYTES:
        sender = _sender()
        _open_bodies().begin(sender)
        g.body_of = sender


def refuse_nul() -> None:
    """Refuse a query or a form with a NUL in it. A body that a view reads itself is left alone.

    Raises BadRequest.
    """
    # Reading the form here costs nothing: the check of its token reads it before any view does.
    for sent in (request.args, request.form):
        for name, values in sent.lists():
            if "\0" in name or any("\0" in value for value in values):
                raise BadRequest


def reads_its_body() -> bool:
    """Tell whether the view of this request reads the body by itself."""
    return _limit_of(request.endpoint) is not None


def _limit_of(endpoint: str | None) -> Limit | None:
    if endpoint is None:
        return None
    limit: Limit | None = getattr(current_app.view_functions[endpoint], MARK, None)
    return limit


def _sender() -> str:
    """Return who sends a body: an account, or the link in the address."""
    viewer = session.viewer_or_nobody()
    if viewer is not None:
        return f"account {viewer.id}"
    return f"link {(request.view_args or {}).get('token', '')}"


def _end_body(_error: BaseException | None) -> None:
    sender: str | None = g.pop("body_of", None)
    if sender is not None:
        _open_bodies().end(sender)


def _open_bodies() -> OpenBodies:
    found: OpenBodies = current_app.extensions[EXTENSION]
    return found
