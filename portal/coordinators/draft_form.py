"""Take the form of a draft as it streams in: its token first, then answers, then files.

The body may be large, so nothing else reads it (`web.request_limits`). The token is the first field
of every form of ours, and it is compared before anything else is read, so that a form of another
site gets no byte into the store. It is never in an address, where logs and history would keep it.
Answers that come before a file are saved before the file is read: a cut connection loses neither
them nor the files before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from flask import request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from intake.access import gate
from intake.arrivals import drafts, whole_files
from intake.arrivals.chunks import MAX_FULL_FILES, UploadRefused
from portal.language import choice as language
from portal.web import session
from portal.web.multipart import FilePart, TextPart, read_parts

if TYPE_CHECKING:
    from intake.access.authors import Author
    from intake.arrivals.drafts import DraftView
    from intake.core.settings import Settings

# What the button of a language says before its code.
LANGUAGE = "language-"
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
    """What a form held: known answers, the button, and files that were refused.

    `version` is the version of the answers that its page was made from, empty when it does not say;
    `elsewhere` is {field: what stands there} when another window changed the draft meanwhile.
    """

    answers: dict[str, str] = field(default_factory=dict)
    act: str = "save"
    version: str = ""
    elsewhere: dict[str, str] = field(default_factory=dict)
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


def language_alone(
    parts: Iterator[TextPart | FilePart], known: frozenset[str]
) -> tuple[str, Iterator[TextPart | FilePart]]:
    """Return the button of a language when nothing else was typed or chosen, or "", and all parts.

    Reads as far as the first thing that somebody typed or chose.
    """
    before: list[TextPart | FilePart] = []
    act = ""
    for part in parts:
        before.append(part)
        if isinstance(part, FilePart):
            if part.claimed_name:
                return "", chain(before, parts)
        elif part.name == "act":
            act = part.value
        elif part.name in known and part.value.strip():
            return "", chain(before, parts)
    return act if act.startswith(LANGUAGE) else "", iter(before)


def in_language(here: str, act: str) -> str:
    """Return a page's address in the language that a button named, if it names one."""
    code = act.removeprefix(LANGUAGE)
    return f"{here}?{language.ARGUMENT}={code}" if code in language.offered() else here


def take(
    author: "Author",
    draft_id: str,
    parts: Iterator[TextPart | FilePart],
    known: frozenset[str],
    *,
    with_files: bool,
    stored: "DraftView | None" = None,
) -> Posted:
    """Take a form's answers and files into a draft. Raises what `drafts` and `whole_files` raise.

    Only fields of `known` count, and of each the first value. `refused` of the result names files
    that were not taken; the others come in all the same. Answers that another window changed since
    the form's page was made are not overwritten: `elsewhere` then says what `stored` holds.
    """
    posted = Posted()
    for part in parts:
        if isinstance(part, TextPart):
            _note(posted, part, known)
        elif part.claimed_name and with_files:
            # The file may take minutes and break off: what was typed is safe before it begins.
            _save(author, draft_id, posted, stored)
            _take_file(author, draft_id, part, posted)
    if with_files:
        _save(author, draft_id, posted, stored)
    return posted


def _note(posted: Posted, part: TextPart, known: frozenset[str]) -> None:
    if part.name == "act":
        posted.act = part.value
    elif part.name == "version":
        posted.version = part.value
    elif part.name == "remove":
        posted.act, posted.remove = "remove", part.value
    elif part.name in known and part.name not in posted.answers:
        posted.answers[part.name] = part.value


def _save(author: "Author", draft_id: str, posted: Posted, stored: "DraftView | None") -> None:
    if stored is not None and posted.version and posted.version != stored.version:
        posted.elsewhere = {
            name: stored.answers.get(name, "")
            for name, typed in posted.answers.items()
            if drafts.is_other(typed.replace("\r\n", "\n"), stored.answers.get(name, ""))
        }
        if posted.elsewhere:
            return
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
        why = refusal.args[0]
        posted.refused.append(Refused(part.claimed_name, why))
