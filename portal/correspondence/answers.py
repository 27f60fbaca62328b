"""Let officers choose a prepared answer, see exactly what leaves, add words and send it.

Choosing is a GET form and sending a POST form, so that every step is a page of its own without
script. A refused form comes back with what was written and the errors beside the fields. The list
of stopped addresses is here too.
"""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.cases import withholding
from intake.confirmations import previous_wording
from intake.core.typed_text import tidy
from intake.correspondence import answers as use_cases
from intake.correspondence.answers import (
    AnswerApproval,
    AnswerDraft,
    AnswerPreview,
    AnswerRefused,
    LetterChanged,
    TextRefused,
)
from intake.correspondence.recipients import AnswerTools
from intake.outbox import stop_list
from intake.reference_data.prepared_answers import (
    FIXED,
    LANGUAGES,
    PURPOSES,
    AnswerIncomplete,
    AnswerMissing,
    find_answer,
)
from portal.text import answers as answer_words
from portal.triage import edit_conflict
from portal.triage.edit_conflict import BothVersions, Line
from portal.web import reauthentication, session
from portal.web.policy import Permission, requires

answers = Blueprint("answers", __name__)


@dataclass(frozen=True)
class Errors:
    """The sentences beside the fields of the page; an empty one is no error."""

    language: str = ""
    more: str = ""
    answer: str = ""


@answers.get("/submissions/<reference>/answer")
@requires(Permission.ANSWERS)
def choose(reference: str) -> ResponseReturnValue:
    """Show the choice, and the message body once answer and language are chosen."""
    draft = _draft(request.args.get("code", ""), request.args.get("language", ""), "")
    return _page(reference, draft)


@answers.post("/submissions/<reference>/answer")
@requires(Permission.ANSWERS)
def send(reference: str) -> ResponseReturnValue:
    """Show the message body with the added words, or send it."""
    form = request.form
    draft = _draft(form.get("code", ""), form.get("language", ""), form.get("more", ""))
    if draft is None or form.get("step") != "send":
        return _page(reference, draft)
    is_read, seen = form.get("read") == "yes", edit_conflict.seen_version()
    consent = AnswerApproval(form.get("kind", ""), form.get("shown", ""), is_read, seen)
    try:
        use_cases.send_answer(
            _office(),
            gate.submission_to_change(_office().services, session.viewer(), reference),
            draft,
            consent,
        )
    except ChangedMeanwhile as error:
        return _both(reference, draft, error)
    except TextRefused as error:
        return _page(reference, draft, Errors(more=error.public), error.status)
    except LetterChanged as error:
        return _page(reference, draft, Errors(answer=error.public), error.status)
    except (AnswerMissing, AnswerIncomplete, AnswerRefused) as error:
        return _page(reference, draft, status=error.status)
    where = url_for("staff.submission", reference=reference, _anchor="receipts")
    return redirect(where, 303)


@answers.get("/stopped-addresses")
@requires(Permission.ANSWERS)
def stopped() -> str:
    """Show the addresses to which nothing goes any more; intake audits that it was looked at."""
    rows = stop_list.stopped_list(session.services(), session.viewer())
    return render_template("correspondence/stopped.html", rows=rows, most=stop_list.MAX_ROWS)


@answers.post("/stopped-addresses/lift")
@requires(Permission.ANSWERS)
@reauthentication.required("let mail go to an address again")
def lift() -> ResponseReturnValue:
    """Let mail go to an address again."""
    stop_list.lift_stop(session.services(), session.viewer(), request.form.get("address", ""))
    return redirect(url_for("answers.stopped"), 303)


def _page(
    reference: str, draft: AnswerDraft | None, errors: Errors | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show the page; when it cannot be sent, say why beside the field that can change that."""
    office, viewer = _office(), session.viewer()
    answer_page = use_cases.open_answer_page(
        office, gate.submission_to_change(office.services, viewer, reference)
    )
    ready: AnswerPreview | None = None
    shown_errors = errors or Errors()
    if draft is not None and answer_page.refused is None and answer_page.kind is not None:
        try:
            ready = use_cases.preview_answer(
                office, gate.submission_to_change(office.services, viewer, reference), draft
            )
        except (AnswerMissing, AnswerIncomplete) as error:
            shown_errors, status = Errors(language=error.public), error.status
    page = render_template(
        "correspondence/answer.html",
        answer_page=answer_page,
        withheld=withholding.before_sharing(
            session.services(),
            gate.submission_to_change(session.services(), session.viewer(), reference),
        ),
        draft=draft,
        ready=ready,
        findings=answer_words.shown(draft, ready.findings) if draft and ready else [],
        is_fixed=draft is not None and draft.code in FIXED,
        errors=shown_errors,
        purposes=PURPOSES,
        languages=_languages(office, draft),
        misdirections=answer_words.MISDIRECTIONS,
        what_to_do=answer_words.WHAT_TO_DO,
        mail_from=office.services.settings.mail_from,
        # A second preview keeps the version first seen, so that a colleague's answer is noticed.
        version=edit_conflict.seen_version() or answer_page.version,
    )
    return page, status


def _both(reference: str, draft: AnswerDraft, error: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what a colleague answered beside what would be sent now."""
    detail = error.change.detail if error.change is not None else {}
    text = previous_wording.read_answer_text(
        session.services(),
        gate.submission_to_change(session.services(), session.viewer(), reference),
        str(detail.get("kind", "")),
    )
    theirs = AnswerDraft(str(detail.get("answer", "")), str(detail.get("language", "")))
    lines = (
        Line("Answer", PURPOSES.get(theirs.code, ""), PURPOSES[draft.code]),
        Line("Language", LANGUAGES.get(theirs.language, ""), LANGUAGES[draft.language]),
        Line("Words", text, draft.more or "None of your own"),
    )
    both = BothVersions(
        reference,
        "answer the sender",
        url_for("staff.submission", reference=reference, _anchor="receipts"),
        lines,
        texts={} if draft.code in FIXED else {"more": "Words of your own"},
        changes={"step": "look"},
        replace="Look at mine again, to send it as well",
        keep="Leave it at theirs",
    )
    return edit_conflict.show(both, error.change)


def _languages(office: AnswerTools, draft: AnswerDraft | None) -> dict[str, str]:
    """Return what each language is called; the name itself says when its text is missing."""
    if draft is None:
        return LANGUAGES
    known = use_cases.languages_in_force(office, draft.code)
    return {
        code: name if known[code] else f"{name} (missing: needs a translator)"
        for code, name in LANGUAGES.items()
    }


def _draft(code: str, language: str, more: str) -> AnswerDraft | None:
    """Return what was chosen; None unless both answer and language are ours."""
    if code not in PURPOSES or language not in LANGUAGES:
        return None
    return AnswerDraft(code, language, "" if code in FIXED else tidy(more))


def _office() -> AnswerTools:
    services = session.services()
    return AnswerTools(services, services.answer_writer, find_answer)
