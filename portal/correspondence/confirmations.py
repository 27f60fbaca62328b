"""Let officers write, preview and sign R2, let people read signed papers, and verify them publicly.

Writing and signing are one form on one page, so that it works without script. The public page
takes a file or its SHA-256, keeps neither, and says only whether it was issued here, and when.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.access.papers import PaperClosed
from intake.access.presence import Page
from intake.cases import withholding
from intake.cases.consent import views as consent_views
from intake.confirmations import (
    confirm,
    facts,
    previous_wording,
    printed_codes,
    receipt_pdf,
    signed_papers,
)
from intake.confirmations.confirm import (
    ConfirmationApproval,
    ConfirmationPreview,
    ConfirmationTools,
    PaperChanged,
    WordsRefused,
)
from intake.confirmations.drafts import MAX_CHARS, ConfirmationDraft, DraftInvalid, checked_draft
from intake.confirmations.signed_papers import Issued
from intake.core.errors import Conflict
from intake.correspondence import checked_words
from intake.correspondence.answers import AnswerDraft
from intake.correspondence.recipients import AnswerTools, known_beside
from intake.outbox.mail_texts import MailTexts
from intake.reference_data.prepared_answers import find_answer
from intake.triage.decisions import NotFiledYet
from intake.triage.read_first import LetterUnread
from portal.correspondence import streamed_hashes
from portal.text import answers
from portal.triage import edit_conflict
from portal.triage.decide import after_signing, lead_to_letter, place_args
from portal.triage.edit_conflict import BothVersions, Line
from portal.triage.presence import arrive
from portal.web import downloads
from portal.web import session as browser
from portal.web.gathering import MAX_GATHERED_BODY_BYTES
from portal.web.policy import Permission, public, requires
from storage.worded import worded

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.correspondence.checked_words import WordsForService
    from storage.database import Session
    from storage.submissions.submissions import Submission

confirmations = Blueprint("confirmations", __name__)
# A paper that lists two hundred files is under 300 kB, so a much larger file is none of ours.
# Anybody may send here, so no more is taken than comes without holding a thread.
MAX_PAPER_BYTES = MAX_GATHERED_BODY_BYTES
MAX_DIGEST_CHARS = 100
NOTHING_TO_CHECK = worded(
    "Choose the PDF, or enter the check code from the paper, such as XZHR-ABCD-…, or the 64 digits "
    "and letters of the PDF's SHA-256."
)
DIGEST = re.compile(r"[0-9a-f]{64}")
PAPER_ID = re.compile(r"[0-9a-f]{32}")
FIELDS = {
    "next_step": "Next step",
    "next_step_on": "By which day",
    "deputy": "Deputy",
    "remark": "Remark",
}


# Stands for a colleague's words of a paper that is closed to the viewer.
CLOSED_WORDS = "This is closed to you."


@dataclass(frozen=True)
class Errors:
    """The errors of a form: {field: sentence}, and a sentence for the whole."""

    fields: dict[str, str] = field(default_factory=dict)
    whole: str = ""


@confirmations.url_value_preprocessor
def hash_what_is_checked(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the public page's file only be hashed; runs before the token's check reads the form."""
    if endpoint == "confirmations.check":
        streamed_hashes.hash_files(request, MAX_PAPER_BYTES)


@confirmations.errorhandler(LetterUnread)
def read_first(error: LetterUnread) -> ResponseReturnValue:
    """Lead to the letter of an emergency that the viewer has not seen yet."""
    return lead_to_letter((request.view_args or {})["reference"], "confirm it in writing", error)


@confirmations.get("/submissions/<reference>/confirmation")
@requires(Permission.TRIAGE)
def compose(reference: str) -> ResponseReturnValue:
    """Show what would be signed, with the words that the submission's state suggests."""
    return _page(reference, None)


@confirmations.post("/submissions/<reference>/confirmation")
@requires(Permission.TRIAGE)
def sign(reference: str) -> ResponseReturnValue:
    """Show the paper with the officer's words; or sign it, and open the next of the same list."""
    office, form = _office(), request.form
    try:
        draft = _draft(office)
    except DraftInvalid as error:
        return _page(reference, None, Errors(error.errors, error.public), error.status)
    paper_id = form.get("paper", "")
    if form.get("step") != "sign" or PAPER_ID.fullmatch(paper_id) is None:
        return _page(reference, draft)
    is_read, seen = form.get("read") == "yes", edit_conflict.seen_version()
    onward = after_signing(reference)
    consent = ConfirmationApproval(paper_id, form.get("shown", ""), is_read, seen)
    try:
        confirm.sign_confirmation(
            office,
            gate.submission_to_change(office.services, browser.viewer(), reference),
            draft,
            consent,
        )
    except ChangedMeanwhile as error:
        return _both(reference, error)
    except (WordsRefused, PaperChanged, NotFiledYet, Conflict) as error:
        return _page(reference, draft, Errors(whole=error.public), error.status)
    return redirect(onward, 303)


def typed_again(reference: str, fields: dict[str, str]) -> ResponseReturnValue:
    """Show the form of a confirmation that was taken back, with what stood in its fields."""
    day = fields["next_step_on"]
    draft = ConfirmationDraft(
        fields["next_step"], date.fromisoformat(day) if day else None, fields["deputy"],
        fields["remark"],
    )  # fmt: skip
    return _page(reference, draft, is_taken_back=True)


@confirmations.post("/submissions/<reference>/signed-receipt")
@requires(Permission.PAPERS)
def receipt(reference: str) -> ResponseReturnValue:
    """Make the signed R1 when there is none yet, and lead to it."""
    paper_id = receipt_pdf.issue_receipt_for(
        browser.services(), gate.papers_to_read(browser.services(), browser.viewer(), reference)
    )
    return redirect(url_for("confirmations.pdf", paper_id=paper_id), 303)


@confirmations.get("/confirmations/<paper_id>.pdf")
@requires(Permission.PAPERS)
def pdf(paper_id: str) -> Response:
    """Answer with a signed paper, to be saved."""
    content = signed_papers.open_paper(
        browser.services(),
        signed_papers.paper_to_read(browser.services(), browser.viewer(), paper_id),
        is_seen=browser.is_seen(),
    )
    return downloads.safe_pdf(paper_id, content)


@confirmations.get("/verify")
@public
def verify() -> str:
    """Show the form for checking a paper."""
    return _verify_page()


@confirmations.post("/verify")
@public
def check() -> ResponseReturnValue:
    """Say whether a file, the SHA-256 of one, or a printed code is of a paper of ours."""
    typed = "".join(request.form.get("digest", "").split())
    digest = streamed_hashes.digest_of(request.files.get("file")) or typed.lower()
    if DIGEST.fullmatch(digest) is not None:
        issued = signed_papers.find_issued(browser.services(), digest)
        return _verify_page(answer=digest, issued=issued)
    code = printed_codes.printed_code(typed)
    if code is not None:
        issued = printed_codes.find_by_code(browser.services(), code)
        return _verify_page(answer=code, issued=issued, is_by_code=True)
    return _verify_page(typed=typed[:MAX_DIGEST_CHARS], error=NOTHING_TO_CHECK), 400


def _verify_page(
    *,
    answer: str = "",
    issued: Issued | None = None,
    is_by_code: bool = False,
    typed: str = "",
    error: str = "",
) -> str:
    return render_template(
        "correspondence/verify_confirmation.html",
        answer=answer,
        issued=issued,
        is_by_code=is_by_code,
        typed=typed,
        error=error,
    )


def _page(
    reference: str,
    draft: ConfirmationDraft | None,
    errors: Errors | None = None,
    status: int = 200,
    *,
    is_taken_back: bool = False,
) -> ResponseReturnValue:
    office, viewer = _office(), browser.viewer()
    confirm_page = confirm.open_confirm_page(
        office, gate.submission_to_change(office.services, viewer, reference)
    )
    shown_errors = errors or Errors()
    ready: ConfirmationPreview | None = None
    chosen = draft or (None if shown_errors.fields else confirm_page.suggested)
    if chosen is not None and not confirm_page.not_ready:
        ready = confirm.preview_confirmation(
            office, gate.submission_to_change(office.services, viewer, reference), chosen
        )
    page = render_template(
        "correspondence/confirmation.html",
        confirm_page=confirm_page,
        withheld=withholding.before_sharing(
            office.services, gate.submission_to_change(office.services, viewer, reference)
        ),
        # Who signs sees whether anybody knows of a consent; the paper asks for one that is missing.
        consent=consent_views.read_submission(
            office.services, gate.submission_to_read(office.services, viewer, reference)
        ),
        values=_values(chosen),
        limits=MAX_CHARS,
        ready=ready,
        findings=_findings(ready, chosen),
        errors=shown_errors,
        paper_id=signed_papers.new_paper_id(),
        # A second preview keeps the version first seen, so that a colleague's signing is noticed.
        version=edit_conflict.seen_version() or confirm_page.version,
        present=arrive(Page.CONFIRMATION, confirm_page.reference),
        place=place_args(),
        is_taken_back=is_taken_back,
        labels=FIELDS,
    )
    return page, status


def _both(reference: str, error: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what a colleague signed beside what would be signed now."""
    opened = gate.submission_to_change(browser.services(), browser.viewer(), reference)
    try:
        theirs = previous_wording.read_signed_words(browser.services(), opened)
    except PaperClosed:
        theirs = dict.fromkeys(FIELDS, CLOSED_WORDS)
    both = BothVersions(
        reference,
        "sign a confirmation",
        url_for("staff.submission", reference=reference, _anchor="receipts"),
        tuple(
            Line(label, theirs.get(name, ""), request.form.get(name, ""))
            for name, label in FIELDS.items()
        ),
        texts={name: FIELDS[name] for name in ("next_step", "remark")},
        changes={"step": "look"},
        replace="Look at mine again, to sign it beside theirs",
        keep="Leave it at theirs",
    )
    return edit_conflict.show(both, error.change)


def _values(draft: ConfirmationDraft | None) -> dict[str, str]:
    """Return what the fields hold: a draft, or for None what was sent, as it could not be read."""
    if draft is None:
        return {name: request.form.get(name, "") for name in FIELDS}
    return {
        "next_step": draft.next_step,
        "next_step_on": draft.next_step_on.isoformat() if draft.next_step_on else "",
        "deputy": draft.deputy,
        "remark": draft.remark,
    }


def _findings(
    ready: ConfirmationPreview | None, draft: ConfirmationDraft | None
) -> dict[str, list[answers.ShownFinding]]:
    """Return {field: findings with their excerpts}, without fields that have none."""
    if ready is None:
        return {}
    values = _values(draft)
    return {
        name: answers.shown(AnswerDraft("", "", values[name]), found)
        for name, found in ready.findings.items()
        if found
    }


def _draft(office: ConfirmationTools) -> ConfirmationDraft:
    form = request.form
    return checked_draft(
        office.services,
        next_step=form.get("next_step", ""),
        next_step_on=form.get("next_step_on", ""),
        deputy=form.get("deputy", ""),
        remark=form.get("remark", ""),
    )


def _office() -> ConfirmationTools:
    services = browser.services()
    templates = Path(current_app.root_path) / str(current_app.template_folder)
    return ConfirmationTools(
        services=services,
        taxonomies=services.taxonomies,
        check_words=partial(
            _check_words, AnswerTools(services, services.answer_writer, find_answer)
        ),
        find_missing=partial(facts.checked_by_checklist, services),
        texts=MailTexts(templates / "mail"),
    )


def _check_words(
    office: AnswerTools,
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    text: str,
) -> "WordsForService":
    known = known_beside(office, session, user, submission, "")
    return checked_words.check_for_service(office.services, session, text, known)
