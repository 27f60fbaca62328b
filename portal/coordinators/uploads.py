"""Take the files of a draft from the page's script, in pieces over a bad connection.

The script announces a file, puts its pieces one behind the other, and finishes it. After a break
it asks how much has come and goes on from there. Every answer is JSON; of a refusal, `error`
is a code and `message` a sentence for the person. A piece goes from the connection into the store;
the form token comes in the header `X-CSRFToken`.
"""

import logging
from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException, LengthRequired, RequestEntityTooLarge

from intake.access import gate
from intake.access.authors import Author
from intake.arrivals import chunks
from intake.arrivals.chunks import MAX_CHUNK_BYTES, PieceCut, UploadRefused, WrongPlace
from intake.core.errors import IntakeError
from portal.language import choice as language
from portal.web import session
from portal.web.multipart import media_type
from portal.web.policy import Permission, requires
from portal.web.request_limits import streamed
from storage.worded import worded

LOG = logging.getLogger(__name__)
# gunicorn takes this much from a connection at once; asked for less, it copies the rest.
READ_BYTES = 1024 * 1024
# The offset of a piece has fewer digits, whatever the limits are set to.
MAX_DIGITS = 15
# What a refusal of the web layer says to the person; none tells more than what came.
REFUSED = {
    400: worded(
        "This page sent something that we could not read. Please load it again and try once more."
    ),
    404: worded("This draft or file is not there any more. Please load the page again."),
    411: worded(
        "The size of this piece was not said. Please load the page again and try once more."
    ),
    413: worded(
        "This piece is larger than we take at once. Please load the page again and try once more."
    ),
}

DID_NOT_WORK = worded("This did not work. Please load the page again and try once more.")

uploads = Blueprint("uploads", __name__)


@uploads.post("/referrals/drafts/<draft_id>/uploads")
@requires(Permission.REFER)
def announce(draft_id: str) -> tuple[Response, int]:
    """Announce a file: `{"name": text, "type": text, "size": bytes}` gives its id."""
    return take_announcement(session.viewer(), draft_id)


@uploads.get("/referrals/uploads/<upload_id>")
@requires(Permission.REFER)
def progress(upload_id: str) -> Response:
    """Answer how much of a file has come, as `{"received": bytes}`."""
    return tell_progress(session.viewer(), upload_id)


@uploads.put("/referrals/uploads/<upload_id>")
@requires(Permission.REFER)
@streamed(lambda _settings: MAX_CHUNK_BYTES)
def put(upload_id: str) -> Response:
    """Take the piece that begins at `offset`; its length is the request's."""
    return take_piece(session.viewer(), upload_id)


@uploads.post("/referrals/uploads/<upload_id>/finish")
@requires(Permission.REFER)
def finish(upload_id: str) -> Response:
    """Make one file of the pieces; harmless when repeated."""
    return make_whole(session.viewer(), upload_id)


@uploads.delete("/referrals/uploads/<upload_id>")
@requires(Permission.REFER)
def remove(upload_id: str) -> Response:
    """Take a file out of its draft."""
    return take_out(session.viewer(), upload_id)


def take_announcement(author: Author, draft_id: str) -> tuple[Response, int]:
    """Announce a file of an author's draft."""
    told = request.get_json()
    if not isinstance(told, dict):
        raise BadRequest
    name, claimed_type, size = told.get("name"), told.get("type"), told.get("size")
    if not isinstance(name, str) or not isinstance(claimed_type, str):
        raise BadRequest
    if not isinstance(size, int) or isinstance(size, bool):
        raise BadRequest
    upload_id = chunks.begin_file(
        session.services(),
        gate.draft_to_change(session.services(), author, draft_id),
        claimed_name=name,
        claimed_type=media_type(claimed_type),
        size=size,
    )
    return jsonify(id=upload_id, received=0), 201


def tell_progress(author: Author, upload_id: str) -> Response:
    """Answer how much of an author's file has come."""
    return jsonify(
        received=chunks.received_bytes(
            session.services(), gate.upload_to_change(session.services(), author, upload_id)
        )
    )


def take_piece(author: Author, upload_id: str) -> Response:
    """Take a piece of an author's file from the connection."""
    offset = request.args.get("offset", "")
    if not offset.isascii() or not offset.isdigit() or len(offset) > MAX_DIGITS:
        raise BadRequest
    if request.content_length is None:
        # Without a length a cut piece could not be told from a whole one.
        raise LengthRequired
    if request.content_length > MAX_CHUNK_BYTES:
        raise RequestEntityTooLarge
    body = _body(request.content_length)
    try:
        received = chunks.take_chunk(
            session.services(),
            gate.upload_to_change(session.services(), author, upload_id),
            int(offset),
            request.content_length,
            body,
        )
    except IntakeError:
        # The piece is read to its end, else the browser sees a broken connection and no answer.
        for _unread in body:
            pass
        raise
    return jsonify(received=received)


def make_whole(author: Author, upload_id: str) -> Response:
    """Make one file of an author's pieces."""
    chunks.finish_file(
        session.services(), gate.upload_to_change(session.services(), author, upload_id)
    )
    return jsonify(ready=True)


def take_out(author: Author, upload_id: str) -> Response:
    """Take a file out of an author's draft."""
    chunks.remove_file(
        session.services(), gate.upload_to_change(session.services(), author, upload_id)
    )
    return Response(status=204)


def tell(error: IntakeError) -> tuple[Response, int]:
    """Answer one of our errors; after a piece at the wrong place, also say where to go on."""
    if error.status >= 500:
        LOG.error("event=request_failed reason=%s", error.reason)
    # An upload's refusal gives the limit in figures; other errors say their public sentence only.
    message = error.args[0] if isinstance(error, UploadRefused) and error.args else error.public
    told: dict[str, str | int] = {"error": error.reason, "message": language.translated(message)}
    if isinstance(error, WrongPlace):
        told["received"] = error.received
    return jsonify(told), error.status


def tell_http(error: HTTPException) -> tuple[Response, int]:
    """Answer what werkzeug refuses: too large, no length, no JSON."""
    code = error.code or 500
    message = REFUSED.get(code, DID_NOT_WORK)
    return jsonify(
        error=error.name.lower().replace(" ", "_"), message=language.translated(message)
    ), code


def answer_in_json(blueprint: Blueprint) -> None:
    """Let a blueprint answer everything that goes wrong as JSON."""
    blueprint.register_error_handler(IntakeError, tell)
    blueprint.register_error_handler(HTTPException, tell_http)


answer_in_json(uploads)


def _body(size: int) -> Iterator[bytes]:
    """Yield the piece as it comes, and no byte behind it. Raises PieceCut when it breaks off.

    This reads from the server's own stream. Werkzeug's stream would copy every byte twice to limit
    what is read, and the limit is kept here.
    """
    source = request.environ["wsgi.input"]
    while size:
        try:
            data = source.read(min(READ_BYTES, size))
        except OSError as error:
            raise PieceCut from error
        if not data:
            raise PieceCut
        size -= len(data)
        yield data
