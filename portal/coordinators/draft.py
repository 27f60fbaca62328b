"""Let coordinators write a draft and send it, with one form for answers and files.

Every button of the form saves first. A form that cannot be sent comes back with all answers and
files and with the errors beside their fields.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from intake.access import gate
from intake.arrivals import chunks, referral_form, send
from intake.arrivals import drafts as drafting
from intake.arrivals.drafts import DraftView
from intake.arrivals.package import FormInvalid, NotWhole
from intake.confirmations import receipt_pdf
from intake.coordinators import referrals as sent_referrals
from intake.core import office_clock
from intake.core.errors import Conflict, IntakeError
from intake.correspondence import consultation
from portal.coordinators import draft_form
from portal.coordinators.draft_form import Posted, Refused
from portal.language import choice as language
from portal.text import formatting, referrals
from portal.text.referrals import Group
from portal.web import session
from portal.web.policy import Permission, requires
from portal.web.request_limits import streamed
from storage.submissions.drafts import DraftKind
from storage.worded import worded

LOG = logging.getLogger(__name__)
drafts = Blueprint("drafts", __name__)


MAX_FIELDS = 20
CHANGED_ELSEWHERE = worded(
    "This draft was changed in another window meanwhile. Nothing of either is lost: below stands "
    "what you wrote here. Please compare, then continue."
)


class DraftSent(Conflict):
    """A draft was sent already, from another window."""

    reason = "draft_sent"
    public = worded("This draft was sent from another window. Look under My referrals.")


@dataclass(frozen=True)
class Faults:
    """What keeps a draft from being sent: sentences by field, one above all, refused files.

    `elsewhere` is {field: what another window wrote there}.
    """

    fields: dict[str, str] = field(default_factory=dict)
    above: str = ""
    refused: tuple[Refused, ...] = ()
    elsewhere: dict[str, str] = field(default_factory=dict)


@drafts.get("/referrals/drafts/<draft_id>")
@requires(Permission.REFER)
def show(draft_id: str) -> ResponseReturnValue:
    """Show a draft as it stands; one that was sent leads to the page after sending."""
    if _is_sent(draft_id):
        return redirect(url_for("referrals.sent", draft_id=draft_id), 303)
    draft = drafting.read_draft(
        session.services(), gate.draft_to_change(session.services(), session.viewer(), draft_id)
    )
    return _page(draft, draft.answers, Faults(), 200)


@drafts.post("/referrals/drafts/<draft_id>")
@requires(Permission.REFER)
@streamed(draft_form.most_bytes)
def keep(draft_id: str) -> ResponseReturnValue:
    """Save what a draft's form holds, then do what its button says."""
    parts = draft_form.open_form()
    if _is_sent(draft_id):
        # The button was pressed twice: both presses end on the same page.
        return redirect(url_for("referrals.sent", draft_id=draft_id), 303)
    draft = drafting.read_draft(
        session.services(), gate.draft_to_change(session.services(), session.viewer(), draft_id)
    )
    is_question = draft.kind == DraftKind.CONSULTATION
    posted = draft_form.take(
        session.viewer(),
        draft_id,
        parts,
        _known(draft.kind),
        with_files=not is_question,
        stored=draft,
    )
    if is_question and (wrong := _check_question(draft_id, posted)):
        return _page(draft, posted.answers, Faults(wrong), 400)
    if posted.elsewhere:
        faults = Faults(above=CHANGED_ELSEWHERE, elsewhere=posted.elsewhere)
        return _page(draft, posted.answers, faults, 409)
    return _act(draft_id, posted)


@drafts.post("/referrals/drafts/<draft_id>/answers")
@requires(Permission.REFER)
def autosave(draft_id: str) -> Response:
    """Save answers while they are typed: `{field: {"was": text, "now": text}}`.

    Answers with the new version, and with what another window wrote into the same fields.
    """
    if _is_sent(draft_id):
        raise DraftSent
    opened = gate.draft_to_change(session.services(), session.viewer(), draft_id)
    saved = drafting.save_changes(session.services(), opened, _changes(request.get_json()))
    return jsonify(
        version=saved.version,
        elsewhere=saved.elsewhere,
        saved_at=formatting.exact(session.services().now()),
    )


@drafts.get("/referrals/drafts/<draft_id>/check")
@requires(Permission.REFER)
def check(draft_id: str) -> ResponseReturnValue:
    """Show what would be sent, to be looked at once more before it is."""
    if _is_sent(draft_id):
        return redirect(url_for("referrals.sent", draft_id=draft_id), 303)
    draft = drafting.read_draft(
        session.services(), gate.draft_to_change(session.services(), session.viewer(), draft_id)
    )
    if draft.kind == DraftKind.CONSULTATION:
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)
    faults = _faults(draft)
    if faults is not None:
        return _page(draft, draft.answers, faults, 400)
    return render_template(
        "coordinators/check.html",
        draft=draft,
        answered=referrals.answered(_groups(draft.kind), draft.answers),
    )


def _faults(draft: DraftView) -> Faults | None:
    """Return what keeps a draft from being sent, None when nothing does."""
    checked = referral_form.check_form(draft.answers)
    if not checked.is_valid:
        return Faults(checked.errors, FormInvalid.public)
    return None if draft.is_whole else Faults(above=NotWhole.public)


def _changes(sent: object) -> dict[str, drafting.AnswerChange]:
    """Return {field: change} of a request's JSON. Raises BadRequest for anything else."""
    if not isinstance(sent, dict) or len(sent) > MAX_FIELDS:
        raise BadRequest
    known = _known(DraftKind.REFERRAL)
    found = {}
    for name, change in sent.items():
        texts = (change.get("was"), change.get("now")) if isinstance(change, dict) else ()
        if name not in known or len(texts) != 2:
            raise BadRequest
        was, now = texts
        if not isinstance(was, str) or not isinstance(now, str):
            raise BadRequest
        found[name] = drafting.AnswerChange(was, now)
    return found


def _act(draft_id: str, posted: Posted) -> ResponseReturnValue:
    services, user = session.services(), session.viewer()
    if posted.act == "remove":
        chunks.remove_file(services, gate.upload_to_change(services, user, posted.remove))
    if posted.refused:
        draft = drafting.read_draft(services, gate.draft_to_change(services, user, draft_id))
        return _page(draft, posted.answers, Faults(refused=tuple(posted.refused)), 413)
    if posted.act == "send":
        return _send(draft_id, posted)
    if posted.act == "check":
        return redirect(url_for("drafts.check", draft_id=draft_id), 303)
    if posted.act == "save":
        return redirect(url_for("referrals.mine", saved="yes"), 303)
    if posted.act.startswith(draft_form.LANGUAGE):
        here = url_for("drafts.show", draft_id=draft_id)
        return redirect(draft_form.in_language(here, posted.act), 303)
    return redirect(url_for("drafts.show", draft_id=draft_id, _anchor="files"), 303)


def _send(draft_id: str, posted: Posted) -> ResponseReturnValue:
    services, user = session.services(), session.viewer()
    try:
        sent = send.send_draft(services, services.texts, gate.own_draft(services, user, draft_id))
    except (FormInvalid, NotWhole) as refusal:
        errors = refusal.errors if isinstance(refusal, FormInvalid) else {}
        draft = drafting.read_draft(services, gate.draft_to_change(services, user, draft_id))
        return _page(draft, posted.answers, Faults(errors, refusal.public), refusal.status)
    try:
        # After the commit: what was sent stays, whether its signed receipt can be drawn or not.
        receipt_pdf.issue_receipt(services, sent.submission_id)
    except IntakeError as error:
        LOG.warning(
            "event=receipt_not_signed submission=%s reason=%s", sent.submission_id, error.reason
        )
    return redirect(url_for("referrals.sent", draft_id=draft_id), 303)


def _check_question(draft_id: str, posted: Posted) -> dict[str, str]:
    """Return the faults of a question without a person; save it only when it has none.

    A question that holds something personal must not be stored, not even as a draft.
    """
    services = session.services()
    today = office_clock.office_day(services.offices, services.now())
    is_empty_and_kept = posted.act == "save" and not posted.answers.get("question", "").strip()
    faults = {} if is_empty_and_kept else consultation.check_question(posted.answers, today)
    if not faults:
        note = consultation.note_of(posted.answers)
        drafting.save_draft(
            services,
            gate.draft_to_change(services, session.viewer(), draft_id),
            {**posted.answers, "note": note},
        )
    return faults


def _page(
    draft: DraftView, answers: dict[str, str], faults: Faults, status: int
) -> ResponseReturnValue:
    groups = _groups(draft.kind)
    return upload_page(
        "coordinators/draft.html",
        status,
        draft=draft,
        groups=groups,
        answers=answers,
        faults=faults,
        kinds=referrals.KINDS,
        where=referrals.labels_of(groups),
    )


def upload_page(template: str, status: int, **shown: Any) -> Response:  # Any: the template's own
    """Answer with a page that uploads files, and says its limits."""
    most = session.services().settings.max_upload_bytes
    page = render_template(
        template,
        most_file_bytes=most,
        most_files=chunks.MAX_FILES,
        most_bytes=most * chunks.MAX_FULL_FILES,
        limit=referrals.limit,
        **shown,
    )
    return make_response(page, status)


def _groups(kind: str) -> tuple[Group, ...]:
    if kind == DraftKind.CONSULTATION:
        return referrals.consultation_questions(language.current())
    if kind == DraftKind.ADDITION:
        return referrals.addition_questions()
    return referrals.referral_questions(language.current())


def _known(kind: str) -> frozenset[str]:
    text = "question" if kind == DraftKind.CONSULTATION else "note"
    return referrals.field_names(_groups(kind)) | {text}


def _is_sent(draft_id: str) -> bool:
    """Tell whether a draft of the viewer was sent. Raises NotFound for anybody else's."""
    services = session.services()
    return (
        sent_referrals.read_sent(
            services, services.texts, gate.own_draft(services, session.viewer(), draft_id)
        )
        is not None
    )
