"""Let somebody without an account send documents with a single-use link.

The pages are public, say nothing about what the service is for, and work without script. The
token in the address opens the link, so no session and no session cookie is used; the forms carry
a token that is made from the link instead. A small cookie knows the browser that put something in
first, whose the link then is (`link_holders`). A browser gets it with the page, so that a line that
breaks in the first form does not shut it out; one that keeps no cookies makes no link its own.
"""

import secrets

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from wtforms import ValidationError

from intake.access import gate
from intake.arrivals import chunks, link_holders, send_by_link
from intake.arrivals.link_holders import LINK_LIFE, Held, LinkInUse, LinkOver
from intake.arrivals.package import FormInvalid, NotWhole
from portal.coordinators import draft_form, uploads, words
from portal.coordinators.draft import Faults, upload_page
from portal.coordinators.draft_form import Posted
from portal.web import session
from portal.web.policy import public
from portal.web.request_limits import streamed

single_use_links = Blueprint("link_papers", __name__, url_prefix="/send")
link_uploads = Blueprint("link_uploads", __name__, url_prefix="/send")
# The link comes from a mail or another site, and the browser must bring its key along.
KEY = session.Cookie("avrr-send", LINK_LIFE, path="/send", same_site="Lax")
BROWSER_KEY_BYTES = 32
HEADER = "X-CSRFToken"


@single_use_links.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show what this browser put in so far, or the reference of what it has sent."""
    held = _hold(token)
    if held.sent is not None:
        return render_template("coordinators/link_sent.html", sent=held.sent, items=words.items)
    return _with_key(_page(token, held, None, Faults(), 200), _key() or _new_key())


@single_use_links.post("/<token>")
@public
@streamed(draft_form.most_bytes)
def keep(token: str) -> ResponseReturnValue:
    """Save what the form holds, then do what its button says."""
    # The link comes before the body: only who holds one may send much, and take long for it.
    held = _hold(token)
    parts = draft_form.open_form(lambda given: _check_form(token, given))
    if held.sent is not None:
        # The button was pressed twice: both presses end on the same page.
        return redirect(url_for("link_papers.show", token=token), 303)
    chosen, parts = draft_form.language_alone(parts, send_by_link.FIELDS)
    if chosen:
        # Nothing was typed: the link stays free for the browser that will use it.
        return redirect(
            draft_form.in_language(url_for("link_papers.show", token=token), chosen), 303
        )
    held, key = _claimed(token, held)
    posted = draft_form.take(
        held.holder, held.draft_id, parts, send_by_link.FIELDS, with_files=True
    )
    return _with_key(_act(token, held, key, posted), key)


@single_use_links.errorhandler(LinkOver)
def over(error: LinkOver) -> ResponseReturnValue:
    """Say what may have happened to a link and what to do; the page is the same for every link."""
    return render_template("coordinators/link_over.html", hours=_hours()), error.status


@single_use_links.errorhandler(LinkInUse)
def in_use(error: LinkInUse) -> ResponseReturnValue:
    """Say that a link is in use in another browser, and what to do."""
    return render_template("coordinators/link_in_use.html"), error.status


@link_uploads.post("/<token>/files")
@public
def announce(token: str) -> ResponseReturnValue:
    """Announce a file."""
    held, key = _claimed(token, _script_holds(token))
    answer, status = uploads.take_announcement(held.holder, held.draft_id)
    answer.status_code = status
    return _with_key(answer, key)


@link_uploads.get("/<token>/files/<upload_id>")
@public
def progress(token: str, upload_id: str) -> Response:
    """Answer how much of a file is here."""
    return uploads.tell_progress(_hold(token).holder, upload_id)


@link_uploads.put("/<token>/files/<upload_id>")
@public
@streamed(lambda _settings: chunks.MAX_CHUNK_BYTES)
def put(token: str, upload_id: str) -> Response:
    """Take the piece that begins at `offset`."""
    return uploads.take_piece(_script_holds(token).holder, upload_id)


@link_uploads.post("/<token>/files/<upload_id>/finish")
@public
def finish(token: str, upload_id: str) -> Response:
    """Make one file of the pieces; harmless when repeated."""
    return uploads.make_whole(_script_holds(token).holder, upload_id)


@link_uploads.delete("/<token>/files/<upload_id>")
@public
def remove(token: str, upload_id: str) -> Response:
    """Take a file out again."""
    return uploads.take_out(_script_holds(token).holder, upload_id)


uploads.answer_in_json(link_uploads)


def _act(token: str, held: Held, key: str, posted: Posted) -> ResponseReturnValue:
    services = session.services()
    if posted.act == "remove":
        chunks.remove_file(services, gate.upload_to_change(services, held.holder, posted.remove))
    if posted.refused:
        return _page(token, held, posted.answers, Faults(refused=tuple(posted.refused)), 413)
    if posted.act.startswith(draft_form.LANGUAGE):
        return redirect(
            draft_form.in_language(url_for("link_papers.show", token=token), posted.act), 303
        )
    if posted.act != "send":
        return redirect(url_for("link_papers.show", token=token, _anchor="files"), 303)
    try:
        send_by_link.send_link_draft(services, services.texts, held, key)
    except (FormInvalid, NotWhole) as refusal:
        errors = refusal.errors if isinstance(refusal, FormInvalid) else {}
        return _page(token, held, posted.answers, Faults(errors, refusal.public), refusal.status)
    return redirect(url_for("link_papers.show", token=token), 303)


def _in_language(token: str, act: str) -> ResponseReturnValue:
    here = url_for("link_papers.show", token=token)
    return redirect(draft_form.in_language(here, act), 303)


def _page(
    token: str, held: Held, answers: dict[str, str] | None, faults: Faults, status: int
) -> ResponseReturnValue:
    services = session.services()
    draft = link_holders.files_of(services, held)
    shown = answers if answers is not None else draft.answers if held.is_holder else {}
    return upload_page(
        "coordinators/single_use_link.html",
        status,
        token=token,
        form_token=link_holders.form_token(services, token),
        held=held,
        draft=draft,
        answers=shown,
        faults=faults,
    )


def _hold(token: str) -> Held:
    return link_holders.open_link(session.services(), token, _key(), session.network())


def _script_holds(token: str) -> Held:
    """Return what a link opens, to the page's script. Raises CSRFError without the form's token."""
    try:
        _check_form(token, request.headers.get(HEADER, ""))
    except ValidationError as error:
        raise CSRFError(error.args[0]) from error
    return _hold(token)


def _check_form(token: str, given: str) -> None:
    if not link_holders.is_form_token(session.services(), token, given):
        raise ValidationError("The form's token is missing.")


def _claimed(token: str, held: Held) -> tuple[Held, str]:
    """Make this browser the link's holder if none is yet; return what it may see, and its key.

    Raises LinkOver and LinkInUse. A browser without a key yet may keep no cookies, and would shut
    itself out.
    """
    key = _key()
    if held.is_holder or not key:
        return held, key or _new_key()
    services = session.services()
    link_holders.claim_link(services, held, key)
    return link_holders.open_link(services, token, key, session.network()), key


def _with_key(answer: ResponseReturnValue, key: str) -> Response:
    """Give the browser its key."""
    return KEY.give(make_response(answer), key)


def _key() -> str:
    """Return the key of the caller's browser, empty when it has none."""
    return KEY.read()


def _new_key() -> str:
    return secrets.token_urlsafe(BROWSER_KEY_BYTES)


def _hours() -> int:
    return int(LINK_LIFE.total_seconds()) // 3600
