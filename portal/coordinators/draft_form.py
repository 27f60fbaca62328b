"""Take the form of a draft as it streams in: its token first, then answers, then files.

The body may be large, so nothing else reads it (`web.request_limits`). The token is the first field
of every form of ours, and it is compared before anything else is read, so that a form of another
site gets no byte into the store. It is never in an address, where logs and history would keep it.
Answers that come before a file are saved before the file is read: a cut connection loses neither
them nor the files before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from intake.access import gate
from intake.arrivals import drafts, whole_files
from intake.arrivals.chunks import MAX_FULL_FILES, UploadRefused
from portal.web import session
from portal.web.multipart import FilePart, TextPart, read_parts

if TYPE_CHECKING:
    from intake.access.authors import Author
    from intake.core.settings import Settings

TOKEN_FIELD = "csrf_token"  # noqa: S105 - a field's name
# Room for boundaries, part headers and answers around the files.
AROUND_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, by its name as given, and why."""

    claimed_name: str
    why: str


@dataclass
class Posted:
    """What a form held: known answers, the button, and files that were refused."""

    answers: dict[str, str] = field(default_factory=dict)
    act: str = "save"
    remove: str = ""
    refused: list[Refused] = field(default_factory=list)


def most_bytes(settings: "Settings") -> int:
    """Return how large a form with its files may be."""
    return MAX_FULL_FILES * settings.max_upload_bytes + AROUND_BYTES


def open_form(
    check: Callable[[str], object] = validate_csrf,
) -> Iterator[TextPart | FilePart]:
    """Return the parts behind the token. Raises CSRFError when the first part is no right token.

    `check` raises ValidationError for a token that is not right. Another site cannot read our
    pages, so it does not know the token.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise CSRFError("The CSRF token is missing.")
    parts = read_parts(request.stream, boundary)
    first = next(parts, None)
    is_token = isinstance(first, TextPart) and first.name == TOKEN_FIELD
    try:
        check(first.value if is_token and isinstance(first, TextPart) else "")
    except ValidationError as error:
        raise CSRFError(error.args[0]) from error
    return parts


def take(
    author: "Author",
    draft_id: str,
    parts: Iterator[TextPart | FilePart],
    known: frozenset[str],
    *,
    with_files: bool,
) -> Posted:
    """Take a form's answers and files into a draft. Raises what `drafts` and `whole_files` raise.

    Only fields of `known` count, and of each the first value. `refused` of the result names files
    that were not taken; the others come in all the same.
    """
    posted = Posted()
    for part in parts:
        if isinstance(part, TextPart):
            _note(posted, part, known)
        elif part.claimed_name and with_files:
            # The file may take minutes and break off: what was typed is safe before it begins.
            _save(author, draft_id, posted)
            _take_file(author, draft_id, part, posted)
    if with_files:
        _save(author, draft_id, posted)
    return posted


def _note(posted: Posted, part: TextPart, known: frozenset[str]) -> None:
    if part.name == "act":
        posted.act = part.value
    elif part.name == "remove":
        posted.act, posted.remove = "remove", part.value
    elif part.name in known and part.name not in posted.answers:
        posted.answers[part.name] = part.value


def _save(author: "Author", draft_id: str, posted: Posted) -> None:
    drafts.save_draft(
        session.services(),
        gate.draft_to_change(session.services(), author, draft_id),
        posted.answers,
    )


def _take_file(author: "Author", draft_id: str, part: FilePart, posted: Posted) -> None:
    services = session.services()
    try:
        whole_files.take_whole(
            services,
            gate.draft_to_change(services, author, draft_id),
            claimed_name=part.claimed_name,
            claimed_type=part.claimed_type,
            most_bytes=request.content_length or services.settings.max_upload_bytes,
            content=part.content,
        )
    except UploadRefused as refusal:
        # The error's text is a sentence of ours for the sender: which limit, in figures.
        posted.refused.append(Refused(part.claimed_name, str(refusal)))
