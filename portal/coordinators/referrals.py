"""Show coordinators what they have sent and begun, let them begin more, and show what was sent.

Looking at a page changes nothing: only a button begins a draft. A request for somebody else's
referral is answered like one for what does not exist.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.arrivals import drafts
from intake.arrivals.chunks import MAX_FILES
from intake.coordinators import referrals as sent_referrals
from portal.coordinators import words
from portal.text import referrals as referral_words
from portal.web import session
from portal.web.policy import Permission, requires
from storage.submissions.drafts import DraftKind

referrals = Blueprint("referrals", __name__)


@referrals.get("/referrals")
@requires(Permission.REFER)
def mine() -> str:
    """Show what the viewer has sent, by case, and the viewer's drafts."""
    services, user = session.services(), session.viewer()
    return render_template(
        "coordinators/mine.html",
        referrals=sent_referrals.list_referrals(services, user),
        drafts=drafts.open_drafts(services, user),
        is_saved=request.args.get("saved") == "yes",
        status=referral_words.status,
        kinds=referral_words.KINDS,
        items=words.items,
        wording=words.wording,
        ended=referral_words.ended,
    )


@referrals.get("/referrals/new")
@requires(Permission.REFER)
def new() -> str:
    """Say what will be asked and what may be sent, before a referral is begun."""
    return render_template(
        "coordinators/new.html",
        most_file_bytes=session.services().settings.max_upload_bytes,
        most_files=MAX_FILES,
        limit=referral_words.limit,
    )


@referrals.post("/referrals/new")
@requires(Permission.REFER)
def begin() -> ResponseReturnValue:
    """Begin a draft and lead to it."""
    return _to_draft(drafts.start_draft(session.services(), session.viewer()))


@referrals.get("/referrals/consultation")
@requires(Permission.REFER)
def consultation() -> str:
    """Say what a question without a person is."""
    return render_template("coordinators/consultation.html")


@referrals.post("/referrals/consultation")
@requires(Permission.REFER)
def begin_consultation() -> ResponseReturnValue:
    """Begin a question and lead to it."""
    draft_id = drafts.start_draft(session.services(), session.viewer(), DraftKind.CONSULTATION)
    return _to_draft(draft_id)


@referrals.post("/referrals/<reference>/documents")
@requires(Permission.REFER)
def add_documents(reference: str) -> ResponseReturnValue:
    """Begin a draft that adds documents to what was sent before.

    Without a case yet, the draft's note names the submission by its reference.
    """
    services, user = session.services(), session.viewer()
    draft_id = drafts.start_addition(services, gate.referral_to_add_to(services, user, reference))
    return _to_draft(draft_id)


@referrals.post("/referrals/drafts/<draft_id>/discard")
@requires(Permission.REFER)
def discard(draft_id: str) -> ResponseReturnValue:
    """Throw a draft away with its files."""
    drafts.discard_draft(
        session.services(), gate.draft_to_change(session.services(), session.viewer(), draft_id)
    )
    return redirect(url_for("referrals.mine"), 303)


@referrals.get("/referrals/sent/<draft_id>")
@requires(Permission.REFER)
def sent(draft_id: str) -> ResponseReturnValue:
    """Show the submission that a sent draft became; looking again shows the same."""
    texts = session.services().texts
    seen = sent_referrals.read_sent(
        session.services(), texts, gate.own_draft(session.services(), session.viewer(), draft_id)
    )
    if seen is None:
        return _to_draft(draft_id)
    return render_template(
        "coordinators/sent.html", sent=seen, items=words.items, ended=referral_words.ended
    )


def _to_draft(draft_id: str) -> ResponseReturnValue:
    return redirect(url_for("drafts.show", draft_id=draft_id), 303)
